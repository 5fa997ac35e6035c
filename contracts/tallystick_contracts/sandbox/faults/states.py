"""Faults of state: what is stored, under which parent, and who wins a race."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from tallystick.contract import Contract, Resource
from tallystick.document import Json

from ...verdicts import Law
from ..complete import Ground
from ..fault import Fault
from ..perform import planned, shown
from ..records import Call, Effect, Item, Plan, Reply
from ..refusal import Refusal
from ..world import Behaviour, Perform, Store, World
from .edits import Install, table
from .places import Applies, has_role, readable
from .places import planned as plans_in

PAUSE = 0.03
"""Seconds between the reading and the writing of a careless transaction."""


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


def _around(bend: Callable[[Perform, World, Store, Call], Effect], *roles: str) -> Install:
    def install(correct: Behaviour) -> Behaviour:
        def perform(world: World, store: Store, call: Call) -> Effect:
            if roles and planned(call).role not in roles:
                return correct.perform(world, store, call)
            return bend(correct.perform, world, store, call)

        return replace(correct, perform=perform)

    return install


def _nobody(collection: str, parents: tuple[str, ...], key: str) -> Item | None:
    return None


def _overwrite(perform: Perform, world: World, store: Store, call: Call) -> Effect:
    plan = planned(call)
    free = replace(call, plan=replace(plan, initial=frozenset()))
    return perform(world, Blind(store, _nobody), free)


def _answer_old(perform: Perform, world: World, store: Store, call: Call) -> Effect:
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


def _not_stored(perform: Perform, world: World, store: Store, call: Call) -> Effect:
    return replace(perform(world, store, call), changes=())


def _stored_wrong(perform: Perform, world: World, store: Store, call: Call) -> Effect:
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


def _shared(perform: Perform, world: World, store: Store, call: Call) -> Effect:
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


def _misses_last(perform: Perform, world: World, store: Store, call: Call) -> Effect:
    return _listing(
        perform(world, store, call), lambda items: items[:-1] if len(items) > 1 else items
    )


def _twice(perform: Perform, world: World, store: Store, call: Call) -> Effect:
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


def _fabricate(perform: Perform, world: World, store: Store, call: Call) -> Effect:
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


def _upsert(perform: Perform, world: World, store: Store, call: Call) -> Effect:
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


def _any_parent(perform: Perform, world: World, store: Store, call: Call) -> Effect:
    plan = planned(call)
    free = tuple(each for each in plan.lookups if each.resource is not None)
    return perform(world, store, replace(call, plan=replace(plan, lookups=free)))


def _take_reserved(perform: Perform, world: World, store: Store, call: Call) -> Effect:
    plan = planned(call)
    return perform(world, store, replace(call, plan=replace(plan, initial=frozenset())))


def _no_reserved(correct: Behaviour) -> Behaviour:
    """Nothing exists from the start."""

    def perform(world: World, store: Store, call: Call) -> Effect:
        plan = planned(call)
        lookups = tuple(
            replace(each, given=frozenset[str]())
            if each.resource and each.resource.create
            else each
            for each in plan.lookups
        )
        bare = replace(plan, initial=frozenset[str](), lookups=lookups)
        return correct.perform(world, store, replace(call, plan=bare))

    return replace(correct, perform=perform)


def _keep_deleted(perform: Perform, world: World, store: Store, call: Call) -> Effect:
    return replace(perform(world, store, call), changes=())


def _careless(*roles: str) -> Install:
    """Between reading and writing others may read and write."""

    def install(correct: Behaviour) -> Behaviour:
        async def transact(world: World, store: Store, call: Call) -> Reply:
            if planned(call).role not in roles:
                return await correct.transact(world, store, call)
            effect = world.behaviour.perform(world, store, call)
            await asyncio.sleep(PAUSE)
            with store.lock:
                store.commit(effect.changes)
            return effect.reply

        return replace(correct, transact=transact)

    return install


def _same_second(perform: Perform, world: World, store: Store, call: Call) -> Effect:
    """A create is stored under its name in lower case."""
    effect = perform(world, store, call)
    lowered = tuple(replace(each, key=each.key.lower()) for each in effect.changes)
    return replace(effect, changes=lowered)


def _named(contract: Contract) -> bool:
    """Whether a create names what it makes, which a read can then show."""
    return any(_names(contract, plan) for plan in plans_in(contract, ("create",)))


def _names(contract: Contract, plan: Plan) -> bool:
    resource, body = plan.resource, contract.core(plan.body) if plan.body else None
    readable = resource is not None and (resource.retrieve or resource.list)
    return bool(readable and resource and resource.key and body and body.property(resource.key))


def _several_parents(contract: Contract) -> bool:
    return any(
        len(plan.lookups[0].given) > 1
        for plan in plans_in(contract, ("create",))
        if plan.lookups
        and plan.lookups[0].resource is None
        and plan.resource
        and plan.resource.retrieve
    )


def _given_parent(contract: Contract) -> bool:
    every = plans_in(contract, ("create", "retrieve", "list", "update"))
    return any(each.given and each.resource is None for plan in every for each in plan.lookups)


def _reserved(contract: Contract) -> bool:
    return any(plan.initial for plan in plans_in(contract, ("create",)))


def _both(one: Applies, other: Applies) -> Applies:
    return lambda contract: one(contract) and other(contract)


def _keeps(contract: Contract) -> bool:
    return any(
        bool(_body_members(contract, plan))
        for plan in plans_in(contract, ("create",))
        if _readable(plan.resource)
    )


def _body_members(contract: Contract, plan: Plan) -> list[str]:
    key = plan.resource.key if plan.resource else None
    body = contract.core(plan.body).properties if plan.body else ()
    return [member.name for member in body if member.name != key]


def _readable(resource: Resource | None) -> bool:
    return bool(resource and (resource.retrieve or resource.list))


def _fault(name: str, sentence: str, install: Install, applies: Applies, *laws: Law) -> Fault:
    return Fault(name, "state", sentence, frozenset(laws), install, applies)


FAULTS = (
    _fault(
        "duplicate_overwrites",
        "A create of a name that exists overwrites it.",
        _around(_overwrite, "create"),
        _named,
        Law.READS,
        Law.REFUSALS,
    ),
    _fault(
        "duplicate_answers_old",
        "A create of a name that exists answers 200 with the old item.",
        _around(_answer_old, "create"),
        _named,
        Law.READS,
        Law.REFUSALS,
    ),
    _fault(
        "reserved_created",
        "A reserved name can be created.",
        _around(_take_reserved, "create"),
        _reserved,
        Law.READS,
        Law.REFUSALS,
    ),
    _fault(
        "reserved_unknown",
        "What exists from the start does not.",
        _no_reserved,
        _reserved,
        Law.READS,
        Law.REFUSALS,
    ),
    _fault(
        "create_not_stored",
        "A create is acknowledged and not stored.",
        _around(_not_stored, "create"),
        readable("create"),
        Law.READS,
    ),
    _fault(
        "create_stored_wrong",
        "A create shows what was given and stores the defaults.",
        _around(_stored_wrong, "create"),
        _keeps,
        Law.READS,
        Law.DEFAULTS,
    ),
    _fault(
        "name_lowered",
        "A create stores its item under the name in lower case.",
        _around(_same_second, "create"),
        _named,
        Law.READS,
    ),
    _fault(
        "parents_share",
        "What is created under one parent exists under all.",
        _around(_shared, "create"),
        _several_parents,
        Law.READS,
    ),
    _fault(
        "list_misses_last",
        "A list leaves out the item created last.",
        _around(_misses_last, "list"),
        _both(has_role("list"), has_role("create")),
        Law.READS,
    ),
    _fault(
        "list_repeats",
        "A list shows the last item twice.",
        _around(_twice, "list"),
        _both(has_role("list"), has_role("create")),
        Law.READS,
    ),
    _fault(
        "unknown_fabricated",
        "A read of an unknown id answers 200 with something made up.",
        _around(_fabricate, "retrieve"),
        has_role("retrieve"),
        Law.READS,
        Law.REFUSALS,
    ),
    _fault(
        "unknown_created_by_update",
        "An update of an unknown id creates it.",
        _around(_upsert, "update"),
        has_role("update"),
        Law.READS,
        Law.REFUSALS,
        Law.UPDATES,
    ),
    _fault(
        "unknown_parent_accepted",
        "A parent that does not exist is accepted.",
        _around(_any_parent),
        _given_parent,
        Law.READS,
        Law.REFUSALS,
    ),
    _fault(
        "deleted_stays",
        "A delete is acknowledged and nothing is deleted.",
        _around(_keep_deleted, "delete"),
        _both(has_role("delete"), has_role("retrieve", "list")),
        Law.READS,
    ),
    _fault(
        "update_lost_in_race",
        "Of two updates at one time one is lost.",
        _careless("update"),
        readable("update"),
        Law.UPDATES,
    ),
    _fault(
        "both_creates_win",
        "Of two creates of one name at one time both are acknowledged.",
        _careless("create"),
        _named,
        Law.READS,
    ),
)
