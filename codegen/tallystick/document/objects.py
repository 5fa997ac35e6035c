"""Every object of an OpenAPI document, as its author wrote it: a walk by the specification's table.

OpenAPI 3.2, section 4, with the fields of 3.0 and 3.1 that went. What is data (examples, defaults,
values of extensions) is not entered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tallystick.document.pointer import ROOT, Json, join
from tallystick.document.record import Document

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")

# Object kind -> field -> (how it holds objects: one, list, map; their kind). A field that is not
# here holds data. The field "" stands for every member of an object that is itself a map.
_TABLE: dict[str, dict[str, tuple[str, str]]] = {
    "openapi": {
        "info": ("one", "info"),
        "servers": ("list", "server"),
        "paths": ("one", "paths"),
        "webhooks": ("map", "path item"),
        "components": ("one", "components"),
        "tags": ("list", "tag"),
        "externalDocs": ("one", "external documentation"),
    },
    "info": {"contact": ("one", "contact"), "license": ("one", "license")},
    "server": {"variables": ("map", "server variable")},
    "tag": {"externalDocs": ("one", "external documentation")},
    "paths": {"": ("self", "path item")},
    "callback": {"": ("self", "path item")},
    "responses": {"": ("self", "response")},
    "components": {
        "schemas": ("map", "schema"),
        "responses": ("map", "response"),
        "parameters": ("map", "parameter"),
        "requestBodies": ("map", "request body"),
        "headers": ("map", "header"),
        "securitySchemes": ("map", "security scheme"),
        "links": ("map", "link"),
        "callbacks": ("map", "callback"),
        "pathItems": ("map", "path item"),
        "mediaTypes": ("map", "media type"),
    },
    "path item": {
        "servers": ("list", "server"),
        "parameters": ("list", "parameter"),
        "additionalOperations": ("map", "operation"),
        **dict.fromkeys(_METHODS, ("one", "operation")),
    },
    "operation": {
        "externalDocs": ("one", "external documentation"),
        "parameters": ("list", "parameter"),
        "requestBody": ("one", "request body"),
        "responses": ("one", "responses"),
        "callbacks": ("map", "callback"),
        "servers": ("list", "server"),
    },
    "parameter": {"schema": ("one", "schema"), "content": ("map", "media type")},
    "header": {"schema": ("one", "schema"), "content": ("map", "media type")},
    "request body": {"content": ("map", "media type")},
    "response": {
        "headers": ("map", "header"),
        "content": ("map", "media type"),
        "links": ("map", "link"),
    },
    "link": {"server": ("one", "server")},
    "media type": {
        "schema": ("one", "schema"),
        "itemSchema": ("one", "schema"),
        "encoding": ("map", "encoding"),
        "prefixEncoding": ("list", "encoding"),
        "itemEncoding": ("one", "encoding"),
    },
    "encoding": {
        "headers": ("map", "header"),
        "encoding": ("map", "encoding"),
        "prefixEncoding": ("list", "encoding"),
        "itemEncoding": ("one", "encoding"),
    },
    "security scheme": {"flows": ("one", "flows")},
    "flows": {
        **dict.fromkeys(
            ("implicit", "password", "clientCredentials", "authorizationCode"), ("one", "flow")
        ),
        "deviceAuthorization": ("one", "flow"),
    },
    "schema": {
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), ("list", "schema")),
        **dict.fromkeys(
            ("properties", "patternProperties", "dependentSchemas", "$defs", "definitions"),
            ("map", "schema"),
        ),
        **dict.fromkeys(
            (
                *("additionalProperties", "contains", "contentSchema", "else", "if", "items"),
                *("not", "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties"),
            ),
            ("one", "schema"),
        ),
        "discriminator": ("one", "discriminator"),
        "xml": ("one", "xml"),
        "externalDocs": ("one", "external documentation"),
    },
}
_OUTER = {"callback": "callbacks", "header": "headers", "link": "links"}


@dataclass(frozen=True, slots=True)
class Place:
    """One object of a document."""

    kind: str
    """What the specification calls it: ``operation``, ``media type``, ``schema``, ..."""
    pointer: str
    """Where it was written."""
    node: dict[str, Json]
    lifted: str
    """Where it stands in the terms of OpenAPI 3.1."""
    within: str
    """``headers``, ``links``, ``callbacks`` or ``webhooks``, if it stands in such a member."""

    @property
    def keywords(self) -> Iterator[str]:
        """Its keywords: the members whose names are the specification's or an extension's.

        A member of an object that is itself a map is none, but for extensions.
        """
        is_map = "" in _TABLE.get(self.kind, {})
        return (key for key in self.node if not is_map or key.startswith("x-"))


def objects(document: Document) -> Iterator[Place]:
    """Every object of ``document``, in the order in which it was written.

    A place where an object is expected and none stands (a boolean schema, a fault) is passed over.
    """
    start = Place("openapi", ROOT, dict(document.written), ROOT, "")
    pending: list[tuple[Place, Json]] = [(start, document.data)]
    while pending:
        place, lifted = pending.pop()
        yield place
        pending.extend(reversed(list(_below(place, lifted))))


def _below(place: Place, lifted: Json) -> Iterator[tuple[Place, Json]]:
    fields = _TABLE.get(place.kind, {})
    for key, value in place.node.items():
        holds, kind = fields.get(key) or (
            ("", "") if key.startswith("x-") else fields.get("", ("", ""))
        )
        if not holds:
            continue
        pointer, steps = join(place.pointer, key), _steps(key, lifted)
        there, now = _at(lifted, steps), join(place.lifted, *steps)
        within = place.within or _OUTER.get(kind, "webhooks" if key == "webhooks" else "")
        if holds in ("one", "self"):
            held = [(pointer, now, value, there)]
        else:
            pairs = _items(value)
            held = [
                (join(pointer, each), join(now, each), item, _at(there, (each,)))
                for each, item in pairs
            ]
        for at, at_now, node, node_now in held:
            if isinstance(node, dict):
                yield Place(kind, at, node, at_now, within), node_now


def _items(value: Json) -> list[tuple[str, Json]]:
    if isinstance(value, dict):
        return list(value.items())
    return (
        [(str(index), item) for index, item in enumerate(value)] if isinstance(value, list) else []
    )


def _steps(key: str, lifted: Json) -> tuple[str, ...]:
    """Where the value of ``key`` stands after the lift, which moves a nullable ``allOf``."""
    if key != "allOf" or not isinstance(lifted, dict) or "allOf" in lifted:
        return (key,)
    within = _at(lifted, ("anyOf", "0"))
    return ("anyOf", "0", "allOf") if isinstance(within, dict) and "allOf" in within else ("anyOf",)


def _at(node: Json, steps: tuple[str, ...]) -> Json:
    for step in steps:
        if isinstance(node, dict):
            node = node.get(step)
        elif isinstance(node, list) and step.isdigit() and int(step) < len(node):
            node = node[int(step)]
        else:
            return None
    return node
