"""What all query parameters of a list mean together: worked out once for an operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tallystick.contract import Contract, Operation, Property

from .filtering import chosen_by
from .ordering import Order, orders
from .paging import Paging, paging


@dataclass(frozen=True, slots=True)
class Query:
    """What may be asked of a list, each by the name of its parameter."""

    filters: Mapping[str, Property]
    """The member of the items by which a parameter chooses."""
    orders: Mapping[str, Mapping[str, Order]]
    """What each word of a sort parameter asks for."""
    paging: Paging


def query_of(contract: Contract, operation: Operation) -> Query:
    """What the parameters of an operation mean, as far as their names and types tell it."""
    every = operation.parameters
    filters = {each.name: chosen_by(contract, operation, each) for each in every}
    words = {each.name: orders(contract, operation, each) for each in every}
    return Query(
        {name: member for name, member in filters.items() if member is not None},
        {name: told for name, told in words.items() if told},
        paging(contract, operation),
    )
