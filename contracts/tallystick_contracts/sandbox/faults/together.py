"""Faults that show only where several members, or several requests, come together."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace

from pydantic import MISSING

from tallystick.contract import Contract
from tallystick.document import Json
from tallystick.document.record import canonical

from ...verdicts import Law
from ..fault import Fault
from ..items import key_of, parents_of, planned
from ..records import Call, Effect
from ..refusal import Refusal
from ..world import Behaviour, Store, World
from .edits import Install, bodies, table, updates
from .places import (
    Applies,
    has_role,
    mirrored,
    readable,
    some_member,
    some_mirror,
    spots,
)
from .places import planned as plans_in

Table = dict[str, Json]
_FALSY: tuple[Json, ...] = (0, False, "", [])


def _deep(value: Json, edit: Callable[[Table], Table]) -> Json:
    """``value`` with every object in it edited, inner ones first."""
    if isinstance(value, list):
        return [_deep(each, edit) for each in value]
    if not isinstance(value, dict):
        return value
    return edit({name: _deep(inner, edit) for name, inner in value.items()})


def _zero_beside_null(world: World, call: Call, value: Json) -> Json:
    def edit(members: Table) -> Table:
        if None not in members.values():
            return members
        kept = {n: v for n, v in members.items() if not any(v is f or v == f for f in _FALSY)}
        return kept

    return _deep(value, edit)


def _third_member(world: World, call: Call, value: Json) -> Json:
    def edit(members: Table) -> Table:
        scalars = [name for name, inner in members.items() if not isinstance(inner, dict)]
        return {n: v for n, v in members.items() if n not in scalars[2:3]}

    return _deep(value, edit) if planned(call).role == "update" else value


def _two_nulls(world: World, call: Call, before: Table, after: Table) -> Table:
    """Two nulls in one object reset what they should leave."""
    for mirror in mirrored(world.contract, planned(call)):
        holder: Json | MISSING = call.value
        for token in mirror.request[:-1]:
            holder = table(holder).get(token, MISSING)
        nulls = [name for name, inner in table(holder).items() if inner is None]
        if len(nulls) > 1 and mirror.request[-1] in nulls and mirror.default is not MISSING:
            for spot in spots(mirror, call.value if call.value is not MISSING else {}, after):
                spot.holder[spot.name] = deepcopy(mirror.default)
    return after


def _same_hides(world: World, call: Call, before: Table, after: Table) -> Table:
    """One member sent as it is already is taken for no change at all."""
    for mirror in mirrored(world.contract, planned(call)):
        if mirror.comparable:
            for spot in spots(mirror, call.value if call.value is not MISSING else {}, before):
                given = spot.given
                if given is not MISSING and given is not None and given == spot.holder[spot.name]:
                    return before
    return after


def _identity(call: Call) -> tuple[str, ...]:
    plan = planned(call)
    parents = parents_of(plan.resource, call) if plan.resource else ()
    return (*parents, key_of(call))


def _after_refusal(correct: Behaviour) -> Behaviour:
    """The update after a refused one is acknowledged and dropped."""
    marked: set[tuple[str, ...]] = set()

    def read(world: World, call: Call) -> Call:
        try:
            return correct.read(world, call)
        except Refusal:
            if planned(call).role == "update":
                marked.add(_identity(call))
            raise

    def perform(world: World, store: Store, call: Call) -> Effect:
        effect = correct.perform(world, store, call)
        if planned(call).role == "update" and effect.changes and _identity(call) in marked:
            marked.discard(_identity(call))
            return replace(effect, changes=())
        return effect

    return replace(correct, read=read, perform=perform)


def _seen_before(correct: Behaviour) -> Behaviour:
    """A body that an item was sent before is taken for a repetition and dropped."""
    seen: set[tuple[str, ...]] = set()

    def perform(world: World, store: Store, call: Call) -> Effect:
        effect = correct.perform(world, store, call)
        if planned(call).role != "update" or call.value is MISSING:
            return effect
        mark = (*_identity(call), canonical(call.value))
        if mark in seen:
            return replace(effect, changes=())
        seen.add(mark)
        return effect

    return replace(correct, perform=perform)


def _defaults_shared(correct: Behaviour) -> Behaviour:
    """An update of an object that nobody had set changes what later items begin with."""
    shared: dict[tuple[str, str], Json] = {}

    def merge(world: World, call: Call, before: Table) -> Table:
        after = correct.merge(world, call, before)
        for mirror in mirrored(world.contract, planned(call)):
            if mirror.comparable and len(mirror.response) > 1 and "*" not in mirror.response:
                given = call.value if call.value is not MISSING else {}
                for spot in spots(mirror, given, after):
                    if spot.given is not MISSING and spot.given is not None:
                        shared[mirror.response[-2], mirror.response[-1]] = spot.given
        return after

    def complete(world: World, call: Call, key: str) -> Table:
        item = deepcopy(correct.complete(world, call, key))
        for mirror in mirrored(world.contract, planned(call)):
            if len(mirror.response) > 1 and mirror.response[-2:] in shared:
                given = call.value if call.value is not MISSING else {}
                for spot in spots(mirror, given, item):
                    if spot.given is MISSING:
                        spot.holder[spot.name] = shared[mirror.response[-2], mirror.response[-1]]
        return item

    return replace(correct, merge=merge, complete=complete)


def _kept_from_deleted(correct: Behaviour) -> Behaviour:
    """What is created again under a deleted name has the old values."""

    graves: dict[tuple[str, ...], Table] = {}

    def perform(world: World, store: Store, call: Call) -> Effect:
        effect = correct.perform(world, store, call)
        for item in effect.changes:
            where = (item.collection, *item.parents, item.key)
            if not item.versions:
                old = store.get(item.collection, item.parents, item.key)
                if old is not None and old.versions:
                    graves[where] = old.latest
            elif planned(call).role == "create" and where in graves:
                version = replace(item.versions[-1], value=graves[where])
                return replace(effect, changes=(replace(item, versions=(version,)),))
        return effect

    return replace(correct, perform=perform)


def _objects(contract: Contract, least: int) -> bool:
    """Whether an update has an object with that many members."""
    return any(
        len(contract.core(mirror.request_pointer).properties) >= least
        for plan in plans_in(contract, ("update",))
        for mirror in mirrored(contract, plan)
    )


def _left_when_null(contract: Contract) -> bool:
    found = some_mirror(("update",), lambda _, m: m.comparable and m.default is not MISSING)
    left = some_member(("update",), lambda _, member: member.null == "unchanged")
    return found(contract) and left(contract) and _objects(contract, 2)


def _named(contract: Contract) -> bool:
    return any(
        plan.body and plan.resource and contract.core(plan.body).property(plan.resource.key or "")
        for plan in plans_in(contract, ("create",))
    )


def _fault(name: str, sentence: str, install: Install, applies: Applies, *laws: Law) -> Fault:
    return Fault(name, "together", sentence, frozenset(laws), install, applies)


FAULTS = (
    _fault(
        "zero_beside_null_dropped",
        "A falsy value is dropped where another member of its object is null.",
        bodies(_zero_beside_null),
        lambda contract: _objects(contract, 2),
        Law.UPDATES,
        Law.DEFAULTS,
    ),
    _fault(
        "third_member_dropped",
        "Of an object in an update the third member is dropped.",
        bodies(_third_member),
        lambda contract: _objects(contract, 3),
        Law.UPDATES,
    ),
    _fault(
        "two_nulls_reset",
        "One null leaves a member as it is; two in an object reset both.",
        updates(_two_nulls),
        _left_when_null,
        Law.NULL,
        Law.UPDATES,
    ),
    _fault(
        "same_hides_change",
        "An update in which one member has its value already is taken for no change.",
        updates(_same_hides),
        lambda contract: _objects(contract, 2),
        Law.UPDATES,
    ),
    _fault(
        "update_after_refusal_lost",
        "The update that follows a refused one is acknowledged and dropped.",
        _after_refusal,
        readable("update"),
        Law.UPDATES,
    ),
    _fault(
        "body_seen_before_ignored",
        "A body that the item was sent before is ignored, whatever came between.",
        _seen_before,
        readable("update"),
        Law.UPDATES,
    ),
    _fault(
        "defaults_shared",
        "An update of an object that nobody had set changes what later items begin with.",
        _defaults_shared,
        lambda contract: _objects(contract, 2),
        Law.DEFAULTS,
        Law.READS,
    ),
    _fault(
        "deleted_values_kept",
        "What is created under the name of a deleted item has its values.",
        _kept_from_deleted,
        lambda contract: has_role("delete")(contract) and _named(contract),
        Law.READS,
        Law.DEFAULTS,
    ),
)
