"""What an answer says to a reader: a default left out is there, an undeclared member says nothing."""

from __future__ import annotations

from pydantic import MISSING

from tallystick.contract import Contract
from tallystick.document import Json

DEPTH = 40
"""Containers within containers beyond which a value is read as it stands."""


def reading(contract: Contract, pointer: str, value: Json, depth: int = 0) -> Json:
    """``value``, an answer of the schema at ``pointer``, as its reader is to take it.

    A declared member that is absent and has a default reads as that default (JSON Schema 2020-12,
    Validation 9.2). A member that an object does not declare is dropped where it declares others:
    an open answer may say more, and nothing is promised of that.
    """
    core = contract.core(pointer)
    if depth >= DEPTH or len(core.branches) > 1:
        return value
    if isinstance(value, list) and core.items is not None:
        return [reading(contract, core.items, each, depth + 1) for each in value]
    if not isinstance(value, dict) or not core.properties:
        return value
    found: dict[str, Json] = {}
    for name, inner in value.items():
        member = core.property(name)
        if member is not None:
            found[name] = reading(contract, member.pointer, inner, depth + 1)
        elif isinstance(core.additional, str):
            found[name] = reading(contract, core.additional, inner, depth + 1)
    for member in core.properties:
        if member.name not in found and not member.write_only and member.default is not MISSING:
            found[member.name] = member.default
    return found
