"""Without a read, the word for unchanged tells what an item holds."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from tallystick.contract import Contract, build
from tallystick.document import load, parse
from tallystick.document.lift import lift
from tallystick_contracts.run import plan, run
from tallystick_contracts.sandbox import sandbox
from tallystick_contracts.target import in_process
from tallystick_contracts.verdicts import Result, Standing

SPEC = Path(__file__).parent.parent / "spec"
KEY = "sesame-open-7"
RULE = "unchanged_tells_what_an_item_holds"


@cache
def vendored() -> Contract:
    return build(load(SPEC / "openapi.yaml", [SPEC / "overlay.yaml"]))


@cache
def unread() -> Contract:
    """The vendored contract as if it had no read."""
    found = tuple(replace(each, retrieve=None, list=None) for each in vendored().resources)
    kept = tuple(each for each in vendored().operations if each.method != "GET")
    return replace(vendored(), resources=found, operations=kept)


def tried(*faults: str) -> Result:
    target = in_process(unread(), sandbox(vendored(), key=KEY, faults=faults), key=KEY)
    cases = [each for each in plan(unread()) if each.rule.name == RULE]
    try:
        return run(unread(), target, cases=cases)
    finally:
        target.close()


def test_a_correct_server_says_unchanged_wherever_it_should() -> None:
    result = tried()
    assert [(each.rule, each.finding) for each in result.broken] == []
    assert [v.standing for v in result.verdicts if v.rule == RULE] == [Standing.HELD]


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ("sibling_reset", "other_members_do_not_move"),
        ("nested_replaced", "other_members_do_not_move"),
        ("other_group_reset", "other_members_do_not_move"),
        ("null_overwrites", "null_follows_its_convention"),
        ("zero_beside_null_dropped", "falsy_is_not_absent"),
        ("first_member_only", "updates_take_effect"),
        ("third_member_dropped", "updates_take_effect"),
        ("unchanged_lied", "a_change_is_not_called_unchanged"),
        ("accepted_lied", "the_same_update_twice_changes_nothing"),
    ],
)
def test_a_fault_of_updates_is_found_without_a_read(fault: str, rule: str) -> None:
    found = {each.rule for each in tried(fault).broken}
    assert rule in found, found


OUTCOME = "x-tallystick-outcome: {member: status, unchanged: [UNCHANGED], accepted: [ACCEPTED]}"
SAID = """
      responses:
        '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Said'}}}}
        '400': {description: bad}
        '404': {description: none}
        '409': {description: there}
components:
  schemas:
    Said:
      type: object
      required: [status]
      properties: {status: {type: string, enum: [ACCEPTED, UNCHANGED]}}
    Change: {type: object, additionalProperties: false, properties: {
      size: {type: integer, minimum: 0, maximum: 9},
      note: {type: [string, 'null'], x-tallystick-null: unchanged}}}
    New: {type: object, additionalProperties: false, required: [name], properties: {
      name: {type: string}, size: {type: integer, minimum: 0, maximum: 9},
      note: {type: [string, 'null'], x-tallystick-null: unchanged}}}
"""
SETTINGS = f"""
openapi: 3.1.0
info: {{title: Settings, version: '1'}}
paths:
  /rooms/{{room}}/settings:
    parameters: [{{name: room, in: path, required: true, schema: {{type: string}}, x-tallystick-given: [a, b]}}]
    patch:
      {OUTCOME}
      requestBody: {{required: true, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Change'}}}}}}}}
{SAID}"""
THINGS = f"""
openapi: 3.1.0
info: {{title: Things, version: '1'}}
paths:
  /things:
    post:
      requestBody: {{required: true, content: {{application/json: {{schema: {{$ref: '#/components/schemas/New'}}}}}}}}
      responses:
        '201': {{description: made, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Said'}}}}}}}}
        '400': {{description: bad}}
        '409': {{description: there}}
  /things/{{name}}:
    parameters: [{{name: name, in: path, required: true, schema: {{type: string}}, x-tallystick-identifies: name}}]
    patch:
      {OUTCOME}
      requestBody: {{required: true, content: {{application/json: {{schema: {{$ref: '#/components/schemas/Change'}}}}}}}}
{SAID}"""


@pytest.mark.parametrize(
    ("document", "rule"),
    [(SETTINGS, "unread_updates_take_effect"), (THINGS, RULE)],
    ids=["settings", "things"],
)
def test_our_own_sandbox_remembers_what_no_read_shows(document: str, rule: str) -> None:
    contract = build(lift(parse(document, "unread.yaml")))
    target = in_process(contract, sandbox(contract, key=KEY), key=KEY, poll_budget=0.1)
    result = run(contract, target)
    target.close()
    assert [(each.rule, each.subject, each.finding) for each in result.broken] == []
    assert Standing.HELD in {each.standing for each in result.verdicts if each.rule == rule}
