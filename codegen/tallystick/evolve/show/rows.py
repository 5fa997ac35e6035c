"""The changes in rows: by the place they stand under, and those that are alike as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from ..records import Change
from .view import View
from .words import in_component, place, proof

K = TypeVar("K")

ALIKE = 3
"""So many changes of one kind at one place stand for themselves; more of them are told in one."""


def grouped(changes: Sequence[Change], view: View) -> dict[str, list[Sequence[Change]]]:
    """Rows of changes by the heading that they stand under, in the order of the first of each.

    A row is one change, or many of one kind. Each change stands under its own place; one of a kind
    with many others stands with them, unless it breaks somebody and is in a component.
    """
    free = [each for each in changes if _is_free(each, view)]
    many = Counter(each.kind for each in free)

    def heading(change: Change) -> str:
        together = many[change.kind] > ALIKE and _is_free(change, view)
        return f"{change.kind} at {many[change.kind]} places" if together else place(change)

    return {each: _rows(found, view) for each, found in _by(changes, heading).items()}


def _is_free(change: Change, view: View) -> bool:
    """Whether a change may stand under another heading than its place."""
    if view.everything:
        return False
    return view.severity(change) != "breaking" or not in_component(change)


def _rows(changes: Iterable[Change], view: View) -> list[Sequence[Change]]:
    """Those of one kind together where they are many, else each by itself."""
    rows: list[Sequence[Change]] = []
    for same in _by(changes, lambda each: (each.kind, each.direction, proof(each, view))).values():
        apart = view.everything or len(same) <= ALIKE
        rows.extend([[each] for each in same] if apart else [same])
    return rows


def by_kind(changes: Iterable[Change], view: View) -> list[list[Change]]:
    """Changes of one kind, proved in one way, together."""
    return list(_by(changes, lambda each: (each.kind, proof(each, view))).values())


def _by(changes: Iterable[Change], key: Callable[[Change], K]) -> dict[K, list[Change]]:
    found: dict[K, list[Change]] = {}
    for each in changes:
        found.setdefault(key(each), []).append(each)
    return found
