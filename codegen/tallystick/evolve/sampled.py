"""Small values of the schemas of one contract, for the parts of a request that have to be there."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Literal

from tallystick.contract import Contract
from tallystick.document import Json

from .normal import Forms
from .samples import Side, values

_TRIED = 20


class Sampled:
    """One contract, with a small value of each of its schemas."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._forms: dict[str, Forms] = {}
        self._known: dict[tuple[str, str], Json] = {}

    def value(self, pointer: str, direction: Literal["request", "response"] = "request") -> Json:
        """The plainest value that a schema admits, as far as its form tells."""
        key = (pointer, direction)
        if key not in self._known:
            self._known[key] = next(self._values(pointer, direction), None)
        return self._known[key]

    def written(self, pointer: str) -> Json:
        """The plainest value that is some text where it stands in a request line: not empty, not null."""
        several = islice(self._values(pointer, "request"), _TRIED)
        empty: tuple[Json, ...] = ("", None, [], {})
        return next((each for each in several if each not in empty), "a")

    def _values(self, pointer: str, direction: Literal["request", "response"]) -> Iterator[Json]:
        forms = self._forms.get(direction)
        if forms is None:
            forms = self._forms[direction] = Forms(self.contract, direction)
        return values((Side(forms, (pointer,)),))
