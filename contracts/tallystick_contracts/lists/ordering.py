"""The order of lists: the words of a sort parameter that name a member of the items."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tallystick.contract import Contract, Operation, Parameter, Property
from tallystick.document import Json

from .filtering import items_of

_SORTS = {"sort", "sortby", "orderby", "ordering", "sortorder", "order"}
_SCALARS = frozenset({"string", "integer", "number"})
_WORD = re.compile(r"([-+]?)(.*?)(?:[:._ -](asc|desc|ascending|descending))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Order:
    """What one word of a sort parameter asks for."""

    member: Property
    """By which member of the items."""
    descending: bool


def orders(contract: Contract, operation: Operation, parameter: Parameter) -> Mapping[str, Order]:
    """By word of a sort parameter: the order that it asks for; empty for any other parameter.

    OpenAPI says nothing of what a parameter means; only a word that is the name of a member that
    every item has, with or without a direction, is taken to ask for that order.
    """
    words = contract.core(parameter.schema).enum
    shown = items_of(contract, operation)
    plain = re.sub(r"[^a-z]", "", parameter.name.lower())
    if parameter.location != "query" or plain not in _SORTS or not words or shown is None:
        return {}
    found: dict[str, Order] = {}
    for word in words:
        order = _order(contract, shown, word)
        if isinstance(word, str) and order is not None:
            found[word] = order
    return found


def _order(contract: Contract, shown: str, word: Json) -> Order | None:
    match = _WORD.fullmatch(word) if isinstance(word, str) else None
    if match is None:
        return None
    sign, name, direction = match.groups()
    member = contract.core(shown).property(name)
    if member is None or not member.required:
        return None
    schema = contract.schema(member.pointer)
    if schema.nullable or not contract.core(member.pointer).types <= _SCALARS:
        return None
    return Order(member, sign == "-" or (direction or "").lower().startswith("desc"))
