"""Small documents with a schema at a spot, and their contracts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from tallystick.contract import Contract, build
from tallystick.document import bundle, lift, parse

from .records import Node

SpotName: TypeAlias = Literal["request", "response", "both", "parameter"]

SCHEMAS = "#/components/schemas"
CREATE, READ = "POST /things", "GET /things/{id}"
OPERATIONS: Mapping[SpotName, tuple[str, ...]] = {
    "request": (CREATE,),
    "response": (READ,),
    "both": (CREATE, READ),
    "parameter": (READ,),
}
BODY = "#/paths/~1things/post/requestBody/content/application~1json/schema"
ANSWER = "#/paths/~1things~1{id}/get/responses/200/content/application~1json/schema"
QUERY = "#/paths/~1things~1{id}/get/parameters/1/schema"
ROOTS: Mapping[SpotName, str] = {
    "request": BODY,
    "response": ANSWER,
    "both": f"{SCHEMAS}/Root",
    "parameter": QUERY,
}


def contract(document: Node) -> Contract:
    """The contract of a document that is given as data."""
    return build(lift(bundle(parse(json.dumps(document), "document.json"))))


def json_body(schema: Any) -> Node:
    """A map of media types: JSON, of this schema."""
    return {"application/json": {"schema": schema}}


def document(
    spot: SpotName, schema: Any, components: Mapping[str, Any] | None = None, other: Any = None
) -> Node:
    """A document of two operations with ``schema`` at the spot, and ``other`` in the other body."""
    other = {"type": "object"} if other is None else other
    found: dict[SpotName, Any] = {"request": other, "response": other}
    found["parameter"] = {"type": "string"}
    schemas = dict(components or {})
    if spot == "both":
        schemas["Root"] = schema
        found["request"] = found["response"] = {"$ref": f"{SCHEMAS}/Root"}
    else:
        found[spot] = schema
    return two_operations(found["request"], found["response"], found["parameter"], schemas)


def two_operations(request: Any, response: Any, parameter: Any, schemas: Mapping[str, Any]) -> Node:
    """The document itself."""
    answered = {"description": "done", "content": json_body(response)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": {
            "/things": {
                "post": {
                    "requestBody": {"required": True, "content": json_body(request)},
                    "responses": {"204": {"description": "done"}},
                }
            },
            "/things/{id}": {
                "get": {
                    "parameters": [
                        {
                            "name": "id",
                            "in": "path",
                            "required": True,
                            "schema": {"type": "string"},
                        },
                        {"name": "filter", "in": "query", "schema": parameter},
                    ],
                    "responses": {"200": answered},
                }
            },
        },
        "components": {"schemas": dict(schemas)},
    }
