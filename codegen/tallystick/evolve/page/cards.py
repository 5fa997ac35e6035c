"""A change as the page shows it: one card, with whom it breaks, what shows it, and both documents."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import MISSING

from tallystick.contract import Direction
from tallystick.document import Json

from ..kinds import KINDS
from ..records import READERS, Change, Severity, Witness
from ..show.view import View
from ..show.words import proof, short, shown
from .excerpts import Excerpt, Excerpts
from .said import Said, said
from .values import Marked, laid_out, one_line

OPERATIONS = 6
"""Operations that are named at once; others are folded."""
FOLDED = 20
"""Operations that are folded; of those after that the number is told."""
WITNESSES = 3
"""Witnesses that are shown of one change."""

_KINDS: dict[Severity, str] = {"breaking": "broken", "risky": "not-reached", "compatible": "held"}
_SYMBOLS: dict[Severity, str] = {"breaking": "✗", "risky": "!", "compatible": "✓"}
_DIRECTIONS: dict[Direction, str] = {
    "request": "in requests",
    "response": "in answers",
    "both": "in requests and answers",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """How bad something is, told by a symbol and a word."""

    severity: Severity
    kind: str
    """The class that colours it; the same as in the report of a run."""
    symbol: str
    reader: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One witness."""

    claim: str
    operation: str
    part: str
    at: str
    missing: bool
    """Whether the value has nothing there, which is what it shows."""
    lines: tuple[Marked, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One change."""

    number: int
    anchor: str
    kind: str
    says: str
    """What changes of its kind are."""
    sentence: Said
    where: str
    """What it is about, and how many operations it touches."""
    direction: str
    worst: Mark
    """For whom the verdict is about."""
    marks: tuple[Mark, ...]
    """For each reader."""
    severities: str
    """For whom the verdict is about, then for each reader: what the filter asks."""
    operations: tuple[str, ...]
    more_operations: tuple[str, ...]
    untold: int
    """How many operations are not named."""
    before: str | None
    """JSON text; None where nothing is said of it."""
    after: str | None
    proof: str
    witnesses: tuple[Shown, ...]
    more_witnesses: int
    excerpt: Excerpt | None


def mark(severity: Severity, reader: str = "") -> Mark:
    """A severity for the page."""
    return Mark(severity, _KINDS[severity], _SYMBOLS[severity], reader)


def card(number: int, anchor: str, change: Change, view: View, excerpts: Excerpts) -> Card:
    """The card of one change.

    Args:
        number: its place on the page.
        anchor: its id on the page.
        change: the change.
        view: whom the verdict is about.
        excerpts: where its excerpt comes from.
    """
    worst, kind = view.severity(change), KINDS.get(change.kind)
    witnesses = tuple(_shown(each) for each in shown(change, view)[:WITNESSES])
    excerpt = excerpts.of(change, sum(len(each.lines) for each in witnesses))
    if excerpt is None:
        witnesses = ()
    named = OPERATIONS + (FOLDED if excerpt else 0)
    marks = tuple(mark(change.severity[reader], reader) for reader in READERS)
    return Card(
        number=number,
        anchor=anchor,
        kind=change.kind,
        says=kind.says if kind else "",
        sentence=said(change.sentence),
        where=_where(change),
        direction=_DIRECTIONS[change.direction],
        worst=mark(worst),
        marks=marks,
        severities=" ".join((worst, *(each.severity for each in marks))),
        operations=change.operations[:OPERATIONS],
        more_operations=change.operations[OPERATIONS:named],
        untold=max(0, len(change.operations) - named),
        before=_value(change.before),
        after=_value(change.after),
        proof=proof(change, view),
        witnesses=witnesses,
        more_witnesses=len(change.witnesses) - len(witnesses),
        excerpt=excerpt,
    )


def _where(change: Change) -> str:
    place, count = short(change), len(change.operations)
    if not count or change.operations[0] in place:
        return place
    return f"{place}, {change.operations[0] if count == 1 else f'{count} operations'}"


def _value(value: Json | MISSING) -> str | None:
    return None if value is MISSING else one_line(value)


def _shown(witness: Witness) -> Shown:
    spot = witness.spot
    lines, found = laid_out(witness.value, witness.at)
    at = witness.at.removeprefix("#")
    return Shown(witness.claim, spot.operation, spot.part, at, not found, lines)
