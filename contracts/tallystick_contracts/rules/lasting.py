"""What lasts: items stay, are there at once, and are their own in every collection."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress

from pydantic import MISSING

from tallystick.contract import Resource
from tallystick.document import Json

from ..probes.bodies import key_of
from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.live import Live, NotReached
from ..probes.places import same
from ..probes.restoring import put_back
from ..probes.trials import filled, resource_of
from ..verdicts import Claim, Kind, Law, Step
from . import claims
from .lists import changed_item
from .rule import (
    Judgement,
    Spot,
    answered,
    at_operations,
    at_resources,
    broken,
    held,
    not_applicable,
    not_reached,
    rule,
    said,
)

_READABLE = at_resources("create", "retrieve", "key")


MANY = 24
"""Items made to see whether the first one stays."""


@rule(Law.READS, "What was created stays, however much is created after it.", _READABLE, apart=True)
def created_items_stay(lab: Lab, spot: Spot) -> Judgement:
    """After one item two dozen more are created; the first can still be read. Finds: a store that
    keeps the newest ten.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    first = lab.fresh(resource)
    if first.last is None or not first.last.answer.accepted or first.shown is MISSING:
        return not_reached("the item cannot be read")
    step: Step | None = None
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
        (*first.steps, *((step,) if step else ()), read),
        claims.accepted(),
    )


@rule(Law.READS, "What was created can be read at once.", _READABLE, apart=True)
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
    if first is None or (first.answer.accepted and live.shown is MISSING):
        return not_reached("no read shows the item, which is judged with the answers")
    if first.answer.accepted:
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
    first = filled(lab, other)
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
    if read is None or before is MISSING:
        return not_reached("no read shows the item")
    if same(before, first.shown):
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
        if ground.reserved(ground.resource(each.operation)) and ground.shape(each.operation):
            yield each


@rule(Law.UPDATES, "What a reserved name stands for can be updated as any item.", _reserved)
def reserved_items_can_be_updated(lab: Lab, spot: Spot) -> Judgement:
    """An item that is there from the start is updated, read, and put back. Finds: an update of such
    an item that is accepted and dropped.
    """
    resource = resource_of(lab, spot.operation)
    for value in lab.ground.reserved(resource):
        live = Live(resource, _last_parents(lab, resource), value, ())
        read = lab.read(live)
        if read is None or not read.answer.accepted or live.shown is MISSING:
            return not_reached("the item cannot be read")
        before = live.shown
        changed = changed_item(lab, resource, live)
        if changed is None:
            return not_applicable("no update of it is accepted")
        after, last = changed.shown, changed.last
        put_back(lab, live, before)
        if same(before, after) and last is not None:
            return broken(
                f"An accepted update of {said(value)} becomes visible.",
                "It reads as before.",
                (read, *changed.steps, last),
                Claim(Kind.CHANGED, of=0),
            )
    return held()


def _last_parents(lab: Lab, resource: Resource) -> dict[str, Json]:
    """The second known parent: what is stored there hides nothing from cases under the first."""
    with suppress(NotReached):
        return lab.parents(resource, 1)
    return lab.parents(resource)
