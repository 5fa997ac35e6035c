"""Broken verdicts as causes: one finding for each, the worst first."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from tallystick.contract import Contract
from tallystick.errors import DocumentError

from ..rules.catalogue import By, catalogue
from ..verdicts import Finding, Law, Result, Verdict
from .grouping import grouped
from .recipe import Recipe, recipe_of
from .replay import Again
from .severity import Severity, severity_of


@dataclass(frozen=True, slots=True)
class Clause:
    """Where the contract promises it; line and column count from 1, 0 where they are unknown."""

    pointer: str
    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return (
            f"{self.file}:{self.line}:{self.column} {self.pointer}" if self.file else self.pointer
        )


@dataclass(frozen=True, slots=True)
class Cause:
    """One fault of the server, with everything that shows it."""

    id: str
    """The same between runs and seeds: of rule, operation, pointer and state."""
    promise: str
    """What the rule promises, in one sentence."""
    severity: Severity
    why: str
    """The reason for the severity."""
    clause: Clause
    shown: Verdict
    """The verdict with the shortest exchange: the one to read."""
    others: tuple[Verdict, ...] = ()
    """The same rule, broken by the same cause at other places."""
    also: tuple[Verdict, ...] = ()
    """Other rules, broken by the same cause; one verdict for each rule and operation."""
    verdicts: tuple[Verdict, ...] = ()
    """All of them."""
    recipe: Recipe = field(default_factory=lambda: Recipe((), ()))
    """How it is sent again."""
    again: Again = Again.UNTRIED
    """What became of sending it again before it was told."""
    why_untried: str = "it was not sent again"
    """Why it could not be sent again, where that is so."""
    repeats: tuple[int, int] = (0, 0)
    """How often it showed again, of how many times that it was sent."""

    @property
    def flaky(self) -> bool:
        """Whether it did not show each time that it was sent again."""
        shown, tried = self.repeats
        return self.again is not Again.UNTRIED and shown < tried

    @property
    def rule(self) -> str:
        """The rule that names it."""
        return self.shown.rule

    @property
    def law(self) -> Law:
        """The law of that rule."""
        return self.shown.law

    @property
    def operation(self) -> str:
        """The operation on which it shows."""
        return self.shown.subject.operation

    @property
    def finding(self) -> Finding:
        """What was expected and seen, and the exchange."""
        return self.shown.finding or Finding("", self.shown.reason, ())


def causes(result: Result, contract: Contract | None = None) -> tuple[Cause, ...]:
    """The faults that a run found: the worst first, by law, and what shows most often first.

    Args:
        result: the run.
        contract: the document, for the place of each clause; without it only the pointer is told.
    """
    found = [_cause(heads, also, contract) for heads, also in grouped(result, contract)]
    order = list(Law)
    return tuple(sorted(found, key=lambda e: (-e.severity, order.index(e.law), -len(e.verdicts))))


def _cause(
    heads: tuple[Verdict, ...], also: tuple[Verdict, ...], contract: Contract | None
) -> Cause:
    shown = min(heads, key=_length)
    grade = severity_of(shown.rule, shown.law)
    listed: dict[tuple[str, str], Verdict] = {}
    for each in also:
        listed.setdefault((each.rule, each.subject.operation), each)
    return Cause(
        identity(shown),
        promise_of(shown),
        grade.severity,
        grade.why,
        clause_of(shown.subject.pointer, contract),
        shown,
        tuple(each for each in heads if each is not shown),
        tuple(listed.values()),
        (*heads, *also),
        recipe_of(shown, contract),
    )


def identity(verdict: Verdict) -> str:
    """A short digest of what is broken where, in hex; no value of a run goes into it."""
    subject = verdict.subject
    parts = (verdict.rule, subject.operation, subject.pointer, subject.state)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:10]


_PROMISES: Mapping[str, str] = {
    name: each.promise for name, each in catalogue().items() if each.by in (By.LAWS, By.ANSWERS)
}


def promise_of(verdict: Verdict) -> str:
    """The promise of a verdict's rule; of a rule from elsewhere, the expectation of its finding."""
    told = _PROMISES.get(verdict.rule.removesuffix(" (client)"))
    return told or (verdict.finding.expectation if verdict.finding else "")


def clause_of(pointer: str, contract: Contract | None) -> Clause:
    """Where a clause was written: the document, or the overlay that put it there."""
    if contract is None or not pointer.startswith("#"):
        return Clause(pointer)
    try:
        where = contract.document.locate(pointer)
    except (DocumentError, LookupError, ValueError):
        return Clause(pointer)
    return Clause(pointer, where.file, where.line, where.column)


def _length(verdict: Verdict) -> tuple[bool, int]:
    """What was confirmed with nothing shared comes first: its steps are all that it takes."""
    finding = verdict.finding
    return (finding is None or finding.seen < 2, len(finding.steps) if finding else 0)
