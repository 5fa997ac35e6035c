"""Whether two branches of a ``oneOf`` may accept one value."""

from __future__ import annotations

from collections.abc import Sequence

from tallystick.contract import Contract, Schema
from tallystick.document import Json

_OBJECT = frozenset({"object"})
_STRING = frozenset({"string"})


def overlap(contract: Contract, branches: Sequence[str]) -> bool:
    """Whether two of the schemas may accept one value, as far as types and constants tell."""
    targets = [contract.target(each) for each in branches]
    types = [contract.schema(each).types for each in branches]
    constants = [_constants(contract, each) for each in targets]
    return any(
        types[i] & types[j]
        and not (types[i] & types[j] == _OBJECT and _apart(constants[i], constants[j]))
        and not (types[i] & types[j] == _STRING and _listed_apart(targets[i], targets[j]))
        for i in range(len(branches))
        for j in range(i)
    )


def _constants(contract: Contract, schema: Schema) -> dict[str, set[str]]:
    """The strings which a required member may have, where they are listed."""
    found: dict[str, set[str]] = {}
    for member in schema.properties:
        values = contract.target(member.pointer).enum
        if member.required and values is not None and all(isinstance(each, str) for each in values):
            found[member.name] = {str(each) for each in values}
    return found


def _apart(left: dict[str, set[str]], right: dict[str, set[str]]) -> bool:
    return any(left[name].isdisjoint(right[name]) for name in left.keys() & right.keys())


def _listed_apart(left: Schema, right: Schema) -> bool:
    def strings(values: tuple[Json, ...]) -> set[str]:
        return {each for each in values if isinstance(each, str)}

    if left.enum is None or right.enum is None:
        return False
    return strings(left.enum).isdisjoint(strings(right.enum))
