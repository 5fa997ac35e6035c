"""The keywords of JSON Schema 2020-12 which types can say, and their values made plain."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeAlias

from tallystick.document import Json

Node: TypeAlias = Mapping[str, Json]

ANNOTATIONS = frozenset(
    {
        "$comment",
        "$defs",
        "$id",
        "$schema",
        "$anchor",
        "default",
        "deprecated",
        "description",
        "discriminator",
        "example",
        "examples",
        "externalDocs",
        "readOnly",
        "title",
        "writeOnly",
        "xml",
    }
)
FORMATS = frozenset({"date-time", "date", "time", "uuid"})

BY_TYPE: dict[str, tuple[str, ...]] = {
    "null": (),
    "boolean": (),
    "integer": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "string": ("minLength", "maxLength", "pattern", "format"),
    "array": ("items", "minItems", "maxItems"),
    "object": ("properties", "required", "additionalProperties", "minProperties", "maxProperties"),
}
ORDER = tuple(BY_TYPE)


def binary(node: Node) -> bool:
    """Whether a string stands for bytes as they are (OpenAPI 3.1, 4.8.14.3 and 3.0 ``binary``)."""
    if node.get("contentEncoding") == "binary":
        return True
    media_type = node.get("contentMediaType")
    if not isinstance(media_type, str) or "contentEncoding" in node:
        return False
    return not media_type.startswith("text/") and "json" not in media_type


def constraints(node: Node) -> set[str]:
    """The keywords of a schema that say which values are valid."""
    return {key for key in node if key not in ANNOTATIONS and not key.startswith("x-")}


def sizes(node: Node, *keywords: str) -> dict[str, Json]:
    found = {keyword: node[keyword] for keyword in keywords if keyword in node}
    return {
        keyword: int(value) for keyword, value in found.items() if isinstance(value, int | float)
    }


def whole(keyword: str, value: float) -> tuple[str, int]:
    if keyword in ("minimum", "exclusiveMinimum"):
        return "minimum", math.ceil(value)
    return "maximum", math.floor(value)


def plain(value: Json) -> Json:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def kind(value: Json) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"
