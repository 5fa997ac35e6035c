"""The keywords of JSON Schema 2020-12 which types can say, and their values made plain."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeAlias

from tallystick.document import Json

Node: TypeAlias = Mapping[str, Json]

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

CHECKED_BY_TYPE: dict[str, frozenset[str]] = {
    "array": frozenset(
        {"contains", "maxContains", "minContains", "prefixItems", "unevaluatedItems", "uniqueItems"}
    ),
    "object": frozenset(
        {
            "dependentRequired",
            "dependentSchemas",
            "patternProperties",
            "propertyNames",
            "unevaluatedProperties",
        }
    ),
}
"""Keywords about one type that only the schema itself can check."""

_LARGEST = 2**31 - 1
"""No text, list or object is longer; what a larger bound means, the schema itself checks."""

IN_PLACE = frozenset(
    {"$dynamicRef", "$ref", "allOf", "anyOf", "else", "if", "not", "oneOf", "then"}
)

ASSERTIONS = (
    frozenset({"const", "enum", "type"})
    | IN_PLACE
    | frozenset(keyword for keywords in BY_TYPE.values() for keyword in keywords)
    | frozenset(keyword for keywords in CHECKED_BY_TYPE.values() for keyword in keywords)
)
"""The keywords that say which values are valid; any other is an annotation (Core 4.3.1)."""


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
    return {key for key in node if key in ASSERTIONS}


def sizes(node: Node, *keywords: str) -> dict[str, Json]:
    """The bounds on lengths and counts which a model can hold."""
    found = {keyword: plain(node[keyword]) for keyword in keywords if keyword in node}
    return {
        keyword: value
        for keyword, value in found.items()
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LARGEST
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
