"""Filters of lists: the parameters that choose items by the member whose name they have."""

from __future__ import annotations

from tallystick.contract import Contract, Operation, Parameter, Property
from tallystick.document import Json


def chosen_by(contract: Contract, operation: Operation, parameter: Parameter) -> Property | None:
    """The member of the listed items that has the name and the enum of a query parameter.

    OpenAPI says nothing of what a parameter means; only where the words are the same, and every
    item has one, is it taken to choose by the member.
    """
    words = contract.core(parameter.schema).enum
    shown = items_of(contract, operation)
    member = contract.core(shown).property(parameter.name) if shown else None
    if parameter.location != "query" or not words or member is None or not member.required:
        return None
    values: tuple[Json, ...] = contract.core(member.pointer).enum or ()
    return member if all(each in values for each in words) else None


def items_of(contract: Contract, operation: Operation) -> str | None:
    """The schema of the items of a list: the body itself, or its first member that is one."""
    media = operation.success.json if operation.success else None
    if media is None or media.schema is None:
        return None
    core = contract.core(media.schema)
    lists = [core.items, *(contract.core(each.pointer).items for each in core.properties)]
    return next((each for each in lists if each is not None), None)
