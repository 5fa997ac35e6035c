"""Small values of the schemas of one contract, for the parts of a request that have to be there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Literal

from tallystick.contract import Schema
from tallystick.document import Json
from tallystick.errors import DocumentError

from ..values.readings import Readings
from ..values.samples import Side, values

_TRIED = 30


class Sampled:
    """One contract, with a small value of each of its schemas."""

    def __init__(self, readings: Readings) -> None:
        self.contract = readings.contract
        self._readings = readings
        self._known: dict[tuple[str, str], Json] = {}

    def value(self, pointer: str, direction: Literal["request", "response"] = "request") -> Json:
        """The plainest value that a schema admits; if none is found, the plainest of its form."""
        key = (pointer, direction)
        if key not in self._known:
            several = list(islice(self._values(pointer, direction), _TRIED))
            try:
                self._known[key] = self._fitting(several, pointer, direction)
            except (
                DocumentError
            ):  # what is no schema has no example; a comparison of its values says so
                self._known[key] = several[0] if several else None
        return self._known[key]

    def _fitting(
        self, several: list[Json], pointer: str, direction: Literal["request", "response"]
    ) -> Json:
        oracle = self._readings.oracle(direction)
        for each in several:
            if oracle.fits(pointer, each):
                return each
        return self._tagged(several[0] if several else None, pointer, direction)

    def _tagged(self, value: Json, pointer: str, direction: Literal["request", "response"]) -> Json:
        """A value in which each object of a union says by its discriminator which branch it is."""
        schema = self.contract.core(pointer)
        if isinstance(value, list) and schema.items is not None:
            return [self._tagged(each, schema.items, direction) for each in value]
        if not isinstance(value, dict):
            return value
        if schema.branches and not self._readings.oracle(direction).fits(schema.pointer, value):
            return next(self._branches(schema, direction), value)
        places = {each.name: each.pointer for each in schema.properties}
        return {
            name: self._tagged(each, places[name], direction) if name in places else each
            for name, each in value.items()
        }

    def _branches(
        self, schema: Schema, direction: Literal["request", "response"]
    ) -> Iterator[Json]:
        """Values of a union with the discriminator of their branch, as far as one is listed there."""
        said = schema.node.get("discriminator") if isinstance(schema.node, Mapping) else None
        name = said.get("propertyName") if isinstance(said, dict) else None
        for branch in schema.branches:
            member = self.contract.core(branch).property(str(name))
            tags = (member and self.contract.core(member.pointer).enum) or ()
            plain = next(self._values(branch, direction), None)
            made = ({**plain, str(name): tag} for tag in tags) if isinstance(plain, dict) else ()
            yield from (
                each for each in made if self._readings.oracle(direction).fits(schema.pointer, each)
            )

    def written(self, pointer: str) -> Json:
        """The plainest value that is some text where it stands in a request line: not empty, not null."""
        several = islice(self._values(pointer, "request"), _TRIED)
        empty: tuple[Json, ...] = ("", None, [], {})
        return next((each for each in several if each not in empty), "a")

    def _values(self, pointer: str, direction: Literal["request", "response"]) -> Iterator[Json]:
        return values((Side(self._readings.forms(direction), (pointer,)),))
