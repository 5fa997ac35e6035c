"""What two schemas admit, compared: kinds, readers, and the values that show it."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import pytest

from tallystick.contract import Contract, Direction, build
from tallystick.document import Json, load
from tallystick.evolve import KINDS, Change, Spot
from tallystick.evolve.values.facets import matches
from tallystick.evolve.values.normal import Forms
from tallystick.evolve.values.oracle import Oracle
from tallystick.evolve.values.readings import Readings
from tallystick.evolve.values.samples import Side, values
from tallystick.evolve.values.scalars import texts_with
from tallystick.evolve.values.walk import Values

ROOT = Path(__file__).parent.parent
Schema = dict[str, Json]

INTEGER: Schema = {"type": "integer"}
NULL: Schema = {"type": "null"}
REF: Schema = {"$ref": "#/components/schemas/C"}
CLOSED: Schema = {"type": "object", "additionalProperties": False}


def member(schema: Json, **more: Json) -> Schema:
    return {"type": "object", "properties": {"x": schema}, **more}


def contract(folder: Path, schema: Json, **components: Json) -> Contract:
    path = folder / "openapi.json"
    content: Json = {"application/json": {"schema": schema}}
    document: Json = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {
            "/t": {
                "post": {
                    "requestBody": {"content": content},
                    "responses": {"200": {"description": "d", "content": content}},
                }
            }
        },
        "components": {"schemas": components},
    }
    path.write_text(json.dumps(document))
    return build(load(path))


def changes(folder: Path, direction: str, old: Contract, new: Contract) -> list[Change]:
    found = Values(Readings(old), Readings(new))
    for mine, theirs in zip(old.operations, new.operations, strict=True):
        assert mine.body
        assert theirs.body
        bodies = (mine.body.json, theirs.body.json)
        answers = (mine.responses[0].json, theirs.responses[0].json)
        pair = bodies if direction == "request" else answers
        pointers = [each.schema for each in pair if each and each.schema]
        spot = Spot(mine.key, "body", "request" if direction == "request" else "response")
        found.compare(spot, *pointers)
    return list(found.changes())


def compared(
    folder: Path, direction: str, old: Json, new: Json, **components: Json
) -> list[Change]:
    one, other = contract(folder, old, **components), contract(folder, new, **components)
    return changes(folder, direction, one, other)


SAME: dict[str, tuple[Json, Json]] = {
    "null in a union": (member({"anyOf": [INTEGER, NULL]}), member({"type": ["integer", "null"]})),
    "branches in another order": (
        {"anyOf": [INTEGER, {"type": "string"}]},
        {"anyOf": [{"type": "string"}, INTEGER]},
    ),
    "exactly one of what cannot overlap": ({"oneOf": [INTEGER, NULL]}, {"anyOf": [INTEGER, NULL]}),
    "a list of one": ({"const": "a"}, {"enum": ["a"]}),
    "a reference written out": (REF, {"type": "string", "minLength": 1}),
    "parts written as one": (
        {"allOf": [member(INTEGER), {"required": ["x"]}]},
        member(INTEGER, required=["x"]),
    ),
    "a bound of integers": (
        {"type": "integer", "exclusiveMinimum": 0},
        {"type": "integer", "minimum": 1},
    ),
    "what says nothing": (
        member(INTEGER, minProperties=0, additionalProperties=True, required=[]),
        member(INTEGER),
    ),
    "texts": (member({"type": "string", "description": "a"}), member({"type": "string"})),
}


@pytest.mark.parametrize("name", SAME)
@pytest.mark.parametrize("direction", ["request", "response"])
def test_what_is_written_otherwise_is_no_change(tmp_path: Path, name: str, direction: str) -> None:
    old, new = SAME[name]
    held: Json = {"type": "string", "minLength": 1}
    assert compared(tmp_path, direction, old, new, C=held) == []
    assert compared(tmp_path, direction, new, old, C=held) == []


# name: old, new, kind forwards, kind backwards
EDITS: dict[str, tuple[Json, Json, str, str]] = {
    "null": (
        member(INTEGER),
        member({"anyOf": [INTEGER, NULL]}),
        "null-admitted",
        "null-refused",
    ),
    "type": ({"type": "string"}, INTEGER, "type-changed", "type-changed"),
    "whole": (INTEGER, {"type": "number"}, "integer-to-number", "number-to-integer"),
    "value": ({"enum": ["a"]}, {"enum": ["a", "b"]}, "enum-value-added", "enum-value-removed"),
    "case": ({"enum": ["a"]}, {"enum": ["A"]}, "enum-value-recased", "enum-value-recased"),
    "list": ({"enum": ["a"]}, {"type": "string"}, "enum-opened", "enum-closed"),
    "minimum": (
        {"type": "integer", "minimum": 1},
        {"type": "integer", "minimum": 5},
        "bound-narrowed",
        "bound-widened",
    ),
    "length": (
        {"type": "string"},
        {"type": "string", "maxLength": 3},
        "bound-narrowed",
        "bound-widened",
    ),
    "count": (
        {"type": "array", "items": INTEGER},
        {"type": "array", "items": INTEGER, "minItems": 2},
        "bound-narrowed",
        "bound-widened",
    ),
    "pattern": (
        {"type": "string"},
        {"type": "string", "pattern": "^x[0-9]+$"},
        "pattern-added",
        "pattern-removed",
    ),
    "format": (
        {"type": "string"},
        {"type": "string", "format": "date-time"},
        "format-added",
        "format-removed",
    ),
    "unique": (
        {"type": "array", "items": INTEGER},
        {"type": "array", "items": INTEGER, "uniqueItems": True},
        "items-unique",
        "items-may-repeat",
    ),
    "required": (
        member(INTEGER),
        member(INTEGER, required=["x"]),
        "member-required",
        "member-optional",
    ),
    "member": ({"type": "object"}, member(INTEGER), "member-added", "member-removed"),
    "closed member": (
        CLOSED,
        {**CLOSED, **member(INTEGER)},
        "member-admitted",
        "member-refused",
    ),
    "closed": (
        member(INTEGER),
        member(INTEGER, additionalProperties=False),
        "object-closed",
        "object-opened",
    ),
    "branch": (
        {"anyOf": [member({"const": "a"}, required=["x"])]},
        {
            "anyOf": [
                member({"const": "a"}, required=["x"]),
                {**member({"const": "b"}, required=["x", "z"])},
            ]
        },
        "branch-added",
        "branch-removed",
    ),
    "not": (
        {"type": "string"},
        {"type": "string", "not": {"const": "a"}},
        "schema-changed",
        "schema-changed",
    ),
    "not in numbers": (
        INTEGER,
        {"type": "integer", "not": {"const": 5}},
        "schema-changed",
        "schema-changed",
    ),
    "names by pattern": (
        {"type": "object"},
        {"type": "object", "patternProperties": {"^x-": {"type": "string"}}},
        "schema-changed",
        "schema-changed",
    ),
    "default": (
        member({"type": "integer", "default": 10}),
        member({"type": "integer", "default": 20}),
        "default-changed",
        "default-changed",
    ),
    "default null": (
        member({"type": ["integer", "null"]}),
        member({"type": ["integer", "null"], "default": None}),
        "default-documented",
        "default-documented",
    ),
}


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("direction", ["request", "response"])
def test_an_edit_is_one_change_of_its_kind(tmp_path: Path, name: str, direction: str) -> None:
    old, new, forwards, backwards = EDITS[name]
    assert [each.kind for each in compared(tmp_path, direction, old, new)] == [forwards]
    assert [each.kind for each in compared(tmp_path, direction, new, old)] == [backwards]


@pytest.mark.parametrize("name", EDITS)
@pytest.mark.parametrize("direction", ["request", "response"])
def test_a_change_that_breaks_has_a_value_that_shows_it(
    tmp_path: Path, name: str, direction: str
) -> None:
    old, new = contract(tmp_path, EDITS[name][0]), contract(tmp_path, EDITS[name][1])
    way: Direction = "request" if direction == "request" else "response"
    judges = {"old": Oracle(old, way), "new": Oracle(new, way)}
    content = "requestBody" if direction == "request" else "responses/200"
    pointer = f"#/paths/~1t/post/{content}/content/application~1json/schema"
    for change in changes(tmp_path, direction, old, new):
        assert change.witnesses or KINDS[change.kind].effect not in ("narrowed", "changed")
        assert change.witnesses or change.worst != "breaking"
        for witness in change.witnesses:
            fitting = [each for each, judge in judges.items() if judge.fits(pointer, witness.value)]
            assert fitting == [witness.valid_in]


def test_a_client_is_broken_by_less_in_requests_and_more_in_answers(tmp_path: Path) -> None:
    asked = compared(tmp_path, "request", {"enum": ["a", "b"]}, {"enum": ["a"]})
    told = compared(tmp_path, "response", {"enum": ["a"]}, {"enum": ["a", "b"]})
    assert list(asked[0].severity.values()) == ["breaking", "breaking", "compatible"]
    assert list(told[0].severity.values()) == ["breaking", "risky", "compatible"]


def test_a_member_that_went_here_and_came_there_has_moved(tmp_path: Path) -> None:
    inner = member({"type": "object", "properties": {"y": INTEGER}})
    outer: Schema = {"type": "object", "properties": {"x": {"type": "object"}, "y": INTEGER}}
    (change,) = compared(tmp_path, "request", inner, outer)
    assert change.kind == "member-moved"
    assert change.sentence == "`y` stood at `x.y`, where it is accepted and ignored now"
    assert str(change.old).endswith("/x/properties/y")
    assert str(change.new).endswith("/schema/properties/y")


def test_a_place_that_many_use_is_one_change(tmp_path: Path) -> None:
    shared: Json = {"type": "string", "maxLength": 9}
    outer: Json = {"type": "object", "properties": {"a": REF, "b": REF, "c": {"items": REF}}}
    old = contract(tmp_path, outer, C={"type": "string"})
    new = contract(tmp_path, outer, C=shared)
    (change,) = changes(tmp_path, "request", old, new)
    assert (change.old, change.new) == (
        "#/components/schemas/C",
        "#/components/schemas/C/maxLength",
    )
    assert change.witnesses[0].value == {"a": "a" * 10}


def test_schemas_that_hold_themselves_are_compared_to_their_end(tmp_path: Path) -> None:
    tree: Schema = {"type": "object", "properties": {"up": REF, "n": INTEGER}}
    wider: Schema = {"type": "object", "properties": {"up": REF, "n": {"type": "number"}}}
    old, new = (
        contract(tmp_path, {"items": REF}, C=tree),
        contract(tmp_path, {"items": REF}, C=wider),
    )
    (change,) = changes(tmp_path, "response", old, new)
    assert change.kind == "integer-to-number"
    assert change.sentence == "`[].n` may be any number now, it was an integer"
    ring: Json = {"anyOf": [REF, INTEGER]}
    looped = contract(tmp_path, REF, C=ring)
    assert changes(tmp_path, "request", looped, contract(tmp_path, REF, C=ring)) == []


@pytest.mark.parametrize("direction", ["request", "response"])
def test_samples_of_the_vendored_contract_are_valid(direction: str) -> None:
    vendored = build(load(ROOT / "spec/openapi.yaml", [ROOT / "spec/overlay.yaml"]))
    way: Direction = "request" if direction == "request" else "response"
    forms, judge = Forms(vendored, way), Oracle(vendored, way)
    for pointer in vendored.schemas:
        sampled = list(islice(values((Side(forms, (pointer,)),)), 40))
        assert sampled or vendored.schemas[pointer].node is False, pointer
        assert [v for v in sampled if not judge.fits(pointer, v)] == [], pointer


def test_a_change_behind_references_to_references_is_seen(tmp_path: Path) -> None:
    def held(schema: Json) -> Contract:
        return contract(tmp_path, REF, C={"$ref": "#/components/schemas/D"}, D=schema)

    old, new = held({"type": "array"}), held({"type": "array", "maxItems": 2})
    assert [each.kind for each in changes(tmp_path, "request", old, new)] == ["bound-narrowed"]


@pytest.mark.parametrize(
    "pattern", ["((((a*)*)*)*)*", "(((a{999}){999}){999})", "a{4000000000}", "(", "^(a+)+$"]
)
def test_a_pattern_of_no_end_takes_no_time(pattern: str) -> None:
    assert all(len(text) < 100_000 for text in texts_with(pattern))
    assert matches(pattern, "b" * 30 + "!") in (True, False)


def test_texts_are_drawn_from_a_pattern() -> None:
    texts = texts_with(r"^[a-z]+([.][a-z]+)?-[0-9]{4}$")
    assert texts
    assert all(matches(r"-[0-9]{4}$", text) for text in texts)


def test_a_member_that_comes_is_compared_with_what_any_member_had_to_be(tmp_path: Path) -> None:
    old: Json = {"type": "object", "additionalProperties": INTEGER}
    new: Schema = {"type": "object", "properties": {"q": {"type": "number"}}}
    found = compared(tmp_path, "response", old, {**new, "additionalProperties": INTEGER})
    assert [each.kind for each in found] == ["member-added", "integer-to-number"]
    assert [each.value for change in found[1:] for each in change.witnesses] == [{"q": 0.5}]


def test_branches_that_overlap_hide_nothing(tmp_path: Path) -> None:
    boolean: Schema = {
        "type": "object",
        "properties": {"p": {"type": "boolean"}},
        "required": ["p"],
    }
    text: Schema = {"type": "object", "properties": {"a": {"type": "string"}}}
    found = compared(tmp_path, "request", {"anyOf": [boolean, NULL, text]}, {"anyOf": [text, NULL]})
    assert found
    assert {"typed client": "breaking"}.items() <= dict(found[-1].severity).items()
