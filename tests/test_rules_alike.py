"""Rules for what hides in likeness and combination: what they find, and what they do not invent."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tallystick.contract import Contract, build
from tallystick.document import load
from tallystick_contracts.exchange import Answer, AsgiExchange, Request
from tallystick_contracts.run import plan, run
from tallystick_contracts.sandbox import sandbox
from tallystick_contracts.target import Target, in_process
from tallystick_contracts.verdicts import Result, Standing

SPEC = Path(__file__).parent.parent / "spec"
KEY = "sesame-open-7"

Bend = Callable[[Request, Callable[[Request], Answer]], Answer]

NOTES = """
openapi: 3.1.0
info: {title: Notes, version: '1'}
paths:
  /notes:
    post:
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/New'}}}
      responses:
        '201': {description: made, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
        '400': {description: wrong}
        '409': {description: there}
  /notes/{name}:
    parameters:
      - {name: name, in: path, required: true, schema: {type: string}, x-tallystick-identifies: name}
    get:
      responses:
        '200': {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
        '404': {description: none}
    patch:
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/Change'}}}
      responses:
        '200': {description: one, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
        '400': {description: wrong}
        '404': {description: none}
components:
  schemas:
    New:
      type: object
      required: [name]
      properties:
        name: {type: string}
        one: {type: [string, 'null']}
        two: {type: [string, 'null']}
    Change:
      type: object
      properties:
        one: {type: [string, 'null']}
        two: {type: [string, 'null']}
    Note:
      type: object
      required: [name]
      properties:
        name: {type: string}
        one: {type: [string, 'null']}
        two: {type: [string, 'null']}
"""


class Bent:
    """The way to a correct sandbox, with something in between."""

    def __init__(self, contract: Contract, bend: Bend) -> None:
        self._bend = bend
        self._inner = AsgiExchange(sandbox(contract, key=KEY))

    def send(self, request: Request) -> Answer:
        return self._bend(request, self._inner.send)

    def send_all(self, requests: Sequence[Request]) -> tuple[Answer, ...]:
        return tuple(map(self.send, requests))

    def close(self) -> None:
        self._inner.close()


@cache
def vendored() -> Contract:
    return build(load(SPEC / "openapi.yaml", [SPEC / "overlay.yaml"]))


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    path = tmp_path_factory.mktemp("notes") / "notes.yaml"
    path.write_text(NOTES, encoding="utf-8")
    return build(load(path, []))


def tried(contract: Contract, bend: Bend, *rules: str) -> Result:
    credentials = {each.name: each.prefix + KEY for each in contract.security.values()}
    target = Target(Bent(contract, bend), "in process", credentials=credentials, poll_budget=0.1)
    cases = [each for each in plan(contract) if not rules or each.rule.name in rules]
    assert cases
    try:
        return run(contract, target, cases=cases)
    finally:
        target.close()


def correct(request: Request, send: Callable[[Request], Answer]) -> Answer:
    return send(request)


def body(request: Request) -> dict[str, Any]:
    try:
        value = json.loads(request.body or b"null")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def with_body(request: Request, value: dict[str, Any]) -> Request:
    return replace(request, body=json.dumps(value).encode())


def broken(result: Result) -> set[str]:
    return {each.rule for each in result.broken}


def test_a_correct_server_of_undeclared_nulls_breaks_nothing(notes: Contract) -> None:
    assert broken(tried(notes, correct)) == set()


def test_null_that_leaves_one_member_and_clears_its_like_is_found(notes: Contract) -> None:
    def bend(request: Request, send: Callable[[Request], Answer]) -> Answer:
        value = body(request)
        if request.method == "PATCH" and value.get("two", "") is None:
            request = with_body(request, {k: v for k, v in value.items() if k != "two"})
        return send(request)

    assert broken(tried(notes, bend, "null_means_one_thing")) == {"null_means_one_thing"}


def test_an_undeclared_null_that_stores_something_else_is_found(notes: Contract) -> None:
    def bend(request: Request, send: Callable[[Request], Answer]) -> Answer:
        value = body(request)
        if request.method == "PATCH" and value.get("two", "") is None:
            request = with_body(request, {**value, "two": "None"})
        return send(request)

    found = tried(notes, bend, "null_follows_its_convention")
    assert broken(found) == {"null_follows_its_convention"}


def test_names_that_a_server_lowers_openly_are_no_fault(notes: Contract) -> None:
    def bend(request: Request, send: Callable[[Request], Answer]) -> Answer:
        value = body(request)
        if isinstance(value.get("name"), str):
            request = with_body(request, {**value, "name": value["name"].lower().strip()})
        return send(replace(request, target=request.target.lower()))

    result = tried(notes, bend, "different_names_are_told_apart", "accepted_texts_are_kept")
    assert broken(result) == set()
    said = {v.subject.state: v.standing for v in result.verdicts if v.rule.startswith("different")}
    assert said["letter case"] is Standing.NOT_APPLICABLE


def test_a_server_that_refuses_awkward_names_and_large_numbers_breaks_nothing() -> None:
    def bend(request: Request, send: Callable[[Request], Answer]) -> Answer:
        name = body(request).get("name")
        odd = isinstance(name, str) and (len(name) > 63 or not name.isascii() or " " in name)
        large = b"9007199254740993" in (request.body or b"")
        if odd or large:
            told = json.dumps({"code": "REFUSED", "message": "No."}).encode()
            return Answer(400, (("content-type", "application/json"),), told)
        return send(request)

    rules = (
        "different_names_are_told_apart",
        "accepted_texts_are_kept",
        "accepted_names_can_be_addressed",
        "valid_values_are_accepted",
        "extreme_bodies_are_answered",
        "members_of_an_update_do_not_meddle",
        "every_history_ends_as_promised",
    )
    assert broken(tried(vendored(), bend, *rules)) == set()


def test_a_combination_that_is_refused_is_split_until_it_is_taken() -> None:
    """A rule between two members, such as a least that is no more than the most."""

    def bend(request: Request, send: Callable[[Request], Answer]) -> Answer:
        settings = body(request).get("autoscaling_settings")
        least = settings.get("min_replica") if isinstance(settings, dict) else None
        most = settings.get("max_replica") if isinstance(settings, dict) else None
        if least is not None and most is not None and least > most:
            told = json.dumps({"code": "REFUSED", "message": "No."}).encode()
            return Answer(400, (("content-type", "application/json"),), told)
        return send(request)

    result = tried(vendored(), bend, "members_of_an_update_do_not_meddle")
    assert broken(result) == set()
    rule = "members_of_an_update_do_not_meddle"
    assert [v.standing for v in result.verdicts if v.rule == rule] == [Standing.HELD]


@pytest.mark.parametrize(
    ("fault", "steps"), [("same_hides_change", 3), ("body_seen_before_ignored", 5)]
)
def test_a_history_is_shrunk_to_what_shows_the_fault(fault: str, steps: int) -> None:
    app = sandbox(vendored(), key=KEY, faults=(fault,))
    target = in_process(vendored(), app, key=KEY, poll_budget=0.15)
    wanted = ("members_of_an_update_do_not_meddle", "every_history_ends_as_promised")
    cases = [each for each in plan(vendored()) if each.rule.name in wanted]
    result = run(vendored(), target, cases=cases)
    target.close()
    findings = [each.finding for each in result.broken if each.rule == "updates_take_effect"]
    assert findings
    assert min(len(each.steps) for each in findings if each is not None) <= steps


def test_a_reserved_item_is_put_back_as_it_was() -> None:
    made = build(load(SPEC / "openapi.yaml", [SPEC / "overlay.yaml"]))
    target = in_process(made, sandbox(made, key=KEY), key=KEY)
    path = "/v1/models/{}/environments/production"
    read = [
        Request("GET", path.format(model), (("Authorization", f"Api-Key {KEY}"),))
        for model in ("abcd1234", "wxyz5678")
    ]
    before = [target.exchange.send(each).json() for each in read]
    cases = [each for each in plan(made) if each.rule.name == "reserved_items_can_be_updated"]
    result = run(made, target, cases=cases)
    after = [target.exchange.send(each).json() for each in read]
    target.close()
    assert {each.standing for each in result.verdicts if each.rule == cases[0].rule.name} == {
        Standing.HELD
    }
    assert target.meter.requests > 3
    assert after == before
