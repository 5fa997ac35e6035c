"""Which schemas a request body can reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..contract import Contract, Operation, Schema
from ..document import join


@dataclass(frozen=True, slots=True)
class Reached:
    """A schema below a body; a part is one of several that describe the same object."""

    schema: Schema
    is_part: bool


def reach(contract: Contract, start: Iterable[str], *, items: bool) -> Iterator[Reached]:
    """The schemas at ``start`` and below, each once as a part and once as a whole at most.

    Args:
        contract: holds the schemas.
        start: pointers of schemas.
        items: whether to look inside arrays too.
    """
    pending = [(pointer, False) for pointer in start]
    seen: set[tuple[str, bool]] = set()
    while pending:
        reached = pending.pop(0)
        if reached in seen:
            continue
        seen.add(reached)
        pointer, is_part = reached
        schema = contract.schemas[pointer]
        yield Reached(schema, is_part)
        pending.extend(beside(schema, is_part))
        pending.extend((below, False) for below in _below(schema, items))


def parts(schema: Schema) -> list[str]:
    """The pointers of its ``allOf`` schemas."""
    node = schema.node if isinstance(schema.node, dict) else {}
    listed = node.get("allOf")
    count = len(listed) if isinstance(listed, list) else 0
    return [join(schema.pointer, "allOf", index) for index in range(count)]


def bodies(operations: Iterable[Operation]) -> list[str]:
    """The pointers of the schemas of request bodies, in every media type."""
    media = [each for operation in operations if operation.body for each in operation.body.content]
    return [each.schema for each in media if each.schema is not None]


def beside(schema: Schema, is_part: bool) -> Iterator[tuple[str, bool]]:
    """The schemas that the same value is held against as well, and whether each is a part."""
    if schema.ref is not None:
        yield schema.ref, is_part
    for pointer in schema.branches:
        yield pointer, is_part or bool(schema.properties)
    for pointer in parts(schema):
        yield pointer, True


def _below(schema: Schema, items: bool) -> Iterator[str]:
    """Schemas of what is inside the value."""
    for member in schema.properties:
        yield member.pointer
    if isinstance(schema.additional, str):
        yield schema.additional
    if items and schema.items is not None:
        yield schema.items
