"""The JSON types that each schema admits, computed over all schemas at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tallystick.contract.records import JSON_TYPES
from tallystick.document import Json, join

Node = Mapping[str, Json]

_TYPE_OF = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}


_LIMITING = frozenset({"$ref", "anyOf", "oneOf", "allOf"})


def admitted(
    nodes: Mapping[str, Node | bool], ref: Callable[[str, Node], str | None]
) -> dict[str, frozenset[str]]:
    """The types by pointer: the smallest sets that agree with every reference and union.

    Schemas may refer to each other in circles, so the sets grow from nothing until none grows
    any more; a node stands before what is below it, hence the reverse order.

    Args:
        nodes: every schema node by pointer, with all that it refers to.
        ref: where the ``$ref`` of a node leads.
    """
    limits = {pointer: _limits(pointer, node, ref) for pointer, node in nodes.items()}
    found = {
        pointer: frozenset[str]() if limits[pointer] else _own(node)
        for pointer, node in nodes.items()
    }
    bound = [(pointer, _own(nodes[pointer])) for pointer in list(nodes)[::-1] if limits[pointer]]
    grown = True
    while grown:
        grown = False
        for pointer, own in bound:
            types = own
            for first, *others in limits[pointer]:
                types &= found[first].union(*(found[each] for each in others))
            if types != found[pointer]:
                grown = True
                found[pointer] = types
    return found


def _limits(
    pointer: str, node: Node | bool, ref: Callable[[str, Node], str | None]
) -> list[list[str]]:
    """The schemas that each say which types are left: one of each list must admit a type."""
    if isinstance(node, bool) or _LIMITING.isdisjoint(node):
        return []
    target = ref(pointer, node)
    found = [] if target is None else [[target]]
    for keyword in ("anyOf", "oneOf"):
        branches = node.get(keyword)
        if isinstance(branches, list) and branches:
            found.append([join(pointer, keyword, index) for index, _ in enumerate(branches)])
    parts = node.get("allOf")
    if isinstance(parts, list):
        found += [[join(pointer, "allOf", index)] for index, _ in enumerate(parts)]
    return found


def _own(node: Node | bool) -> frozenset[str]:
    if isinstance(node, bool):
        return JSON_TYPES if node else frozenset()
    declared = node.get("type")
    if isinstance(declared, str):
        types = frozenset({declared})
    elif isinstance(declared, list):
        types = frozenset(str(each) for each in declared)
    else:
        types = JSON_TYPES
    if "number" in types:
        types |= {"integer"}
    values = enumerated(node)
    if values is not None:
        types &= frozenset(type_of(value) for value in values)
    return types


def type_of(value: Json) -> str:
    """The JSON type of a value; an integral float is an integer (JSON Schema 2020-12, 4.2.3)."""
    if isinstance(value, float) and value.is_integer():
        return "integer"
    return _TYPE_OF[type(value)]


def enumerated(node: Node) -> tuple[Json, ...] | None:
    """The values of ``const`` or ``enum``, where one of them stands."""
    if "const" in node:
        return (node["const"],)
    values = node.get("enum")
    return tuple(values) if isinstance(values, list) else None
