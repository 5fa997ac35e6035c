"""Filters of lists: the parameters that choose items by the member whose name they have."""

from __future__ import annotations

from pydantic import MISSING

from tallystick.contract import Contract, Operation, Parameter, Property
from tallystick.document import Json

from .paging import cuts

_PLAIN = (frozenset({"boolean"}), frozenset({"integer"}), frozenset({"string"}))


def chosen_by(contract: Contract, operation: Operation, parameter: Parameter) -> Property | None:
    """The member of the listed items that has the name and the values of a query parameter.

    OpenAPI says nothing of what a parameter means; only where the words are the same, or the type
    is, and every item has one, is it taken to choose by the member. A default would mean that a
    list chooses even if nobody asks, so that only the words of an enum tell then what is meant.
    """
    shown = items_of(contract, operation)
    member = contract.core(shown).property(parameter.name) if shown else None
    if parameter.location != "query" or member is None or not member.required:
        return None
    asked, there = contract.core(parameter.schema), contract.core(member.pointer)
    if asked.enum:
        values: tuple[Json, ...] = there.enum or ()
        return member if all(each in values for each in asked.enum) else None
    types = asked.types - {"null"}
    alike = types in _PLAIN and there.types - {"null"} == types and there.enum is None
    return member if alike and parameter.default is MISSING and not cuts(parameter) else None


def items_of(contract: Contract, operation: Operation) -> str | None:
    """The schema of the items of a list: the body itself, or its first member that is one."""
    media = operation.success.json if operation.success else None
    if media is None or media.schema is None:
        return None
    core = contract.core(media.schema)
    lists = [core.items, *(contract.core(each.pointer).items for each in core.properties)]
    return next((each for each in lists if each is not None), None)
