"""Which schemas lie below others: behind references, in unions, members, items and parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tallystick.contract.records import Schema
from tallystick.document import join


def downward(schemas: Mapping[str, Schema], starts: Iterable[str]) -> set[str]:
    """``starts`` and every schema below them."""
    return _closure(starts, {pointer: _below(schema) for pointer, schema in schemas.items()})


def upward(schemas: Mapping[str, Schema], ends: Iterable[str]) -> set[str]:
    """``ends`` and every schema above them."""
    above: dict[str, list[str]] = {}
    for pointer, schema in schemas.items():
        for below in _below(schema):
            above.setdefault(below, []).append(pointer)
    return _closure(ends, above)


def _closure(starts: Iterable[str], edges: Mapping[str, list[str]]) -> set[str]:
    pending, found = list(starts), set[str]()
    while pending:
        here = pending.pop()
        if here not in found:
            found.add(here)
            pending.extend(edges.get(here, ()))
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
