"""The changes in rows: by the place they stand under, and those that are alike as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from ..records import Change
from .view import View
from .words import place, proof

K = TypeVar("K")

ALIKE = 3
"""So many changes of one kind at one place stand for themselves; more of them are told in one."""


def grouped(changes: Sequence[Change], view: View) -> dict[str, list[Change]]:
    """Changes by the heading that they stand under, in the order of the first of each.

    Each stands under its own place; one that breaks nobody and is of a kind with many others, with
    them.
    """
    many = Counter(each.kind for each in changes if view.severity(each) != "breaking")

    def heading(change: Change) -> str:
        together = many[change.kind] > ALIKE and not view.everything
        return f"{change.kind} at {many[change.kind]} places" if together else place(change)

    return _by(changes, heading)


def alike(changes: Iterable[Change], view: View) -> list[Sequence[Change]]:
    """Changes of one place: those of one kind together where they are many, else each by itself."""
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
