"""Which schemas are too heavy to hold values against: untrusted ones may branch without end."""

from __future__ import annotations

from ..contract import Contract
from .reach import beside, reach

LIMIT = 10_000
"""Subschemas that one value may be held against; doubling ``allOf`` fourteen times is more."""


def heavy(contract: Contract) -> frozenset[str]:
    """The pointers of schemas that hold one value against more than ``LIMIT`` subschemas."""
    weights: dict[str, int] = {}
    for start in contract.schemas:
        entered: set[str] = set()
        pending = [start]
        while pending:
            pointer = pending[-1]
            below = [each for each, _ in beside(contract.schemas[pointer], False)]
            unknown = [each for each in below if each not in weights and each not in entered]
            if pointer not in weights and unknown and pointer not in entered:
                entered.add(pointer)
                pending.extend(unknown)
                continue
            pending.pop()
            # A schema that is entered and not weighed yet leads back to itself: counted once.
            total = 1 + sum(weights.get(each, 0) for each in below)
            weights.setdefault(pointer, min(total, LIMIT + 1))
    return frozenset(pointer for pointer, weight in weights.items() if weight > LIMIT)


def too_heavy(contract: Contract, start: str, heavy_ones: frozenset[str]) -> bool:
    """Whether the schema at ``start`` is, or leads to, one of ``heavy_ones``."""
    if not heavy_ones:
        return False
    return any(each.schema.pointer in heavy_ones for each in reach(contract, [start], items=True))
