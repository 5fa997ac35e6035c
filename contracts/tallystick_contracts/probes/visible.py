"""What was sent and is not shown: a body held against what a read shows."""

from __future__ import annotations

from typing import TypeAlias

from pydantic import MISSING

from tallystick.contract import Operation
from tallystick.document import Json

from ..mirror import Mirror
from .lab import Lab
from .places import ITEM, Path, at, same

Unshown: TypeAlias = tuple[Mirror, Json, Json | MISSING]
"""A place, what was sent there, and what is shown instead."""


def unshown(lab: Lab, operation: Operation, body: Json, shown: Json | MISSING) -> list[Unshown]:
    """What was sent and is not shown: the place, what was sent, what is shown instead."""
    shape = lab.ground.shape(operation)
    found: list[Unshown] = []
    for mirror in shape.mirrors if shape else ():
        sent = picked(body, mirror.request)
        if not mirror.comparable:
            lengths = _lengths(body, shown, mirror)
            if lengths is not None:
                found.append(lengths)
            continue
        if all(each is MISSING or each is None for each in sent):
            continue
        seen = picked(shown, mirror.response)
        for index, value in enumerate(sent):
            there = seen[index] if index < len(seen) else MISSING
            if value is not MISSING and value is not None and not same(value, there):
                found.append((mirror, value, there))
                break
    return found


def told(body: Json, mirror: Mirror) -> bool:
    """Whether ``body`` has something at a place that a read shows as it was sent."""
    if not mirror.comparable:
        return isinstance(at(body, mirror.request), list)
    return any(each is not MISSING and each is not None for each in picked(body, mirror.request))


def _lengths(
    body: Json, shown: Json | MISSING, mirror: Mirror
) -> tuple[Mirror, Json, Json | MISSING] | None:
    """An array must come back with as many items as were sent."""
    sent, seen = at(body, mirror.request), at(shown, mirror.response)
    if isinstance(sent, list) and (not isinstance(seen, list) or len(seen) != len(sent)):
        return mirror, sent, seen
    return None


def picked(value: Json | MISSING, path: Path) -> list[Json | MISSING]:
    """Everything that stands at ``path``, one for each item of the arrays on the way."""
    if ITEM not in path:
        for token in path:
            value = value.get(token, MISSING) if isinstance(value, dict) else MISSING
        return [value]
    found: list[Json | MISSING] = [value]
    for token in path:
        deeper: list[Json | MISSING] = []
        for each in found:
            if token == ITEM:
                deeper.extend(each if isinstance(each, list) else ())
            elif isinstance(each, dict):
                deeper.append(each.get(token, MISSING))
            else:
                deeper.append(MISSING)
        found = deeper
    return found
