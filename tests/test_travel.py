"""Parameters of the suite travel in the styles of the runtime, and the sandbox reads them back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tallystick.contract import Contract, Operation, build
from tallystick.document import Json, load
from tallystick_contracts.probes import requests
from tallystick_contracts.sandbox import sandbox
from tallystick_contracts.target import in_process

OBJECT: Json = {"R": 100, "G": 200}
INTEGER: dict[str, Json] = {"type": "integer"}
SCHEMAS: dict[str, Json] = {
    "text": {"type": "string"},
    "number": dict(INTEGER),
    "list": {"type": "array", "items": dict(INTEGER)},
    "object": {
        "type": "object",
        "properties": {"R": dict(INTEGER), "G": dict(INTEGER)},
        "additionalProperties": False,
    },
}
GIVEN: dict[str, Json] = {"text": "a/b", "number": 5, "list": [1, 2], "object": OBJECT}
TABLE: list[tuple[str, str, bool, str, Json, str]] = [
    ("path", "simple", False, "number", 5, "/t/5/act"),
    ("path", "simple", False, "list", [1, 2], "/t/1,2/act"),
    ("path", "simple", True, "object", OBJECT, "/t/R=100,G=200/act"),
    ("path", "label", False, "text", "a/b", "/t/.a%2Fb/act"),
    ("path", "label", False, "number", 5, "/t/.5/act"),
    ("path", "matrix", False, "number", 5, "/t/;c=5/act"),
    ("query", "form", True, "number", 5, "/t?c=5"),
    ("query", "form", True, "list", [1, 2], "/t?c=1&c=2"),
    ("query", "form", False, "list", [1, 2], "/t?c=1,2"),
    ("query", "form", True, "object", OBJECT, "/t?R=100&G=200"),
    ("query", "pipeDelimited", False, "list", [1, 2], "/t?c=1%7C2"),
    ("query", "spaceDelimited", False, "list", [1, 2], "/t?c=1%202"),
    ("query", "deepObject", True, "object", OBJECT, "/t?c%5BR%5D=100&c%5BG%5D=200"),
    ("query", "form", True, "text", "a&b=c d", "/t?c=a%26b%3Dc%20d"),
    ("header", "simple", False, "list", [1, 2], "1,2"),
    ("header", "simple", True, "object", OBJECT, "R=100,G=200"),
    ("cookie", "form", False, "list", [1, 2], "c=1,2"),
    ("cookie", "form", True, "number", 5, "c=5"),
]


def contract(folder: Path, location: str, style: str, explode: bool, kind: str) -> Contract:
    """A document with POST /t and one required parameter ``c``."""
    travels: dict[str, Json] = {"style": style, "explode": explode, "schema": SCHEMAS[kind]}
    travels |= {"x-tallystick-given": [GIVEN[kind]]} if location == "path" else {}
    return documented(folder, {"name": "c", "in": location, "required": True, **travels})


def documented(folder: Path, parameter: dict[str, Json]) -> Contract:
    """A document with POST /t and this parameter."""
    answer: Json = {"200": {"description": "", "content": {"application/json": {"schema": {}}}}}
    document: Json = {
        "openapi": "3.1.0",
        "info": {"title": "styles", "version": "1"},
        "paths": {
            "/t/{c}/act" if parameter["in"] == "path" else "/t": {
                "post": {"parameters": [parameter], "responses": answer}
            }
        },
    }
    path = folder / "openapi.json"
    path.write_text(json.dumps(document))
    return build(load(path, []))


def sent(made: Contract, operation: Operation, value: Json) -> tuple[int, str]:
    """The status that a sandbox answers to a value, and where the value stands in the request."""
    (parameter,) = operation.parameters
    target = in_process(made, sandbox(made, key="k"))
    path = {"c": value} if parameter.location == "path" else {}
    rest = [] if path else [(parameter, value)]
    request = requests.build(made, target, operation, path, rest)
    fields = dict(request.headers)
    answer = target.exchange.send(request)
    target.close()
    return answer.status or 0, fields.get("c") or fields.get("Cookie") or request.target


@pytest.mark.parametrize(("location", "style", "explode", "kind", "value", "expected"), TABLE)
def test_a_value_is_written_in_its_style_and_the_sandbox_reads_it(
    location: str, style: str, explode: bool, kind: str, value: Json, expected: str, tmp_path: Path
) -> None:
    made = contract(tmp_path, location, style, explode, kind)
    assert sent(made, made.operations[0], value) == (200, expected)


@pytest.mark.parametrize(("location", "style"), [("path", "simple"), ("query", "deepObject")])
def test_a_value_of_the_wrong_type_can_be_sent_and_is_refused(
    location: str, style: str, tmp_path: Path
) -> None:
    made = contract(tmp_path, location, style, True, "object")
    assert sent(made, made.operations[0], [1])[0] == 400


def test_what_is_no_utf_8_can_be_sent_and_is_refused(tmp_path: Path) -> None:
    made = contract(tmp_path, "query", "form", True, "text")
    assert sent(made, made.operations[0], "\ud800") == (400, "/t?c=%ED%A0%80")


def test_a_parameter_with_content_travels_as_json(tmp_path: Path) -> None:
    content: Json = {"application/json": {"schema": SCHEMAS["object"]}}
    made = documented(tmp_path, {"name": "c", "in": "query", "required": True, "content": content})
    expected = "/t?c=%7B%22R%22%3A100%2C%22G%22%3A200%7D"
    assert sent(made, made.operations[0], OBJECT) == (200, expected)
    assert sent(made, made.operations[0], {"R": "x"})[0] == 400
