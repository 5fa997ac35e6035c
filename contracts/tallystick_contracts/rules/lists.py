"""Lists: what is there, as it is now, under its own parent, however much there is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from pydantic import MISSING

from tallystick.contract import Resource
from tallystick.document import Json

from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.live import Live, NotReached
from ..probes.places import ITEM, Path, at, same
from ..probes.trials import addressed, key_of, resource_of, telling
from ..verdicts import Claim, Kind, Law, Step
from . import claims
from .reads import items_of, like_the_read, paged
from .rule import (
    Judgement,
    Spot,
    answered,
    at_operations,
    broken,
    held,
    not_applicable,
    not_reached,
    rule,
    said,
)


def _listed(ground: Ground) -> Iterator[Spot]:
    for each in at_operations(ground, lambda o: ground.role(o) == "list"):
        resource = ground.resource(each.operation)
        if resource is not None and resource.create and resource.key:
            yield each


def _list(lab: Lab, spot: Spot, live: Live) -> tuple[Step, list[Json]]:
    step = lab.send(spot.operation, lab.request(spot.operation, live.parents), live.steps)
    items = items_of(step)
    if not step.answer.accepted or items is None:
        raise NotReached(f"{answered(step.answer)}, or the answer holds no list")
    return step, items


def _of(live: Live, items: list[Json]) -> list[Json]:
    return [each for each in items if same(at(each, (live.resource.key or "",)), live.id)]


@rule(Law.READS, "A list shows the items of its own parent, and no others.", _listed, apart=True)
def a_list_holds_its_own_items_only(lab: Lab, spot: Spot) -> Judgement:
    """One item is created under each of two parents, and both are listed. Finds: a list of all
    items; a list that is always that of the first parent.
    """
    resource = resource_of(lab, spot.operation)
    if not resource.parents:
        return not_applicable("the items have no parent")
    lives = [lab.fresh(resource, lab.parents(resource, which)) for which in (0, 1)]
    for live, other in ((lives[0], lives[1]), (lives[1], lives[0])):
        step, items = _list(lab, spot, live)
        if not _of(live, items) and not paged(step, items):
            return broken(
                f"The list shows {said(live.id)}, which was created under its parent.",
                "It is not in the list.",
                (*live.steps, step),
                claims.listed(resource.key or "", live.id),
            )
        if not _of(other, items) or _is_there(lab, live, other):
            continue
        return broken(
            f"{said(other.id)} was created under another parent, and is not in this list.",
            "It is in the list.",
            (*live.steps, *other.steps, step),
            Claim(Kind.UNLISTED, -1, (resource.key or "",), other.id),
        )
    return held()


def _is_there(lab: Lab, live: Live, other: Live) -> bool:
    """Whether the parent of ``live`` has an item with the other's id too."""
    read = lab.read(Live(live.resource, live.parents, other.id, live.steps))
    return read is None or not read.answer.refused


@rule(Law.READS, "A list shows an item as a read does, also after an update.", _listed, apart=True)
def lists_show_the_present_state(lab: Lab, spot: Spot) -> Judgement:
    """An item with values other than the defaults is created, listed, updated, read and listed
    again; each time the list shows what the read shows. Finds: a list that is cached; a list of
    items as they were created, or of defaults.
    """
    resource = resource_of(lab, spot.operation)
    create = lab.ground.contract.operation(resource.create or "")
    made = lab.create(resource, body=telling(lab, create)) if lab.ground.shape(create) else None
    live = made.live if made and made.live else lab.fresh(resource)
    first = _as_read(lab, spot, live)
    if first is not None or resource.update is None:
        return first or held()
    update = lab.ground.contract.operation(resource.update)
    changed = _changed(lab, resource, live)
    if changed is None:
        return not_reached(f"no update by {update.key} was accepted")
    return _as_read(lab, spot, changed) or held()


def _as_read(lab: Lab, spot: Spot, live: Live) -> Judgement | None:
    """What is wrong with the item in the list; a list may lag as long as updates do."""
    until = time.monotonic() + _lag(lab, live.resource)
    while True:
        step, items = _list(lab, spot, live)
        found = _of(live, items)
        judged = _judged(lab, spot, live, found[0], step) if found else None
        if judged is None or judged.finding is None:
            return None
        if time.monotonic() >= until:
            return judged
        time.sleep(0.01)


def _judged(lab: Lab, spot: Spot, live: Live, item: Json, step: Step) -> Judgement:
    return like_the_read(lab, spot.operation, live, item, step, live.resource.key or "")


