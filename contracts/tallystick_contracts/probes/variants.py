"""A body that is one of several objects, told apart by a tag: the one that a run tries."""

from __future__ import annotations

from tallystick.contract import Contract
from tallystick.document import Json


def variant(contract: Contract, pointer: str, seed: int) -> str:
    """The schema of a body, or of one variant where it is a union of tagged objects.

    A union is tagged where every branch is an object and requires a member of the same name that
    admits one text only, another in each branch: what breaks one branch then fits no other. Other
    seeds try other variants, the one with the most members first.

    Args:
        contract: where the schemas stand.
        pointer: the schema of the body.
        seed: of the run.
    """
    union = contract.core(pointer)
    branches = [contract.core(each) for each in union.branches]
    if len(branches) < 2 or any(each.types != frozenset({"object"}) for each in branches):
        return pointer
    tags = [_tags(contract, each.pointer) for each in branches]
    shared = [name for name in tags[0] if all(name in each for each in tags)]
    if not any(len({str(each[name]) for each in tags}) == len(branches) for name in shared):
        return pointer
    branches.sort(key=lambda each: -len(each.properties))
    return branches[(seed - 1) % len(branches)].pointer


def _tags(contract: Contract, pointer: str) -> dict[str, Json]:
    """The required members that admit one text only, with that text."""
    found: dict[str, Json] = {}
    for member in contract.core(pointer).properties:
        core = contract.core(member.pointer)
        node = core.node if isinstance(core.node, dict) else {}
        values = core.enum if core.enum is not None else (node.get("const"),)
        if member.required and len(values) == 1 and isinstance(values[0], str):
            found[member.name] = values[0]
    return found
