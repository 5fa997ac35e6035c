"""Which item a call means: found, from the start, or new; and its next state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from tallystick.contract import Resource
from tallystick.document import Json
from tallystick.document.record import canonical

from .complete import Ground
from .parameters import typed
from .records import Call, Item, Plan, Version
from .refusal import Refusal
from .world import Store, World


def planned(call: Call) -> Plan:
    """The plan of a routed call."""
    assert call.plan is not None, "a call is routed before it is performed"
    return call.plan


def find(
    world: World,
    store: Store,
    resource: Resource,
    initial: frozenset[str],
    parents: tuple[str, ...],
    key: str,
) -> Item | None:
    """An item that exists: one that was stored and not deleted, or one from the start."""
    item = store.get(resource.collection, parents, key)
    if item is None and key in initial:
        return first(world, resource, parents, key)
    return item if item is not None and item.versions else None


def body(call: Call) -> Mapping[str, Json]:
    """The members of the body; none where it is no object."""
    return call.value if isinstance(call.value, dict) else {}


def identity(resource: Resource, parents: tuple[str, ...], key: str) -> str:
    """One text an item, different for each."""
    return "\x00".join((resource.collection, *parents, key))


def same(one: Json, other: Json) -> bool:
    """Whether two values are equal as JSON: ``1`` is ``1.0`` and is not ``true``."""
    return one == other and canonical(one) == canonical(other)


def named(world: World, store: Store, call: Call) -> Item:
    """The item that the path names."""
    plan = planned(call)
    resource = cast(Resource, plan.resource)
    item = find(world, store, resource, plan.initial, parents_of(resource, call), key_of(call))
    if item is None:
        raise Refusal(404, f"there is nothing of this {resource.parameter}")
    return item


def next_state(world: World, plan: Plan, item: Item, value: dict[str, Json]) -> Item:
    """An item with one more state, seen at once or after the delay of an asynchronous update."""
    now = world.clock()
    since = now + world.delay if plan.operation.poll else now
    past = [each for each in item.versions if each.since <= now][-1:]
    coming = [each for each in item.versions if each.since > now]
    # A later state is never seen before an earlier one, whatever the clock does.
    since = max([since, *(each.since for each in coming)])
    kept = (*past, *coming) or item.versions[-1:]
    return Item(item.collection, item.parents, item.key, (*kept, Version(since, value)))


def first(world: World, resource: Resource, parents: tuple[str, ...], key: str) -> Item:
    """An item that exists from the start, as if created with its key alone."""
    create = next(
        (plan for plan in _plans(world) if plan.resource is resource and plan.role == "create"),
        None,
    )
    any_plan = create or next(plan for plan in _plans(world) if plan.resource is resource)
    value: dict[str, Json] = {}
    if any_plan.stored is not None:
        told = known(world, resource, any_plan.stored, parents, key)
        ground = Ground(identity(resource, parents, key), told)
        request = create.body if create else None
        value = world.shapes.complete({}, request, any_plan.stored, ground)
    return Item(resource.collection, parents, key, (Version(0.0, value),))


def _plans(world: World) -> list[Plan]:
    return [
        plan
        for routes in world.routes.values()
        for route in routes
        for plan in route.plans.values()
    ]


def known(
    world: World, resource: Resource, stored: str, parents: tuple[str, ...], key: str
) -> dict[str, Json]:
    """The members of an item that its path says: its parents and its key."""
    core = world.contract.core(stored)
    said = [*zip(resource.parents, parents, strict=True)]
    said += [(resource.key, key)] if resource.key else []
    found: dict[str, Json] = {}
    for name, text in said:
        member = core.property(name)
        if member is not None:
            value = typed(world.contract, member.pointer, text)
            if world.validators.admits(member.pointer, value):
                found[name] = value
    return found


def new_key(world: World, store: Store, call: Call) -> str:
    """The key that a create names, else one that only the server can know."""
    plan = planned(call)
    resource = cast(Resource, plan.resource)
    parents = parents_of(resource, call)
    told = world.contract.core(plan.body).property(resource.key or "") if plan.body else None
    named = body(call).get(resource.key or "") if told is None or not told.read_only else None
    if isinstance(named, str | int | float) and not isinstance(named, bool):
        return _text(named)
    count = len(store.items(resource.collection, parents))
    unique = identity(resource, parents, f"#{count + 1}")
    member = world.contract.core(plan.stored).property(resource.key or "") if plan.stored else None
    made = world.samples.value(member.pointer, unique, member.name) if member else None
    if isinstance(made, str):
        return made
    number = int(made) + count if isinstance(made, int | float) else count + 1
    while str(number) in plan.initial or store.get(resource.collection, parents, str(number)):
        number += 1
    return str(number)


def _text(value: str | float) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def parents_of(resource: Resource, call: Call) -> tuple[str, ...]:
    return tuple(call.arguments[name] for name in resource.parents)


def key_of(call: Call) -> str:
    """The key that the path names; of what there is one of, the empty one."""
    resource = cast(Resource, planned(call).resource)
    return "" if resource.parameter is None else call.arguments[resource.parameter]
