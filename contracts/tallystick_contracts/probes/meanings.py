"""What an answer says to a reader: a default left out is there, an undeclared member says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import MISSING

from tallystick.contract import Contract
from tallystick.document import Json

DEPTH = 40
"""Containers within containers beyond which a value is read as it stands."""


@dataclass(frozen=True, slots=True)
class _Way:
    """How values of one schema are read; None for a part that is read as it stands."""

    items: str | None = None
    members: Mapping[str, str] | None = None
    additional: str | None = None
    defaults: tuple[tuple[str, Json], ...] = ()


class Meanings:
    """The answers of a contract as their readers are to take them."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._ways: dict[str, _Way] = {}

    def reading(self, pointer: str, value: Json, depth: int = 0) -> Json:
        """``value``, an answer of the schema at ``pointer``, as its reader is to take it.

        A declared member that is absent and has a default reads as that default (JSON Schema
        2020-12, Validation 9.2). A member that an object does not declare is dropped where it
        declares others: an open answer may say more, and nothing is promised of that.
        """
        if depth >= DEPTH or not isinstance(value, dict | list):
            return value
        way = self._way(pointer)
        if isinstance(value, list):
            if way.items is None:
                return value
            return [self._below(way.items, each, depth) for each in value]
        if way.members is None:
            return value
        found: dict[str, Json] = {}
        for name, inner in value.items():
            below = way.members.get(name, way.additional)
            if below is not None:
                found[name] = self._below(below, inner, depth)
        for name, default in way.defaults:
            found.setdefault(name, default)
        return found

    def _below(self, pointer: str, value: Json, depth: int) -> Json:
        return self.reading(pointer, value, depth + 1) if isinstance(value, dict | list) else value

    def _way(self, pointer: str) -> _Way:
        if pointer not in self._ways:
            self._ways[pointer] = self._made(pointer)
        return self._ways[pointer]

    def _made(self, pointer: str) -> _Way:
        core = self._contract.core(pointer)
        if len(core.branches) > 1:
            return _Way()
        if not core.properties:
            return _Way(core.items)
        return _Way(
            core.items,
            {member.name: member.pointer for member in core.properties},
            core.additional if isinstance(core.additional, str) else None,
            tuple(
                (member.name, member.default)
                for member in core.properties
                if not member.write_only and member.default is not MISSING
            ),
        )
