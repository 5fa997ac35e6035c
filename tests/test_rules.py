"""The run of the rules: its plan, what it does not invent, how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tallystick.contract import Contract, build
from tallystick.document import Json, load
from tallystick_contracts.exchange import Answer, AsgiExchange, Request
from tallystick_contracts.rules import FILES, RULES, Case
from tallystick_contracts.rules.answers import PASSIVE, PASSIVE_TOLD
from tallystick_contracts.rules.rule import said_apart
from tallystick_contracts.run import plan, run
from tallystick_contracts.sandbox import sandbox
from tallystick_contracts.target import Meter, Target, in_process
from tallystick_contracts.verdicts import Law, Result, Standing

SPEC = Path(__file__).parent.parent / "spec"
KEY = "sesame-open-7"

Bend = Callable[[Request], Answer | None]
"""What a server does other than the correct one; None for nothing."""


@cache
def vendored() -> Contract:
    return build(load(SPEC / "openapi.yaml", [SPEC / "overlay.yaml"]))


@cache
def planned() -> tuple[Case, ...]:
    return tuple(plan(vendored()))


class Bent:
    """The way to a correct sandbox, with something in between."""

    def __init__(self, bend: Bend) -> None:
        self._bend = bend
        self._inner = AsgiExchange(sandbox(vendored(), key=KEY))

    def send(self, request: Request) -> Answer:
        return self._bend(request) or self._inner.send(request)

    def send_all(self, requests: Sequence[Request]) -> tuple[Answer, ...]:
        return tuple(map(self.send, requests))

    def close(self) -> None:
        self._inner.close()


def tried(
    bend: Bend = lambda _: None,
    *,
    budget: float | None = None,
    cases: Sequence[Case] | None = None,
    on_progress: Callable[[int, int, str], None] = lambda *_: None,
) -> Result:
    scheme = next(iter(vendored().security.values()))
    target = Target(
        Bent(bend),
        "in process",
        credentials={scheme.name: scheme.prefix + KEY},
        secrets={KEY: "API_KEY"},
        poll_budget=0.1,
        meter=Meter(budget),
    )
    try:
        chosen = planned() if cases is None else cases
        return run(vendored(), target, cases=chosen, on_progress=on_progress)
    finally:
        target.close()


def refusal(status: int = 400) -> Answer:
    body = json.dumps({"code": "REFUSED", "message": "No."}).encode()
    return Answer(status, (("content-type", "application/json"),), body)


def some(*laws: Law, every: int = 1) -> list[Case]:
    return [case for case in planned() if case.rule.law in laws][::every]


def test_every_law_has_rules_and_every_rule_a_name_and_a_sentence() -> None:
    assert {each.law for each in RULES} == set(Law)
    assert len({each.name for each in RULES}) == len(RULES) >= 45
    assert all(each.promise.endswith(".") and "_" in each.name for each in RULES)
    assert len(FILES) >= 14


def test_the_plan_is_the_same_each_time_and_in_the_order_of_the_laws() -> None:
    again = plan(vendored())
    assert [case.label for case in planned()] == [case.label for case in again]
    order = [list(Law).index(case.rule.law) for case in again]
    assert order == sorted(order)
    assert len(again) > 1500


def test_a_refusal_for_reasons_of_its_own_is_not_a_fault() -> None:
    def positive_only(request: Request) -> Answer | None:
        return refusal() if request.body and b":-" in request.body else None

    result = tried(positive_only, cases=some(Law.TYPES))
    assert result.broken == ()
    reasons = {v.reason for v in result.verdicts if v.standing is Standing.NOT_APPLICABLE}
    assert any("reasons of its own" in reason for reason in reasons)


def test_a_limit_of_requests_is_waited_for() -> None:
    asked = 0

    def limited(request: Request) -> Answer | None:
        nonlocal asked
        asked += 1
        return Answer(429, (("Retry-After", "0"),)) if asked % 3 == 0 else None

    assert tried(limited, cases=some(Law.PRESENCE, Law.NULL)).broken == ()


def test_where_nothing_can_be_created_the_rest_is_not_reached() -> None:
    def closed(request: Request) -> Answer | None:
        return refusal(403) if request.method == "POST" else None

    result = tried(closed)
    assert {v.rule for v in result.broken} <= {"unknown_ids_are_not_found"}
    unreached = [v for v in result.verdicts if v.standing is Standing.NOT_REACHED]
    assert len(unreached) > 500
    assert all(v.reason for v in unreached)


def test_an_answer_that_is_wrong_once_is_not_a_fault() -> None:
    told: set[bytes] = set()

    def shaky(request: Request) -> Answer | None:
        body = request.body or b""
        if request.method == "PATCH" and b"null" in body and not told:
            told.add(body)
            return refusal()
        return None

    assert tried(shaky, cases=some(Law.NULL)).broken == ()


def test_a_finding_begins_with_a_create_and_names_member_and_values() -> None:
    def nulls_refused(request: Request) -> Answer | None:
        wrong = request.method == "PATCH" and b'"max_replica":null' in (request.body or b"")
        return refusal() if wrong else None

    broken = tried(nulls_refused, cases=some(Law.NULL)).broken
    assert [v.subject.member for v in broken] == ["/autoscaling_settings/max_replica"]
    finding = broken[0].finding
    assert finding is not None
    assert finding.steps[0].request.method == "POST"
    assert len(finding.steps) <= 4
    assert "/autoscaling_settings/max_replica" in finding.expectation
    assert "null" in finding.observation
    assert broken[0].subject.pointer.endswith("/max_replica")


def test_a_server_that_fails_is_named_once_for_each_operation() -> None:
    def failing(request: Request) -> Answer | None:
        return Answer(500) if request.method == "PATCH" and request.body else None

    # These two look for a server that fails; every other rule leaves it to the one on all answers.
    sought = {"extreme_bodies_are_answered", "undeclared_methods_are_refused"}
    broken = [each for each in tried(failing).broken if each.rule not in sought]
    assert [v.rule for v in broken] == ["no_request_makes_the_server_fail"]


def test_a_credential_that_comes_back_is_seen() -> None:
    def leaking(request: Request) -> Answer | None:
        if request.method != "GET":
            return None
        return Answer(404, (("content-type", "application/json"),), KEY.encode())

    broken = tried(leaking, cases=some(Law.ROUTING)).broken
    assert "credentials_never_come_back" in {v.rule for v in broken}


def test_no_verdict_says_the_key() -> None:
    result = tried(cases=some(Law.CREDENTIALS, Law.ANSWERS))
    assert KEY not in repr([(v.rule, v.subject, v.reason) for v in result.verdicts])


def test_at_the_end_of_the_budget_the_rest_is_listed() -> None:
    result = tried(budget=0.05)
    assert result.left_out
    assert "the budget was used up" in result.left_out[0]
    assert len(result.verdicts) < 1500


def test_a_run_that_tried_nothing_does_not_hold() -> None:
    result = tried(budget=0.0)
    assert not result.holds
    assert not tried(cases=[]).holds


def test_an_interrupt_ends_the_run_with_what_there_is() -> None:
    def stop(done: int, total: int, label: str) -> None:
        if done == 5:
            raise KeyboardInterrupt

    result = tried(on_progress=stop)
    assert "the run was interrupted" in result.left_out[0]
    assert len([v for v in result.verdicts if v.rule in {r.name for r in RULES}]) == 5


def test_progress_is_told_before_each_case_and_at_the_end() -> None:
    said: list[tuple[int, int]] = []
    tried(cases=planned()[:3], on_progress=lambda done, total, label: said.append((done, total)))
    assert said == [(0, 3), (1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("name", ["tallystick", "baseten", "autoscaling", "chainlet"])
def test_no_rule_knows_the_vendored_api(name: str) -> None:
    folder = Path(__file__).parent.parent / "contracts" / "tallystick_contracts"
    for path in [*folder.glob("rules/*.py"), *folder.glob("probes/*.py")]:
        text = path.read_text().lower().replace("tallystick", "")
        assert name not in text, path.name


def test_a_server_that_dies_is_told_once_and_the_rest_is_left_out() -> None:
    app = sandbox(vendored(), key=KEY)
    served = 0

    async def dying(scope: Any, receive: Any, send: Any) -> None:
        nonlocal served
        served += scope["type"] == "http"
        if served > 150:
            raise ConnectionError("it died")
        await app(scope, receive, send)

    target = in_process(vendored(), dying, key=KEY)
    try:
        result = run(vendored(), target)
    finally:
        target.close()
    assert served < 200
    assert any("the server was gone" in each for each in result.left_out)
    cases = [each for each in result.broken if each.rule != "the_server_answers"]
    assert len(cases) <= 2
    assert not result.holds


def test_every_rule_says_how_it_is_tried_and_what_it_finds() -> None:
    assert [each.name for each in RULES if not (each.how.endswith(".") and each.finds)] == []
    told = {*PASSIVE, "credentials_never_come_back"}
    assert set(PASSIVE_TOLD) == told
    assert all(how.endswith(".") and finds.endswith(".") for how, finds in PASSIVE_TOLD.values())


# --- what a finding is called -------------------------------------------------------------------


def with_fault(fault: str) -> dict[str, int]:
    """The rules that the cases of concurrency find broken, and how many steps at the same time."""
    cases = [each for each in planned() if each.rule.name.startswith("concurrent")]
    server = sandbox(vendored(), key=KEY, faults=(fault,))
    target = in_process(vendored(), server, key=KEY, poll_budget=0.15)
    try:
        result = run(vendored(), target, cases=cases)
    finally:
        target.close()
    return {each.rule: each.finding.together for each in result.broken if each.finding}


def test_concurrency_is_blamed_only_for_what_does_not_show_in_turn() -> None:
    assert with_fault("update_lost").keys() == {"updates_take_effect", "the_last_update_stands"}
    assert with_fault("update_lost_in_race") == {"concurrent_updates_both_take_effect": 6}


def test_a_right_key_that_a_wrong_one_spoils_is_told_as_that() -> None:
    spoilt = False

    def bend(request: Request) -> Answer | None:
        nonlocal spoilt
        wrong = dict(request.headers).get("Authorization") != f"Api-Key {KEY}"
        if spoilt and not wrong and request.method == "GET":
            spoilt = False
            return refusal(401)
        spoilt = spoilt or wrong
        return None

    cases = [each for each in planned() if each.rule.name == "wrong_credentials_are_refused"]
    updates = [each for each in cases if each.spot.operation.method == "PATCH"]
    broken = [each for each in tried(bend, cases=updates).broken if each.law is Law.CREDENTIALS]
    told = {each.finding.observation for each in broken if each.finding}
    assert told
    assert all("a read with the right one says: the answer was 401" in each for each in told)


def test_what_differs_behind_the_cut_is_told() -> None:
    long: dict[str, Json] = {f"member{number}": "value" for number in range(20)}
    one, other = said_apart({**long, "last": 1}, {**long, "last": 2})
    assert (one[-7:], other[-7:]) == ("/last 1", "/last 2")
    assert said_apart(1, 2) == ("1", "2")
    assert said_apart(long, long)[0].endswith("...")


def test_a_method_that_is_not_declared_is_told_with_the_item_that_it_was_sent_to() -> None:
    def bend(request: Request) -> Answer | None:
        return Answer(200, (), b"{}") if request.method == "PUT" else None

    cases = [each for each in planned() if each.rule.name == "undeclared_methods_are_refused"]
    found = [each for each in tried(bend, cases=cases).broken if each.finding]
    items = [each for each in found if "{env_name}" in each.subject.operation]
    assert items
    for each in items:
        steps = each.finding.steps if each.finding else ()
        assert [step.request.method for step in steps] == ["POST", "PUT"]


def test_an_answer_counts_once_for_a_rule_that_it_breaks_in_several_places() -> None:
    def bend(request: Request) -> Answer | None:
        return Answer(200, (("Content-Type", "application/json"),), b"{}")

    broken = tried(bend, cases=some(Law.PRESENCE, every=9)).broken
    counts = [(each.finding.seen, each.finding.tries) for each in broken if each.finding]
    assert counts
    assert all(seen <= tries for seen, tries in counts)
