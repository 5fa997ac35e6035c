"""Aliases which contain themselves: through a list or mapping they have a type, else they do not."""

from __future__ import annotations

from collections.abc import Mapping

from tallystick.contract import Contract, Schema
from tallystick.models.objects import is_class


def recursive(contract: Contract) -> frozenset[str]:
    """The named schemas, other than classes, that lead back to themselves through no class."""
    free = _no_classes(contract)
    return _named(
        contract, _circles({each.pointer: [*_in_place(each), *_held(each)] for each in free})
    )


def opaque(contract: Contract) -> frozenset[str]:
    """Those of them that do so in place, with no list or mapping between."""
    free = _no_classes(contract)
    return _named(contract, _circles({each.pointer: _in_place(each) for each in free}))


def _no_classes(contract: Contract) -> list[Schema]:
    return [schema for schema in contract.schemas.values() if not is_class(schema)]


def _named(contract: Contract, pointers: frozenset[str]) -> frozenset[str]:
    return frozenset(each for each in pointers if contract.schema(each).name is not None)


def _circles(below: Mapping[str, list[str]]) -> frozenset[str]:
    """What is left when every node that leads nowhere, or to which nothing leads, is taken away.

    Those are the nodes on circles, and on ways from one circle to another.
    """
    forth = {node: [each for each in needs if each in below] for node, needs in below.items()}
    back: dict[str, list[str]] = {node: [] for node in below}
    for node, needs in forth.items():
        for each in needs:
            back[each].append(node)
    left = set(below)
    for edges, against in ((forth, back), (back, forth)):
        count = {node: sum(each in left for each in edges[node]) for node in left}
        ends = [node for node in left if not count[node]]
        while ends:
            node = ends.pop()
            left.discard(node)
            for each in against[node]:
                if each in left:
                    count[each] -= 1
                    ends += [] if count[each] else [each]
    return frozenset(left)


def _held(schema: Schema) -> list[str]:
    additional = [schema.additional] if isinstance(schema.additional, str) else []
    return [*additional, *([] if schema.items is None else [schema.items])]


def _in_place(schema: Schema) -> list[str]:
    return [*([] if schema.ref is None else [schema.ref]), *schema.branches, *schema.parts]
