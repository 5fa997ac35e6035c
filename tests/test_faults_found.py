"""Every fault of the bank is found in process, by a law that it names; a correct server is clean."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import corpora
from tallystick.contract import Contract, build
from tallystick.document import load
from tallystick_contracts.rules import RULES, Case
from tallystick_contracts.rules.answers import PASSIVE
from tallystick_contracts.run import plan, run
from tallystick_contracts.sandbox import FAULTS, Fault, sandbox
from tallystick_contracts.target import in_process
from tallystick_contracts.verdicts import Law, Result, Standing

SPEC = Path(__file__).parent.parent / "spec"
KEY = "sesame-open-7"
NAMED = tomllib.loads((Path(__file__).parent / "faults_found.toml").read_text(encoding="utf-8"))
"""By fault, the rule that is to name it."""
EVERY = os.environ.get("TALLYSTICK_BANK") == "every"
"""Whether every rule is tried on every fault."""

SEQUENCES = {
    "members_of_an_update_do_not_meddle",
    "members_of_a_create_do_not_meddle",
    "every_history_ends_as_promised",
}
"""Rules that send many requests in a row and blame the rule that was broken by them."""


@cache
def vendored() -> Contract:
    return build(load(SPEC / "openapi.yaml", [SPEC / "overlay.yaml"]))


@cache
def planned(seed: int) -> tuple[Case, ...]:
    return tuple(plan(vendored(), seed=seed))


def tried(
    faults: tuple[str, ...] = (),
    seed: int = 1,
    delay: float = 0.0,
    cases: tuple[Case, ...] | None = None,
) -> Result:
    app = sandbox(vendored(), key=KEY, seed=seed, delay=delay, faults=faults)
    target = in_process(vendored(), app, key=KEY, poll_budget=1.0 if delay else 0.15)
    try:
        return run(vendored(), target, seed=seed, cases=cases or planned(seed))
    finally:
        target.close()


def applicable() -> list[Fault]:
    return [fault for fault in FAULTS.values() if fault.applies(vendored())]


def tries(fault: Fault) -> Iterator[Result]:
    """Runs that are likely to name a fault, the quickest first."""
    own = tuple(case for case in planned(1) if case.rule.name == NAMED[fault.name])
    long = tuple(case for case in planned(1) if case.rule.name in SEQUENCES)
    for cases in () if EVERY else (own, long + planned(1)[::16]):
        if cases:  # a rule that looks at every answer has none
            yield tried((fault.name,), cases=cases)


def named(result: Result, fault: Fault) -> bool:
    laws = {verdict.law for verdict in result.broken}
    return bool(laws & fault.breaks) and NAMED[fault.name] in {v.rule for v in result.broken}


@pytest.mark.parametrize("fault", applicable(), ids=lambda fault: fault.name)
def test_a_fault_is_found_and_named_by_the_right_rule(fault: Fault) -> None:
    """The rule that is to name it is asked first, then some cases of all; only then all of them."""
    result = next(filter(lambda each: named(each, fault), tries(fault)), None)
    result = result or tried((fault.name,))
    laws = {verdict.law for verdict in result.broken}
    rules = {verdict.rule for verdict in result.broken}
    assert laws & fault.breaks, f"{fault.sentence} Broken: {sorted(laws)}"
    assert NAMED[fault.name] in rules, f"{fault.sentence} Broken: {sorted(rules)}"
    for verdict in result.broken:
        assert verdict.finding is not None
        assert verdict.finding.steps, verdict.rule


def test_the_table_names_a_rule_for_each_fault() -> None:
    assert set(NAMED) == {fault.name for fault in applicable()}
    known = {rule.name for rule in RULES} | set(PASSIVE) | {"credentials_never_come_back"}
    assert set(NAMED.values()) <= known


def test_there_are_at_least_forty_faults_to_find() -> None:
    assert len(applicable()) >= 40


@cache
def correct(seed: int) -> Result:
    return tried(seed=seed)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_correct_server_breaks_nothing(seed: int) -> None:
    result = correct(seed)
    assert [(v.rule, v.subject, v.finding) for v in result.broken] == []
    assert [v for v in result.verdicts if v.standing is Standing.NOT_REACHED] == []
    assert result.holds


def test_a_correct_server_with_slow_updates_breaks_nothing() -> None:
    slow = [case for case in planned(1) if case.rule.law in (Law.NULL, Law.UPDATES, Law.REFUSALS)]
    result = tried(delay=0.03, cases=tuple(slow[::3]))
    assert [(v.rule, v.subject, v.finding) for v in result.broken] == []


def test_a_run_tries_every_law() -> None:
    result = correct(1)
    held = {verdict.law for verdict in result.verdicts if verdict.standing is Standing.HELD}
    assert held == set(Law)


@pytest.mark.parametrize("document", ["museum.yaml", "petstore.yaml"])
def test_a_correct_server_of_another_document_breaks_nothing(document: str) -> None:
    contract = build(load(corpora.document(document), []))
    target = in_process(contract, sandbox(contract, key=KEY), key=KEY, poll_budget=0.2)
    result = run(contract, target)
    target.close()
    assert [(v.rule, v.subject, v.finding) for v in result.broken] == []
    assert result.holds
