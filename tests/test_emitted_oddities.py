"""What real documents brought to light in emitted packages, each with the smallest document."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tallystick.contract import build
from tallystick.document import Json, load
from tallystick.models import print_models
from tallystick.output import write
from tallystick.render import render


def files(folder: Path, schemas: Json, paths: Json) -> dict[str, str]:
    """The package ``odd`` of a document."""
    document = folder / "odd.json"
    info = {"title": "Odd", "version": "1"}
    made = {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": schemas}}
    document.write_text(json.dumps(made))
    contract = build(load(document))
    return render(contract, print_models(contract), "odd", "{}")


@pytest.fixture
def imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(sys, "path", [str(tmp_path / "out"), *sys.path])
    yield tmp_path
    for name in [each for each in sys.modules if each == "odd" or each.startswith("odd.")]:
        del sys.modules[name]


def test_an_operation_that_answers_a_listed_value_says_both_types(tmp_path: Path) -> None:
    # Pyright takes a literal that comes by the default of a type variable for a plain str.
    schemas: Json = {"Mode": {"enum": ["a", "b"]}, "Name": {"type": "string"}}
    paths: Json = {
        f"/{name.lower()}": {
            "get": {
                "responses": {
                    "200": {
                        "description": "it",
                        "content": {
                            "application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}
                        },
                    }
                }
            }
        }
        for name in ("Mode", "Name")
    }
    text = files(tmp_path, schemas, paths)["odd/operations.py"]
    assert "Operation[models.Mode, models.Mode]" in text
    assert "Operation[models.Name]" in text


def test_a_member_of_several_branches_of_a_form_has_the_types_of_all(tmp_path: Path) -> None:
    def branch(kind: str) -> Json:
        inner: Json = {"type": "object", "properties": {"in": {"type": kind}}}
        return {"type": "object", "properties": {"data": inner}}

    form: Json = {"schema": {"anyOf": [branch("string"), branch("integer")]}}
    body: Json = {"content": {"application/x-www-form-urlencoded": form}}
    paths: Json = {"/a": {"post": {"requestBody": body, "responses": {}}}}
    text = files(tmp_path, {}, paths)["odd/operations.py"]
    assert 'members={"in": frozenset(("integer", "string"))}' in text


def test_a_circle_of_a_hundred_classes_is_read_at_any_depth(imported: Path) -> None:
    def link(index: int) -> Json:
        following: Json = {"$ref": f"#/components/schemas/C{(index + 1) % 100}"}
        number: Json = {"type": "integer", "default": 1}
        return {"type": "object", "properties": {"next": following, "n": number}}

    write(files(imported, {f"C{index}": link(index) for index in range(100)}, {}), imported / "out")
    models: Any = importlib.import_module("odd.models")
    presence: Any = importlib.import_module("odd.runtime.presence")
    value: Any = {}
    for _ in range(90):
        value = {"next": value}
    read = models.C0.model_validate(value)
    assert presence.to_json(read) == value
    assert read.effective().next.next.n == 1
    with pytest.raises(ValueError, match=r"next\.next\.n"):
        models.C0.model_validate({"next": {"next": {"n": "x"}}})
