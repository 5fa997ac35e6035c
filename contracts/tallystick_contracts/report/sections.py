"""What the page shows of one operation: its members by state, its rules, why some did not count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ..verdicts import Law, Result, Standing, Subject, Verdict
from .marks import NONE, Mark, kind, law_mark, mark
from .matrix import SYMBOLS, Cell, Reason, cell, operations, place, reasons
from .members import Row, State, map_of

Links = Mapping[tuple[str, Subject], str]
"""By rule and subject, the anchor of the finding."""
TOLD = 8
"""Verdicts that the title of a cell tells one by one."""
OPENED = 8
"""Operations with a map up to which all of them are open from the start."""


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
class Why:
    """Why some verdicts of one law did not come to a judgement."""

    anchor: str
    kind: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Section:
    """One operation with its part of the matrix and all that is below it."""

    anchor: str
    operation: str
    method: str
    path: tuple[str, ...]
    """In pieces after which a line may break."""
    marks: tuple[Mark, ...]
    total: Mark
    states: tuple[str, ...]
    members: tuple[Member, ...]
    whole: tuple[tuple[str, Mark], ...]
    """Each state of the request as a whole."""
    rules: tuple[Line, ...]
    reasons: tuple[Why, ...]
    opened: bool


def sections(
    result: Result,
    cells: Mapping[tuple[str, Law], Cell],
    laws: tuple[Law, ...],
    links: Links,
) -> tuple[Section, ...]:
    """One section for each operation that was judged, in the order of the run."""
    grouped: dict[str, list[Verdict]] = {each: [] for each in operations(result)}
    for verdict in result.verdicts:
        grouped[verdict.subject.operation].append(verdict)
    few = sum(any(v.subject.member for v in own) for own in grouped.values()) <= OPENED
    return tuple(
        _section(f"operation-{number}", operation, own, cells, laws, links, few)
        for number, (operation, own) in enumerate(grouped.items(), 1)
    )


def _section(
    anchor: str,
    operation: str,
    own: list[Verdict],
    cells: Mapping[tuple[str, Law], Cell],
    laws: tuple[Law, ...],
    links: Links,
    few: bool,
) -> Section:
    method, _, path = operation.partition(" ")
    whys = tuple(
        Why(f"{anchor}-why-{number}", kind(each.standing), each)
        for number, each in enumerate(reasons(own), 1)
    )
    follow = _Follow(links, whys)
    found = map_of(own)
    return Section(
        anchor=anchor,
        operation=operation,
        method=method,
        path=pieces(path),
        marks=tuple(
            law_mark(law, cells.get((operation, law), Cell({})), f"#{anchor}") for law in laws
        ),
        total=mark(cell(own)),
        states=found.columns,
        members=tuple(_member(row, follow) for row in found.rows),
        whole=tuple((each.name, _state_mark("", each, follow)) for each in found.whole),
        rules=tuple(_rules(own)),
        reasons=whys,
        opened=few and bool(found.rows),
    )


def pieces(path: str) -> tuple[str, ...]:
    """A path cut after each slash."""
    parts = path.split("/")
    return (*(part + "/" for part in parts[:-1]), parts[-1])


@dataclass(frozen=True, slots=True)
class _Follow:
    """Where a cell leads to."""

    links: Links
    whys: tuple[Why, ...]

    def href(self, verdict: Verdict) -> str:
        """The finding or the reason of a verdict; empty for one that held."""
        link = self.links.get((verdict.rule, verdict.subject), "")
        if verdict.standing in (Standing.BROKEN, Standing.HELD):
            return f"#{link}" if link else ""
        told = (verdict.standing, verdict.law, verdict.reason)
        return next(
            f"#{each.anchor}"
            for each in self.whys
            if (each.reason.standing, each.reason.law, each.reason.reason) == told
        )


def _member(row: Row, follow: _Follow) -> Member:
    parent, _, name = row.path.rpartition("/")
    marks = tuple(_state_mark(row.path, state, follow) for state in row.states)
    return Member(row.path, parent, name or row.path, row.depth, marks)


def _state_mark(path: str, state: State, follow: _Follow) -> Mark:
    if not state.verdicts:
        return NONE
    found = mark(cell(state.verdicts))
    order = sorted(state.verdicts, key=lambda each: kind(each.standing) != found.kind)
    told = [_told(each) for each in order[:TOLD]]
    if len(order) > TOLD:
        told.append(f"and {len(order) - TOLD} more: {found.title}")
    title = "\n".join([place(path, state.name), *told])
    return replace(found, title=title, href=follow.href(order[0]))


def _told(verdict: Verdict) -> str:
    reason = f": {verdict.reason}" if verdict.reason else ""
    state = f" ({verdict.subject.state})" if verdict.subject.state else ""
    symbol = SYMBOLS[verdict.standing]
    return f"{symbol} {verdict.rule}{state} {verdict.standing.value}{reason}"


def _rules(verdicts: Iterable[Verdict]) -> Iterator[Line]:
    grouped: dict[tuple[Law, str], list[Verdict]] = {}
    for each in verdicts:
        grouped.setdefault((each.law, each.rule), []).append(each)
    order = list(Law)
    for law, rule in sorted(grouped, key=lambda key: (order.index(key[0]), key[1])):
        found = cell(grouped[law, rule])
        marks = [mark(found, each) for each in Standing if found.counts.get(each)]
        yield Line(law.value, rule, tuple(marks))
