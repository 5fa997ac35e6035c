"""What each node of an OpenAPI document is: a walk by the specification's own object table.

Only this tells a schema called ``example`` from an example, and a property called ``nullable``
from the keyword.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tallystick.document.pointer import ROOT, Json, join

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_ONE = "one"
_LIST = "list"
_MAP = "map"
_SELF = "self"  # the object is itself a map, and may hold x- members

# Object kind -> field -> (how it holds objects, their kind).
_TABLE: dict[str, dict[str, tuple[str, str]]] = {
    "openapi": {
        "paths": (_ONE, "paths"),
        "webhooks": (_MAP, "path item"),
        "components": (_ONE, "components"),
    },
    "paths": {"": (_SELF, "path item")},
    "callback": {"": (_SELF, "path item")},
    "responses": {"": (_SELF, "response")},
    "components": {
        "schemas": (_MAP, "schema"),
        "responses": (_MAP, "response"),
        "parameters": (_MAP, "parameter"),
        "requestBodies": (_MAP, "content"),
        "headers": (_MAP, "header"),
        "securitySchemes": (_MAP, "security scheme"),
        "callbacks": (_MAP, "callback"),
        "pathItems": (_MAP, "path item"),
        "mediaTypes": (_MAP, "media type"),
    },
    "path item": {
        "parameters": (_LIST, "parameter"),
        "additionalOperations": (_MAP, "operation"),
        **dict.fromkeys(_METHODS, (_ONE, "operation")),
    },
    "operation": {
        "parameters": (_LIST, "parameter"),
        "requestBody": (_ONE, "content"),
        "responses": (_ONE, "responses"),
        "callbacks": (_MAP, "callback"),
    },
    "parameter": {"schema": (_ONE, "schema"), "content": (_MAP, "media type")},
    "header": {"schema": (_ONE, "schema"), "content": (_MAP, "media type")},
    "security scheme": {},
    "response": {"headers": (_MAP, "header"), "content": (_MAP, "media type")},
    "content": {"content": (_MAP, "media type")},
    "media type": {
        "schema": (_ONE, "schema"),
        "itemSchema": (_ONE, "schema"),
        "encoding": (_MAP, "encoding"),
        "prefixEncoding": (_LIST, "encoding"),
        "itemEncoding": (_ONE, "encoding"),
    },
    "encoding": {"headers": (_MAP, "header")},
    "schema": {
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), (_LIST, "schema")),
        **dict.fromkeys(
            ("properties", "patternProperties", "dependentSchemas", "$defs"), (_MAP, "schema")
        ),
        **dict.fromkeys(
            (
                *("additionalProperties", "contains", "contentSchema", "else", "if", "items"),
                *("not", "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties"),
            ),
            (_ONE, "schema"),
        ),
    },
}


MAP = "*"
"""Ends the kind of a map of objects where a reference stands for the whole map."""


def schemas(document: Mapping[str, Json]) -> Iterator[tuple[str, dict[str, Json]]]:
    """Pointer and data of each schema object of an OpenAPI 3.x ``document``, parents first.

    Boolean schemas, references to other kinds of object and malformed nodes are passed over.
    """
    todo: list[tuple[str, str, Json]] = [("openapi", ROOT, dict(document))]
    while todo:
        kind, pointer, node = todo.pop()
        if not isinstance(node, dict):
            continue
        if kind == "schema":
            yield pointer, node
        todo.extend(reversed(list(children(kind, pointer, node))))


def children(kind: str, pointer: str, node: dict[str, Json]) -> Iterator[tuple[str, str, Json]]:
    """Kind, pointer and data of what stands directly below the object ``node`` of ``kind``."""
    if kind.endswith(MAP):
        for key, item in node.items():
            yield kind.removesuffix(MAP), join(pointer, key), item
        return
    for field, (holds, child) in _TABLE[kind].items():
        if holds == _SELF:
            for key in [key for key in node if not key.startswith("x-")]:
                yield child, join(pointer, key), node[key]
        elif field in node:
            yield from _held(holds, child, join(pointer, field), node[field])


def _held(holds: str, kind: str, pointer: str, node: Json) -> Iterator[tuple[str, str, Json]]:
    if holds == _ONE:
        yield kind, pointer, node
    elif holds == _LIST and isinstance(node, list):
        for index, item in enumerate(node):
            yield kind, join(pointer, index), item
    elif holds == _MAP and isinstance(node, dict):
        if node.keys() == {"$ref"} and isinstance(node["$ref"], str):
            yield kind + MAP, pointer, node
            return
        for key, item in node.items():
            yield kind, join(pointer, key), item
