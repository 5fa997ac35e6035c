"""Which rules were switched off, in one line: a run with fewer rules never looks like a whole one."""

from __future__ import annotations

from collections.abc import Iterator

from ..rules.catalogue import with_own
from ..verdicts import Result

FEW = 8
"""Rules that are named; of more only the number is told, and ``report.json`` names them."""


def off_lines(result: Result) -> Iterator[str]:
    """One line, or none where every rule counts."""
    off, every = result.switched_off, len(with_own())
    if len(off) > FEW:
        yield f"switched off: {len(off)} of {every} rules; report.json names them"
    elif off:
        yield f"switched off: {', '.join(off)} ({len(off)} of {every} rules)"
