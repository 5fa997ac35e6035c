"""A schema compiled for watching: which sights a value shows, told in one walk of the value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from tallystick.document import Json

Mark: TypeAlias = Callable[[int], None]
"""Told the number of each sight that a value shows."""
Fits: TypeAlias = Callable[[Json], bool]

DEEPEST = 64
"""Levels of a value that are looked into."""


@dataclass(slots=True)
class Choice:
    """One branch of a union."""

    sight: int
    fits: Fits
    node: Node


@dataclass(slots=True)
class Place:
    """Where a value may stand: null or not, and what it is when it is not."""

    node: Node
    null: int | None = None
    some: int | None = None

    def see(self, value: Json, mark: Mark, depth: int = 0) -> None:
        """Mark what ``value`` shows here and within."""
        if value is None:
            if self.null is not None:
                mark(self.null)
            return
        if self.some is not None:
            mark(self.some)
        if depth < DEEPEST:
            self.node.see(value, mark, depth)


@dataclass(slots=True)
class Member:
    """One declared member; a required one has no sights of its own."""

    name: str
    present: int | None
    absent: int | None
    place: Place


@dataclass(slots=True)
class Node:
    """What may be seen of a value that is not null."""

    values: dict[tuple[bool, object], int] = field(default_factory=dict[tuple[bool, object], int])
    """By whether it is a boolean (which equals an integer in Python), and the value."""
    members: list[Member] = field(default_factory=list[Member])
    names: frozenset[str] = frozenset()
    entry: int | None = None
    entries: Place | None = None
    empty: int | None = None
    filled: int | None = None
    items: Place | None = None
    choices: list[Choice] = field(default_factory=list[Choice])
    parts: list[Node] = field(default_factory=list["Node"])

    def see(self, value: Json, mark: Mark, depth: int) -> None:
        """Mark what ``value``, which is not null, shows here and within."""
        if isinstance(value, dict):
            self._object(value, mark, depth + 1)
        elif isinstance(value, list):
            self._array(value, mark, depth + 1)
        elif self.values:
            found = self.values.get((isinstance(value, bool), value))
            if found is not None:
                mark(found)
        for choice in self.choices:
            if choice.fits(value):
                mark(choice.sight)
                choice.node.see(value, mark, depth)
        for part in self.parts:
            part.see(value, mark, depth)

    def _object(self, value: dict[str, Json], mark: Mark, depth: int) -> None:
        for member in self.members:
            if member.name in value:
                if member.present is not None:
                    mark(member.present)
                member.place.see(value[member.name], mark, depth)
            elif member.absent is not None:
                mark(member.absent)
        if self.entries is not None:
            for name, each in value.items():
                if name not in self.names:
                    if self.entry is not None:
                        mark(self.entry)
                    self.entries.see(each, mark, depth)

    def _array(self, value: list[Json], mark: Mark, depth: int) -> None:
        found = self.filled if value else self.empty
        if found is not None:
            mark(found)
        if self.items is not None:
            for each in value:
                self.items.see(each, mark, depth)
