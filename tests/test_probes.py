"""How rules are tried: places in JSON values, the oracle, samples, states, members, patience."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import MISSING

from tallystick.contract import Contract, build
from tallystick.document import Json, load, parse
from tallystick.document.lift import lift
from tallystick_contracts.probes.acquaint import acquaint
from tallystick_contracts.probes.ground import Ground, ground
from tallystick_contracts.probes.lab import Lab
from tallystick_contracts.probes.live import Stopped
from tallystick_contracts.probes.members import members
from tallystick_contracts.probes.oracle import Oracle
from tallystick_contracts.probes.patience import LONG, Patience
from tallystick_contracts.probes.places import at, differences, includes, put, related, same
from tallystick_contracts.probes.requests import filled
from tallystick_contracts.probes.samples import Unsatisfiable, matching
from tallystick_contracts.sandbox import sandbox
from tallystick_contracts.target import in_process

SPEC = Path(__file__).parent.parent / "spec"


@cache
def vendored() -> Contract:
    return build(load(SPEC / "openapi.yaml", [SPEC / "overlay.yaml"]))


Making = Callable[[dict[str, Json]], Contract]


@pytest.fixture
def contract_of(tmp_path: Path) -> Making:
    """A contract with one operation, POST /things, whose body is component ``Thing``."""

    def make(schemas: dict[str, Json]) -> Contract:
        content: Json = {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
        post: Json = {
            "requestBody": {"required": True, "content": content},
            "responses": {"201": {"description": "", "content": content}},
        }
        document: Json = {
            "openapi": "3.1.0",
            "info": {"title": "things", "version": "1"},
            "paths": {"/things": {"post": post}},
            "components": {"schemas": schemas},
        }
        path = tmp_path / "openapi.json"
        path.write_text(json.dumps(document))
        return build(load(path, []))

    return make


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(values, values, st.text(max_size=3))
def test_what_was_put_is_there_and_is_the_only_difference(one: Json, new: Json, name: str) -> None:
    whole: Json = {"kept": one, "held": {"beside": 1}}
    changed = put(whole, ("held", name), new)
    assert same(at(changed, ("held", name)), new)
    assert all(related(place, ("held", name)) for place in differences(whole, changed))
    assert same(put(changed, ("held", name), MISSING), put(whole, ("held", name), MISSING))


@given(values)
def test_a_value_is_the_same_as_itself_and_includes_itself(value: Json) -> None:
    assert same(value, json.loads(json.dumps(value)))
    assert includes(value, value)
    assert list(differences(value, value)) == []


@pytest.mark.parametrize(
    ("one", "other", "equal"),
    [
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        ([], {}, False),
        (None, MISSING, False),
        ("2026-01-02T03:04:05Z", "2026-01-02T04:04:05+01:00", True),
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:06Z", False),
    ],
)
def test_values_are_compared_as_json(one: Json, other: Json, equal: bool) -> None:
    assert same(one, other) is equal


def test_the_branch_that_fits_best_is_the_one_that_complains(contract_of: Making) -> None:
    cat: Json = {
        "type": "object",
        "required": ["size"],
        "properties": {"size": {"type": "integer"}},
    }
    contract = contract_of(
        {"Cat": cat, "Thing": {"anyOf": [{"type": "null"}, {"$ref": "#/components/schemas/Cat"}]}}
    )
    found = Oracle(contract).complaints("#/components/schemas/Thing", {"size": "5"})
    assert [(each.keyword, each.path) for each in found] == [("type", ("size",))]
    assert found[0].pointer == "#/components/schemas/Cat/properties/size/type"


def test_half_of_a_pair_in_an_answer_is_judged_like_any_text(contract_of: Making) -> None:
    thing: Json = {
        "type": "object",
        "required": ["size"],
        "properties": {"size": {"type": "integer"}, "name": {"type": "string", "maxLength": 2}},
    }
    judge = Oracle(contract_of({"Thing": thing}))
    half: Json = {"name": "a\ud800", "other": ["\ud800", {"\ud800": 1}]}
    found = judge.complaints("#/components/schemas/Thing", half)
    assert [each.keyword for each in found] == ["required"]
    assert not judge.fits("#/components/schemas/Thing", half)


def test_members_are_found_through_references_unions_and_arrays(contract_of: Making) -> None:
    part: Json = {"type": "object", "properties": {"size": {"type": "integer"}}}
    thing: Json = {
        "type": "object",
        "properties": {
            "id": {"type": "string", "readOnly": True},
            "part": {"anyOf": [{"$ref": "#/components/schemas/Part"}, {"type": "null"}]},
            "parts": {"type": ["array", "null"], "items": {"$ref": "#/components/schemas/Part"}},
            "inner": {"$ref": "#/components/schemas/Thing"},
        },
    }
    found = members(contract_of({"Part": part, "Thing": thing}), "#/components/schemas/Thing")
    assert [each.place for each in found] == [
        "/part",
        "/parts",
        "/inner",
        "/part/size",
        "/parts/*/size",
    ]


def test_a_body_is_valid_exactly_when_the_state_put_into_it_is() -> None:
    ground = Ground(vendored(), 1)
    count = 0
    for shape in ground.bodied:
        for member in shape.members:
            for state in ground.states.of(member):
                base = ground.minimal(shape.operation)
                body = ground.with_member(shape.operation, base, member.path, state.value)
                assert ground.oracle.fits(shape.pointer, body) is state.valid, (member.place, state)
                count += 1
    assert count > 500


def test_the_states_of_a_member_are_all_there(contract_of: Making) -> None:
    size: Json = {"type": ["integer", "null"], "default": 10, "minimum": 1, "maximum": 20}
    mood: Json = {"enum": ["calm", "Wild"]}
    thing: Json = {"type": "object", "properties": {"size": size, "mood": mood}}
    ground = Ground(contract_of({"Thing": thing}), 1)
    shape = ground.bodied[0]
    sizes = {each.name: (each.value, each.valid) for each in ground.states.of(shape.members[0])}
    assert sizes["absent"] == (MISSING, True)
    assert sizes["null"] == (None, True)
    assert sizes["default"] == (10, True)
    assert sizes["zero"] == (0, False) or sizes["below the minimum"] == (0, False)
    assert sizes["maximum"] == (20, True)
    assert sizes["above the maximum"] == (21, False)
    assert sizes["wrong type: numeric string"] == ("5", False)
    assert sizes["wrong type: boolean"] == (True, False)
    assert isinstance(sizes["integral float"][0], float)
    moods = {each.name: (each.value, each.valid) for each in ground.states.of(shape.members[1])}
    assert moods["enum: Wild"] == ("Wild", True)
    assert moods["enum in another case"] == ("CALM", False)
    assert moods["unknown enum value"][1] is False


def _told(seed: int) -> list[str]:
    ground = Ground(vendored(), seed)
    every = [member for shape in ground.bodied for member in shape.members]
    return [repr((m.place, [(s.name, s.value) for s in ground.states.of(m)])) for m in every]


def test_the_same_seed_gives_the_same_values_and_another_gives_others() -> None:
    assert _told(1) == _told(1)
    assert _told(1) != _told(2)


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "pattern": "^[a-z]{3}-[0-9]+$"},
        {"type": "string", "format": "uuid"},
        {"type": "string", "minLength": 40},
        {"type": "string", "maxLength": 2},
        {"type": "integer", "exclusiveMinimum": 7, "multipleOf": 5},
        {"type": "number", "minimum": 0.5, "maximum": 0.75},
        {"type": "array", "items": {"enum": [1, 2, 3]}, "minItems": 2, "uniqueItems": True},
        {"allOf": [{"type": "object", "required": ["a"]}, {"properties": {"a": {"const": 3}}}]},
        {"oneOf": [{"type": "string", "maxLength": 3}, {"type": "boolean"}]},
    ],
)
def test_a_sample_is_valid(contract_of: Making, schema: Json) -> None:
    ground = Ground(contract_of({"Thing": schema}), 1)
    for full in (False, True):
        value = ground.samples.one("#/components/schemas/Thing", full=full)
        assert ground.oracle.fits("#/components/schemas/Thing", value)


def test_a_schema_that_nothing_fits_is_told(contract_of: Making) -> None:
    ground = Ground(contract_of({"Thing": {"type": "integer", "minimum": 5, "maximum": 4}}), 1)
    with pytest.raises(Unsatisfiable):
        ground.samples.one("#/components/schemas/Thing")


def test_a_schema_that_needs_itself_ends(contract_of: Making) -> None:
    thing: Json = {
        "type": "object",
        "required": ["inner"],
        "properties": {"inner": {"$ref": "#/components/schemas/Thing"}},
    }
    with pytest.raises(Unsatisfiable):
        Ground(contract_of({"Thing": thing}), 1).samples.one("#/components/schemas/Thing")


def test_a_pattern_that_python_cannot_read_gives_nothing() -> None:
    assert matching("(?<name>[") == ()


@pytest.mark.parametrize("value", ["a/b", "..", "100%", "ü", "a?b#c"])
def test_a_path_value_stays_one_segment(value: str) -> None:
    operation = vendored().operations[0]
    path = filled(operation, {"id": value}, "/things/{id}/parts")
    assert path.count("/") == 3


def test_patience_is_learned_from_how_long_updates_took() -> None:
    update = next(each for each in vendored().operations if each.poll is not None)
    patience = Patience(10.0)
    assert patience.until_seen(update, confirming=True) == 10.0
    patience.seen(update, 0.1)
    assert patience.until_seen(update, confirming=False) == pytest.approx(0.8)
    assert patience.still(update) == pytest.approx(0.2)
    patience.missed(update)
    assert patience.until_seen(update, confirming=True) == pytest.approx(0.8)
    assert not patience.in_vain(update)


def test_updates_that_never_take_effect_are_given_up() -> None:
    update = next(each for each in vendored().operations if each.poll is not None)
    patience = Patience(10.0)
    for _ in range(3):
        patience.missed(update)
    assert patience.in_vain(update)
    assert patience.until_seen(update, confirming=True) == 0.0


@pytest.mark.parametrize(
    ("faults", "waits"), [([], LONG), (["zero_as_absent"], LONG), (["update_lost"], 30.0)]
)
def test_the_whole_budget_is_waited_only_where_updates_are_not_known_to_be_quick(
    faults: list[str], waits: float
) -> None:
    contract = vendored()
    update = next(each for each in contract.operations if each.poll is not None)
    target = in_process(contract, sandbox(contract, key="k", faults=faults), key="k")
    lab = Lab(ground(contract, 1), target, lambda *_: None)
    acquaint(lab, update)
    target.close()
    assert not lab.patience.wonders(update)
    assert lab.patience.until_seen(update, confirming=True) == waits


def test_nobody_gets_acquainted_when_no_more_requests_are_wanted() -> None:
    contract, stop = vendored(), threading.Event()
    stop.set()
    update = next(each for each in contract.operations if each.poll is not None)
    target = in_process(contract, sandbox(contract, key="k"), key="k")
    lab = Lab(ground(contract, 1), target, lambda *_: None).part("here", stop)
    with pytest.raises(Stopped):
        acquaint(lab, update)
    target.close()
    assert target.meter.requests == 0


@pytest.mark.parametrize("read_only", [True, False])
def test_a_create_names_its_item_only_by_what_it_may_send(read_only: bool) -> None:
    thing: Json = {
        "type": "object",
        "required": ["id"],
        "properties": {"id": {"type": "integer", "readOnly": read_only}, "n": {"type": "integer"}},
    }
    content: Json = {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
    answer: Json = {"description": "", "content": content}
    one: Json = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    document: Json = {
        "openapi": "3.1.0",
        "info": {"title": "things", "version": "1"},
        "paths": {
            "/things": {
                "post": {"requestBody": {"content": content}, "responses": {"201": answer}}
            },
            "/things/{id}": {"get": {"parameters": [one], "responses": {"200": answer}}},
        },
        "components": {"schemas": {"Thing": thing}},
    }
    contract = build(lift(parse(json.dumps(document).encode(), "things.json")))
    create = next(each for each in contract.operations if each.method == "POST")
    assert (Ground(contract, 1).key(create) is None) is read_only
