"""Items as careless updates leave them."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

from pydantic import MISSING

from tallystick.document import Json

from ...mirror import Mirror
from ..complete import Ground
from ..items import planned
from ..records import Call
from ..world import World
from .edits import other_value, table
from .places import mirrored, spots

Table = dict[str, Json]


def _fresh(world: World, call: Call) -> Table:
    """The item as if only what the update says had been given."""
    plan = planned(call)
    if plan.stored is None:
        return {}
    ground = Ground(call.path)
    return world.shapes.complete(table(call.value), plan.body, plan.stored, ground)


def _touched(world: World, call: Call) -> set[str]:
    """The members of the item that the update's body speaks of."""
    plan, body = planned(call), table(call.value)
    if plan.stored is None:
        return set(body)
    paired = world.shapes.paired(plan.body, world.contract.core(plan.stored))
    return {name for name, pair in paired.items() if pair.request.name in body}


def _mirrored_names(world: World, call: Call) -> list[str]:
    plan = planned(call)
    return (
        list(world.shapes.paired(plan.body, world.contract.core(plan.stored)))
        if plan.stored
        else []
    )


def replace_nested(world: World, call: Call, before: Table, after: Table) -> Table:
    fresh = _fresh(world, call)
    for name in _touched(world, call):
        if isinstance(after.get(name), dict) and isinstance(table(call.value).get(name), dict):
            after[name] = fresh[name]
    return after


def reset_sibling(world: World, call: Call, before: Table, after: Table) -> Table:
    """One neighbour of a changed member of an object gets another value."""
    body = dict(table(call.value))
    for mirror in mirrored(world.contract, planned(call)):
        for spot in spots(mirror, body, after):
            said = body.get(mirror.request[0])
            if (
                len(mirror.request) == 2
                and spot.given is MISSING
                and isinstance(said, dict)
                and said
                and mirror.comparable
            ):
                spot.holder[spot.name] = _otherwise(world, mirror, spot.holder[spot.name])
                return after
    return after


def _otherwise(world: World, mirror: Mirror, value: Json) -> Json:
    default = mirror.default
    if isinstance(default, bool | int | float | str) and default != value:
        return default
    if value is not None and world.contract.schema(mirror.response_pointer).nullable:
        return None
    other = other_value(world, mirror.response_pointer, value)
    return value if other is None else other


def reset_other(world: World, call: Call, before: Table, after: Table) -> Table:
    """A change of one top-level member resets another that the update does not speak of."""
    touched, fresh = _touched(world, call), _fresh(world, replace(call, value={}))
    for name in _mirrored_names(world, call):
        if touched and name not in touched and name in fresh:
            after[name] = fresh[name]
    return after


def null_absent(world: World, call: Call, before: Table, after: Table) -> Table:
    body = dict(table(call.value))
    for mirror in mirrored(world.contract, planned(call)):
        for spot in spots(mirror, body, after):
            nullable = world.contract.schema(mirror.response_pointer).nullable
            if spot.given is MISSING and nullable and mirror.comparable:
                spot.holder[spot.name] = None
    return after


def reset_absent(world: World, call: Call, before: Table, after: Table) -> Table:
    body = dict(table(call.value))
    for mirror in mirrored(world.contract, planned(call)):
        for spot in spots(mirror, body, after):
            default = mirror.default
            if spot.given is MISSING and isinstance(default, bool | int | float | str):
                spot.holder[spot.name] = default
    return after


def send_defaults(world: World, call: Call, before: Table, after: Table) -> Table:
    """In an object that the update gives, absent members take the defaults of the request."""
    body = dict(table(call.value))
    for mirror in mirrored(world.contract, planned(call)):
        node = world.contract.schema(mirror.request_pointer).node
        default = node.get("default") if isinstance(node, dict) else None
        for spot in spots(mirror, body, after):
            told = _holds(body, mirror.request[:-1])
            if spot.given is MISSING and default is not None and told:
                spot.holder[spot.name] = deepcopy(default)
    return after


def _holds(body: Json, path: tuple[str, ...]) -> bool:
    """Whether the body has an object at this path."""
    for name in path:
        body = body.get(name) if isinstance(body, dict) else None
    return isinstance(body, dict)


def touch_time(world: World, call: Call, before: Table, after: Table) -> Table:
    """A member that no request can set changes with every update."""
    plan, mirrored_names = planned(call), _mirrored_names(world, call)
    key = plan.resource.key if plan.resource else None
    for member in world.contract.core(plan.stored).properties if plan.stored else ():
        taken = {*mirrored_names, key, *call.arguments}
        if member.name not in taken and isinstance(after.get(member.name), str):
            kind = f"{after[member.name]}"
            after[member.name] = world.samples.value(member.pointer, kind, member.name)
            break
    return after


def append(world: World, call: Call, before: Table, after: Table) -> Table:
    for name in _touched(world, call):
        old, new = before.get(name), after.get(name)
        if isinstance(old, list) and isinstance(new, list):
            after[name] = [*old, *new]
    return after
