"""The changes in rows: by the place they stand under, and those that are alike as one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from ..records import Change
from .view import View
from .words import place, proof

K = TypeVar("K")

ALIKE = 3
"""So many changes of one kind at one place stand for themselves; more of them are told in one."""


def grouped(changes: Iterable[Change]) -> dict[str, list[Change]]:
    """Changes by the place that they stand under, in the order of the first of each."""
    return _by(changes, place)


def alike(changes: Iterable[Change], view: View) -> list[Sequence[Change]]:
    """Changes of one place: those of one kind together where they are many, else each by itself."""
    rows: list[Sequence[Change]] = []
    for same in _by(changes, lambda each: (each.kind, each.direction, proof(each))).values():
        apart = view.everything or len(same) <= ALIKE
        rows.extend([[each] for each in same] if apart else [same])
    return rows


def by_kind(changes: Iterable[Change]) -> list[list[Change]]:
    """Changes of one kind, proved in one way, together."""
    return list(_by(changes, lambda each: (each.kind, proof(each))).values())


def _by(changes: Iterable[Change], key: Callable[[Change], K]) -> dict[K, list[Change]]:
    found: dict[K, list[Change]] = {}
    for each in changes:
        found.setdefault(key(each), []).append(each)
    return found
