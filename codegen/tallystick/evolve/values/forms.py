"""The normal form of a schema: the values that it admits, one form for each JSON type and branch.

What is written differently and admits the same has the same form: ``anyOf: [integer, null]`` and
``type: [integer, null]``, ``allOf`` and its parts written as one, ``const`` and a list of one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from tallystick.document import Json, join

Nodes: TypeAlias = tuple[str, ...]
"""Pointers of schemas that must all admit a value; none of them: any value."""
Node: TypeAlias = Mapping[str, Json]
Plain: TypeAlias = tuple[tuple[str, Node], ...]
"""Schemas with their own keywords, by pointer; references, ``allOf`` and unions followed."""

TYPES = ("boolean", "number", "string", "array", "object", "null")


@dataclass(frozen=True, slots=True)
class Limit:
    """One end of a range of numbers."""

    value: int | float
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """One described member of an object."""

    nodes: Nodes
    required: bool
    described: tuple[str, ...]
    """Where ``properties`` describe it."""
    refused: bool = False
    """Whether nothing is valid there: it must be absent."""


@dataclass(frozen=True, slots=True)
class Form:
    """Values of one JSON type; integers are numbers that are whole."""

    type: str
    plain: Plain = field(repr=False)
    enum: tuple[Json, ...] | None = None
    whole: bool = False
    low: Limit | None = None
    high: Limit | None = None
    multiples: tuple[int | float, ...] = ()
    least: int = 0
    """The least length of a text, or count of items or members."""
    most: int | None = None
    patterns: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    unique: bool = False
    prefix: tuple[Nodes, ...] = ()
    items: Nodes = ()
    members: Mapping[str, Member] = field(default_factory=dict[str, Member])
    named: tuple[tuple[str, Nodes], ...] = ()
    """``patternProperties``: what members have whose names match."""
    additional: Nodes = ()
    closed: bool = False
    """Whether members that nothing describes are refused."""
    whole_keywords: frozenset[str] = frozenset()
    """What stands under keywords that no facet says, as text."""

    def place(self, *keywords: str) -> str:
        """Where the first of these keywords stands, else the schema that says most of the value."""
        for pointer, node in self.plain:
            for keyword in keywords:
                if keyword in node:
                    return join(pointer, keyword)
        speaking = (pointer for pointer, node in self.plain if says_something(node))
        return next(speaking, self.plain[-1][0] if self.plain else "#")

    def top(self) -> str:
        """The outermost schema that says something."""
        saying = (pointer for pointer, node in self.plain if says_something(node))
        return next(saying, self.place())

    def own(self) -> Plain:
        """Of the schemas that make it, the branch of a union and what that refers to, if it is one."""
        for index in range(len(self.plain) - 1, -1, -1):
            if _BRANCH.search(self.plain[index][0]):
                return self.plain[index:]
        return ()

    def beside(self) -> str:
        """Where one more type would be said."""
        return self.top() if self.own() else self.place("type")

    def typed(self) -> str:
        """Where its type is said: the branch of a union, else a keyword."""
        own = self.own()
        return own[0][0] if own else self.place("type")


_BRANCH = re.compile(r"/(anyOf|oneOf)/[0-9]+$")


def says_something(node: Node) -> bool:
    """Whether a schema says more of a value than a reference and texts."""
    return any(key not in _SILENT and not key.startswith("x-") for key in node)


_SILENT = frozenset(
    {
        *("$ref", "allOf", "title", "description", "default", "example", "examples", "deprecated"),
        *("readOnly", "writeOnly", "$comment", "externalDocs", "xml"),
    }
)
