"""Which schemas say one thing in a request and another in an answer.

A required member that is ``readOnly`` is required in answers only, one that is ``writeOnly`` in
requests only (OpenAPI 3.0.4, 4.7.24.2; what 3.1 documents mean by them, too).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tallystick.contract.keys import REQUEST, Keys
from tallystick.contract.reach import Reach
from tallystick.contract.records import Contract, Direction, Operation, Schema
from tallystick.document import Json, join, split
from tallystick.names import RESERVED_CLASSES, Names


def with_views(
    schemas: Mapping[str, Schema],
    reach: Reach,
    operations: Sequence[Operation],
    names: Names,
    keys: Keys,
) -> dict[str, Schema]:
    """``schemas`` with ``direction`` set, and ``request`` for those that need two classes."""
    differing = reach.upward(_one_way(schemas))
    if not differing:
        return dict(schemas)
    asked, answered = reach.downward(_asked(operations)), reach.downward(_answered(operations))
    found: dict[str, Schema] = {}
    for pointer, schema in schemas.items():
        if pointer in differing and pointer in asked and pointer in answered:
            name = None if schema.name is None else f"{schema.name}Request"
            key = f"{REQUEST}{keys.of(pointer)}"
            given = name and names.give(key, name, "classes", RESERVED_CLASSES)
            schema = replace(schema, direction="response", request=given)
        elif pointer in differing and pointer in asked:
            schema = replace(schema, direction="request")
        elif pointer in differing and pointer in answered:
            schema = replace(schema, direction="response")
        found[pointer] = schema
    return found


def _one_way(schemas: Mapping[str, Schema]) -> Iterator[str]:
    for pointer, schema in schemas.items():
        if any(each.required and (each.read_only or each.write_only) for each in schema.properties):
            yield pointer


def _asked(operations: Sequence[Operation]) -> Iterator[str]:
    for operation in operations:
        yield from (parameter.schema for parameter in operation.parameters)
        for media in operation.body.content if operation.body else ():
            yield from (each for each in (media.schema, media.item) if each is not None)


def _answered(operations: Sequence[Operation]) -> Iterator[str]:
    for media in (m for each in operations for answer in each.responses for m in answer.content):
        yield from (each for each in (media.schema, media.item) if each is not None)


def directed(contract: Contract, direction: Direction) -> dict[str, Json]:
    """The document as values of one direction have to fit it: what only the other one requires
    is not required.
    """
    data: Json = contract.document.data
    for pointer, schema in contract.schemas.items():
        required = schema.node.get("required") if isinstance(schema.node, Mapping) else None
        if isinstance(required, list):
            free = {m.name for m in schema.properties if m.required != m.required_in(direction)}
            kept = [name for name in required if name not in free]
            if len(kept) < len(required):
                data = _with(data, split(join(pointer, "required")), kept)
    return data if isinstance(data, dict) else {}


def _with(data: Json, path: Sequence[str], value: Json) -> Json:
    """``data`` with another value at ``path``; the rest is shared."""
    if not path:
        return value
    if isinstance(data, list):
        at = int(path[0])
        return [*data[:at], _with(data[at], path[1:], value), *data[at + 1 :]]
    if isinstance(data, dict):
        return {**data, path[0]: _with(data[path[0]], path[1:], value)}
    return data
