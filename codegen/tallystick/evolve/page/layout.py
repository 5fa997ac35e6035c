"""What the page of a comparison shows, as plain records: the template asks no questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tallystick.contract import Contract

from ..python.records import PythonChange
from ..records import READERS, SEVERITIES, Change, Severity
from ..show.view import CLIENTS, View
from ..show.words import short
from .anchors import anchors
from .cards import Card, Mark, card, mark
from .excerpts import Excerpts
from .said import Said, said
from .windows import cut, windows

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
    """The changes of one severity, for whom the verdict is about."""

    anchor: str
    title: str
    who: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class PythonRow:
    """One public name of the generated package."""

    anchor: str
    id: str
    sentence: Said
    before: str | None
    after: str | None
    mark: Mark


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be released of one thing, and the changes that decide it."""

    level: str
    what: str
    because: tuple[tuple[str, Said], ...]
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
    """Whom the verdict is about, then every reader."""
    sections: tuple[Section, ...]
    count: int
    python: tuple[PythonRow, ...] | None
    """None where nobody looked."""
    notes: tuple[tuple[str, Said, str], ...]
    """Anchor, sentence and place of each."""


def layout(view: View) -> Page:
    """A comparison for the template."""
    given = view.comparison
    notes = given.notes if view.everything else ()
    places = {id(change): name for name, change in _named((*given.changes, *notes))}
    cards = tuple(_cards(view, places))
    rows = None if view.package is None else tuple(_python(view.package))
    outcome, summary = _outcome(view)
    old, new = _edition(given.old, view), _edition(given.new, view)
    return Page(
        title=new.title if new.title == old.title else f"{old.title} → {new.title}",
        outcome=outcome,
        summary=summary,
        old=old,
        new=new,
        decisions=tuple(_decisions(view, rows or ())),
        matrix=tuple(_matrix(view, cards)),
        sections=tuple(_sections(view, cards)),
        count=len(cards),
        python=rows,
        notes=tuple((places[id(each)], said(each.sentence), short(each)) for each in notes),
    )


def _named(changes: Sequence[Change]) -> Iterator[tuple[str, Change]]:
    return zip(anchors(changes), changes, strict=True)


def _cards(view: View, places: Mapping[int, str]) -> Iterator[Card]:
    """The worst first, for whom the verdict is about."""
    excerpts, number = Excerpts(view), 0
    for severity in SEVERITIES:
        for change in view.of(severity):
            number += 1
            yield card(number, places[id(change)], change, view, excerpts)


def _edition(contract: Contract, view: View) -> Edition:
    name = view.file(contract.document.name)
    return Edition(contract.title, contract.version, name, contract.digest)


def _outcome(view: View) -> tuple[Mark, str]:
    worst, who = view.worst, _who(view)
    if worst == "none":
        return mark("compatible"), "The contract is the same"
    count = len(view.of(worst))
    told: dict[Severity, str] = {
        "breaking": f"{_changes(count)} {'breaks' if count == 1 else 'break'} {who}",
        "risky": f"Nothing breaks {who}; {_changes(count)} may mean something else",
        "compatible": f"{_changes(count)}, none of which breaks {who}",
    }
    return mark(worst), told[worst]


def _who(view: View) -> str:
    """Whom the verdict is about, in words."""
    if len(view.readers) == 1:
        return f"the {view.readers[0]}"
    return "clients" if view.readers == CLIENTS else "clients or servers"


def _changes(count: int) -> str:
    return f"{count:,} {'change' if count == 1 else 'changes'}"


def _matrix(view: View, cards: Sequence[Card]) -> Iterator[Reading]:
    for place, reader in enumerate((_who(view), *READERS)):
        found = [each.severities.split()[place] for each in cards]
        counts = tuple(Cell(mark(severity), found.count(severity)) for severity in SEVERITIES)
        yield Reading(reader, counts)


def _sections(view: View, cards: Sequence[Card]) -> Iterator[Section]:
    titles: dict[Severity, str] = {
        "breaking": "Breaking",
        "risky": "Risky",
        "compatible": "Compatible",
    }
    for severity in SEVERITIES:
        found = tuple(each for each in cards if each.worst.severity == severity)
        if found:
            yield Section(severity, titles[severity], _who(view), found)


def _python(changes: Sequence[PythonChange]) -> Iterator[PythonRow]:
    for number, change in enumerate(changes, 1):
        sentence = change.sentence
        if change.name not in sentence:
            sentence = f"{change.name}: {sentence}"
        before, after = windows(change.before, change.after)
        yield PythonRow(
            f"python-{number}", change.id, said(cut(sentence)), before, after, mark(change.severity)
        )


def _decisions(view: View, rows: Sequence[PythonRow]) -> Iterator[Decision]:
    verdict = view.release
    if verdict is None:
        return
    names = {row.id: row.anchor for row in rows}
    names.update({each.id: each.id for each in view.comparison.changes})
    wire, package = list[tuple[str, Said]](), list[tuple[str, Said]]()
    for each in verdict.because:
        reasons = wire if isinstance(each, Change) else package
        reasons.append((names.get(each.id, ""), said(cut(each.sentence))))
    for level, what, because in (
        (verdict.wire, "for the wire", wire),
        (verdict.package, "for the package", package),
    ):
        more = max(0, len(because) - BECAUSE)
        yield Decision(level, what, tuple(because[:BECAUSE]), more)
