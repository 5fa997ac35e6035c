"""The deep search: Schemathesis and drawn round trips."""

from __future__ import annotations

import pytest

from tallystick.contract import Contract

from ..report import Mask, finding_text
from ..target import Target
from ..verdicts import Standing
from .session import options_of, switched_on

BUDGET = 30.0
"""Seconds, unless ``--tallystick-budget`` says less."""


def test_a_deep_search_finds_nothing(
    tallystick_contract: Contract, tallystick_target: Target, pytestconfig: pytest.Config
) -> None:
    __tracebackhide__ = True
    from ..deep import deep

    options = options_of(pytestconfig)
    choice = switched_on(options)
    with tallystick_target.stop.listening():
        found = deep(tallystick_contract, tallystick_target, seed=options.seed, budget=BUDGET)
    found = found.of(choice.admits)
    mask = Mask(tallystick_target.secrets)
    broken = [each for each in found.verdicts if each.standing is Standing.BROKEN]
    if broken:
        text = (finding_text(each, tallystick_target.name, mask) for each in broken)
        pytest.fail("\n\n".join(text), pytrace=False)
    if not any(each.standing is Standing.HELD for each in found.verdicts):
        pytest.skip("; ".join(found.left_out) or "nothing was tried")
