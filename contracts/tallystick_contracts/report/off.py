"""Which rules were switched off, in one line: a run with fewer rules never looks like a whole one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..rules.catalogue import with_own

FEW = 8
"""Rules that are named; of more only the number is told, and the JSON form names them."""


def off_lines(off: Sequence[str]) -> Iterator[str]:
    """One line, or none where every rule counts; ``off`` are the names of those that do not."""
    every = len(with_own())
    if len(off) > FEW:
        yield f"switched off: {len(off)} of {every} rules; the JSON form names them"
    elif off:
        yield f"switched off: {', '.join(off)} ({len(off)} of {every} rules)"
