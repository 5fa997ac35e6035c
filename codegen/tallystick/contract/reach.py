"""Which schemas lie below others: behind references, in unions, members, items and parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

from tallystick.contract.records import Schema


class Reach:
    """What lies below and above the schemas of one contract, each looked at once."""

    def __init__(self, schemas: Mapping[str, Schema]) -> None:
        self._schemas = schemas
        self._known: dict[str, tuple[str, ...]] = {}

    def downward(self, starts: Iterable[str]) -> set[str]:
        """``starts`` and every schema below them."""
        return _closure(starts, self._below)

    def upward(self, ends: Iterable[str]) -> set[str]:
        """``ends`` and every schema above them."""
        return _closure(ends, lambda pointer: self._above.get(pointer, ()))

    @cached_property
    def _above(self) -> Mapping[str, Sequence[str]]:
        above: dict[str, list[str]] = {}
        for pointer in self._schemas:
            for below in self._below(pointer):
                above.setdefault(below, []).append(pointer)
        return above

    def _below(self, pointer: str) -> tuple[str, ...]:
        if pointer not in self._known:
            schema = self._schemas.get(pointer)
            self._known[pointer] = () if schema is None else _directly(schema)
        return self._known[pointer]


def downward(schemas: Mapping[str, Schema], starts: Iterable[str]) -> set[str]:
    """``starts`` and every schema below them."""
    return Reach(schemas).downward(starts)


def _closure(starts: Iterable[str], edges: Callable[[str], Iterable[str]]) -> set[str]:
    pending, found = list(starts), set[str]()
    while pending:
        here = pending.pop()
        if here not in found:
            found.add(here)
            pending.extend(edges(here))
    return found


def _directly(schema: Schema) -> tuple[str, ...]:
    others = (schema.ref, schema.items, schema.additional)
    return (
        *(member.pointer for member in schema.properties),
        *schema.branches,
        *schema.parts,
        *(each for each in others if isinstance(each, str)),
    )
