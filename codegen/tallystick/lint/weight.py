"""How much work it is to hold a value against a schema: untrusted ones may branch without end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from ..contract import Contract
from ..document import Json, join
from .reach import beside

_ANY = 10_000
_PER_NODE = 100

Pair: TypeAlias = tuple[str, int]
"""A schema, by its pointer, and a part of the value, by its identity."""


def too_heavy(contract: Contract, pointer: str, value: Json) -> bool:
    """Whether ``value`` meets the schema at ``pointer`` and those below in too many ways.

    An honest value meets a few schemas at each of its nodes. ``allOf`` of two that are each
    ``allOf`` of two, and so on, doubles that with every step, also through nested members.
    """
    parts = {id(part): part for part in _parts(value)}
    limit = max(_ANY, _PER_NODE * len(parts))
    weights: dict[Pair, int] = {}
    entered: set[Pair] = set()
    pending: list[Pair] = [(pointer, id(value))]
    while pending:
        pair = pending[-1]
        below = list(_below(contract, pair[0], parts[pair[1]]))
        if pair not in entered:
            entered.add(pair)
            pending.extend(each for each in below if each not in entered)
            continue
        pending.pop()
        # A pair that is entered and not weighed yet leads back to itself: it counts nothing.
        weights.setdefault(pair, 1 + sum(weights.get(each, 0) for each in below))
    return weights[pointer, id(value)] > limit


def _below(contract: Contract, pointer: str, value: Json) -> Iterator[Pair]:
    """What holding ``value`` against the schema at ``pointer`` comes down to."""
    schema = contract.schemas[pointer]
    for each, _ in beside(schema, False):
        yield each, id(value)
    if isinstance(value, list) and schema.items is not None:
        yield from ((schema.items, id(item)) for item in value)
    elif isinstance(value, dict):
        for name, member in value.items():
            declared = join(pointer, "properties", name)
            if declared in contract.schemas:
                yield declared, id(member)
            elif isinstance(schema.additional, str):
                yield schema.additional, id(member)


def _parts(value: Json) -> Iterator[Json]:
    """``value`` and everything inside it."""
    pending = [value]
    while pending:
        part = pending.pop()
        yield part
        if isinstance(part, dict):
            pending.extend(part.values())
        elif isinstance(part, list):
            pending.extend(part)
