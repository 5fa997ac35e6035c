"""A small document, what may be done to it, and the package of each edition."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from tallystick.contract import build
from tallystick.document import load
from tallystick.generate import generated
from tallystick.models import MANY
from tallystick.names import read_lock
from tallystick.render import render

Edit = Callable[[Any], object]


def reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def body(name: str) -> dict[str, Any]:
    return {"content": {"application/json": {"schema": reference(name)}}}


def named(name: str, location: str = "query", **more: Any) -> dict[str, Any]:
    return {"name": name, "in": location, "schema": {"type": "string"}, **more}


DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Shelves", "version": "1.0.0"},
    "servers": [{"url": "https://api.example"}],
    "paths": {
        "/shelves": {
            "get": {
                "parameters": [named("after"), named("limit", schema={"type": "integer"})],
                "responses": {"200": {"description": "", **body("Shelf")}},
            },
            "post": {
                "requestBody": {"required": True, **body("NewShelf")},
                "responses": {"201": {"description": "", **body("Shelf")}},
            },
        },
        "/shelves/{id}": {
            "delete": {
                "parameters": [named("id", "path", required=True)],
                "responses": {"204": {"description": ""}},
            }
        },
    },
    "components": {
        "schemas": {
            "NewShelf": {
                "type": "object",
                "required": ["name"],
                "properties": {
                    "name": {"type": "string"},
                    "colour": {"enum": ["red", "green"], "default": "red"},
                    "width": {"type": "integer"},
                },
            },
            "Shelf": {
                "type": "object",
                "required": ["id", "state"],
                "properties": {
                    "id": {"type": "string"},
                    "state": {"enum": ["empty", "full"]},
                    "note": {"type": "string"},
                },
            },
        }
    },
}


@cache
def files(text: str, lock: str, folder: Path, many: int = MANY) -> dict[str, str]:
    """The package of a document, made with the ``names.lock`` of the edition before."""
    (folder / "api.json").write_text(text)
    frozen = read_lock(lock, "names.lock") if lock else None
    contract = build(load(folder / "api.json", []), frozen)
    made = generated(contract, "shelves")
    if many == MANY:
        return dict(made.files)
    return render(contract, made.models, "shelves", "{}", many)


def schema(data: Any, name: str) -> Any:
    return data["components"]["schemas"][name]


def member(data: Any, name: str, key: str) -> Any:
    return schema(data, name)["properties"][key]


def shelves(data: Any, method: str) -> Any:
    return data["paths"]["/shelves"][method]


def renamed_class(data: Any) -> None:
    text = json.dumps(data).replace('schemas/Shelf"', 'schemas/Board"')
    data.update(json.loads(text.replace('"Shelf":', '"Board":')))


def renamed_path(data: Any) -> None:
    data.update(json.loads(json.dumps(data).replace("/shelves", "/boards")))


def renamed_member(data: Any) -> None:
    properties = schema(data, "NewShelf")["properties"]
    properties["breadth"] = properties.pop("width")


def renamed_parameter(data: Any) -> None:
    shelves(data, "get")["parameters"][1]["name"] = "size"
