"""Which schemas have a reading (something in or below them has a default), and its class name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pydantic import MISSING

from tallystick.contract.keys import READING, Keys
from tallystick.contract.records import Schema
from tallystick.document import join
from tallystick.names import RESERVED_CLASSES, Names


def with_readings(schemas: Mapping[str, Schema], names: Names, keys: Keys) -> dict[str, Schema]:
    """``schemas`` with ``reading`` set. Call when every class has its name: a reading yields."""
    defaulted = _defaulted(schemas)
    return {
        pointer: replace(schema, reading=_name(schema, names, keys))
        if pointer in defaulted
        else schema
        for pointer, schema in schemas.items()
    }


def _name(schema: Schema, names: Names, keys: Keys) -> str | None:
    if schema.name is None:
        return None
    key = f"{READING}{keys.of(schema.pointer)}"
    return names.give(key, f"{schema.name}Effective", "classes", RESERVED_CLASSES)


def _defaulted(schemas: Mapping[str, Schema]) -> set[str]:
    above: dict[str, list[str]] = {}
    for pointer, schema in schemas.items():
        for below in _below(schema):
            above.setdefault(below, []).append(pointer)
    pending = [
        pointer
        for pointer, schema in schemas.items()
        if any(member.default is not MISSING for member in schema.properties)
    ]
    found: set[str] = set()
    while pending:
        here = pending.pop()
        if here not in found:
            found.add(here)
            pending.extend(above.get(here, ()))
    return found


def _below(schema: Schema) -> list[str]:
    additional = [schema.additional] if isinstance(schema.additional, str) else []
    single = [pointer for pointer in (schema.ref, schema.items) if pointer is not None]
    members = [member.pointer for member in schema.properties]
    return [*single, *additional, *schema.branches, *_parts(schema), *members]


def _parts(schema: Schema) -> list[str]:
    parts = schema.node.get("allOf") if isinstance(schema.node, Mapping) else None
    every = parts if isinstance(parts, list) else []
    return [join(schema.pointer, "allOf", index) for index, _ in enumerate(every)]
