"""One run of pytest: which trials there are, one run of those selected, what became of each."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import pytest

from tallystick.contract import Contract, build
from tallystick.document import Json, load
from tallystick.errors import TallystickError, UsageError
from tallystick.lint import understood

from ..report import Mask, finding_text
from ..rules import Case
from ..rules.answers import PASSIVE
from ..run import plan, run
from ..target import Target, at_url, in_process
from ..verdicts import Law, Standing, Subject, Verdict

SECRECY = "credentials_never_come_back"
_WORST = (Standing.BROKEN, Standing.NOT_REACHED, Standing.HELD, Standing.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Options:
    """The options of the plugin, as they were given."""

    spec: str
    overlay: Sequence[str]
    url: str
    key: str | None
    header: Sequence[str]
    given: Sequence[str]
    seed: int
    budget: float
    allow_host: Sequence[str]


def options_of(config: pytest.Config) -> Options:
    """The options of a run of pytest."""
    names = [each.name for each in fields(Options)]
    values: dict[str, Any] = {
        name: config.getoption(f"--tallystick-{name.replace('_', '-')}") for name in names
    }
    values["spec"], values["url"] = values["spec"] or "", values["url"] or ""
    return Options(**values)


@dataclass(slots=True)
class Session:
    """The contract, and the verdicts once they are there."""

    contract: Contract
    seed: int
    plan: Sequence[Case]
    verdicts: dict[tuple[str, str, str], list[Verdict]] | None = None
    """By rule, operation and member."""
    left_out: tuple[str, ...] = ()
    origin: str = ""
    mask: Mask = field(default_factory=Mask)

    def run(self, target: Target, selected: Sequence[Trial]) -> None:
        """Try the cases of the selected trials, the first time this is called."""
        if self.verdicts is not None:
            return
        cases = [case for trial in selected for case in trial.cases]
        result = run(self.contract, target, seed=self.seed, cases=cases)
        self.origin, self.mask = target.name, Mask(target.secrets)
        self.left_out = result.left_out
        self.verdicts = {}
        for each in result.verdicts:
            self.verdicts.setdefault(_key(each.rule, each.subject), []).append(each)

    def found(self, trial: Trial) -> list[Verdict]:
        """The verdicts of a trial; a passive rule's are those of every place of the answers."""
        verdicts = self.verdicts or {}
        if trial.cases:
            return verdicts.get((trial.rule, trial.operation, trial.member), [])
        wanted = (trial.rule, trial.operation)
        return [each for key, told in verdicts.items() if key[:2] == wanted for each in told]


@dataclass(frozen=True, slots=True)
class Trial:
    """One test: a rule on an operation, and perhaps on one member."""

    session: Session = field(repr=False, compare=False)
    law: Law
    rule: str
    operation: str
    member: str
    cases: tuple[Case, ...] = field(repr=False, compare=False)
    """Empty for a passive rule, which is judged on every answer."""

    @property
    def label(self) -> str:
        """How ``-k`` and reports name it."""
        return " ".join(each for each in (self.rule, self.operation, self.member) if each)

    def check(self) -> None:
        """Pass if the rule holds, fail with the finding, skip with the reason."""
        __tracebackhide__ = True
        found = self.session.found(self)
        worst = next((s for s in _WORST if any(each.standing is s for each in found)), None)
        if worst is Standing.BROKEN:
            broken = [each for each in found if each.standing is Standing.BROKEN]
            text = (finding_text(each, self.session.origin, self.session.mask) for each in broken)
            pytest.fail("\n\n".join(text), pytrace=False)
        if worst is None:
            left_out = "; ".join(self.session.left_out) or "no answer was judged by it"
            pytest.skip(self.session.mask.text(f"not reached: {left_out}"))
        if worst is not Standing.HELD:
            reasons = dict.fromkeys(each.reason for each in found if each.standing is worst)
            pytest.skip(self.session.mask.text(f"{worst.value}: {'; '.join(reasons)}"))


def open_session(config: pytest.Config) -> Session:
    """Read the contract that the options name.

    Raises:
        pytest.UsageError: it cannot be read.
    """
    options = options_of(config)
    try:
        contract = build(
            understood(load(Path(options.spec), [Path(each) for each in options.overlay]))
        )
        return Session(contract, options.seed, plan(contract, seed=options.seed))
    except TallystickError as error:
        raise pytest.UsageError(str(error)) from None


def trials(session: Session, laws: Iterable[Law | str] = ()) -> list[Trial]:
    """Every trial of some laws (of all, without any), in the order of the plan."""
    wanted = {Law(each) for each in laws} or set(Law)
    grouped: dict[tuple[Law, str, str, str], list[Case]] = {}
    for case in session.plan:
        rule, operation, member = _key(case.rule.name, case.spot.subject)
        grouped.setdefault((case.rule.law, rule, operation, member), []).append(case)
    found = [Trial(session, *key, tuple(cases)) for key, cases in grouped.items()]
    passive = [(Law.ANSWERS, rule) for rule in PASSIVE] + [(Law.CREDENTIALS, SECRECY)]
    for each in session.contract.operations:
        found += [Trial(session, law, rule, each.key, "", ()) for law, rule in passive]
    return [trial for trial in found if trial.law in wanted]


def target_of(config: pytest.Config, contract: Contract, app: Any) -> Target:
    """The server that the options name, or an application in this process.

    Without either the test is skipped; a wrong option ends the run of pytest with one line.
    """
    options = options_of(config)
    if app is None and not options.url:
        pytest.skip("no server: say --tallystick-url, or give a fixture tallystick_app")
    try:
        common: dict[str, Any] = {
            "key": _key_of(contract, options.key),
            "headers": options.header,
            "given": _given(options.given),
            "budget": options.budget,
        }
        if app is not None:
            return in_process(contract, app, **common)
        return at_url(contract, options.url, allow_hosts=options.allow_host, **common)
    except TallystickError as error:
        pytest.exit(f"tallystick: {error}", returncode=pytest.ExitCode.USAGE_ERROR)


def _key(rule: str, subject: Subject) -> tuple[str, str, str]:
    return rule, subject.operation, subject.member


def _key_of(contract: Contract, key: str | None) -> str | None:
    names = [scheme.env for scheme in contract.security.values() if scheme.env]
    return key or next((os.environ[name] for name in names if os.environ.get(name)), None)


def _given(lines: Sequence[str]) -> dict[str, tuple[Json, ...]]:
    found: dict[str, tuple[Json, ...]] = {}
    for line in lines:
        name, equals, text = line.partition("=")
        if not equals or not name or not text:
            raise UsageError(f"--tallystick-given {line!r} is not of the form NAME=VALUE")
        value: Json = json.loads(text) if re.fullmatch(r"-?(0|[1-9]\d*)", text) else text
        found[name] = (*found.get(name, ()), value)
    return found
