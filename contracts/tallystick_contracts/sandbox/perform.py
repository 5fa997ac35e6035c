"""What a call comes to: create, list, retrieve, update, replace, delete, or a plain answer.

Each function reads a store and returns an effect; nothing is changed until that is committed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from pydantic import MISSING

from tallystick.contract import Resource
from tallystick.document import Json
from tallystick.document.record import canonical

from .complete import Ground
from .merge import Merger
from .parameters import typed
from .records import Call, Effect, Item, Plan, Reply, Role, Version
from .refusal import Refusal
from .world import Store, World


def perform(world: World, store: Store, call: Call) -> Effect:
    """The effect of a call whose form is right.

    Raises:
        Refusal: 404 where something that the path names does not exist, 409 where a create
            names what does.
    """
    plan = planned(call)
    for lookup in plan.lookups:
        text = call.arguments[lookup.parameter]
        if lookup.resource is None:
            exists = not lookup.given or text in lookup.given
        else:
            parents = _parents(lookup.resource, call)
            exists = find(world, store, lookup.resource, lookup.given, parents, text) is not None
        if not exists:
            raise Refusal(404, f"there is nothing of this {lookup.parameter}")
    return _ROLES[plan.role](world, store, call)


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
        return _first(world, resource, parents, key)
    return item if item is not None and item.versions else None


def complete(world: World, call: Call, key: str) -> dict[str, Json]:
    """The item that a create or a replace stores under ``key``."""
    plan, given = planned(call), body(call)
    resource = cast(Resource, plan.resource)
    if plan.stored is None:
        return dict(given)
    parents = _parents(resource, call)
    ground = Ground(
        identity(resource, parents, key), _known(world, resource, plan.stored, parents, key)
    )
    return world.shapes.complete(given, plan.body, plan.stored, ground)


def merge(world: World, call: Call, stored: dict[str, Json]) -> dict[str, Json]:
    """The item that an update makes of the stored one."""
    plan, given = planned(call), body(call)
    resource = cast(Resource, plan.resource)
    if plan.stored is None or plan.body is None:
        return {**stored, **given}
    ground = Ground(identity(resource, _parents(resource, call), _key(call)))
    merger = Merger(world.contract, world.shapes, world.samples)
    return merger.merge(stored, given, plan.body, plan.stored, ground)


def body(call: Call) -> Mapping[str, Json]:
    """The members of the body; none where it is no object."""
    return call.value if isinstance(call.value, dict) else {}


def identity(resource: Resource, parents: tuple[str, ...], key: str) -> str:
    """One text an item, different for each."""
    return "\x00".join((resource.collection, *parents, key))


def same(one: Json, other: Json) -> bool:
    """Whether two values are equal as JSON: ``1`` is ``1.0`` and is not ``true``."""
    return one == other and canonical(one) == canonical(other)


def shown(world: World, call: Call, item: Mapping[str, Json]) -> Reply:
    """The answer that shows an item in the schema with which the operation answers."""
    plan = planned(call)
    if plan.media is None or plan.media.schema is None:
        return plain(world, call)
    return Reply(plan.status, _view(world, plan, item, plan.media.schema), plan.media.media_type)


def plain(world: World, call: Call) -> Reply:
    """A valid answer of an operation that shows no item."""
    plan = planned(call)
    if plan.media is None:
        return Reply(plan.status)
    schema, media_type = plan.media.schema, plan.media.media_type
    if plan.operation.success is None or plan.media is not plan.operation.success.json:
        raw = b"sandbox" if media_type.startswith("text/") else b""
        return Reply(plan.status, media_type=media_type, raw=raw)
    if schema is None:
        return Reply(plan.status, {}, media_type)
    if world.contract.core(schema).properties:
        told = world.shapes.complete(body(call), plan.body, schema, Ground(call.path))
        if world.validators.admits(schema, told):
            return Reply(plan.status, told, media_type)
    return Reply(plan.status, world.samples.value(schema, call.path), media_type)


def outcome(world: World, call: Call, changed: bool) -> Json:
    """What an update says that does not answer with the item.

    The word of the outcome note; truth in every boolean, for it went well; a sentence in a
    message; the rest as the item has it, else by default or made up.
    """
    plan = planned(call)
    schema = plan.media.schema if plan.media else None
    if schema is None:
        return {}
    told = world.samples.value(schema, call.path)
    if not isinstance(told, dict):
        return told
    for member in world.contract.core(schema).properties:
        word: Json | MISSING = MISSING
        if world.contract.schema(member.pointer).types == frozenset({"boolean"}):
            word = True
        elif member.name in ("message", "detail"):
            word = "The update is accepted." if changed else "Nothing to update."
        note = plan.operation.outcome
        if note is not None and member.name == note.member:
            words = note.accepted if changed else note.unchanged
            word = words[0] if words else MISSING
        if word is not MISSING and world.validators.admits(member.pointer, word):
            told[member.name] = word
    return told


def _create(world: World, store: Store, call: Call) -> Effect:
    plan = planned(call)
    resource = cast(Resource, plan.resource)
    parents = _parents(resource, call)
    key = _new_key(world, store, call)
    if find(world, store, resource, plan.initial, parents, key) is not None:
        raise Refusal(409, "something of this name exists")
    value = world.behaviour.complete(world, call, key)
    item = Item(resource.collection, parents, key, (Version(world.clock(), value),))
    return Effect(shown(world, call, value), (item,))


def _retrieve(world: World, store: Store, call: Call) -> Effect:
    return Effect(shown(world, call, _item(world, store, call).seen(world.clock())))


def _list(world: World, store: Store, call: Call) -> Effect:
    plan = planned(call)
    resource = cast(Resource, plan.resource)
    parents, now = _parents(resource, call), world.clock()
    stored = {each.key: each for each in store.items(resource.collection, parents)}
    first = [_first(world, resource, parents, key) for key in sorted(plan.initial - stored.keys())]
    items = [each.seen(now) for each in (*first, *stored.values()) if each.versions]
    schema = plan.media.schema if plan.media else None
    if schema is None or plan.media is None:
        return Effect(plain(world, call))
    return Effect(Reply(plan.status, _listed(world, call, schema, items), plan.media.media_type))


def _listed(world: World, call: Call, schema: str, items: list[dict[str, Json]]) -> Json:
    """The items as an array, or in the member of an object that holds an array of objects."""
    plan, core = planned(call), world.contract.core(schema)
    if core.items:
        each = core.items
        return [_view(world, plan, item, each) for item in items]
    told = world.samples.value(schema, call.path)
    if isinstance(told, dict):
        for member in core.properties:
            inner = world.contract.core(member.pointer).items
            if inner and "object" in world.contract.schema(inner).types:
                told[member.name] = [_view(world, plan, item, inner) for item in items]
                break
    return told


def _update(world: World, store: Store, call: Call) -> Effect:
    plan, item = planned(call), _item(world, store, call)
    before = item.latest
    after = world.behaviour.merge(world, call, before)
    changed = not same(before, after)
    schema = plan.media.schema if plan.media else None
    if schema is not None and _shows_item(world, plan, schema):
        reply = shown(world, call, after)
    elif schema is None or plan.media is None:
        reply = plain(world, call)
    else:
        told = world.behaviour.outcome(world, call, changed)
        reply = Reply(plan.status, told, plan.media.media_type)
    return Effect(reply, (_next(world, plan, item, after),) if changed else ())


def _replace(world: World, store: Store, call: Call) -> Effect:
    """PUT: the item anew; what no request can set stays as it was."""
    plan, item = planned(call), _item(world, store, call)
    after = dict(world.behaviour.complete(world, call, item.key))
    if plan.stored is not None:
        paired = world.shapes.paired(plan.body, world.contract.core(plan.stored))
        after |= {name: value for name, value in item.latest.items() if name not in paired}
    resource = cast(Resource, plan.resource)
    if resource.key and resource.key in item.latest:
        after[resource.key] = item.latest[resource.key]
    return Effect(shown(world, call, after), (_next(world, plan, item, after),))


def _delete(world: World, store: Store, call: Call) -> Effect:
    item = _item(world, store, call)
    gone = Item(item.collection, item.parents, item.key, ())
    plan = planned(call)
    if plan.media is None or plan.media.schema is None:
        return Effect(plain(world, call), (gone,))
    if _shows_item(world, plan, plan.media.schema):
        return Effect(shown(world, call, item.latest), (gone,))
    told = outcome(world, call, True)
    return Effect(Reply(plan.status, told, plan.media.media_type), (gone,))


def _other(world: World, store: Store, call: Call) -> Effect:
    return Effect(plain(world, call))


def _item(world: World, store: Store, call: Call) -> Item:
    """The item that the path names."""
    plan = planned(call)
    resource = cast(Resource, plan.resource)
    item = find(world, store, resource, plan.initial, _parents(resource, call), _key(call))
    if item is None:
        raise Refusal(404, f"there is nothing of this {resource.parameter}")
    return item


def _next(world: World, plan: Plan, item: Item, value: dict[str, Json]) -> Item:
    """An item with one more state, seen at once or after the delay of an asynchronous update."""
    now = world.clock()
    since = now + world.delay if plan.operation.poll else now
    past = [each for each in item.versions if each.since <= now][-1:]
    coming = [each for each in item.versions if each.since > now]
    # A later state is never seen before an earlier one, whatever the clock does.
    since = max([since, *(each.since for each in coming)])
    kept = (*past, *coming) or item.versions[-1:]
    return Item(item.collection, item.parents, item.key, (*kept, Version(since, value)))


def _first(world: World, resource: Resource, parents: tuple[str, ...], key: str) -> Item:
    """An item that exists from the start, as if created with its key alone."""
    create = next(
        (plan for plan in _plans(world) if plan.resource is resource and plan.role == "create"),
        None,
    )
    any_plan = create or next(plan for plan in _plans(world) if plan.resource is resource)
    value: dict[str, Json] = {}
    if any_plan.stored is not None:
        known = _known(world, resource, any_plan.stored, parents, key)
        ground = Ground(identity(resource, parents, key), known)
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


def _known(
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


def _view(world: World, plan: Plan, item: Mapping[str, Json], schema: str) -> Json:
    """An item of the stored schema shown in another one."""
    if plan.stored is None or world.contract.core(plan.stored) is world.contract.core(schema):
        return dict(item)
    if not world.contract.core(schema).properties:
        return world.samples.value(schema, str(item))
    told = world.shapes.complete(item, plan.stored, schema, Ground(plan.operation.path))
    return told


def _shows_item(world: World, plan: Plan, schema: str) -> bool:
    return plan.stored is not None and world.contract.core(plan.stored) is world.contract.core(
        schema
    )


def _new_key(world: World, store: Store, call: Call) -> str:
    """The key that a create names, else one that only the server can know."""
    plan = planned(call)
    resource = cast(Resource, plan.resource)
    parents = _parents(resource, call)
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


def _parents(resource: Resource, call: Call) -> tuple[str, ...]:
    return tuple(call.arguments[name] for name in resource.parents)


def _key(call: Call) -> str:
    resource = cast(Resource, planned(call).resource)
    return call.arguments[cast(str, resource.parameter)]


_ROLES: Mapping[Role, Callable[[World, Store, Call], Effect]] = {
    "create": _create,
    "list": _list,
    "retrieve": _retrieve,
    "update": _update,
    "replace": _replace,
    "delete": _delete,
    "other": _other,
}
