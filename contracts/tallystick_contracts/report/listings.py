"""Sections of the page which are lists of sentences: what was left out, what was never seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tallystick.errors import printable

from ..observed import Observation
from ..safety import Leftover
from ..verdicts import Result
from .seen import Row, seen_line, unseen

LIMIT = 500
"""Lines that one group shows."""
OPENED = 12
"""Lines up to which a group is open from the start."""


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence."""

    text: str
    operation: str = ""
    """Whose it is; empty where it belongs to none."""


@dataclass(frozen=True, slots=True)
class Group:
    """Lines under a heading of their own."""

    title: str
    """May be empty."""
    lines: tuple[Line, ...]
    more: int = 0
    """How many lines are not shown."""
    done: int = 0
    total: int = 0
    """Of how many ``done`` are no line here; 0 where nothing is measured."""

    @property
    def opened(self) -> bool:
        """Whether it is open from the start."""
        return len(self.lines) <= OPENED


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


def group(title: str, lines: Iterable[Line], done: int = 0, total: int = 0) -> Group:
    """As many lines as are shown, and the number of the others."""
    every = tuple(lines)
    return Group(title, every[:LIMIT], max(0, len(every) - LIMIT), done, total)


def listings(result: Result) -> tuple[Listing, ...]:
    """The lists of a run, masked already; one without a line is no section."""
    left_out = Listing(
        "left-out",
        "Left out",
        "What the run did not come to, and why. It is not judged.",
        (group("", map(Line, result.left_out)),),
    )
    off = Listing(
        "switched-off",
        "Switched off",
        "Rules that the command line or the project switched off. They were not judged.",
        (group("", map(Line, result.switched_off)),),
    )
    residue = Listing(
        "residue",
        "Left on the server",
        "What the run created and could not remove.",
        tuple(_residue(result.residue)),
    )
    every = (*_never_seen(result.observed), left_out, off, residue)
    return tuple(each for each in every if each.count)


def _never_seen(observation: Observation | None) -> Iterator[Listing]:
    if observation is None:
        return
    groups = tuple(
        group(printable(each.title), map(_unseen, each.rows), each.seen, each.total)
        for each in unseen(observation)
        if each.total
    )
    lead = printable(seen_line(observation).partition(":")[0]) + "."
    yield Listing("never-seen", "Never seen", lead[0].upper() + lead[1:], groups)


def _unseen(row: Row) -> Line:
    more = f" (and {row.more} within it)" if row.more else ""
    operation = printable(row.operation)
    return Line(printable(f"{row.operation} {row.what}: {row.reason}{more}"), operation)


def _residue(residue: Iterable[Leftover]) -> Iterator[Group]:
    grouped: dict[tuple[str, str], list[str]] = {}
    for each in residue:
        grouped.setdefault((each.operation, each.reason), []).append(each.path)
    for (operation, reason), paths in grouped.items():
        lines = (Line(printable(path), printable(operation)) for path in paths)
        yield group(printable(f"{operation}: {reason}"), lines)
