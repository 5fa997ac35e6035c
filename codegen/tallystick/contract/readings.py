"""Which schemas have a reading (something in or below them has a default), and its class name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pydantic import MISSING

from tallystick.contract.reach import upward
from tallystick.contract.records import Schema
from tallystick.names import RESERVED_CLASSES, Names


def with_readings(schemas: Mapping[str, Schema], names: Names) -> dict[str, Schema]:
    """``schemas`` with ``reading`` set. Call when every class has its name: a reading yields."""
    defaulted = upward(
        schemas,
        (
            pointer
            for pointer, schema in schemas.items()
            if any(member.default is not MISSING for member in schema.properties)
        ),
    )
    return {
        pointer: replace(
            schema,
            reading=_name(pointer, schema.name, names),
            request_reading=_name(f"{pointer} request", schema.request, names),
        )
        if pointer in defaulted
        else schema
        for pointer, schema in schemas.items()
    }


def _name(key: str, name: str | None, names: Names) -> str | None:
    if name is None:
        return None
    return names.give(f"{key} effective", f"{name}Effective", "classes", RESERVED_CLASSES)
