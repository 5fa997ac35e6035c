"""Maps, pages, orders, entity tags, deletes, and what there is one of: each rule finds its faults.

The server is ``bank/notes.py``; on the correct one nothing is broken, of any rule.
"""

from __future__ import annotations

from typing import Any

import pytest

from bank.notes import FAULTS, Answer, Asked, Notes, Refused, contract
from tallystick_contracts.run import plan, run
from tallystick_contracts.sandbox import sandbox
from tallystick_contracts.target import in_process
from tallystick_contracts.verdicts import Standing

NEW = {each.rule for each in FAULTS.values()}


def tried(app: Any, *rules: str, seed: int = 1) -> list[tuple[str, str, str]]:
    """What is broken: the rule, the operation, what was seen."""
    cases = [c for c in plan(contract(), seed=seed) if not rules or c.rule.name in rules]
    target = in_process(contract(), app, poll_budget=0.1)
    result = run(contract(), target, seed=seed, cases=cases)
    target.close()
    return [
        (each.rule, each.subject.operation, each.finding.observation)
        for each in result.broken
        if each.finding
    ]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_correct_server_breaks_nothing(seed: int) -> None:
    assert tried(Notes(), seed=seed) == []


class Counting(Notes):
    """The correct server; it counts changes of its preferences, and may refuse them in the end."""

    changes = 0
    most = 10**6

    async def patch_preferences(self, asked: Asked) -> Answer:
        self.changes += 1
        if self.changes > self.most:
            raise Refused(403)
        return await super().patch_preferences(asked)

    async def put_preferences(self, asked: Asked) -> Answer:
        if self.changes > self.most:
            raise Refused(403)
        return await super().put_preferences(asked)


def residue(server: Notes) -> list[str]:
    """What a run of the rules of updates leaves behind of preferences."""
    rules = ("updates_take_effect", "other_members_do_not_move")
    target = in_process(contract(), server, poll_budget=0.1)
    cases = [each for each in plan(contract()) if each.rule.name in rules]
    result = run(contract(), target, cases=cases)
    target.close()
    return [each.reason for each in result.residue if "preferences" in each.operation]


def test_what_there_is_one_of_is_put_back() -> None:
    server = Counting()
    before = dict(server.preferences)
    assert residue(server) == []
    assert server.changes > 3
    assert server.preferences == before


def test_what_cannot_be_put_back_is_told() -> None:
    server = Counting()
    server.most = 4
    assert residue(server) == [
        "it was changed, and not put back: PUT /preferences answered 403",
    ]


def test_nor_does_the_sandbox() -> None:
    assert tried(sandbox(contract(), key="notes-key", seed=1)) == []


def test_every_rule_is_exercised() -> None:
    cases = [each for each in plan(contract()) if each.rule.name in NEW]
    target = in_process(contract(), Notes(), poll_budget=0.1)
    result = run(contract(), target, cases=cases)
    target.close()
    held = {each.rule for each in result.verdicts if each.standing is Standing.HELD}
    assert held >= NEW


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found(name: str) -> None:
    fault = FAULTS[name]
    broken = tried(fault.server(), fault.rule)
    assert fault.told in {rule for rule, _, _ in broken}
