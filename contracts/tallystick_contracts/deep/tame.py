"""A drawn body with the document's own samples in place of its scalars: the same shape, no surprise."""

from __future__ import annotations

from tallystick.contract import Operation
from tallystick.document import Json

from ..probes.ground import Ground
from ..probes.samples import Unsatisfiable


def tame(ground: Ground, operation: Operation, body: Json) -> Json:
    """``body`` with the same members present and null, each other scalar a sample of its schema.

    The member that names a created item keeps its value, so that no other item is meant.
    """
    shape, key = ground.shape(operation), ground.key(operation)
    if shape is None:
        return body
    tamed = _tamed(ground, shape.pointer, body)
    if key and isinstance(tamed, dict) and isinstance(body, dict) and key.name in body:
        tamed[key.name] = body[key.name]
    return tamed


def _tamed(ground: Ground, pointer: str, value: Json) -> Json:
    schema = ground.contract.core(pointer)
    if value is None or schema.branches:
        return value
    if isinstance(value, dict):
        members = {name: schema.property(name) for name in value}
        return {
            name: _tamed(ground, member.pointer, value[name]) if member else value[name]
            for name, member in members.items()
        }
    if isinstance(value, list):
        items = schema.items
        return [_tamed(ground, items, each) for each in value] if items else value
    try:
        sample = ground.samples.one(schema.pointer)
    except Unsatisfiable:
        return value
    return value if sample is None else sample
