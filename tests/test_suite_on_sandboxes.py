"""The suite on the sandbox of documents of other shapes: two halves of this project that agree.

``library.yaml``: ids of several kinds, objects that are defaults and have defaults in them, arrays
with defaults in their items, filters, limits, a singleton. ``orders.yaml``: bodies of two variants,
PUT and DELETE, nested collections, a body that nothing reads.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tallystick.contract import build
from tallystick.document import load
from tallystick_contracts.run import run
from tallystick_contracts.sandbox import sandbox
from tallystick_contracts.target import in_process
from tallystick_contracts.verdicts import Standing

BANK = Path(__file__).parent / "bank"
KEY = "sandboxes-key-17"


@pytest.mark.parametrize("document", ["library.yaml", "orders.yaml"])
@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_is_broken(document: str, seed: int) -> None:
    contract = build(load(BANK / document))
    target = in_process(contract, sandbox(contract, key=KEY, seed=seed), key=KEY, poll_budget=0.2)
    result = run(contract, target, seed=seed)
    target.close()
    told = [(v.rule, v.subject, v.finding and v.finding.observation) for v in result.broken]
    assert told == []
    held = sum(each.standing is Standing.HELD for each in result.verdicts)
    assert held > 0.7 * len(result.verdicts)
