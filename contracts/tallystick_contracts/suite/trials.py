"""One test: a rule on an operation; which ones there are, and how each is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

import pytest

from tallystick.errors import UsageError

from ..report import finding_text
from ..rules import Case
from ..rules.answers import PASSIVE
from ..rules.catalogue import SECRECY
from ..verdicts import Law, Standing, Verdict
from .session import Session, stopped

_KEYS = frozenset({"laws", "rules", "operations"})


@dataclass(frozen=True, slots=True)
class Trial:
    """A rule on an operation."""

    session: Session = field(repr=False, compare=False)
    law: Law
    rule: str
    operation: str
    cases: tuple[Case, ...] = field(repr=False, compare=False)
    """What is sent for it; for a passive rule everything that concerns the same things."""
    passive: bool = False
    """Whether it is judged on every answer."""

    @property
    def label(self) -> str:
        """The id of the test."""
        return f"{self.rule}-{self.operation}"

    def check(self) -> None:
        """Pass if the rule holds, fail with the finding, skip with the reason."""
        __tracebackhide__ = True
        target = self.session.target
        assert target is not None
        try:
            with target.stop.listening():
                found = self._found()
        except UsageError as error:
            stopped(error, self.session.options)
        self._tell(found)

    def _found(self) -> Sequence[Verdict]:
        bench = self.session.bench
        assert bench is not None
        if not self.passive:
            return [bench.verdict(case) for case in self.cases]
        return bench.watched(self.rule, self.operation, self.cases)

    def _tell(self, found: Sequence[Verdict]) -> None:
        __tracebackhide__ = True
        broken = [each for each in found if each.standing is Standing.BROKEN]
        if broken:
            origin, mask = self.session.origin, self.session.mask
            text = (finding_text(each, origin, mask) for each in broken)
            pytest.fail("\n\n".join(text), pytrace=False)
        told = "; ".join(dict.fromkeys(_reasons(found))) or "no answer was judged by it"
        told = self.session.mask.text(told)
        if not any(each.standing is Standing.HELD for each in found):
            pytest.skip(told)
        if found and told:
            print(told)


def _reasons(found: Iterable[Verdict]) -> Iterable[str]:
    for standing in (Standing.NOT_REACHED, Standing.NOT_APPLICABLE):
        for each in found:
            if each.standing is standing:
                yield f"{standing.value}: {each.reason}"


def root(path: str) -> str:
    """What a path is about: all before its first parameter. Trials of different roots share nothing."""
    return path.partition("{")[0].rstrip("/")


def trials(session: Session) -> list[Trial]:
    """Every trial: what is about the same things together, the passive ones last."""
    operations = session.contract.operations
    active: dict[tuple[Law, str, str], list[Case]] = {}
    for case in session.plan:
        key = (case.rule.law, case.rule.name, case.spot.operation.key)
        active.setdefault(key, []).append(case)
    passive = [(Law.ANSWERS, rule) for rule in PASSIVE] + [(SECRECY.law, SECRECY.name)]
    found: list[Trial] = []
    for place in dict.fromkeys(root(each.path) for each in operations):
        here = {each.key for each in operations if root(each.path) == place}
        own = [Trial(session, *k, tuple(cases)) for k, cases in active.items() if k[2] in here]
        every = [case for trial in own for case in trial.cases]
        found += own
        for each in operations:
            if each.key in here:
                # Its own first: most of what is wrong with its answers shows there.
                order = sorted(every, key=lambda case: case.spot.operation.key != each.key)
                found += [
                    Trial(session, law, rule, each.key, tuple(order), passive=True)
                    for law, rule in passive
                ]
    return found


def selected(session: Session, marks: Sequence[Mapping[str, Any]]) -> list[Trial]:
    """The trials that the options and every ``tallystick`` mark of a test admit.

    Raises:
        pytest.UsageError: an option or a mark admits none, or a mark is no such mark.
    """
    every = [each for each in trials(session) if session.choice.admits(each.rule)]
    options = {"rules": session.options.rules, "operations": session.options.operations}
    for name, patterns in options.items():
        for pattern in patterns:
            if not any(_admits(each, name, (pattern,)) for each in every):
                raise pytest.UsageError(f"--tallystick-{name}: nothing is named {pattern!r}")
    for wanted in (options, *marks):
        if not set(wanted) <= _KEYS:
            raise pytest.UsageError(f"@pytest.mark.tallystick takes {', '.join(sorted(_KEYS))}")
        every = [t for t in every if all(_admits(t, name, wanted[name]) for name in wanted)]
    return every


def _admits(trial: Trial, name: str, patterns: Collection[str] | str) -> bool:
    text = {"laws": trial.law.value, "rules": trial.rule, "operations": trial.operation}[name]
    several = (patterns,) if isinstance(patterns, str) else patterns
    return not several or any(fnmatchcase(text, str(each)) for each in several)