def _lag(lab: Lab, resource: Resource) -> float:
    update = lab.ground.contract.operation(resource.update) if resource.update else None
    return lab.patience.still(update) if update else 0.0


def _changed(lab: Lab, resource: Resource, live: Live) -> Live | None:
    """The item after an update that a read shows."""
    operation = lab.ground.contract.operation(resource.update or "")
    shape = lab.ground.shape(operation)
    for member in shape.members if shape else ():
        mirror = shape.mirror(member.path) if shape else None
        there = at(live.shown, mirror.response) if mirror else MISSING
        values = [v for v in lab.ground.states.values(member) if not same(v.value, there)]
        if mirror is None or not mirror.comparable or not values or ITEM in mirror.response:
            continue
        body = lab.ground.with_member(operation, lab.base(operation), member.path, values[0].value)
        body = addressed(lab, operation, body, live)
        step = lab.send(operation, lab.request(operation, live.path, body), live.steps)
        if step.answer.accepted:
            lab.read_until(live, operation, _shows(mirror.response, values[0].value))
            live.steps = (*live.steps, step)
            return live
    return None


def _shows(place: Path, wanted: Json | MISSING) -> Callable[[Json | MISSING], bool]:
    return lambda shown: same(at(shown, place), wanted)


@rule(Law.READS, "A list shows what a reserved name stands for.", _listed, apart=True)
def lists_show_what_is_reserved(lab: Lab, spot: Spot) -> Judgement:
    """The list of a parent holds the items that are there from the start. Finds: a list that holds
    only what was created.
    """
    resource = resource_of(lab, spot.operation)
    create = lab.ground.contract.operation(resource.create or "")
    key = lab.ground.key(create)
    if key is None or not key.reserved:
        return not_applicable("no name is reserved")
    live = lab.fresh(resource)
    step, items = _list(lab, spot, live)
    for value in key.reserved:
        reserved = Live(resource, live.parents, value, ())
        if _of(reserved, items) or paged(step, items):
            continue
        read = lab.read(reserved)
        if read is not None and read.answer.accepted:
            return broken(
                f"{said(value)} is there from the start, so the list shows it.",
                "It can be read, and is not in the list.",
                (read, step),
                claims.listed(resource.key or "", value),
            )
    return held()


def _many(ground: Ground) -> Iterator[Spot]:
    for each in at_operations(ground, lambda o: ground.role(o) == "create"):
        resource = ground.resource(each.operation)
        if resource is not None and resource.retrieve and resource.key:
            yield each


MANY = 24
"""Items made to see whether the first one stays."""


@rule(Law.READS, "What was created stays, however much is created after it.", _many, apart=True)
def created_items_stay(lab: Lab, spot: Spot) -> Judgement:
    """After one item two dozen more are created; the first can still be read. Finds: a store that
    keeps the newest ten.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    first = lab.fresh(resource)
    if first.last is None or not first.last.answer.accepted:
        return not_reached("the item cannot be read")
    for _ in range(MANY):
        body = lab.named(operation, lab.base(operation)) if lab.ground.shape(operation) else MISSING
        step = lab.send(operation, lab.request(operation, first.parents, body))
        made = lab.noted(resource, first.parents, body, step)
        if made is None:
            break
    read = lab.read(first)
    if read is None or read.answer.accepted or not read.answer.refused:
        return held()
    return broken(
        f"{said(first.id)} was created, and nobody deleted it.",
        f"After {MANY} more creates its read says: {answered(read.answer)}.",
        (*first.steps, step, read),
        claims.accepted(),
    )


@rule(Law.READS, "What was created can be read at once.", _many, apart=True)
def created_items_are_there_at_once(lab: Lab, spot: Spot) -> Judgement:
    """An item is created and, a quarter of a second later, read once; only if that read does not
    find it, it is read again. A second read that finds it tells that reading made it appear, not
    time. Finds: a create that is carried out by the first read.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    if operation.poll is not None:
        return not_applicable("the contract says that it takes its time")
    parents = lab.parents(resource)
    body = lab.named(operation, lab.base(operation)) if lab.ground.shape(operation) else MISSING
    step = lab.send(operation, lab.request(operation, parents, body))
    live = lab.noted(resource, parents, body, step) if step.answer.accepted else None
    if live is None:
        return not_reached(f"no create is accepted: {answered(step.answer)}")
    first = lab.read(live)
    if first is None or first.answer.accepted:
        return held()
    return _read_makes_it(lab, spot, resource)


