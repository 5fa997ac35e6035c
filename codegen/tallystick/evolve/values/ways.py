"""The ways in which a value can be valid: references and ``allOf`` followed, unions one by one."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from tallystick.contract import Contract
from tallystick.document import join

from .facets import as_list
from .forms import Node, Nodes

_MOST_FORMS = 128
"""With more combinations of branches than this, a union is compared as a whole."""
_NOTHING: tuple[Node, ...] = ({"not": {}}, {"not": True})
"""Other ways to write the schema ``false``."""


class Ways:
    """For each schema, the combinations of plain schemas any of which makes a value valid."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._combined: dict[str, list[Nodes]] = {}
        self._met: set[str] = set()
        """What a ring of references was left at."""
        self.beyond: set[str] = set()
        """What has more combinations of branches than are looked at."""

    def of(self, pointer: str) -> list[Nodes]:
        """The ways of the schema at ``pointer``; none: it is ``false``."""
        return self._of(pointer, frozenset())

    def _of(self, pointer: str, above: frozenset[str]) -> list[Nodes]:
        """The combinations of plain schemas, any of which makes a value valid."""
        if pointer in above:
            self._met.add(pointer)
            return [()]  # a ring of references says nothing more
        known = self._combined.get(pointer)
        if known is None:
            outside, self._met = self._met, set[str]()
            known = self._followed(pointer, above | {pointer})
            self._met.discard(pointer)
            # Known for good where no ring leads further up: many ways may lead here.
            if not self._met:
                self._combined[pointer] = known
            self._met |= outside
        return known

    def _followed(self, pointer: str, above: frozenset[str]) -> list[Nodes]:
        schema = self._contract.schemas[pointer]
        if schema.node is False or schema.node in _NOTHING:
            return []
        if not isinstance(schema.node, Mapping):
            return [()]
        ways: list[Nodes] = [(pointer,)]
        for part in (*((schema.ref,) if schema.ref else ()), *schema.parts):
            ways = self.crossed(pointer, ways, self._of(part, above))
        for keyword in ("anyOf", "oneOf"):
            places = branches(pointer, schema.node, keyword)
            if places:
                each = [way for place in places for way in self._of(place, above)]
                ways = self.crossed(pointer, ways, each)
        return ways

    def crossed(self, pointer: str, ways: list[Nodes], more: list[Nodes]) -> list[Nodes]:
        """Each with each; what is more than can be looked at is compared by its text."""
        if len(ways) * len(more) > _MOST_FORMS:
            self.beyond.add(pointer)
        each = ((*one, *other) for one in ways for other in more)
        return [tuple(dict.fromkeys(way)) for way in islice(each, _MOST_FORMS)]


def branches(pointer: str, node: Node, keyword: str) -> list[str]:
    """Where the branches under a keyword stand."""
    return [join(pointer, keyword, index) for index, _ in enumerate(as_list(node, keyword))]
