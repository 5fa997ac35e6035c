"""Faults of updates: too little, too much, or a wrong word about it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace

from pydantic import MISSING

from tallystick.contract import Contract
from tallystick.document import Json

from ...mirror import Mirror
from ...verdicts import Law
from ..complete import Ground
from ..fault import Fault
from ..perform import planned
from ..records import Call, Effect, Item, Version
from ..world import Behaviour, Store, World
from .edits import Install, other_value, table, updates
from .places import Applies, mirrored, readable, some_mirror, spots
from .places import planned as plans_in

_LAWS = frozenset({Law.UPDATES})
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


def _replace_nested(world: World, call: Call, before: Table, after: Table) -> Table:
    fresh = _fresh(world, call)
    for name in _touched(world, call):
        if isinstance(after.get(name), dict) and isinstance(table(call.value).get(name), dict):
            after[name] = fresh[name]
    return after


def _reset_sibling(world: World, call: Call, before: Table, after: Table) -> Table:
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


def _reset_other(world: World, call: Call, before: Table, after: Table) -> Table:
    """A change of one top-level member resets another that the update does not speak of."""
    touched, fresh = _touched(world, call), _fresh(world, replace(call, value={}))
    for name in _mirrored_names(world, call):
        if touched and name not in touched and name in fresh:
            after[name] = fresh[name]
    return after


def _null_absent(world: World, call: Call, before: Table, after: Table) -> Table:
    body = dict(table(call.value))
    for mirror in mirrored(world.contract, planned(call)):
        for spot in spots(mirror, body, after):
            nullable = world.contract.schema(mirror.response_pointer).nullable
            if spot.given is MISSING and nullable and mirror.comparable:
                spot.holder[spot.name] = None
    return after


def _reset_absent(world: World, call: Call, before: Table, after: Table) -> Table:
    body = dict(table(call.value))
    for mirror in mirrored(world.contract, planned(call)):
        for spot in spots(mirror, body, after):
            default = mirror.default
            if spot.given is MISSING and isinstance(default, bool | int | float | str):
                spot.holder[spot.name] = default
    return after


def _send_defaults(world: World, call: Call, before: Table, after: Table) -> Table:
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


def _first_only(correct: Behaviour) -> Behaviour:
    def merge(world: World, call: Call, before: Table) -> Table:
        first = dict(itertools.islice(table(call.value).items(), 1))
        inner = next(iter(first.values()), None)
        if isinstance(inner, dict):
            name = next(iter(first))
            first = {name: dict(itertools.islice(inner.items(), 1))}
        return correct.merge(world, replace(call, value=first), before)

    return replace(correct, merge=merge)


def _touch_time(world: World, call: Call, before: Table, after: Table) -> Table:
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


def _append(world: World, call: Call, before: Table, after: Table) -> Table:
    for name in _touched(world, call):
        old, new = before.get(name), after.get(name)
        if isinstance(old, list) and isinstance(new, list):
            after[name] = [*old, *new]
    return after


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


def _words(contract: Contract) -> bool:
    noted = (plan.operation.outcome for plan in plans_in(contract, ("update",)))
    return any(note and note.unchanged and note.accepted for note in noted)


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


def _top_level(contract: Contract) -> bool:
    return any(
        len({m.response[0] for m in mirrored(contract, plan)}) > 1
        for plan in plans_in(contract, ("update",))
    )


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
        updates(_reset_sibling),
        some_mirror(("update",), _object),
    ),
    _fault(
        "nested_replaced",
        "An object in an update takes the place of the old one.",
        updates(_replace_nested),
        some_mirror(("update",), _object),
    ),
    _fault(
        "other_group_reset",
        "A change of one top-level member resets the others.",
        updates(_reset_other),
        _top_level,
    ),
    _fault(
        "absent_nulled",
        "Members that an update does not hold become null.",
        updates(_null_absent),
        some_mirror(
            ("update",), lambda c, m: m.comparable and c.schema(m.response_pointer).nullable
        ),
        Law.NULL,
        Law.PRESENCE,
    ),
    _fault(
        "absent_reset",
        "Members that an update does not hold are reset to their defaults.",
        updates(_reset_absent),
        some_mirror(("update",), lambda _, m: isinstance(m.default, bool | int | float | str)),
        Law.DEFAULTS,
        Law.PRESENCE,
    ),
    _fault(
        "defaults_sent",
        "An object in an update is filled with the request's defaults.",
        updates(_send_defaults),
        some_mirror(("update",), _request_default),
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
        updates(_touch_time),
        _server_text,
        Law.READS,
    ),
    _fault(
        "list_appended",
        "An array in an update is appended to the old one.",
        updates(_append),
        some_mirror(
            ("update",), lambda c, m: bool(c.core(m.request_pointer).items) and len(m.request) == 1
        ),
    ),
)
