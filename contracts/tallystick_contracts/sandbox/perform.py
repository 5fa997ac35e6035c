"""What a call comes to: create, list, retrieve, update, replace, delete, or a plain answer.

Each function reads a store and returns an effect; nothing is changed until that is committed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from tallystick.contract import Resource, is_merge_patch
from tallystick.document import Json

from .complete import Ground
from .items import (
    body,
    find,
    first,
    identity,
    key_of,
    known,
    named,
    new_key,
    next_state,
    parents_of,
    planned,
    same,
)
from .merge import Merger
from .records import Call, Effect, Item, Reply, Role, Version
from .refusal import Refusal
from .showing import listed, outcome, plain, shown, shows_item
from .tags import require_match
from .world import Store, World


def perform(world: World, store: Store, call: Call) -> Effect:
    """The effect of a call whose form is right.

    Raises:
        Refusal: 404 where something that the path names does not exist, 409 where a create
            names what does, 412 where it is meant for another state.
    """
    plan = planned(call)
    for lookup in plan.lookups:
        text = call.arguments[lookup.parameter]
        if lookup.resource is None:
            exists = not lookup.given or text in lookup.given
        else:
            parents = parents_of(lookup.resource, call)
            exists = find(world, store, lookup.resource, lookup.given, parents, text) is not None
        if not exists:
            raise Refusal(404, f"there is nothing of this {lookup.parameter}")
    require_match(world, store, call)
    return _ROLES[plan.role](world, store, call)


def complete(world: World, call: Call, key: str) -> dict[str, Json]:
    """The item that a create or a replace stores under ``key``."""
    plan, given = planned(call), body(call)
    resource = cast(Resource, plan.resource)
    if plan.stored is None:
        return dict(given)
    parents = parents_of(resource, call)
    ground = Ground(
        identity(resource, parents, key), known(world, resource, plan.stored, parents, key)
    )
    return world.shapes.complete(given, plan.body, plan.stored, ground)


def merge(world: World, call: Call, stored: dict[str, Json]) -> dict[str, Json]:
    """The item that an update makes of the stored one."""
    plan, given = planned(call), body(call)
    if plan.stored is None or plan.body is None:
        return {**stored, **given}
    resource = plan.resource
    one = identity(resource, parents_of(resource, call), key_of(call)) if resource else call.path
    ground = Ground(one)
    media = plan.operation.body.json if plan.operation.body else None
    patch = media is not None and is_merge_patch(media.media_type)
    merger = Merger(world.contract, world.shapes, world.samples, patch)
    return merger.merge(stored, given, plan.body, plan.stored, ground)


def _create(world: World, store: Store, call: Call) -> Effect:
    plan = planned(call)
    resource = cast(Resource, plan.resource)
    parents = parents_of(resource, call)
    key = new_key(world, store, call)
    if find(world, store, resource, plan.initial, parents, key) is not None:
        raise Refusal(409, "something of this name exists")
    value = world.behaviour.complete(world, call, key)
    item = Item(resource.collection, parents, key, (Version(world.clock(), value),))
    return Effect(shown(world, call, value), (item,))


def _retrieve(world: World, store: Store, call: Call) -> Effect:
    return Effect(shown(world, call, named(world, store, call).seen(world.clock())))


def _list(world: World, store: Store, call: Call) -> Effect:
    plan = planned(call)
    resource = cast(Resource, plan.resource)
    parents, now = parents_of(resource, call), world.clock()
    stored = {each.key: each for each in store.items(resource.collection, parents)}
    there = [first(world, resource, parents, key) for key in sorted(plan.initial - stored.keys())]
    items = [each.seen(now) for each in (*there, *stored.values()) if each.versions]
    schema = plan.media.schema if plan.media else None
    if schema is None or plan.media is None:
        return Effect(plain(world, call))
    return Effect(Reply(plan.status, listed(world, call, schema, items), plan.media.media_type))


def _update(world: World, store: Store, call: Call) -> Effect:
    plan, item = planned(call), named(world, store, call)
    before = item.latest
    after = world.behaviour.merge(world, call, before)
    changed = not same(before, after)
    schema = plan.media.schema if plan.media else None
    if schema is not None and shows_item(world, plan, schema):
        reply = shown(world, call, after)
    elif schema is None or plan.media is None:
        reply = plain(world, call)
    else:
        told = world.behaviour.outcome(world, call, changed)
        reply = Reply(plan.status, told, plan.media.media_type)
    return Effect(reply, (next_state(world, plan, item, after),) if changed else ())


def _replace(world: World, store: Store, call: Call) -> Effect:
    """PUT: the item anew; what no request can set stays as it was."""
    plan, item = planned(call), named(world, store, call)
    after = dict(world.behaviour.complete(world, call, item.key))
    if plan.stored is not None:
        settable = world.shapes.settable(plan.body, world.contract.core(plan.stored))
        after |= {name: value for name, value in item.latest.items() if name not in settable}
    resource = cast(Resource, plan.resource)
    if resource.key and resource.key in item.latest:
        after[resource.key] = item.latest[resource.key]
    return Effect(shown(world, call, after), (next_state(world, plan, item, after),))


def _delete(world: World, store: Store, call: Call) -> Effect:
    item = named(world, store, call)
    gone = Item(item.collection, item.parents, item.key, ())
    plan = planned(call)
    if plan.media is None or plan.media.schema is None:
        return Effect(plain(world, call), (gone,))
    if shows_item(world, plan, plan.media.schema):
        return Effect(shown(world, call, item.latest), (gone,))
    told = outcome(world, call, True)
    return Effect(Reply(plan.status, told, plan.media.media_type), (gone,))


def _other(world: World, store: Store, call: Call) -> Effect:
    """A plain answer; but what an answer tells of, "unchanged" or not, is kept without any read."""
    plan = planned(call)
    if not plan.remembers or plan.media is None:
        return Effect(plain(world, call))
    place = plan.operation.path, tuple(call.arguments.values()), ""
    item = store.get(*place) or Item(*place, (Version(world.clock(), {}),))
    after = world.behaviour.merge(world, call, item.latest)
    changed = not same(item.latest, after)
    told = world.behaviour.outcome(world, call, changed)
    kept = (next_state(world, plan, item, after),) if changed else ()
    return Effect(Reply(plan.status, told, plan.media.media_type), kept)


_ROLES: Mapping[Role, Callable[[World, Store, Call], Effect]] = {
    "create": _create,
    "list": _list,
    "retrieve": _retrieve,
    "update": _update,
    "replace": _replace,
    "delete": _delete,
    "other": _other,
}
