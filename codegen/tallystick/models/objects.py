"""Object schemas as classes: which become one, which are closed, and what a class cannot say."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping

from tallystick.contract import Contract, Schema
from tallystick.document import Json
from tallystick.models.keywords import IN_PLACE, Node, constraints

_SAID = frozenset({"type", "properties", "required", "additionalProperties", "allOf"})
_NOT_SEEN = IN_PLACE - {"allOf", "$ref"} | {"dependentSchemas", "patternProperties"}


def is_class(schema: Schema) -> bool:
    """Whether a schema becomes a class: a named object with declared members."""
    return schema.name is not None and bool(schema.properties) and "object" in schema.types


def closes(schema: Schema) -> bool:
    """Whether the class refuses unknown members.

    Not so where other keywords may admit members which no class declares.
    """
    node: Node = schema.node if isinstance(schema.node, Mapping) else {}
    if node.get("additionalProperties") is False:
        return "patternProperties" not in node
    return schema.closed and not (_NOT_SEEN & node.keys()) and "$ref" not in node


def additional(schema: Schema) -> str | None:
    """The pointer of the schema of every undeclared member, if there is one for all."""
    patterned = isinstance(schema.node, Mapping) and "patternProperties" in schema.node
    return schema.additional if isinstance(schema.additional, str) and not patterned else None


def parts(contract: Contract, schema: Schema) -> list[str]:
    """The schemas that ``allOf`` joins into a class, at any depth."""
    found: dict[str, None] = {}
    pending = deque([schema.pointer])
    while pending:
        part = contract.schema(pending.popleft())
        if part.pointer in found:
            continue
        found[part.pointer] = None
        pending += [part.ref] if part.ref and part.pointer != schema.pointer else []
        pending += part.parts
    return list(found)[1:]


def unsaid(contract: Contract, schema: Schema) -> Iterator[tuple[str, str]]:
    """Pointer and keyword of what the class of ``schema`` does not say."""
    joined = parts(contract, schema)
    declared = {member.name for member in schema.properties}
    simple = closes(schema) and not any(_NOT_SEEN & _node(contract, part).keys() for part in joined)
    for pointer in (schema.pointer, *joined):
        node = _node(contract, pointer)
        if contract.schema(pointer).node is False:
            yield pointer, ""
        known = _SAID | {"$ref"} if pointer != schema.pointer else _SAID
        closing = pointer == schema.pointer and simple
        if node.get("unevaluatedProperties", True) is True or (
            closing and node["unevaluatedProperties"] is False
        ):
            known |= {"unevaluatedProperties"}
        for keyword in sorted(constraints(node) - known):
            yield pointer, keyword
        if not _names(node.get("required")) <= declared:
            yield pointer, "required"
        own = _names(node.get("properties"))
        if node.get("additionalProperties", True) is not True and (
            own != declared or pointer != schema.pointer
        ):
            yield pointer, "additionalProperties"
    yield from _twice(contract, (schema.pointer, *joined))


def _twice(contract: Contract, pointers: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Members that several parts declare: the class has the type of the first."""
    each = {pointer: _names(_node(contract, pointer).get("properties")) for pointer in pointers}
    counted = Counter(name for names in each.values() for name in names)
    for pointer, names in each.items():
        if any(counted[name] > 1 for name in names):
            yield pointer, "properties"


def _names(value: Json) -> set[str]:
    return {str(each) for each in value} if isinstance(value, list | dict) else set()


def _node(contract: Contract, pointer: str) -> Node:
    node = contract.schema(pointer).node
    return node if isinstance(node, Mapping) else {}
