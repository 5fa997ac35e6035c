"""Where in a contract, and where in an item, a fault can show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pydantic import MISSING

from tallystick.contract import Contract, Property, Schema
from tallystick.document import Json

from ...mirror import ITEM, Mirror, mirrors
from ..complete import said
from ..fault import Need, needs
from ..plans import plans
from ..records import Plan

Applies = Callable[[Contract], bool]
Roles = tuple[str, ...]

WRITES: Roles = ("create", "update", "replace")
READS: Roles = ("create", "retrieve", "list")


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of a stored item, and what the request said of it."""

    holder: dict[str, Json]
    name: str
    given: Json | MISSING


def spots(mirror: Mirror, body: Json, item: Json) -> Iterator[Spot]:
    """The places of ``item`` that mirror one place of ``body``, items of arrays one by one."""
    yield from _spots(mirror.request, mirror.response, body, item)


def _spots(
    sent: tuple[str, ...], shown: tuple[str, ...], body: Json | MISSING, item: Json | MISSING
) -> Iterator[Spot]:
    if not shown or not sent:
        return
    if shown[0] == ITEM:
        given = body if isinstance(body, list) else []
        for index, each in enumerate(item if isinstance(item, list) else []):
            one: Json | MISSING = given[index] if index < len(given) else MISSING
            yield from _spots(sent[1:], shown[1:], one, each)
        return
    if not isinstance(item, dict):
        return
    inside: dict[str, Json] = item
    below = said(body, sent[0]) if isinstance(body, dict) else MISSING
    first, *rest = shown
    if len(sent) == 1 and len(rest) == 1 and rest[0] != ITEM:
        inner = inside.get(first)
        inside, first, rest = (inner if isinstance(inner, dict) else {}), rest[0], []
    if rest:
        yield from _spots(sent[1:], tuple(rest), below, said(inside, first))
    elif first in inside:
        yield Spot(inside, first, below)


def mirrored(contract: Contract, plan: Plan) -> tuple[Mirror, ...]:
    """What the stored item shows of the operation's body."""
    if plan.body is None or plan.stored is None:
        return ()
    return mirrors(contract, plan.body, plan.stored)


def planned(contract: Contract, roles: Iterable[str]) -> list[Plan]:
    """The plans of the operations in these roles."""
    wanted = set(roles)
    return [plan for plan in plans(contract).values() if plan.role in wanted]


def has_role(*roles: str) -> Applies:
    """Whether the contract has an operation in one of these roles."""
    return Need(_either(roles), lambda contract: bool(planned(contract, roles)))


def readable(*roles: str) -> Applies:
    """Whether an item that an operation in one of these roles changes can be read back."""

    @needs(f"{_either(roles)} of an item that can be read back")
    def applies(contract: Contract) -> bool:
        for plan in planned(contract, roles):
            resource = plan.resource
            if resource and (resource.retrieve or resource.list):
                return True
        return False

    return applies


def some_mirror(
    roles: Roles, wanted: Callable[[Contract, Mirror], bool], of: str = "of that kind"
) -> Applies:
    """Whether in one of these roles there is a mirrored place of which ``wanted`` is true."""
    return Need(
        f"a member {of} in the body of {_either(roles)} which a read shows",
        lambda contract: any(
            wanted(contract, mirror)
            for plan in planned(contract, roles)
            for mirror in mirrored(contract, plan)
        ),
    )


def some_schema(
    roles: Roles, wanted: Callable[[Contract, Schema], bool], of: str = "of that kind"
) -> Applies:
    """Whether some schema in a body of these roles is wanted; the top is not asked for twice."""
    return Need(
        f"a value {of} in the body of {_either(roles)}",
        lambda contract: any(
            wanted(contract, contract.core(each))
            for plan in planned(contract, roles)
            if plan.body
            for each in within(contract, plan.body)
        ),
    )


def some_member(
    roles: Roles, wanted: Callable[[Contract, Property], bool], of: str = "of that kind"
) -> Applies:
    """Whether some member in a body of these roles is wanted."""
    return some_schema(
        roles,
        lambda contract, schema: any(wanted(contract, each) for each in schema.properties),
        f"with a member {of}",
    )


def some_answer(
    roles: Roles, wanted: Callable[[Contract, Property], bool], of: str = "of that kind"
) -> Applies:
    """Whether some member of an answer in these roles is wanted."""
    return Need(
        f"a member {of} in the answer of {_either(roles)}",
        lambda contract: any(
            wanted(contract, member)
            for plan in planned(contract, roles)
            if plan.media and plan.media.schema
            for each in within(contract, plan.media.schema)
            for member in contract.core(each).properties
        ),
    )


def _either(roles: Iterable[str]) -> str:
    *most, last = (each.replace("other", "operation of another kind") for each in roles)
    told = f"{', '.join(most)} or {last}" if most else last
    return f"an {told}" if told[0] in "aeiou" else f"a {told}"


def within(contract: Contract, pointer: str) -> list[str]:
    """The schema at ``pointer`` and those of its members and items, each core once."""
    found: dict[str, str] = {}
    pending = [pointer]
    while pending:
        here = pending.pop()
        core = contract.core(here)
        if core.pointer in found:
            continue
        found[core.pointer] = here
        pending.extend(each.pointer for each in reversed(core.properties))
        pending.extend([core.items] if core.items else [])
    return list(found.values())
