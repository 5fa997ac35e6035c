"""Faults of updates: too little, too much, or a wrong word about it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

from tallystick.contract import Contract
from tallystick.document import Json

from ...mirror import Mirror
from ...verdicts import Law
from ..fault import Fault, needs
from ..items import planned
from ..records import Call, Effect, Item, Version
from ..world import Behaviour, Store, World
from .edits import Install, table, updates
from .merging import (
    Table,
    append,
    null_absent,
    replace_nested,
    reset_absent,
    reset_other,
    reset_sibling,
    send_defaults,
    touch_time,
)
from .places import Applies, mirrored, readable, some_mirror
from .places import planned as plans_in

_LAWS = frozenset({Law.UPDATES})


def _first_only(correct: Behaviour) -> Behaviour:
    def merge(world: World, call: Call, before: Table) -> Table:
        first = dict(itertools.islice(table(call.value).items(), 1))
        inner = next(iter(first.values()), None)
        if isinstance(inner, dict):
            name = next(iter(first))
            first = {name: dict(itertools.islice(inner.items(), 1))}
        return correct.merge(world, replace(call, value=first), before)

    return replace(correct, merge=merge)


def _lie(says: bool) -> Install:
    def install(correct: Behaviour) -> Behaviour:
        def outcome(world: World, call: Call, changed: bool) -> Json:
            return correct.outcome(world, call, says)

        return replace(correct, outcome=outcome)

    return install


def _effects(
    bend: Callable[[World, Store, Call, Effect], Effect], *, updates_only: bool = True
) -> Install:
    def install(correct: Behaviour) -> Behaviour:
        def perform(world: World, store: Store, call: Call) -> Effect:
            effect = correct.perform(world, store, call)
            update = planned(call).role in ("update", "replace")
            return bend(world, store, call, effect) if update and effect.changes else effect

        return replace(correct, perform=perform)

    return install


def _nothing(world: World, store: Store, call: Call, effect: Effect) -> Effect:
    return replace(effect, changes=())


def _third_lost(correct: Behaviour) -> Behaviour:
    count = itertools.count(1)

    def bend(world: World, store: Store, call: Call, effect: Effect) -> Effect:
        return effect if next(count) % 3 else replace(effect, changes=())

    return _effects(bend)(correct)


def _another(world: World, store: Store, call: Call, effect: Effect) -> Effect:
    """The change goes to another item of the collection, and to its own where there is none."""
    item = effect.changes[0]
    others = [
        each
        for each in store.items(item.collection, item.parents)
        if each.key != item.key and each.versions
    ]
    if not others:
        return effect
    changed = world.behaviour.merge(world, call, others[-1].latest)
    other = others[-1]
    moved = Item(other.collection, other.parents, other.key, (Version(0.0, changed),))
    return replace(effect, changes=(moved,))


def _all_items(world: World, store: Store, call: Call, effect: Effect) -> Effect:
    """The change goes to every item of the collection."""
    item = effect.changes[0]
    others = (
        Item(
            each.collection,
            each.parents,
            each.key,
            (Version(0.0, world.behaviour.merge(world, call, each.latest)),),
        )
        for each in store.items(item.collection, item.parents)
        if each.key != item.key and each.versions
    )
    return replace(effect, changes=(item, *others))


def _never_seen(world: World, store: Store, call: Call, effect: Effect) -> Effect:
    """The update is accepted and queued, and its time never comes."""
    item = effect.changes[0]
    last = Version(world.clock() + 1e9, item.latest)
    return replace(effect, changes=(replace(item, versions=(*item.versions[:-1], last)),))


@needs("an update whose answer says what became of it (x-tallystick-outcome)")
def _words(contract: Contract) -> bool:
    noted = (plan.operation.outcome for plan in plans_in(contract, ("update",)))
    return any(note and note.unchanged and note.accepted for note in noted)


@needs("an update of several members that a read shows")
def _several(contract: Contract) -> bool:
    """Whether an update has more than one member that is seen."""
    return any(
        len({m.request for m in mirrored(contract, plan) if m.comparable}) > 1
        for plan in plans_in(contract, ("update",))
    )


def _object(contract: Contract, mirror: Mirror) -> bool:
    return (
        bool(contract.core(mirror.response_pointer).properties)
        and len(contract.core(mirror.request_pointer).properties) > 1
    )


@needs("an update of several top-level members that a read shows")
def _top_level(contract: Contract) -> bool:
    return any(
        len({m.response[0] for m in mirrored(contract, plan)}) > 1
        for plan in plans_in(contract, ("update",))
    )


@needs("an item with a required text that only the server sets")
def _server_text(contract: Contract) -> bool:
    for plan in plans_in(contract, ("update",)):
        shown = {m.response[0] for m in mirrored(contract, plan)}
        key = plan.resource.key if plan.resource else None
        parents = plan.resource.parents if plan.resource else ()
        for member in contract.core(plan.stored).properties if plan.stored else ():
            schema = contract.core(member.pointer)
            free = member.name not in (*shown, key, *parents)
            if (
                free
                and member.required
                and schema.types == frozenset({"string"})
                and not schema.enum
            ):
                return True
    return False


def _request_default(contract: Contract, mirror: Mirror) -> bool:
    node = contract.schema(mirror.request_pointer).node
    return mirror.comparable and isinstance(node, dict) and node.get("default") is not None


def _fault(name: str, sentence: str, install: Install, applies: Applies, *laws: Law) -> Fault:
    return Fault(name, "updates", sentence, _LAWS | set(laws), install, applies)


_SEEN = some_mirror(("update",), lambda _, mirror: mirror.comparable)

FAULTS = (
    _fault(
        "sibling_reset",
        "A change of one member of an object resets its neighbour.",
        updates(reset_sibling),
        some_mirror(("update",), _object, "with members of its own"),
    ),
    _fault(
        "nested_replaced",
        "An object in an update takes the place of the old one.",
        updates(replace_nested),
        some_mirror(("update",), _object, "with members of its own"),
    ),
    _fault(
        "other_group_reset",
        "A change of one top-level member resets the others.",
        updates(reset_other),
        _top_level,
    ),
    _fault(
        "absent_nulled",
        "Members that an update does not hold become null.",
        updates(null_absent),
        some_mirror(
            ("update",),
            lambda c, m: m.comparable and c.schema(m.response_pointer).nullable,
            "that may be null",
        ),
        Law.NULL,
        Law.PRESENCE,
    ),
    _fault(
        "absent_reset",
        "Members that an update does not hold are reset to their defaults.",
        updates(reset_absent),
        some_mirror(
            ("update",),
            lambda _, m: isinstance(m.default, bool | int | float | str),
            "with a default",
        ),
        Law.DEFAULTS,
        Law.PRESENCE,
    ),
    _fault(
        "defaults_sent",
        "An object in an update is filled with the request's defaults.",
        updates(send_defaults),
        some_mirror(("update",), _request_default, "with a default"),
        Law.DEFAULTS,
        Law.PRESENCE,
    ),
    _fault(
        "unchanged_lied",
        "An update that changed something says that nothing changed.",
        _lie(False),
        _words,
    ),
    _fault(
        "accepted_lied",
        "An update that changes nothing says that it was accepted.",
        _lie(True),
        _words,
    ),
    _fault(
        "update_lost",
        "An update is acknowledged and dropped.",
        _effects(_nothing),
        readable("update"),
        Law.READS,
    ),
    _fault(
        "update_never_seen",
        "An update is acknowledged and never becomes visible.",
        _effects(_never_seen),
        readable("update"),
        Law.READS,
    ),
    _fault(
        "third_update_lost",
        "Every third change is acknowledged and dropped.",
        _third_lost,
        readable("update"),
        Law.READS,
    ),
    _fault(
        "update_of_another",
        "An update changes another item of the collection.",
        _effects(_another),
        readable("update"),
        Law.READS,
    ),
    _fault(
        "update_of_all",
        "An update changes every item of the collection.",
        _effects(_all_items),
        readable("update"),
        Law.READS,
    ),
    _fault(
        "first_member_only",
        "Of an update only the first member is applied.",
        _first_only,
        _several,
        Law.READS,
    ),
    _fault(
        "update_touches_more",
        "An update changes a member that no request can set.",
        updates(touch_time),
        _server_text,
        Law.READS,
    ),
    _fault(
        "list_appended",
        "An array in an update is appended to the old one.",
        updates(append),
        some_mirror(
            ("update",),
            lambda c, m: bool(c.core(m.request_pointer).items) and len(m.request) == 1,
            "that is an array",
        ),
    ),
)
