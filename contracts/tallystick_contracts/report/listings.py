"""Sections of the page which are lists of sentences: what was left out, what was never seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tallystick.errors import printable

from ..safety import Leftover
from ..verdicts import Result

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


def listings(result: Result) -> tuple[Listing, ...]:
    """The lists of a run, masked already; one without a line is no section."""
    left_out = Listing(
        "left-out",
        "Left out",
        "What the run did not come to, and why. It is not judged.",
        (group("", result.left_out),),
    )
    residue = Listing(
        "residue",
        "Left on the server",
        "What the run created and could not remove.",
        tuple(_residue(result.residue)),
    )
    return tuple(each for each in (left_out, residue) if each.count)


def _residue(residue: Iterable[Leftover]) -> Iterator[Group]:
    grouped: dict[tuple[str, str], list[str]] = {}
    for each in residue:
        grouped.setdefault((each.operation, each.reason), []).append(each.path)
    for (operation, reason), paths in grouped.items():
        yield group(printable(f"{operation}: {reason}"), (printable(path) for path in paths))
