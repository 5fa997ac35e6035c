"""Lints of objects: which members they know."""

from __future__ import annotations

from collections.abc import Iterator

from ..contract import Contract, Schema
from ..document import join, split
from .reach import bodies, parts, reach
from .records import Spot

_OPENNESS = ("additionalProperties", "unevaluatedProperties", "patternProperties", "propertyNames")
_COMPOSING = frozenset({"allOf", "anyOf", "oneOf"})
_CONDITIONAL = frozenset({"not", "if", "then", "else"})


def misspelt_members(contract: Contract) -> Iterator[Spot]:
    """Objects in request bodies that accept, and so ignore, a misspelt member."""
    for reached in reach(contract, bodies(contract.operations), items=True):
        schema = reached.schema
        if reached.is_part or not schema.properties or _says_openness(contract, schema):
            continue
        name = schema.name or "the object"
        yield Spot(schema.pointer, f"{name} is sent in a request and accepts misspelt members")


def required_unknown(contract: Contract) -> Iterator[Spot]:
    """Names in ``required`` for which no property is declared."""
    for schema in contract.schemas.values():
        node = schema.node
        if not isinstance(node, dict) or not schema.properties or _is_part(schema.pointer):
            continue
        if schema.branches or "patternProperties" in node or isinstance(schema.additional, str):
            continue
        required = node.get("required")
        declared = {member.name for member in schema.properties}
        for index, name in enumerate(required if isinstance(required, list) else ()):
            if isinstance(name, str) and name not in declared:
                pointer = join(schema.pointer, "required", index)
                yield Spot(pointer, f"{name!r} is required and not declared")


def _says_openness(contract: Contract, schema: Schema) -> bool:
    """Whether the object, or one that it is composed of, says which other members it takes."""
    pending = [schema]
    seen: set[str] = set()
    while pending:
        part = pending.pop()
        if part.pointer in seen:
            continue
        seen.add(part.pointer)
        if isinstance(part.node, dict) and any(keyword in part.node for keyword in _OPENNESS):
            return True
        pending.extend(contract.schema(pointer) for pointer in parts(part))
        if part.ref is not None:
            pending.append(contract.schema(part.ref))
    return False


def _is_part(pointer: str) -> bool:
    """Whether the schema there describes an object together with others."""
    tokens = split(pointer)
    return tokens[-1] in _CONDITIONAL or (len(tokens) > 1 and tokens[-2] in _COMPOSING)
