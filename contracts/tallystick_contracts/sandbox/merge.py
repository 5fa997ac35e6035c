"""An update: the members passed are changed, and nothing else (the reading of PATCH).

Null follows the convention of its property (``x-tallystick-null``): ``unchanged`` leaves the
member, ``cleared`` empties it, ``refused`` never comes here. Where none is declared, null is a
value: it is stored where the answer can show it, and changes nothing where it cannot.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import MISSING

from tallystick.contract import Contract
from tallystick.document import Json

from ..mirror import Pair
from .complete import Ground, Shapes, Table, said
from .refusal import Refusal
from .sample import Samples


@dataclass(frozen=True, slots=True)
class Merger:
    """Updates, for one contract."""

    contract: Contract
    shapes: Shapes
    samples: Samples
    patch: bool = False
    """Whether the body is a merge patch (RFC 7396): maps are merged too, and null takes an entry."""

    def merge(
        self, stored: Table, given: Table, request: str, response: str, ground: Ground
    ) -> dict[str, Json]:
        """``stored``, of the schema ``response``, after an update with ``given``, of ``request``.

        Objects are merged member by member; an array takes the place of the old one, its items
        completed; an object over null, or over nothing, is completed with its defaults.
        """
        result = dict(stored)
        request = self.shapes.variant(given, request) or request
        for pair in self.shapes.paired(request, self.contract.core(response)).values():
            value = said(given, pair.request.name)
            if value is MISSING:
                continue
            here = Ground(f"{ground.identity}/{pair.response.name}")
            if value is None:
                self._null(pair, result, here)
            else:
                old = result.get(pair.response.name)
                result[pair.response.name] = self._changed(pair, old, value, here)
        return result

    def _changed(self, pair: Pair, old: Json, value: Json, ground: Ground) -> Json:
        """One member of the answer after an update with a value that is not null."""
        request, response = pair.request.pointer, pair.response.pointer
        if pair.inner:
            same = isinstance(old, dict) and old.get(pair.inner.name) == value
            return old if same else self.shapes.value({"id": value}, None, response, ground)
        members = self.contract.core(response).properties
        apart = not pair.request.whole
        if members and isinstance(value, dict) and isinstance(old, dict) and apart:
            return self.merge(old, value, request, response, ground)
        if self.patch and isinstance(value, dict) and isinstance(old, dict):
            told_of: dict[str, Json] = {n: each for n, each in value.items() if each is not None}
            left = {name: each for name, each in old.items() if name not in value}
            told = self.shapes.value(told_of, request, response, ground)
            return self._merged({**left, **told}, response) if isinstance(told, dict) else told
        return self.shapes.value(value, request, response, ground)

    def _merged(self, whole: dict[str, Json], response: str) -> Json:
        """A map after a merge patch.

        Raises:
            Refusal: 400 where it has become more than the answer may show.
        """
        if not self.shapes.fits(whole, None, response):
            raise Refusal(400, "it would hold more than it may")
        return whole

    def _null(self, pair: Pair, result: dict[str, Json], ground: Ground) -> None:
        """A null applied to one member of ``result``."""
        nullable = self.contract.schema(pair.response.pointer).nullable
        if pair.request.null == "unchanged" or (pair.request.null is None and not nullable):
            return
        empty = None if nullable else self.samples.absent(pair.response, ground.identity)
        if empty is MISSING:
            result.pop(pair.response.name, None)
        else:
            result[pair.response.name] = empty
