"""Aliases which contain themselves: Python cannot name such a type without a class between."""

from __future__ import annotations

from collections.abc import Mapping

from tallystick.contract import Contract, Schema
from tallystick.document import join
from tallystick.models.objects import is_class


def opaque(contract: Contract) -> frozenset[str]:
    """The named schemas, other than classes, that lead back to themselves through no class."""
    return frozenset(
        pointer
        for pointer, schema in contract.schemas.items()
        if schema.name is not None and not is_class(schema) and _returns(contract, pointer)
    )


def _returns(contract: Contract, start: str) -> bool:
    seen: set[str] = set()
    pending = _below(contract.schema(start))
    while pending:
        pointer = pending.pop()
        if pointer == start:
            return True
        schema = contract.schema(pointer)
        if pointer not in seen and not is_class(schema):
            seen.add(pointer)
            pending.extend(_below(schema))
    return False


def _below(schema: Schema) -> list[str]:
    additional = [schema.additional] if isinstance(schema.additional, str) else []
    single = [pointer for pointer in (schema.ref, schema.items) if pointer is not None]
    parts = schema.node.get("allOf") if isinstance(schema.node, Mapping) else None
    joined = [
        join(schema.pointer, "allOf", index)
        for index, _ in enumerate(parts if isinstance(parts, list) else [])
    ]
    return [*single, *additional, *schema.branches, *joined]
