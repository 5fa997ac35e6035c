"""The hand-written bank: every fault is named by its rule, a correct server by none.

By default a sample is tried, each fault by the cases of its own rule; TALLYSTICK_BANK=every tries
all of them, and every harmless variation under two seeds (``nox -s faults`` measures the whole).
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest

from bank.fault import FAULTS, Fault
from bank.faults import ALL
from bank.trial import planned, tried
from bank.variations import VARIATIONS
from tallystick_contracts.verdicts import Standing

EVERY = os.environ.get("TALLYSTICK_BANK") == "every"
FOUND = tomllib.loads((Path(__file__).parent / "bank_found.toml").read_text(encoding="utf-8"))
"""By fault the rule that is to name it; a fault without one is known not to be found."""
SEEDS = [1, 2] if EVERY else [1]
QUICK = ("living_deployments", "more_members", "sometimes_503", "defaults_left_out")


def sample() -> list[Fault]:
    found = [each for each in ALL if each.name in FOUND]
    return found if EVERY else found[::17]


@pytest.mark.parametrize("fault", sample(), ids=lambda fault: fault.name)
def test_a_fault_is_named_by_its_rule(fault: Fault) -> None:
    own = [case for case in planned(1) if case.rule.name == FOUND[fault.name]]
    narrow = {each.rule for each in tried(fault, cases=own or planned(1)[::16]).broken}
    if FOUND[fault.name] not in narrow:  # it shows only after many requests
        narrow = {each.rule for each in tried(fault).broken}
    assert FOUND[fault.name] in narrow, fault.sentence


LEAST = 0.98
"""The share of the bank that has a rule."""


def test_no_less_of_the_bank_is_found_than_before() -> None:
    assert set(FOUND) <= set(FAULTS)
    assert len(FOUND) >= LEAST * len(ALL)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_correct_server_breaks_nothing(seed: int) -> None:
    result = tried(seed=seed)
    assert [(v.rule, v.subject, v.finding) for v in result.broken] == []
    assert [v for v in result.verdicts if v.standing is Standing.NOT_REACHED] == []


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", sorted(VARIATIONS) if EVERY else QUICK)
def test_a_harmless_variation_breaks_nothing(name: str, seed: int) -> None:
    cases = None if EVERY else planned(seed)[::6]
    result = tried(VARIATIONS[name], seed=seed, poll_budget=1.0, cases=cases)
    assert [(v.rule, v.subject, v.finding) for v in result.broken] == []


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("method_501", "wrong_credentials_are_refused"),  # HEAD may be unknown
        ("size_limits", "accepted_texts_are_kept"),  # a name in a path may be too long for it
    ],
)
def test_a_rule_that_once_blamed_a_variation(name: str, rule: str) -> None:
    cases = [each for each in planned(1) if each.rule.name == rule]
    assert not tried(VARIATIONS[name], cases=cases).broken
