"""Where to look for what a change changed: at its place in both documents, or further up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from tallystick.document import Json, get, has, split

from ..records import Change

Data: TypeAlias = Mapping[str, Json]
Pair: TypeAlias = tuple[str | None, str | None]
"""A pointer into each document; None where it has nothing of it."""

LEVELS = 3
"""How far up a difference is looked for where a place is alike in both documents."""

_OF_REQUIRED = frozenset({"member-required", "member-optional"})
_WHOLE = {"components": 3, "paths": 2, "webhooks": 2}


def levels(change: Change, old: Data, new: Data) -> Sequence[Pair]:
    """The pairs of places to look at, one after the other, until one shows a difference.

    A single value is shown in what holds it. What holds things of many names, or the whole
    document, is no place to look at.
    """
    if change.old is None or change.new is None:
        return [(change.old, change.new)]
    listed = _listed(change.kind, (change.old, old), (change.new, new))
    if listed is not None:
        return [listed]
    before, after = _level(change.old, change.new)
    single = not (_is_object(old, before) and _is_object(new, after))
    found: list[Pair] = [(before, after)]
    while len(found) < LEVELS + single and not (_is_whole(before) or _is_whole(after)):
        before, after = _above(before), _above(after)
        found.append((before, after))
    return found[1:] if single and len(found) > 1 else found


def _listed(kind: str, old: tuple[str, Data], new: tuple[str, Data]) -> Pair | None:
    """The list of a member that must be there now, or may be absent, where that differs."""
    if kind not in _OF_REQUIRED:
        return None
    places = [(f"{_above(_above(member))}/required", data) for member, data in (old, new)]
    values = [get(data, place) if has(data, place) else None for place, data in places]
    if values[0] == values[1]:
        return None
    before, after = (
        place if value is not None else None
        for (place, _), value in zip(places, values, strict=True)
    )
    return before, after


def _level(old: str, new: str) -> tuple[str, str]:
    """The two pointers at the same depth, where one leads little deeper."""
    deeper = old.count("/") - new.count("/")
    for _ in range(deeper if 0 < deeper < 3 else 0):
        old = _above(old)
    for _ in range(-deeper if -3 < deeper < 0 else 0):
        new = _above(new)
    return old, new


def _is_object(data: Data, pointer: str) -> bool:
    return has(data, pointer) and isinstance(get(data, pointer), dict)


def _is_whole(pointer: str) -> bool:
    tokens = split(pointer)
    return len(tokens) <= _WHOLE.get("".join(tokens[:1]), 1)


def _above(pointer: str) -> str:
    above, _, _ = pointer.rpartition("/")
    return above or "#"
