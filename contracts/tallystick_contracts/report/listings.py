"""Sections of the page which are lists of sentences: what was left out, what was never seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..verdicts import Result
from .cards import shown_text
from .mask import Mask
from .residue import residue_lines
from .seen import Row, sections

LIMIT = 500
"""Lines that one group shows."""


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under a heading of their own."""

    title: str
    """May be empty."""
    lines: tuple[str, ...]
    more: int = 0
    """How many lines are not shown."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One section."""

    anchor: str
    title: str
    lead: str
    """What the lines are, in a sentence; may be empty."""
    groups: tuple[Group, ...]

    @property
    def count(self) -> int:
        """How many lines there are, shown or not."""
        return sum(len(each.lines) + each.more for each in self.groups)


def group(title: str, lines: Iterable[str]) -> Group:
    """As many lines as are shown, and the number of the others."""
    every = tuple(lines)
    return Group(title, every[:LIMIT], max(0, len(every) - LIMIT))


def listings(result: Result, mask: Mask) -> tuple[Listing, ...]:
    """The lists of a run, masked; one without a line is no section."""
    left_out = Listing(
        "left-out",
        "Left out",
        "What the run did not come to, and why. It is not judged.",
        (group("", (shown_text(each, mask) for each in result.left_out)),),
    )
    residue = Listing(
        "residue",
        "Left on the server",
        "What the run created and could not remove.",
        (group("", residue_lines(result.residue, mask, paths=LIMIT)),),
    )
    return tuple(each for each in (left_out, residue, _never(result, mask)) if each.count)


def _never(result: Result, mask: Mask) -> Listing:
    """What the contract allows and nobody saw."""
    found = sections(result.observed) if result.observed else ()
    return Listing(
        "never-seen",
        "Never seen",
        "What the contract allows and no request or answer of this run showed.",
        tuple(
            group(
                f"{each.title} ({each.seen} of {each.total} seen)",
                (shown_text(_told(row), mask) for row in each.rows),
            )
            for each in found
            if each.rows
        ),
    )


def _told(row: Row) -> str:
    rest = f" (and {row.more} within it)" if row.more else ""
    return f"{row.operation}, {row.what}: {row.reason}{rest}"
