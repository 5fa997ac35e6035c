"""Odd constructs that real documents have: each generates, whole, and imports."""

from __future__ import annotations

import importlib
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tallystick.generate import Generated, generate
from tallystick.output import write

THING = "#/components/schemas/Thing"


def document(operation: dict[str, Any], schema: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/things": {"post": {"responses": {"200": {"description": "d"}}, **operation}}},
        "components": {"schemas": {"Thing": {"type": "string"} if schema is None else schema}},
        **more,
    }


def parameter(**keywords: Any) -> dict[str, Any]:
    return {"parameters": [{"name": "q", "in": "query", **keywords}]}


def answered(media: Any) -> dict[str, Any]:
    return {"responses": {"200": {"description": "d", "content": media}}}


ODD: dict[str, dict[str, Any]] = {
    "a pattern that is translated, in a parameter": document(
        parameter(schema={"type": "string", "pattern": r"^[@~\-\.\w]+$"})
    ),
    "a pattern that no engine takes": document(
        parameter(schema={"type": "string", "pattern": "["}),
        {"type": "object", "properties": {"a": {"pattern": "(?>a", "default": "a"}}},
    ),
    "a parameter whose media type has no schema": document(
        parameter(content={"application/json": {}})
    ),
    "a parameter without a schema": document(parameter()),
    "an anchor of the former draft": document(
        {},
        {
            "type": "object",
            "$recursiveAnchor": True,
            "properties": {"all": {"type": "array", "items": {"$recursiveRef": "#"}}},
        },
    ),
    "a choice of nothing but null": document(
        parameter(schema={"$ref": THING}),
        {"type": ["string", "null"], "enum": [3, None]},
    ),
    "a member that is nothing but null": document(
        {},
        {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/None"}}},
    )
    | {
        "components": {
            "schemas": {
                "None": {"type": ["string", "null"], "enum": [3, None]},
                "Nil": {"type": "null"},
                "Thing": {
                    "type": "object",
                    "properties": {
                        "a": {"$ref": "#/components/schemas/None"},
                        "b": {"anyOf": [{"$ref": "#/components/schemas/Nil"}, {"type": "null"}]},
                        "c": {"type": "array", "items": {"$ref": "#/components/schemas/Nil"}},
                    },
                },
            }
        }
    },
    "a union of thousands": document(
        {}, {"anyOf": [{"const": f"a{i}", "description": "d"} for i in range(3000)]}
    ),
    "a union of thousands of objects": document(
        {},
        {"oneOf": [{"type": "object", "properties": {f"a{i}": {}}} for i in range(3000)]},
    ),
    "a scheme with a member too many": document(
        {"security": [{"key": []}]},
        components={
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "name": "Authorization", "in": "header"}
            }
        },
    ),
}


def made(spec: dict[str, Any], folder: Path, package: str) -> Generated:
    path = folder / "openapi.json"
    path.write_text(json.dumps(spec))
    found = generate(path, package=package)
    write(found.files, folder / "out")
    return found


@pytest.mark.parametrize("name", ODD)
def test_an_odd_construct_generates_whole_and_imports(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = f"odd{list(ODD).index(name)}"
    found = made(ODD[name], tmp_path, package)
    monkeypatch.syspath_prepend(tmp_path / "out")
    for module in ("models", "api", "operations", "client", "server"):
        importlib.import_module(f"{package}.{module}")
    assert len(sys.modules[f"{package}.operations"].OPERATIONS) == len(found.contract.operations)
    assert len(found.contract.operations) == 1


def test_an_extension_beside_the_paths_is_no_path(tmp_path: Path) -> None:
    spec = document({})
    spec["paths"]["x-note"] = "to nobody"
    assert [each.path for each in made(spec, tmp_path, "extended").contract.operations] == [
        "/things"
    ]


def test_a_name_in_the_path_that_another_operation_declares_is_its_parameter(
    tmp_path: Path,
) -> None:
    spec = document({})
    answers = {"responses": {"200": {"description": "d"}}}
    declared = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    spec["paths"] = {
        "/things/{id}": {"post": answers, "get": {**answers, "parameters": [declared]}}
    }
    found = made(spec, tmp_path, "borrowed")
    post, get = found.contract.operations
    assert post.parameter("id", "path") == get.parameter("id", "path")
    told = [each for each in found.ledger.entries if each.standing == "approximated"]
    assert [each.pointer for each in told] == ["#/paths/~1things~1{id}/post/parameters"]


def test_a_document_without_a_title_has_no_empty_docstring(tmp_path: Path) -> None:
    spec = document({})
    spec["info"]["title"] = ""
    assert '""""""' not in made(spec, tmp_path, "untitled").files["untitled/api.py"]


def test_a_literal_of_more_than_64_bits_is_checked_by_the_schema(tmp_path: Path) -> None:
    whole = {"type": "object", "properties": {"a": {"const": 18000000000000000000}}}
    text = made(document({}, whole), tmp_path, "wide").files["wide/models.py"]
    assert "Literal[18" not in text
    assert 'Exactly("#/components/schemas/Thing/properties/a")' in text


def test_a_parameter_with_content_is_one_value_in_json_or_a_plain_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = {
        "plain": {"text/plain": {"schema": {"type": "string"}}},
        "json": {"application/json": {"schema": {"type": "string"}, "itemSchema": {}}},
        "lines": {"application/jsonl": {"itemSchema": {"type": "integer"}}},
    }
    declared = [{"name": name, "in": "query", "content": each} for name, each in contents.items()]
    declared.append({**declared[0], "name": "X-Plain", "in": "header"})
    spec = document({"parameters": declared})
    spec["openapi"] = "3.2.0"
    found = made(spec, tmp_path, "contents")
    told = {each.pointer: each.standing for each in found.ledger.entries}
    at = "#/paths/~1things/post/parameters"
    assert told[f"{at}/0/content"] == "enforced"
    assert told[f"{at}/1/content/application~1json/itemSchema"] == "ignored"
    assert told[f"{at}/2/content/application~1jsonl/itemSchema"] == "ignored"
    assert told[f"{at}/2/content"] == "approximated"
    monkeypatch.syspath_prepend(tmp_path / "out")
    operations = importlib.import_module("contents.operations")
    requests = importlib.import_module("contents.runtime.requests")
    given = {"plain": "a b", "json": "a b", "lines": [1], "x_plain": "c"}
    sent = requests.build(operations.OPERATIONS[0], given, base="https://a.example")
    assert dict(sent.query) == {"plain": "a%20b", "json": "%22a%20b%22", "lines": "%5B1%5D"}
    assert {name.lower(): text for name, text in sent.headers}["x-plain"] == "c"
