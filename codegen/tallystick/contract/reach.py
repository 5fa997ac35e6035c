"""Which schemas lie below others: behind references, in unions, members, items and parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tallystick.contract.records import Schema


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
    found = [member.pointer for member in schema.properties]
    found += (*schema.branches, *schema.parts)
    found += [each for each in (schema.ref, schema.items) if each is not None]
    if isinstance(schema.additional, str):
        found.append(schema.additional)
    return found
