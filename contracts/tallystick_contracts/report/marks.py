"""A cell of a table as the page draws it: a symbol, a count, a colour, and what to follow it to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..verdicts import Law, Standing
from .matrix import SYMBOLS, WORST_FIRST, Cell


@dataclass(frozen=True, slots=True)
class Mark:
    """One cell of a table."""

    kind: str
    """The CSS class: ``held``, ``broken``, ``not-applicable``, ``not-reached``, ``none``."""
    symbol: str
    count: str
    title: str
    href: str = ""
    """The place on the page that tells more, as ``#anchor``."""


NONE = Mark("none", "", "", "")


def kind(standing: Standing) -> str:
    """The CSS class of a standing."""
    return standing.value.replace(" ", "-")


def mark(found: Cell, standing: Standing | None = None) -> Mark:
    """The worst standing with its count; the title tells them all."""
    worst = standing or found.standing
    if worst is None:
        return replace(NONE, title="nothing to judge")
    title = counted(found.counts) or f"0 {worst.value}"
    return Mark(kind(worst), SYMBOLS[worst], f"{found.counts.get(worst, 0):,}", title)


def law_mark(law: Law, found: Cell, href: str) -> Mark:
    """The cell of a law in the matrix."""
    made = mark(found)
    return replace(made, title=f"{law.value}: {made.title}", href=href if found.counts else "")


def counted(counts: Mapping[Standing, int]) -> str:
    """Standings with their counts, the worst first: ``2 broken, 5 held``."""
    return ", ".join(f"{counts[each]:,} {each.value}" for each in WORST_FIRST if counts.get(each))
