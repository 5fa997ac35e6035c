"""What careless servers do with a call that is to be stored or looked up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tallystick.document import Json

from ..complete import Ground
from ..items import planned
from ..records import Call, Effect, Item
from ..refusal import Refusal
from ..showing import shown
from ..world import Perform, Store, World
from .edits import table


class Blind:
    """A store in which some items are not seen, or others are."""

    def __init__(
        self, store: Store, get: Callable[[str, tuple[str, ...], str], Item | None]
    ) -> None:
        self._store = store
        self._get = get
        self.lock = store.lock

    def get(self, collection: str, parents: tuple[str, ...], key: str) -> Item | None:
        """As it is bent."""
        return self._get(collection, parents, key)

    def items(self, collection: str, parents: tuple[str, ...]) -> tuple[Item, ...]:
        """As they are."""
        return self._store.items(collection, parents)

    def commit(self, changes: tuple[Item, ...]) -> None:
        """As it is."""
        self._store.commit(changes)

    def close(self) -> None:
        """As it is."""
        self._store.close()


def _nobody(collection: str, parents: tuple[str, ...], key: str) -> Item | None:
    return None


def overwrite(perform: Perform, world: World, store: Store, call: Call) -> Effect:
    plan = planned(call)
    free = replace(call, plan=replace(plan, initial=frozenset()))
    return perform(world, Blind(store, _nobody), free)


def answer_old(perform: Perform, world: World, store: Store, call: Call) -> Effect:
    plan = planned(call)
    try:
        return perform(world, store, call)
    except Refusal as refusal:
        if refusal.status != 409 or plan.resource is None:
            raise
        key = str(table(call.value).get(plan.resource.key or ""))
        parents = tuple(call.arguments[name] for name in plan.resource.parents)
        item = store.get(plan.resource.collection, parents, key)
        if item is None:
            raise
        return Effect(shown(world, call, item.latest))


def not_stored(perform: Perform, world: World, store: Store, call: Call) -> Effect:
    return replace(perform(world, store, call), changes=())


def stored_wrong(perform: Perform, world: World, store: Store, call: Call) -> Effect:
    """The answer shows what was given; what is stored is as if nothing had been."""
    effect = perform(world, store, call)
    plan = planned(call)
    if plan.stored is None or plan.resource is None or not effect.changes:
        return effect
    named = (
        {plan.resource.key: table(call.value).get(plan.resource.key)} if plan.resource.key else {}
    )
    bare: dict[str, Json] = {name: value for name, value in named.items() if value is not None}
    item = effect.changes[0]
    value = world.behaviour.complete(world, replace(call, value=bare), item.key)
    version = replace(item.versions[0], value=value)
    return replace(effect, changes=(replace(item, versions=(version,)),))


def shared(perform: Perform, world: World, store: Store, call: Call) -> Effect:
    """Every item is also created under every other given parent."""
    effect = perform(world, store, call)
    lookups = planned(call).lookups
    if not effect.changes or not lookups:
        return effect
    item = effect.changes[0]
    copies = [
        replace(item, parents=(other, *item.parents[1:]))
        for other in sorted(lookups[0].given)
        if item.parents and other != item.parents[0]
    ]
    return replace(effect, changes=(item, *copies))


def misses_last(perform: Perform, world: World, store: Store, call: Call) -> Effect:
    return _listing(
        perform(world, store, call), lambda items: items[:-1] if len(items) > 1 else items
    )


def twice(perform: Perform, world: World, store: Store, call: Call) -> Effect:
    return _listing(perform(world, store, call), lambda items: [*items, *items[-1:]])


def _listing(effect: Effect, bend: Callable[[list[Json]], list[Json]]) -> Effect:
    value = effect.reply.value
    if isinstance(value, list):
        return replace(effect, reply=replace(effect.reply, value=bend(value)))
    if isinstance(value, dict):
        bent = {
            name: bend(each) if isinstance(each, list) else each for name, each in value.items()
        }
        return replace(effect, reply=replace(effect.reply, value=bent))
    return effect


def fabricate(perform: Perform, world: World, store: Store, call: Call) -> Effect:
    """An unknown item is made up instead of refused."""
    plan = planned(call)
    try:
        return perform(world, store, call)
    except Refusal as refusal:
        parents = [each for each in plan.lookups if each.resource is None]
        unknown = any(
            each.given and call.arguments[each.parameter] not in each.given for each in parents
        )
        if refusal.status != 404 or unknown or plan.stored is None or plan.resource is None:
            raise
        known = dict(call.arguments)
        made = world.shapes.complete({}, None, plan.stored, Ground(call.path))
        if plan.resource.key and plan.resource.parameter:
            made[plan.resource.key] = known[plan.resource.parameter]
        return Effect(shown(world, call, made))


def upsert(perform: Perform, world: World, store: Store, call: Call) -> Effect:
    """An update of an unknown item creates it."""
    plan = planned(call)
    try:
        return perform(world, store, call)
    except Refusal as refusal:
        parents = [each for each in plan.lookups if each.resource is None]
        unknown = any(
            each.given and call.arguments[each.parameter] not in each.given for each in parents
        )
        if (
            refusal.status != 404
            or unknown
            or plan.resource is None
            or plan.resource.parameter is None
        ):
            raise
        key = frozenset({call.arguments[plan.resource.parameter]})
        lookups = tuple(
            replace(each, given=each.given | key) if each.resource is plan.resource else each
            for each in plan.lookups
        )
        there = replace(plan, initial=plan.initial | key, lookups=lookups)
        return perform(world, store, replace(call, plan=there))


def any_parent(perform: Perform, world: World, store: Store, call: Call) -> Effect:
    plan = planned(call)
    free = tuple(each for each in plan.lookups if each.resource is not None)
    return perform(world, store, replace(call, plan=replace(plan, lookups=free)))


def take_reserved(perform: Perform, world: World, store: Store, call: Call) -> Effect:
    plan = planned(call)
    return perform(world, store, replace(call, plan=replace(plan, initial=frozenset())))


def keep_deleted(perform: Perform, world: World, store: Store, call: Call) -> Effect:
    return replace(perform(world, store, call), changes=())


def same_second(perform: Perform, world: World, store: Store, call: Call) -> Effect:
    """A create is stored under its name in lower case."""
    effect = perform(world, store, call)
    lowered = tuple(replace(each, key=each.key.lower()) for each in effect.changes)
    return replace(effect, changes=lowered)
