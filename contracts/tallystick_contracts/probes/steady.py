"""What of an item stands still as long as nobody updates it: what requests set, and its ids.

A contract says what a request sets. What the server alone fills in (a state, a count, a deployment)
may change at any time, and nothing promises otherwise. Of those members only required texts without
an enum are taken to stand still: ids, and the moment of creation. One whose name says that it
follows what happens (``updated_at``, ``status``, ``version``) is not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from tallystick.contract import Contract, Property, Schema
from tallystick.document import Json

from .places import ITEM, Path

_FOLLOWS = re.compile(
    "updat|modif|chang|edit|last|seen|access|etag|version|revision|expir|stat(e|us)|phase|"
    "progress|messag|cursor|token|ur[li]$",
    re.IGNORECASE,
)


_At: TypeAlias = tuple[str, Path]
"""A schema, and the place of its value in the answer."""


@dataclass(frozen=True, slots=True)
class _Way:
    """What of one value is kept; as it stands, where neither is told."""

    items: _At | None = None
    members: Mapping[str, _At | None] | None = None
    """The members that are kept: how, or None for as they stand."""


class Steady:
    """The items of one resource without what may change by itself.

    Args:
        contract: where the schemas stand.
        settable: the places of an answer that requests set; ``*`` for every item of an array.
    """

    def __init__(self, contract: Contract, settable: Collection[Path]) -> None:
        self._contract = contract
        self._settable = frozenset(settable)
        self._leading = {each[:size] for each in settable for size in range(len(each))}
        """Every place on the way to one that is set."""
        self._ways: dict[_At, _Way] = {}

    def of(self, pointer: str, value: Json, path: Path = ()) -> Json:
        """What of ``value``, which the schema at ``pointer`` describes, stands still.

        Args:
            pointer: the schema of the value.
            value: an answer, or a part of it.
            path: the place of the value.
        """
        if not isinstance(value, dict | list):
            return value
        way = self._way((pointer, path))
        if isinstance(value, list):
            return value if way.items is None else [self._kept(way.items, each) for each in value]
        if way.members is None:
            return value
        members = way.members
        return {n: self._kept(members[n], each) for n, each in value.items() if n in members}

    def _kept(self, at: _At | None, value: Json) -> Json:
        return value if at is None else self.of(at[0], value, at[1])

    def _way(self, at: _At) -> _Way:
        if at not in self._ways:
            self._ways[at] = self._made(*at)
        return self._ways[at]

    def _made(self, pointer: str, path: Path) -> _Way:
        if path in self._settable and path not in self._leading:
            return _Way()
        core = self._contract.core(pointer)
        items = None if core.items is None else (core.items, (*path, ITEM))
        return _Way(items, self._members(core, path) if core.properties else None)

    def _members(self, core: Schema, path: Path) -> Mapping[str, _At | None]:
        found: dict[str, _At | None] = {}
        for member in core.properties:
            here = (*path, member.name)
            if here in self._settable or here in self._leading:
                found[member.name] = member.pointer, here
            elif _stands_still(self._contract, member):
                found[member.name] = None
        return found


def _stands_still(contract: Contract, member: Property) -> bool:
    core = contract.core(member.pointer)
    text = core.types == frozenset({"string"}) and core.enum is None
    sure = member.required and not contract.schema(member.pointer).nullable
    return text and sure and not _FOLLOWS.search(member.name)
