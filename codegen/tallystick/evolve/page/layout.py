"""What the page of a comparison shows, as plain records: the template asks no questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tallystick.contract import Contract

from ..python_records import PythonChange
from ..records import READERS, SEVERITIES, Change, Comparison, Severity
from ..verdict import Verdict
from .anchors import anchors
from .cards import Card, Mark, card, mark
from .excerpts import Excerpts

BECAUSE = 4
"""Changes that decide a verdict and are named in the head."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One of the two documents."""

    title: str
    version: str
    file: str
    digest: str


@dataclass(frozen=True, slots=True)
class Cell:
    """How many changes are of one severity for one reader."""

    mark: Mark
    count: int


@dataclass(frozen=True, slots=True)
class Reading:
    """One row of the matrix: a reader, and the counts in the order of ``SEVERITIES``."""

    reader: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The changes of one severity, for their worst reader."""

    anchor: str
    title: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class PythonRow:
    """One public name of the generated package."""

    anchor: str
    change: PythonChange
    mark: Mark


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be released of one thing, and the changes that decide it."""

    level: str
    what: str
    because: tuple[tuple[str, str], ...]
    """Anchor and sentence."""
    more: int
    """How many decide it beside these."""


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page."""

    title: str
    outcome: Mark
    summary: str
    old: Edition
    new: Edition
    decisions: tuple[Decision, ...]
    matrix: tuple[Reading, ...]
    """Every reader, after the worst of them."""
    sections: tuple[Section, ...]
    count: int
    python: tuple[PythonRow, ...] | None
    """None where nobody looked."""
    notes: tuple[tuple[str, Change], ...]
    """Each with its anchor."""


def layout(
    comparison: Comparison, python: Sequence[PythonChange] | None, verdict: Verdict | None
) -> Page:
    """A comparison for the template."""
    names = anchors((*comparison.changes, *comparison.notes))
    excerpts = Excerpts(comparison.old, comparison.new)
    pairs = enumerate(zip(names, comparison.changes, strict=False), 1)
    cards = [card(number, name, change, excerpts) for number, (name, change) in pairs]
    rows = None if python is None else tuple(_python(python))
    outcome, summary = _outcome(comparison)
    old, new = _edition(comparison.old), _edition(comparison.new)
    return Page(
        title=new.title if new.title == old.title else f"{old.title} → {new.title}",
        outcome=outcome,
        summary=summary,
        old=old,
        new=new,
        decisions=tuple(_decisions(verdict, comparison, names, rows or ())) if verdict else (),
        matrix=tuple(_matrix(cards)),
        sections=tuple(_sections(cards)),
        count=len(cards),
        python=rows,
        notes=tuple(zip(names[len(cards) :], comparison.notes, strict=True)),
    )


def _edition(contract: Contract) -> Edition:
    return Edition(contract.title, contract.version, contract.document.name, contract.digest)


def _outcome(comparison: Comparison) -> tuple[Mark, str]:
    changes = comparison.changes
    if not changes:
        return mark("compatible"), "The contract is the same"
    worst: Severity = min((each.worst for each in changes), key=SEVERITIES.index)
    count = sum(each.worst == worst for each in changes)
    verb = "break" if count != 1 else "breaks"
    told: dict[Severity, str] = {
        "breaking": f"{_changes(count)} {verb} what was written before",
        "risky": f"Nothing breaks; {_changes(count)} may mean something else",
        "compatible": f"{_changes(count)}, all compatible",
    }
    return mark(worst), told[worst]


def _changes(count: int) -> str:
    return f"{count:,} {'change' if count == 1 else 'changes'}"


def _matrix(cards: Sequence[Card]) -> Iterator[Reading]:
    for place, reader in enumerate(("any of them", *READERS)):
        found = [each.severities.split()[place] for each in cards]
        yield Reading(
            reader, tuple(Cell(mark(severity), found.count(severity)) for severity in SEVERITIES)
        )


def _sections(cards: Sequence[Card]) -> Iterator[Section]:
    titles: dict[Severity, str] = {
        "breaking": "Breaking",
        "risky": "Risky",
        "compatible": "Compatible",
    }
    for severity in SEVERITIES:
        found = tuple(each for each in cards if each.worst.severity == severity)
        if found:
            yield Section(severity, titles[severity], found)


def _python(changes: Sequence[PythonChange]) -> Iterator[PythonRow]:
    for number, change in enumerate(changes, 1):
        yield PythonRow(f"python-{number}", change, mark(change.severity))


def _decisions(
    verdict: Verdict, comparison: Comparison, names: Sequence[str], rows: Sequence[PythonRow]
) -> Iterator[Decision]:
    places = {id(change): name for name, change in zip(names, comparison.changes, strict=False)}
    by_name = {row.change.id: row.anchor for row in rows}
    wire, package = list[tuple[str, str]](), list[tuple[str, str]]()
    for each in verdict.because:
        if isinstance(each, Change):
            wire.append((places.get(id(each), ""), each.sentence))
        else:
            package.append((by_name.get(each.id, ""), each.sentence))
    for level, what, because in (
        (verdict.wire, "for the wire", wire),
        (verdict.package, "for the package", package),
    ):
        more = max(0, len(because) - BECAUSE)
        yield Decision(level, what, tuple(because[:BECAUSE]), more)
