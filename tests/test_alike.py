"""What is written otherwise and says the same is no change: schema by schema, and whole documents."""

from __future__ import annotations

import copy
import json
import os
import random
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corpora
from edits.alike import SCHEMAS_ALIKE, Rewriting
from edits.alike_documents import DOCUMENTS_ALIKE
from edits.documents import contract, document
from edits.grammar import SCHEMAS
from edits.naming import told
from edits.records import Node
from tallystick.contract import Contract
from tallystick.document import load
from tallystick.evolve.compare import compare

_INT: Node = {"type": "integer"}
_CLOSED: Node = {"type": "object", "properties": {"a": _INT}, "additionalProperties": False}
_PART: Node = {"type": "object", "properties": {"a": _INT, "b": _INT}, "required": ["a", "b"]}
_BRANCHES: list[Node] = [_PART, {"type": "string"}, {"type": "null"}]

_VALUES: list[Any] = [
    None,
    True,
    0,
    1,
    2.0,
    1.5,
    -1,
    50,
    51,
    "",
    "a",
    "b",
    "A",
    "2026-01-01T00:00:00Z",
]
_VALUES += [[], [1], ["a", None], [[]], {}, {"p": 1}, {"p": "a"}, {"p": None, "q": 1, "r": "a"}]
_VALUES += [{"p": {}}, {"p": []}, {"p": ["a"]}, {"x": 1}, {"q": "a", "r": True}, {"a": 1, "b": 1}]


@given(SCHEMAS, st.sampled_from(SCHEMAS_ALIKE), st.integers(0, 9))
@settings(max_examples=200, deadline=None, derandomize=True, database=None)
def test_a_rewriting_admits_the_same_values(schema: Node, rewrite: Rewriting, seed: int) -> None:
    made = rewrite(schema, random.Random(seed))
    if made is None:
        return
    one, other = (
        jsonschema_rs.validator_for(each, validate_formats=True) for each in (schema, made)
    )
    for value in _VALUES:
        assert one.is_valid(value) == other.is_valid(value), (value, made)


SAME: dict[str, tuple[Node, Node]] = {
    "anyOf null, type null": ({"anyOf": [_INT, {"type": "null"}]}, {"type": ["integer", "null"]}),
    "anyOf null, oneOf null": (
        {"anyOf": [_INT, {"type": "null"}]},
        {"oneOf": [{"type": "null"}, _INT]},
    ),
    "oneOf of types, type list": (
        {"oneOf": [{"type": "boolean"}, {"type": "string"}]},
        {"type": ["string", "boolean"]},
    ),
    "branches": ({"anyOf": _BRANCHES}, {"anyOf": _BRANCHES[::-1]}),
    "a branch twice": ({"anyOf": _BRANCHES}, {"anyOf": [*_BRANCHES, _PART]}),
    "a union in a union": (
        {"anyOf": _BRANCHES},
        {"anyOf": [{"anyOf": _BRANCHES[:2]}, _BRANCHES[2]]},
    ),
    "const, enum": ({"const": "a"}, {"enum": ["a"]}),
    "const with its type": ({"const": "a"}, {"type": "string", "const": "a"}),
    "order of enum": ({"enum": ["a", "b"]}, {"enum": ["b", "a"]}),
    "order of required": (_PART, {**_PART, "required": ["b", "a"]}),
    "order of members": (_PART, {**_PART, "properties": {"b": _INT, "a": _INT}}),
    "allOf of one": (_PART, {"allOf": [_PART]}),
    "allOf of an object twice": (_PART, {"allOf": [_PART, _PART]}),
    "allOf of parts": (
        _PART,
        {
            "allOf": [
                {"type": "object", "properties": {"a": _INT}, "required": ["a"]},
                {"type": "object", "properties": {"b": _INT}, "required": ["b"]},
            ]
        },
    ),
    "required beside allOf": (
        _PART,
        {
            "allOf": [{"type": "object", "properties": {"a": _INT, "b": _INT}}],
            "required": ["a", "b"],
        },
    ),
    "minimum of an integer": ({**_INT, "minimum": 1}, {**_INT, "exclusiveMinimum": 0}),
    "maximum of an integer": ({**_INT, "maximum": 9}, {**_INT, "exclusiveMaximum": 10}),
    "a weaker bound beside": (
        {**_INT, "minimum": 1},
        {"allOf": [{**_INT, "minimum": 1}, {"minimum": 0}]},
    ),
    "a bound that is a float": ({**_INT, "minimum": 1}, {**_INT, "minimum": 1.0}),
    "minLength 0": ({"type": "string"}, {"type": "string", "minLength": 0}),
    "minItems 0": ({"type": "array"}, {"type": "array", "minItems": 0, "uniqueItems": False}),
    "items of anything": ({"type": "array"}, {"type": "array", "items": {}}),
    "required of nothing": ({"type": "object"}, {"type": "object", "required": []}),
    "a bound of another type": ({"type": "string"}, {"type": "string", "minimum": 3}),
    "open, said": (_PART, {**_PART, "additionalProperties": True}),
    "open, said by an empty schema": (_PART, {**_PART, "additionalProperties": {}}),
    "closed, said by an impossible schema": (
        _CLOSED,
        {**_CLOSED, "additionalProperties": {"not": {}}},
    ),
    "closed, said by unevaluatedProperties": (
        _CLOSED,
        {"type": "object", "properties": {"a": _INT}, "unevaluatedProperties": False},
    ),
    "anything": ({}, {"type": ["null", "boolean", "number", "string", "array", "object"]}),
    "words": (
        _INT,
        {**_INT, "title": "T", "description": "d", "examples": [1], "deprecated": False},
    ),
    "a length that every value has": (
        {"type": "string", "enum": ["ab"]},
        {"enum": ["ab"], "minLength": 1},
    ),
    "a default that says the same number": (
        {"type": "object", "properties": {"a": {**_INT, "default": 1}}},
        {"type": "object", "properties": {"a": {**_INT, "default": 1.0}}},
    ),
}


