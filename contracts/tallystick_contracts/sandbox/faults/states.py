"""Faults of state: what is stored, under which parent, and who wins a race."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace

from tallystick.contract import Contract, Resource

from ...verdicts import Law
from ..fault import Fault, Need, needs
from ..items import planned
from ..records import Call, Effect, Plan, Reply
from ..world import Behaviour, Perform, Store, World
from .edits import Install
from .places import Applies, has_role, readable
from .places import planned as plans_in
from .storing import (
    answer_old,
    any_parent,
    fabricate,
    keep_deleted,
    misses_last,
    not_stored,
    overwrite,
    same_second,
    shared,
    stored_wrong,
    take_reserved,
    twice,
    upsert,
)

PAUSE = 0.03
"""Seconds between the reading and the writing of a careless transaction."""


def _around(bend: Callable[[Perform, World, Store, Call], Effect], *roles: str) -> Install:
    def install(correct: Behaviour) -> Behaviour:
        def perform(world: World, store: Store, call: Call) -> Effect:
            if roles and planned(call).role not in roles:
                return correct.perform(world, store, call)
            return bend(correct.perform, world, store, call)

        return replace(correct, perform=perform)

    return install


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


@needs("a create that names what it makes, and a read")
def _named(contract: Contract) -> bool:
    """Whether a create names what it makes, which a read can then show."""
    return any(_names(contract, plan) for plan in plans_in(contract, ("create",)))


@needs("a create that says that a name is unique (409, or the name is required), and a read")
def _unique(contract: Contract) -> bool:
    for plan in plans_in(contract, ("create",)):
        if _names(contract, plan):
            key = contract.core(plan.body or "").property(
                (plan.resource and plan.resource.key) or ""
            )
            declared = any(each.status == "409" for each in plan.operation.responses)
            if declared or (key is not None and key.required):
                return True
    return False


@needs("a create that takes a free name, and a read")
def _cased(contract: Contract) -> bool:
    for plan in plans_in(contract, ("create",)):
        if _names(contract, plan):
            key = contract.core(plan.body or "").property(
                (plan.resource and plan.resource.key) or ""
            )
            core = contract.core(key.pointer) if key else None
            node = core.node if core else True
            bound = isinstance(node, Mapping) and ("enum" in node or "format" in node)
            if core and "string" in core.types and not bound:
                return True
    return False


def _names(contract: Contract, plan: Plan) -> bool:
    resource, body = plan.resource, contract.core(plan.body) if plan.body else None
    readable = resource is not None and (resource.retrieve or resource.list)
    return bool(readable and resource and resource.key and body and body.property(resource.key))


@needs("a create below one of several parents that exist (x-tallystick-given)")
def _several_parents(contract: Contract) -> bool:
    return any(
        len(plan.lookups[0].given) > 1
        for plan in plans_in(contract, ("create",))
        if plan.lookups
        and plan.lookups[0].resource is None
        and plan.resource
        and plan.resource.retrieve
    )


@needs("a path parameter with ids that exist (x-tallystick-given)")
def _given_parent(contract: Contract) -> bool:
    every = plans_in(contract, ("create", "retrieve", "list", "update"))
    return any(each.given and each.resource is None for plan in every for each in plan.lookups)


@needs("a create with reserved names (x-tallystick-reserved)")
def _reserved(contract: Contract) -> bool:
    return any(plan.initial for plan in plans_in(contract, ("create",)))


def _both(one: Applies, other: Applies) -> Applies:
    return Need("a list and what fills it, or a delete and a read", lambda c: one(c) and other(c))


@needs("a create of an item that can be read back")
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
        _around(overwrite, "create"),
        _unique,
        Law.READS,
        Law.REFUSALS,
    ),
    _fault(
        "duplicate_answers_old",
        "A create of a name that exists answers 200 with the old item.",
        _around(answer_old, "create"),
        _unique,
        Law.READS,
        Law.REFUSALS,
    ),
    _fault(
        "reserved_created",
        "A reserved name can be created.",
        _around(take_reserved, "create"),
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
        _around(not_stored, "create"),
        readable("create"),
        Law.READS,
    ),
    _fault(
        "create_stored_wrong",
        "A create shows what was given and stores the defaults.",
        _around(stored_wrong, "create"),
        _keeps,
        Law.READS,
        Law.DEFAULTS,
    ),
    _fault(
        "name_lowered",
        "A create stores its item under the name in lower case.",
        _around(same_second, "create"),
        _cased,
        Law.READS,
        Law.ROUTING,
    ),
    _fault(
        "parents_share",
        "What is created under one parent exists under all.",
        _around(shared, "create"),
        _several_parents,
        Law.READS,
    ),
    _fault(
        "list_misses_last",
        "A list leaves out the item created last.",
        _around(misses_last, "list"),
        _both(has_role("list"), has_role("create")),
        Law.READS,
    ),
    _fault(
        "list_repeats",
        "A list shows the last item twice.",
        _around(twice, "list"),
        _both(has_role("list"), has_role("create")),
        Law.READS,
    ),
    _fault(
        "unknown_fabricated",
        "A read of an unknown id answers 200 with something made up.",
        _around(fabricate, "retrieve"),
        has_role("retrieve"),
        Law.READS,
        Law.REFUSALS,
    ),
    _fault(
        "unknown_created_by_update",
        "An update of an unknown id creates it.",
        _around(upsert, "update"),
        has_role("update"),
        Law.READS,
        Law.REFUSALS,
        Law.UPDATES,
        Law.ROUTING,
    ),
    _fault(
        "unknown_parent_accepted",
        "A parent that does not exist is accepted.",
        _around(any_parent),
        _given_parent,
        Law.READS,
        Law.REFUSALS,
        Law.ROUTING,
    ),
    _fault(
        "deleted_stays",
        "A delete is acknowledged and nothing is deleted.",
        _around(keep_deleted, "delete"),
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
        _unique,
        Law.READS,
        Law.REFUSALS,
    ),
)
