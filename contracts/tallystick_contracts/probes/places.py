"""JSON values looked at by place: read, set, compared as JSON compares them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from pydantic import MISSING

from tallystick.document import Json

Path: TypeAlias = tuple[str, ...]
"""Member names from the top; ``*`` for every item of an array."""

ITEM = "*"


def shown(path: Sequence[str]) -> str:
    """A path as people read it: a JSON Pointer without ``#``."""
    return "".join("/" + token.replace("~", "~0").replace("/", "~1") for token in path)


def at(value: Json | MISSING, path: Path) -> Json | MISSING:
    """What stands at ``path``; MISSING where nothing does.

    In an array ``*`` is the first item, and a number the item with that index.
    """
    for token in path:
        if isinstance(value, dict) and token in value:
            value = value[token]
        elif isinstance(value, list) and token.isdigit() and int(token) < len(value):
            value = value[int(token)]
        elif isinstance(value, list) and token == ITEM and value:
            value = value[0]
        else:
            return MISSING
    return value


def put(value: Json, path: Path, new: Json | MISSING) -> Json:
    """``value`` with ``new`` at ``path``, or without that member for MISSING; the rest is shared.

    Every container on the way must exist; an array has its first item set.
    """
    if not path:
        return value if new is MISSING else new
    token, rest = path[0], path[1:]
    if isinstance(value, list):
        inner = put(value[0], rest, new) if value else None
        return [inner, *value[1:]] if value and (rest or new is not MISSING) else value[1:]
    members = dict(value) if isinstance(value, dict) else {}
    if rest:
        members[token] = put(members.get(token), rest, new)
    elif new is MISSING:
        members.pop(token, None)
    else:
        members[token] = new
    return members


def same(one: Json | MISSING, other: Json | MISSING) -> bool:
    """Whether two values are equal as JSON: ``1`` is ``1.0`` and not ``true``; instants by time."""
    if isinstance(one, str) and isinstance(other, str):
        return one == other or _instant(one) == _instant(other) is not None
    if one is MISSING or other is MISSING:
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return one == other


def includes(whole: Json | MISSING, part: Json | MISSING) -> bool:
    """Whether ``whole`` shows everything that ``part`` says, whatever it says beside."""
    if isinstance(whole, dict) and isinstance(part, dict):
        return all(key in whole and includes(whole[key], part[key]) for key in part)
    if isinstance(whole, list) and isinstance(part, list):
        return len(whole) == len(part) and all(map(includes, whole, part))
    return same(whole, part)


def differences(one: Json | MISSING, other: Json | MISSING, path: Path = ()) -> Iterator[Path]:
    """The deepest places where two values differ, items of arrays by ``*``."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in [*one, *(key for key in other if key not in one)]:
            yield from differences(one.get(key, MISSING), other.get(key, MISSING), (*path, key))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for left, right in zip(one, other, strict=True):
            yield from differences(left, right, (*path, ITEM))
    elif not same(one, other):
        yield path


def related(one: Path, other: Path) -> bool:
    """Whether one place holds the other, or they are the same."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def leaves(value: Json, path: Path = ()) -> Iterator[tuple[Path, Json]]:
    """Every value which is no container, with its place; empty containers too."""
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list) and value:
        for inner in value:
            yield from leaves(inner, (*path, ITEM))
    else:
        yield path, value


def _instant(text: str) -> datetime | None:
    if len(text) < 19 or text[4:5] != "-":
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
