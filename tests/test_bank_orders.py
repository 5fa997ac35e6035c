"""A server of another shape: oneOf bodies, PUT and DELETE, nested collections, a body never read."""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path

import pytest

from bank.fault import Fault, faulty
from bank.orders import SHOPS, TOKEN, Orders
from bank.orders_faults import ORDERS_FAULTS
from tallystick.contract import Contract, build
from tallystick.document import load
from tallystick_contracts.probes.variants import variant
from tallystick_contracts.rules import Case
from tallystick_contracts.run import plan, run
from tallystick_contracts.target import in_process
from tallystick_contracts.verdicts import Result, Standing

HERE = Path(__file__).parent
FOUND = tomllib.loads((HERE / "bank_orders_found.toml").read_text(encoding="utf-8"))
EVERY = os.environ.get("TALLYSTICK_BANK") == "every"
UNION = "#/components/requestBodies/Order/content/application~1json/schema"


@cache
def orders() -> Contract:
    return build(load(HERE / "bank" / "orders.yaml", []))


@cache
def planned(seed: int) -> tuple[Case, ...]:
    return tuple(plan(orders(), seed=seed))


def tried(*faults: Fault, seed: int = 1, rule: str = "") -> Result:
    app = faulty(*faults, of=Orders)
    target = in_process(orders(), app, key=TOKEN, poll_budget=0.2)
    cases = [each for each in planned(seed) if rule in ("", each.rule.name)]
    try:
        return run(orders(), target, seed=seed, cases=cases)
    finally:
        target.close()


@pytest.mark.parametrize("seed", [1, 2, 3] if EVERY else [2])
def test_the_correct_server_breaks_nothing(seed: int) -> None:
    result = tried(seed=seed)
    assert [(v.rule, v.subject, v.finding) for v in result.broken] == []
    assert any(v.standing is Standing.HELD for v in result.verdicts)


@pytest.mark.parametrize("name", sorted(FOUND) if EVERY else sorted(FOUND)[::3])
def test_a_fault_is_named_by_its_rule(name: str) -> None:
    fault, rule = ORDERS_FAULTS[name], FOUND[name]
    narrow = {each.rule for each in tried(fault, rule=rule).broken}
    if rule not in narrow:
        narrow = {each.rule for each in tried(fault).broken}
    assert rule in narrow, fault.sentence


@pytest.mark.parametrize("last", [0, 8, 95])
def test_an_id_that_happens_to_exist_is_not_called_like_another(last: int) -> None:
    app = Orders()
    app.last = last
    target = in_process(orders(), app, key=TOKEN, poll_budget=0.2)
    rule = "ids_like_an_existing_one_are_not_found"
    app.orders = {(shop, f"o{n}"): _order(f"o{n}") for shop in SHOPS for n in range(200)}
    result = run(orders(), target, cases=[e for e in planned(1) if e.rule.name == rule])
    target.close()
    assert [(v.subject, v.finding) for v in result.broken] == []


def _order(order: str) -> dict[str, object]:
    return {"id": order, "kind": "pickup", "at": "desk", "lines": []}


def test_of_a_tagged_union_each_seed_tries_one_variant() -> None:
    chosen = [variant(orders(), UNION, seed).rpartition("/")[2] for seed in (1, 2, 3)]
    assert chosen == ["NewDelivery", "NewPickup", "NewDelivery"]


def test_a_body_that_is_no_union_is_tried_as_it_is() -> None:
    pointer = "#/components/schemas/NewNote"
    assert variant(orders(), pointer, 1) == pointer