def _read_makes_it(lab: Lab, spot: Spot, resource: Resource) -> Judgement:
    """Whether a first read misses even when it comes late, and the next one does not."""
    operation, parents = spot.operation, lab.parents(resource)
    body = lab.named(operation, lab.base(operation)) if lab.ground.shape(operation) else MISSING
    step = lab.send(operation, lab.request(operation, parents, body))
    live = lab.noted(resource, parents, body, step) if step.answer.accepted else None
    if live is None:
        return not_reached(answered(step.answer))
    time.sleep(0.25)
    first, second = lab.read(live), lab.read(live)
    if first is None or second is None or first.answer.accepted or not second.answer.accepted:
        return not_applicable("it takes some time until what was created can be read")
    return broken(
        f"{said(live.id)} was created, and a quarter of a second later it is there.",
        f"The first read: {answered(first.answer)}; the second finds it.",
        (step, first),
        claims.accepted(),
    )


def _kinds(ground: Ground) -> Iterator[Spot]:
    for each in at_operations(ground, lambda o: ground.role(o) == "create"):
        resource = ground.resource(each.operation)
        if resource is not None and ground.key(each.operation) and _others(ground, resource):
            yield each


def _others(ground: Ground, resource: Resource) -> list[Resource]:
    found = [r for r in ground.contract.resources if r.create and r is not resource]
    creates = [(each, ground.contract.operation(each.create or "")) for each in found]
    return [each for each, create in creates if ground.key(create) is not None]


@rule(Law.READS, "The same name in two collections is two items.", _kinds, apart=True)
def the_same_name_in_two_collections_is_two_items(lab: Lab, spot: Spot) -> Judgement:
    """A name that one collection has is created in another one. Finds: one table for all kinds of
    things, in which a name is unique.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    other = _others(lab.ground, resource)[0]
    first = lab.fresh(other)
    key = lab.ground.key(operation)
    if key is None or not lab.ground.oracle.fits(key.pointer, first.id):
        return not_applicable("the names of the two are not alike")
    body = {**_members(lab.base(operation)), key_of(lab, operation): first.id}
    made = lab.create(resource, body=body, named=False)
    if made.answer.status == 409:
        return broken(
            f"{said(first.id)} is the name of another kind of thing, so it is free here.",
            f"{answered(made.answer)}.",
            (*first.steps, made.step),
            claims.accepted(),
        )
    if not made.answer.accepted:
        return not_reached(answered(made.answer))
    before, earlier = first.shown, (first.last,) if first.last else ()
    read = lab.read(first)
    if read is None or before is MISSING or same(before, first.shown):
        return held()
    return broken(
        f"A create of {said(first.id)} in another collection leaves this one as it was.",
        "It reads otherwise.",
        (*first.steps, *earlier, made.step, read),
        claims.same((), -3),
    )


def _members(body: Json) -> dict[str, Json]:
    return dict(body) if isinstance(body, dict) else {}


def _reserved(ground: Ground) -> Iterator[Spot]:
    for each in at_operations(ground, lambda o: ground.role(o) == "update"):
        resource = ground.resource(each.operation)
        create = (
            ground.contract.operation(resource.create) if resource and resource.create else None
        )
        key = ground.key(create) if create else None
        if key is not None and key.reserved and ground.shape(each.operation):
            yield each


@rule(Law.UPDATES, "What a reserved name stands for can be updated as any item.", _reserved)
def reserved_items_can_be_updated(lab: Lab, spot: Spot) -> Judgement:
    """An item that is there from the start is updated, read, and put back. Finds: an update of such
    an item that is accepted and dropped.
    """
    resource = resource_of(lab, spot.operation)
    key = lab.ground.key(lab.ground.contract.operation(resource.create or ""))
    for value in key.reserved if key else ():
        live = Live(resource, lab.parents(resource), value, ())
        read = lab.read(live)
        if read is None or not read.answer.accepted or live.shown is MISSING:
            return not_reached("the item cannot be read")
        before = live.shown
        changed = _changed(lab, resource, live)
        if changed is None:
            return not_applicable("no update of it is accepted")
        if same(before, changed.shown) and changed.last is not None:
            return broken(
                f"An accepted update of {said(value)} becomes visible.",
                "It reads as before.",
                (read, *changed.steps, changed.last),
                Claim(Kind.CHANGED, of=0),
            )
    return held()
