"""The records of the catalogue: an edit, a place for it, and what a comparison has to name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from tallystick.evolve import Direction, Reader, Severity

Node: TypeAlias = dict[str, Any]
"""A schema, or any other part of a document, as JSON."""
Fits: TypeAlias = Literal["null", "optional", "request", "response", "scalar", "alone"]
"""What a place must be for an edit: ``null``: null is no value there already. ``optional``: the
schema of an optional member. ``request``, ``response``: it stands there alone. ``scalar``: the edit also fits a
parameter. ``alone``: no other schema speaks of the same object."""


@dataclass(frozen=True, slots=True)
class ValueEdit:
    """One schema made into another, by one change."""

    name: str
    before: Node
    after: Node
    kind: str
    """What the way there must be called."""
    back: str
    """What the way back must be called."""
    gone: tuple[Any, ...] = ()
    """Values that only ``before`` admits."""
    came: tuple[Any, ...] = ()
    """Values that only ``after`` admits."""
    at: str = ""
    """The keyword or the schema below the place that the change may be named at, as a pointer."""
    at_before: str | None = None
    """The same below ``before``, where that differs."""
    fits: frozenset[Fits] = frozenset()
    undescribed: bool = False
    """Whether only members that nobody described went and came."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a comparison has to name: one change, and this is it."""

    kind: str
    direction: Direction
    old: tuple[str, ...]
    """One of these; empty: none."""
    new: tuple[str, ...]
    operations: tuple[str, ...]
    severity: Mapping[Reader, Severity]
