"""What the HTML page shows, as plain records of masked text: the template asks no questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tallystick.errors import printable

from ..verdicts import Law, Result, Standing, Verdict
from .cards import Card, card, shown_text
from .mask import Mask
from .matrix import (
    SYMBOLS,
    WORST_FIRST,
    Cell,
    Reason,
    causes,
    cell,
    matrix,
    operations,
    place,
    reasons,
)
from .members import State, map_of
from .residue import residue_lines


@dataclass(frozen=True, slots=True)
class Mark:
    """One cell of a table."""

    kind: str
    """The CSS class: ``held``, ``broken``, ``not-applicable``, ``not-reached``, ``none``."""
    symbol: str
    count: str
    title: str


@dataclass(frozen=True, slots=True)
class Line:
    """One rule in the list of an operation."""

    law: str
    rule: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """One row of the property and state map."""

    path: str
    parent: str
    name: str
    depth: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One operation with its part of the matrix and all that is below it."""

    anchor: str
    method: str
    path: tuple[str, ...]
    """In pieces after which a line may break."""
    marks: tuple[Mark, ...]
    total: Mark
    states: tuple[str, ...]
    members: tuple[Member, ...]
    rules: tuple[Line, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything on the page."""

    title: str
    target: str
    digest: str
    seed: int
    verdict: str
    kind: str
    figures: tuple[tuple[str, str], ...]
    engines: tuple[tuple[str, int], ...]
    counts: tuple[Mark, ...]
    laws: tuple[str, ...]
    sections: tuple[Section, ...]
    cards: tuple[Card, ...]
    left_out: tuple[str, ...]
    residue: tuple[str, ...] = ()
    """What is left on the server, as lines."""


def page(result: Result, mask: Mask) -> Page:
    """``result`` laid out for the template, masked, and without control characters."""
    cards = tuple(
        card(number, cause, result.target, mask) for number, cause in enumerate(causes(result), 1)
    )
    clean = _clean_result(result, mask)
    cells = matrix(clean)
    laws = tuple(law for law in Law if any(key[1] is law for key in cells))
    kind, verdict = _verdict(clean, len(cards))
    return Page(
        title=clean.title,
        target=clean.target,
        digest=clean.digest,
        seed=clean.seed,
        verdict=verdict,
        kind=kind,
        figures=_figures(clean),
        engines=tuple(sorted(clean.engines.items())),
        counts=tuple(_mark(Cell({s: cell(clean.verdicts).counts[s]}), s) for s in Standing),
        laws=tuple(law.value for law in laws),
        sections=tuple(_sections(clean, cells, laws)),
        cards=cards,
        left_out=clean.left_out,
        residue=tuple(residue_lines(result.residue, mask, paths=1000)),
    )


def _clean_result(result: Result, mask: Mask) -> Result:
    """The result without its exchanges (the cards hold them), masked and printable."""
    bare = Result(
        title=result.title,
        digest=result.digest,
        target=result.target,
        seed=result.seed,
        verdicts=(),
        requests=result.requests,
        seconds=result.seconds,
        engines=result.engines,
        left_out=tuple(shown_text(each, mask) for each in result.left_out),
    )
    verdicts = tuple(_clean_verdict(each, mask) for each in result.verdicts)
    masked = mask.record(bare)
    return Result(
        title=printable(masked.title),
        digest=masked.digest,
        target=printable(masked.target),
        seed=masked.seed,
        verdicts=verdicts,
        requests=masked.requests,
        seconds=masked.seconds,
        engines=masked.engines,
        left_out=masked.left_out,
    )


def _clean_verdict(verdict: Verdict, mask: Mask) -> Verdict:
    subject = verdict.subject
    return Verdict(
        rule=shown_text(verdict.rule, mask),
        law=verdict.law,
        subject=type(subject)(
            operation=shown_text(subject.operation, mask),
            pointer=shown_text(subject.pointer, mask),
            member=shown_text(subject.member, mask),
            state=shown_text(subject.state, mask),
        ),
        standing=verdict.standing,
        reason=shown_text(verdict.reason, mask),
        tried=verdict.tried,
    )


def _verdict(result: Result, faults: int) -> tuple[str, str]:
    if faults:
        return "broken", f"{faults} {'fault' if faults == 1 else 'faults'} found"
    if result.holds:
        return "held", "The contract holds"
    return "not-reached", "Nothing was tried"


def _figures(result: Result) -> tuple[tuple[str, str], ...]:
    return (
        ("rules", str(len({each.rule for each in result.verdicts}))),
        ("verdicts", f"{len(result.verdicts):,}"),
        ("judgements", f"{sum(each.tried for each in result.verdicts):,}"),
        ("requests", f"{result.requests:,}"),
        ("seconds", f"{result.seconds:.1f}"),
    )


def _sections(
    result: Result, cells: Mapping[tuple[str, Law], Cell], laws: tuple[Law, ...]
) -> Iterable[Section]:
    for number, operation in enumerate(operations(result), 1):
        own = tuple(each for each in result.verdicts if each.subject.operation == operation)
        method, _, path = operation.partition(" ")
        states, members = _map(own)
        yield Section(
            anchor=f"operation-{number}",
            method=method,
            path=tuple(_pieces(path)),
            marks=tuple(_law_mark(law, cells.get((operation, law), Cell({}))) for law in laws),
            total=_mark(cell(own)),
            states=states,
            members=members,
            rules=tuple(_rules(own)),
            reasons=reasons(own),
        )


def _pieces(path: str) -> list[str]:
    parts = path.split("/")
    return [part + "/" for part in parts[:-1]] + parts[-1:]


def _law_mark(law: Law, found: Cell) -> Mark:
    mark = _mark(found)
    return Mark(mark.kind, mark.symbol, mark.count, f"{law.value}: {mark.title}")


def _mark(found: Cell, standing: Standing | None = None) -> Mark:
    """The worst standing with its count; the title tells them all."""
    worst = standing or found.standing
    if worst is None:
        return Mark("none", "", "", "nothing to judge")
    told = [f"{found.counts[each]} {each.value}" for each in WORST_FIRST if found.counts.get(each)]
    return Mark(
        worst.value.replace(" ", "-"),
        SYMBOLS[worst],
        f"{found.counts.get(worst, 0):,}",
        ", ".join(told) or f"0 {worst.value}",
    )


def _map(verdicts: tuple[Verdict, ...]) -> tuple[tuple[str, ...], tuple[Member, ...]]:
    states, rows = map_of(verdicts)
    members = tuple(
        Member(
            row.path,
            row.path.rpartition("/")[0],
            row.path.rpartition("/")[2] or row.path,
            row.depth,
            tuple(_state_mark(row.path, state) for state in row.states),
        )
        for row in rows
    )
    return states, members


def _state_mark(path: str, state: State) -> Mark:
    mark = _mark(cell(state.verdicts))
    if mark.kind == "none":
        return Mark("none", "", "", "")
    told = [_told(each) for each in state.verdicts[:8]]
    return Mark(mark.kind, mark.symbol, "", "\n".join([place(path, state.name), *told]))


def _told(verdict: Verdict) -> str:
    reason = f": {verdict.reason}" if verdict.reason else ""
    return f"{SYMBOLS[verdict.standing]} {verdict.rule} {verdict.standing.value}{reason}"


def _rules(verdicts: tuple[Verdict, ...]) -> Iterable[Line]:
    grouped: dict[tuple[Law, str], list[Verdict]] = {}
    for each in verdicts:
        grouped.setdefault((each.law, each.rule), []).append(each)
    order = list(Law)
    for law, rule in sorted(grouped, key=lambda key: (order.index(key[0]), key[1])):
        found = cell(grouped[law, rule])
        marks = [_mark(found, each) for each in Standing if found.counts.get(each)]
        yield Line(law.value, rule, tuple(marks))
