"""Schemas as validators: what types cannot say is refused, at its place, and nothing is lost."""

from __future__ import annotations

import ast
import importlib
import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from json_schema_suite import Suite, accepts, kind_of, make
from tallystick.document import Json
from tallystick.generate import generated

NOTHING: list[Json] = [None, True, 0, "", [], {}]
POINTER = "#/components/schemas/{}"
SCHEMAS: dict[str, Json] = {
    "Card": {
        "type": "object",
        "properties": {"number": {"type": "string"}, "address": {"type": "string"}},
        "dependentRequired": {"number": ["address"]},
    },
    "Undeclared": {"type": "object", "properties": {"a": {}}, "required": ["b"]},
    "Unique": {"type": "array", "items": {"type": "integer"}, "uniqueItems": True},
    "Holder": {
        "type": "object",
        "properties": {"tags": {"type": "array", "contains": {"const": "x"}}},
    },
    "Step": {"type": "number", "multipleOf": 0.01},
    "Never": False,
    "Twice": {
        "allOf": [
            {"type": "object", "properties": {"n": {"type": "integer"}}},
            {"type": "object", "properties": {"n": {"minimum": 3}}},
        ]
    },
    "Evaluated": {
        "type": "object",
        "properties": {"a": {"type": "string"}},
        "anyOf": [{"properties": {"b": {"type": "string"}}}, {"required": ["c"]}],
        "unevaluatedProperties": False,
    },
    "Sealed": {
        "allOf": [{"type": "object", "properties": {"a": {"type": "string"}}}],
        "properties": {"b": {"type": "string"}},
        "additionalProperties": False,
    },
    "Short": {"type": ["string", "object"], "maxProperties": 1},
    "Patterned": {
        "type": "object",
        "additionalProperties": {"type": "integer"},
        "patternProperties": {"^s": {"type": "string"}},
    },
    "Cat": {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}},
    },
    "Dog": {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"const": "dog"}, "bark": {"type": "string"}},
    },
    "Pet": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]},
    "Loose": {"oneOf": [{"type": "string", "maxLength": 2}, {"type": "string", "minLength": 2}]},
    "Plain": {"type": "object", "properties": {"a": {"type": "string"}}},
    "Untyped": {"items": {"type": "integer"}},
}


@pytest.fixture(scope="module")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    # References of these schemas are to the document already.
    folder = tmp_path_factory.mktemp("exactly")
    path = folder / "given.json"
    path.write_text(_document())
    return make(path, folder, "exactly_models")


def _document() -> str:
    info: Json = {"title": "Exact", "version": "1"}
    return json.dumps(
        {"openapi": "3.1.0", "info": info, "paths": {}, "components": {"schemas": SCHEMAS}}
    )


@pytest.mark.parametrize(
    ("name", "valid", "invalid"),
    [
        ("Card", {"number": "1", "address": "x"}, {"number": "1"}),
        ("Undeclared", {"b": None}, {"a": 1}),
        ("Unique", [1, 2], [1, 1.0]),
        ("Holder", {"tags": [1, "x"]}, {"tags": [1]}),
        ("Step", 19.99, 19.995),
        ("Twice", {"n": 3}, {"n": 2}),
        ("Evaluated", {"a": "", "b": ""}, {"a": "", "d": ""}),
        ("Sealed", {"b": ""}, {"a": ""}),
        ("Short", {"a": 1}, {"a": 1, "b": 2}),
        ("Patterned", {"s": "x", "n": 1}, {"s": 1}),
        ("Pet", {"kind": "dog", "bark": "loud"}, {"kind": "cow"}),
        ("Loose", "abc", "ab"),
        ("Untyped", "text", ["text"]),
    ],
)
def test_a_model_accepts_what_its_schema_accepts(
    suite: Suite, name: str, valid: Json, invalid: Json
) -> None:
    kind = kind_of(suite, POINTER.format(name))
    assert accepts(suite, kind, valid)
    assert not accepts(suite, kind, invalid)


def test_no_value_fits_the_schema_false(suite: Suite) -> None:
    kind = kind_of(suite, POINTER.format("Never"))
    assert not any(accepts(suite, kind, each) for each in NOTHING)


def test_what_is_accepted_is_sent_back_unchanged(suite: Suite) -> None:
    encode = _presence(suite).encode
    text = b'{"number":"1","address":"x","more":[1,null]}'
    assert encode(suite.decode(suite.module.Card, text)) == text


def test_an_error_has_the_place_of_the_member_and_no_value(suite: Suite) -> None:
    with pytest.raises(ValidationError) as caught:
        suite.decode(suite.module.Holder, b'{"tags":["secret"]}')
    (problem,) = caught.value.errors()
    assert problem["loc"] == ("tags",)
    assert "secret" not in problem["msg"]


def test_a_model_made_in_python_is_checked_as_well(suite: Suite) -> None:
    assert suite.module.Card(number="1", address="x").address == "x"
    with pytest.raises(ValidationError):
        suite.module.Card(number="1")


def test_a_refused_assignment_changes_nothing(suite: Suite) -> None:
    card = suite.module.Card()
    with pytest.raises(ValidationError):
        card.number = "1"
    assert _presence(suite).encode(card) == b"{}"


def test_only_schemas_that_need_it_are_checked(suite: Suite) -> None:
    needed = {each.split("/")[3] for each in suite.models.exact}
    assert not needed & {"Plain", "Cat", "Dog", "Pet", "Untyped", "Short"}


def test_the_package_has_the_validator_only_where_a_schema_needs_it(
    suite: Suite, tmp_path: Path
) -> None:
    files = generated(suite.contract, "exact_package").files
    assert "jsonschema-rs" in files["pyproject.toml"]
    assert "exact_package/schemas.json" in files
    assert "exact_package/runtime/exactly.py" in files
    plain = make({"Plain": SCHEMAS["Plain"]}, tmp_path, "exactly_plain")
    files = generated(plain.contract, "plain_package").files
    assert "jsonschema-rs" not in files["pyproject.toml"]
    assert not any("exactly" in name or "schemas.json" in name for name in files)


def test_a_broken_keyword_is_left_out_alone_and_noted(tmp_path: Path) -> None:
    schema: Json = {
        "type": "array",
        "uniqueItems": True,
        "items": {"type": "string", "pattern": "["},
    }
    broken = make({"Broken": schema}, tmp_path, "exactly_broken")
    kind = kind_of(broken, POINTER.format("Broken"))
    assert accepts(broken, kind, ["a", "b"])
    assert not accepts(broken, kind, ["a", "a"])
    (entry,) = broken.weaker
    assert (entry.pointer.rpartition("/")[2], entry.standing) == ("pattern", "ignored")


def test_names_that_are_strings_anyhow_need_no_validator(tmp_path: Path) -> None:
    schema: Json = {"type": "object", "propertyNames": {"type": "string"}}
    made = make({"Named": schema}, tmp_path, "exactly_named")
    assert (made.models.exact, made.weaker) == (frozenset(), ())


def test_the_validator_is_named_by_a_literal(suite: Suite) -> None:
    source = Path(str(suite.module.__file__)).read_text()
    calls = [
        each
        for each in ast.walk(ast.parse(source))
        if isinstance(each, ast.Call) and ast.unparse(each.func) == "Exactly"
    ]
    assert calls
    assert all(isinstance(argument, ast.Constant) for call in calls for argument in call.args)


def _presence(suite: Suite) -> Any:
    return importlib.import_module(suite.module.__name__.replace(".models", ".runtime.presence"))
