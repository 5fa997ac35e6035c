"""Other ways to write the same: each is one rewriting of a schema or a document, all harmless."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from .records import Node

Rewriting: TypeAlias = Callable[[Node, random.Random], Node | None]
"""From a schema to the same schema written otherwise; None where it says no such thing."""

_KEYWORDS_OF_VALUES = ("type", "properties", "required", "items", "enum", "const", "anyOf", "oneOf")


def _without(node: Node, *keywords: str) -> Node:
    return {key: value for key, value in node.items() if key not in keywords}


def _shuffled(items: list[Any], chance: random.Random) -> list[Any]:
    return chance.sample(items, len(items))


def _null_beside(node: Node) -> tuple[str, Node] | None:
    """The keyword and the other branch of a union of two with null."""
    for keyword in ("anyOf", "oneOf"):
        branches = node.get(keyword)
        if isinstance(branches, list) and len(branches) == 2 and {"type": "null"} in branches:
            other = next((each for each in branches if each != {"type": "null"}), None)
            if isinstance(other, dict):
                return keyword, other
    return None


def null_by_type(node: Node, chance: random.Random) -> Node | None:
    """``anyOf: [T, null]`` as ``type: [T, null]``."""
    found = _null_beside(node)
    if found is None or not isinstance(found[1].get("type"), str):
        return None
    keyword, other = found
    if other["type"] == "null" or "enum" in other or "const" in other or _both(node, other):
        return None
    return {**_without(node, keyword), **other, "type": [other["type"], "null"]}


def null_by_union(node: Node, chance: random.Random) -> Node | None:
    """``type: [T, null]`` as ``anyOf`` or ``oneOf: [T, null]``."""
    types = node.get("type")
    if not (isinstance(types, list) and "null" in types and len(types) == 2) or "enum" in node:
        return None
    if any(each in node for each in ("anyOf", "oneOf", "allOf", "const", "not", "if")):
        return None
    stays = {key: node[key] for key in (*_OF_THE_PLACE, *_WORDS) if key in node}
    stays |= {key: value for key, value in node.items() if key.startswith("x-")}
    other = {**_without(node, *stays), "type": next(each for each in types if each != "null")}
    return {
        **stays,
        chance.choice(["anyOf", "oneOf"]): _shuffled([other, {"type": "null"}], chance),
    }


_OF_THE_PLACE = ("default", "readOnly", "writeOnly", "deprecated", "discriminator", "xml")
_WORDS = ("description", "title", "examples", "example", "externalDocs")


def _both(node: Node, other: Node) -> bool:
    """Whether both say something that only one of them can say."""
    if any(key in _OF_THE_PLACE or key.startswith("x-") for key in other):
        return True
    return any(key in node and key not in _WORDS for key in other)


def any_of_null_as_one_of(node: Node, chance: random.Random) -> Node | None:
    """``anyOf: [T, null]`` as ``oneOf: [T, null]``, and back, where T says that it is not null."""
    found = _null_beside(node)
    if found is None or not isinstance(found[1].get("type"), str) or found[1]["type"] == "null":
        return None
    keyword = found[0]
    made = _without(node, keyword)
    made["oneOf" if keyword == "anyOf" else "anyOf"] = node[keyword]
    return made


def branches_reordered(node: Node, chance: random.Random) -> Node | None:
    """The branches of a union in another order."""
    for keyword in ("anyOf", "oneOf", "allOf"):
        if isinstance(node.get(keyword), list):
            return {**node, keyword: _shuffled(node[keyword], chance)}
    return None


def lists_reordered(node: Node, chance: random.Random) -> Node | None:
    """``required``, ``enum``, ``type`` and the members in another order."""
    lists = [each for each in ("required", "enum", "type") if isinstance(node.get(each), list)]
    made = {**node, **{each: _shuffled(node[each], chance) for each in lists}}
    members = node.get("properties")
    if isinstance(members, dict):
        names = _shuffled(list(members), chance)
        made["properties"] = {name: members[name] for name in names}
    return made if lists or members else None


def const_as_enum(node: Node, chance: random.Random) -> Node | None:
    """``const`` as an ``enum`` of one."""
    return {**_without(node, "const"), "enum": [node["const"]]} if "const" in node else None


def enum_as_const(node: Node, chance: random.Random) -> Node | None:
    """An ``enum`` of one as ``const``."""
    values = node.get("enum")
    if not (isinstance(values, list) and len(values) == 1) or "const" in node:
        return None
    return {**_without(node, "enum"), "const": values[0]}


def all_of_one(node: Node, chance: random.Random) -> Node | None:
    """The schema as the one part of an ``allOf``."""
    if not any(each in node for each in (*_KEYWORDS_OF_VALUES, "$ref")):
        return None
    if any(key.startswith("x-") or key in _OF_THE_PLACE for key in node):
        return None
    return {"allOf": [node]}


_APART = {
    "type",
    "properties",
    "required",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "pattern",
}
_APART |= {"enum", "const", "format", "minItems", "maxItems", *_WORDS}
"""Keywords that say the same wherever they stand."""


def all_of_flattened(node: Node, chance: random.Random) -> Node | None:
    """The parts of an ``allOf`` that say different things as one schema."""
    parts = node.get("allOf")
    if not isinstance(parts, list) or not all(isinstance(each, dict) for each in parts):
        return None
    made = _without(node, "allOf")
    for part in parts:
        if not set(part) <= _APART or any(key in made and key not in _WORDS for key in part):
            return None
        made |= part
    return made if set(made) <= _APART | set(_OF_THE_PLACE) else None


def all_of_split(node: Node, chance: random.Random) -> Node | None:
    """An open object as an ``allOf`` of two: its members, and what of them is required."""
    if node.get("type") != "object" or "required" not in node or "allOf" in node:
        return None
    if any(key.startswith("x-") or key in _OF_THE_PLACE for key in node):
        return None
    rest = _without(node, "required")
    return {"allOf": [rest, {"type": "object", "required": node["required"]}]}


def least_integer_excluded(node: Node, chance: random.Random) -> Node | None:
    """``minimum: n`` of an integer as ``exclusiveMinimum: n - 1``."""
    least = node.get("minimum")
    if node.get("type") != "integer" or type(least) is not int or "exclusiveMinimum" in node:
        return None
    return {**_without(node, "minimum"), "exclusiveMinimum": least - 1}


def nothing_asked(node: Node, chance: random.Random) -> Node | None:
    """Keywords that ask for nothing."""
    empty: Mapping[str, Mapping[str, Any]] = {
        "string": {"minLength": 0},
        "array": {"minItems": 0, "uniqueItems": False},
        "object": {"required": [], "minProperties": 0},
    }
    kind = node.get("type")
    asked = empty.get(kind) if isinstance(kind, str) else None
    if asked is None or any(each in node for each in ("allOf", "anyOf", "oneOf", "$ref")):
        return None
    return {**asked, **node}


def openness_said(node: Node, chance: random.Random) -> Node | None:
    """``additionalProperties: true`` or ``{}`` where it was absent."""
    if node.get("type") != "object" or "additionalProperties" in node:
        return None
    if "unevaluatedProperties" in node:
        return None
    return {**node, "additionalProperties": chance.choice([True, {}])}


def openness_unsaid(node: Node, chance: random.Random) -> Node | None:
    """``additionalProperties: true`` or ``{}`` left out."""
    value = node.get("additionalProperties")
    if "unevaluatedProperties" in node:
        return None
    return _without(node, "additionalProperties") if value is True or value == {} else None


def other_words(node: Node, chance: random.Random) -> Node | None:
    """Another title, description and examples."""
    if "$ref" in node:
        return None
    return {**_without(node, "example", "examples", "title"), "description": "In other words."}


SCHEMAS_ALIKE: tuple[Rewriting, ...] = (
    null_by_type,
    null_by_union,
    any_of_null_as_one_of,
    branches_reordered,
    lists_reordered,
    const_as_enum,
    enum_as_const,
    all_of_one,
    all_of_flattened,
    all_of_split,
    least_integer_excluded,
    nothing_asked,
    openness_said,
    openness_unsaid,
    other_words,
)
