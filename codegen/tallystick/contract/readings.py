"""Which schemas have a reading (something in or below them has a default), and its class name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pydantic import MISSING

from tallystick.contract.keys import READING, REQUEST, Keys
from tallystick.contract.reach import Reach
from tallystick.contract.records import Schema
from tallystick.names import RESERVED_CLASSES, Names


def with_readings(
    schemas: Mapping[str, Schema], reach: Reach, names: Names, keys: Keys
) -> dict[str, Schema]:
    """``schemas`` with ``reading`` set. Call when every class has its name: a reading yields."""
    defaulted = reach.upward(
        pointer
        for pointer, schema in schemas.items()
        if any(member.default is not MISSING for member in schema.properties)
    )

    def name(before: str, pointer: str, of: str | None) -> str | None:
        if of is None:
            return None
        key = f"{before}{keys.of(pointer)}"
        return names.give(key, f"{of}Effective", "classes", RESERVED_CLASSES)

    return {
        pointer: replace(
            schema,
            reading=name(READING, pointer, schema.name),
            request_reading=name(f"{REQUEST}{READING}", pointer, schema.request),
        )
        if pointer in defaulted
        else schema
        for pointer, schema in schemas.items()
    }