@pytest.mark.parametrize("spot", ["request", "response", "both"])
@pytest.mark.parametrize("name", SAME)
def test_the_same_written_otherwise_is_no_change(name: str, spot: Any) -> None:
    for inner in SAME[name], SAME[name][::-1]:
        one, other = (
            contract(document(spot, {"type": "object", "properties": {"x": each}}))
            for each in inner
        )
        said = compare(one, other)
        assert said.changes == (), told(said)


THREE_ZERO: dict[str, tuple[Node, Node]] = {
    "nullable": ({"type": "integer", "nullable": True}, {"type": ["integer", "null"]}),
    "nullable enum": (
        {"type": "string", "enum": ["a"], "nullable": True},
        {"anyOf": [{"const": "a"}, {"type": "null"}]},
    ),
    "excluded minimum": (
        {"type": "number", "minimum": 1, "exclusiveMinimum": True},
        {"type": "number", "exclusiveMinimum": 1},
    ),
    "minimum not excluded": (
        {"type": "number", "minimum": 1, "exclusiveMinimum": False},
        {"type": "number", "minimum": 1},
    ),
    "example": ({"type": "string", "example": "a"}, {"type": "string", "examples": ["b"]}),
    "bytes": (
        {"type": "string", "format": "byte"},
        {"type": "string", "contentEncoding": "base64"},
    ),
    "nullable reference": (
        {"allOf": [{"$ref": "#/components/schemas/Part"}], "nullable": True},
        {"anyOf": [{"$ref": "#/components/schemas/Part"}, {"type": "null"}]},
    ),
}


@pytest.mark.parametrize("name", THREE_ZERO)
def test_a_document_of_3_0_and_the_same_of_3_1_are_alike(name: str) -> None:
    old, new = (
        document("both", {"type": "object", "properties": {"x": each}}, {"Part": _PART})
        for each in THREE_ZERO[name]
    )
    for one, other in (({**old, "openapi": "3.0.3"}, new), (new, {**old, "openapi": "3.0.3"})):
        said = compare(contract(one), contract(other))
        assert said.changes == (), told(said)


_VENDORED = Path(__file__).parents[1] / "spec"
_PUBLISHED = ["vendored", "museum.yaml", "petstore.yaml", "meilisearch.json"]


@pytest.fixture(scope="module", params=_PUBLISHED)
def published(request: pytest.FixtureRequest) -> tuple[Node, Contract]:
    """A published document in 3.1 form, and its contract."""
    if request.param == "vendored":
        data: Any = load(_VENDORED / "openapi.yaml", [_VENDORED / "overlay.yaml"]).data
    else:
        data = load(corpora.document(request.param)).data
    return data, contract(data)


@pytest.mark.parametrize("seed", range(int(os.environ.get("TALLYSTICK_ALIKE", "3"))))
def test_a_published_document_written_otherwise_is_no_change(
    published: tuple[Node, Contract], seed: int
) -> None:
    data, old = published
    chance = random.Random(seed)
    other = copy.deepcopy(data)
    # One of each way at least, then any.
    for rewrite in (*DOCUMENTS_ALIKE, *chance.choices(DOCUMENTS_ALIKE, k=20)):
        rewrite(other, chance)
    said = compare(old, contract(json.loads(json.dumps(other))))
    assert said.changes == (), told(said)
