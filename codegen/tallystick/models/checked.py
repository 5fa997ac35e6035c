"""``schemas.json``: the schemas that validate by themselves, with all that they refer to."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from urllib.parse import quote

import jsonschema_rs

from tallystick.contract import Contract, Schema
from tallystick.document import Json, join, split
from tallystick.models.keywords import ASSERTIONS, CHECKED_BY_TYPE, FORMATS, IN_PLACE

_DATA = frozenset(
    keyword
    for keyword in ASSERTIONS - IN_PLACE - {"properties", "additionalProperties", "items", "format"}
    if not any(keyword in keywords for keywords in CHECKED_BY_TYPE.values())
) | {"dependentRequired", "maxContains", "minContains", "uniqueItems"}
"""Keywords whose values hold no schema."""
_KEPT = (ASSERTIONS - {"$dynamicRef"}) | {"$defs"}


def closure(contract: Contract, pointers: Collection[str]) -> list[str]:
    """``pointers``, every schema below and every schema behind them, in document order."""
    below: dict[str, list[str]] = {}
    for pointer in contract.schemas:
        steps = pointer.split("/")
        for end in range(len(steps) - 1, 1, -1):
            above = "/".join(steps[:end])
            if above in contract.schemas:
                below.setdefault(above, []).append(pointer)
                break
    found: set[str] = set()
    pending = list(pointers)
    while pending:
        pointer = pending.pop()
        if pointer not in found:
            found.add(pointer)
            pending += below.get(pointer, [])
            ref = contract.schema(pointer).ref
            pending += [] if ref is None else [ref]
    return [pointer for pointer in contract.schemas if pointer in found]


def checked_schemas(contract: Contract, pointers: Collection[str]) -> str:
    """The text of ``schemas.json``: each schema at its pointer, bare, references resolved."""
    root: dict[str, Json] = {}
    wanted = closure(contract, pointers)
    for pointer in sorted(wanted, key=lambda each: each.count("/")):
        _put(root, split(pointer), _bare(contract, pointer))
    return json.dumps(root, allow_nan=False, separators=(",", ":")) + "\n"


def _put(root: dict[str, Json], path: tuple[str, ...], value: Json) -> None:
    """Place ``value``; where something stands already it came with the schema above."""
    here: Json = root
    for step in path[:-1]:
        if isinstance(here, dict):
            here = here.setdefault(step, {})
        elif isinstance(here, list):
            here = here[int(step)]
    if isinstance(here, dict):
        here.setdefault(path[-1], value)


def unusable(contract: Contract, pointer: str) -> set[str]:
    """The keywords of a schema whose values no validator takes, such as a broken pattern."""
    node = contract.schema(pointer).node
    if isinstance(node, bool):
        return set()
    own: dict[str, Json] = {key: value for key, value in node.items() if key in _DATA}
    if isinstance(patterns := node.get("patternProperties"), dict):
        own["patternProperties"] = dict.fromkeys(patterns, True)
    if _compiles(own):
        return set()
    return {key for key, value in own.items() if not _compiles({key: value})}


def _compiles(schema: dict[str, Json]) -> bool:
    try:
        jsonschema_rs.validator_for(schema, offline=True)
    except (ValueError, jsonschema_rs.ValidationError):
        return False
    return True


def _bare(contract: Contract, pointer: str) -> Json:
    schema = contract.schema(pointer)
    if not isinstance(schema.node, Mapping):
        return schema.node
    found: dict[str, Json] = {}
    left_out = unusable(contract, pointer)
    for keyword, value in schema.node.items():
        if keyword in left_out:
            continue
        if keyword == "$ref":
            fragment = (schema.ref or "").removeprefix("#")
            found[keyword] = f"#{quote(fragment, safe='/~')}"
        elif keyword == "required" and schema.direction != "both":
            found[keyword] = _always(schema, value)
        elif keyword in _KEPT and (keyword != "format" or value in FORMATS):
            found[keyword] = _below(contract, join(pointer, keyword), value)
    return found


def _always(schema: Schema, required: Json) -> Json:
    """The members that both directions require; its classes know of the others."""
    names = required if isinstance(required, list) else []
    one_way = {each.name for each in schema.properties if each.read_only or each.write_only}
    return [name for name in names if name not in one_way]


def _below(contract: Contract, pointer: str, value: Json) -> Json:
    """The value of a keyword with the schemas in it bare; data stay as they are."""
    if pointer in contract.schemas:
        return _bare(contract, pointer)
    if isinstance(value, dict):
        return {
            key: _bare(contract, join(pointer, key))
            if join(pointer, key) in contract.schemas
            else item
            for key, item in value.items()
        }
    if isinstance(value, list):
        places = [join(pointer, index) for index in range(len(value))]
        return [
            _bare(contract, place) if place in contract.schemas else item
            for place, item in zip(places, value, strict=True)
        ]
    return value
