"""Deletes: what was deleted is gone, nothing else is, and what comes after it is new."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pydantic import MISSING

from tallystick.contract import Resource
from tallystick.document import Json

from ..probes.bodies import key_of, telling
from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.live import Live
from ..probes.pages import Listing, listing
from ..probes.places import at, differences, put, same
from ..probes.places import shown as place_of
from ..probes.trials import filled, resource_of
from ..verdicts import Law, Standing, Step
from . import claims
from .lists import found_in, listed
from .rule import (
    Judgement,
    Spot,
    answered,
    at_resources,
    broken,
    held,
    not_applicable,
    not_reached,
    rule,
    said,
)

_GONE = 1.0
"""Seconds in which a delete may take effect."""


_MADE = at_resources("delete", "create", "key", "retrieve")


@rule(Law.READS, "What was deleted is gone.", at_resources("delete"))
def deleted_items_are_gone(lab: Lab, spot: Spot) -> Judgement:
    """An item is deleted, read, and deleted again: a plain one, and one with a value in every
    member. Finds: a delete that is acknowledged and not carried out; a second delete that ends in a
    500.
    """
    resource = resource_of(lab, spot.operation)
    judged = _deleted(lab, spot, lab.fresh(resource))
    if judged.standing is not Standing.HELD or not resource.create:
        return judged
    return _deleted(lab, spot, filled(lab, resource))


def _deleted(lab: Lab, spot: Spot, live: Live) -> Judgement:
    step = lab.send(spot.operation, lab.request(spot.operation, live.path), live.steps)
    if not step.answer.accepted:
        return not_reached(answered(step.answer))
    read = lab.read(live, lambda answer: not answer.accepted, _GONE)
    if read is None:
        return not_applicable("there is no read")
    if read.answer.accepted:
        return broken(
            f"{said(live.id)} was deleted.",
            "It can still be read.",
            (*live.steps, step, read),
            claims.refused(),
        )
    # What it answers is judged with the answers: gone or done, but not a failure.
    lab.send(spot.operation, lab.request(spot.operation, live.path), (*live.steps, step))
    return held()


def _with_children(ground: Ground) -> Iterator[Spot]:
    for each in _MADE(ground):
        resource = ground.resource(each.operation)
        if resource is not None and _children(ground, resource):
            yield each


def _children(ground: Ground, resource: Resource) -> list[Resource]:
    """The resources whose items are below the items of this one."""
    every = (r for r in ground.contract.resources if r.create and r.retrieve and r.key)
    return [each for each in every if ground.maker(each) is resource]


@rule(
    Law.READS,
    "What is below a deleted item is gone with it.",
    _with_children,
    apart=True,
)
def items_of_deleted_parents_are_gone(lab: Lab, spot: Spot) -> Judgement:
    """An item is created below another, and that one is deleted; the path of the first leads to
    nothing then. A server may refuse to delete what is not empty. Finds: a read that does not look
    at the parent of its path.
    """
    resource = resource_of(lab, spot.operation)
    reached = False
    for kind in _children(lab.ground, resource):
        parent = lab.fresh(resource)
        child = lab.fresh(kind, parent.path)
        request = lab.request(spot.operation, parent.path)
        step = lab.send(spot.operation, request, (*parent.steps, *child.steps))
        if child.shown is MISSING or not step.answer.accepted:
            continue
        read = lab.read(child, lambda answer: not answer.accepted, _GONE)
        reached = reached or (read is not None and read.answer.refused)
        if read is not None and read.answer.accepted:
            return broken(
                f"{said(parent.id)} was deleted, so nothing is below it.",
                f"{said(child.id)} can still be read there.",
                (*parent.steps, *child.steps, step, read),
                claims.refused(),
            )
    return held() if reached else not_applicable("what is not empty cannot be deleted")


@rule(
    Law.READS,
    "A list does not show what was deleted.",
    at_resources("list", "create", "key", "delete"),
    apart=True,
)
def lists_do_not_show_what_was_deleted(lab: Lab, spot: Spot) -> Judgement:
    """An item is created, listed, deleted and looked for in the list. Finds: a list that is kept
    beside the items.
    """
    resource = resource_of(lab, spot.operation)
    delete = lab.ground.contract.operation(resource.delete or "")
    live = lab.fresh(resource)
    if not listed(lab, spot.operation, live)[0]:
        return not_reached("the list does not show the item, which is judged elsewhere")
    step = lab.send(delete, lab.request(delete, live.path), live.steps)
    if not step.answer.accepted:
        return not_reached(answered(step.answer))
    gone: Callable[[Listing], bool] = lambda there: not found_in(live, there.items)
    there = listing(
        lab, spot.operation, live.parents, (*live.steps, step), until=gone, patience=_GONE
    )
    if gone(there):
        return held()
    return broken(
        f"{said(live.id)} was deleted.",
        "The list still shows it.",
        (*live.steps, step, *there.steps),
        *there.claims(claims.unlisted(resource.key or "", live.id)),
    )


@rule(
    Law.READS,
    "A delete leaves every other item as it was, and a create after it too.",
    _MADE,
)
def deletes_leave_other_items_alone(lab: Lab, spot: Spot) -> Judgement:
    """Of three items the second is deleted, and then the first; after each delete one more is
    created. The third one reads as before, all the time, and the new ones have ids of their own.
    Finds: an id that is the number of items, so that a create overwrites one; a delete of the
    wrong item, or of all.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    first = lab.fresh(resource)
    second = lab.fresh(resource, first.parents)
    third = filled(lab, resource, first.parents)
    if third.shown is MISSING:
        return not_reached("no read shows the item")
    for other in (first, second):
        if same(other.id, third.id):
            return _one_id(resource, third, (*other.steps, *third.steps))
    before, earlier = third.shown, (third.last,) if third.last else ()
    steps = (*first.steps, *second.steps, *third.steps, *earlier)
    for gone in (second, first):
        step = lab.send(operation, lab.request(operation, gone.path), gone.steps)
        if not step.answer.accepted:
            return not_reached(answered(step.answer))
        lost = _moved(lab, third, before, (*steps, step), f"A delete of {said(gone.id)}")
        if lost is not None:
            return lost
        new = lab.fresh(resource, first.parents)
        steps = (*steps, step, *new.steps)
        if same(new.id, third.id):
            return _one_id(resource, third, steps)
        lost = _moved(lab, third, before, steps, f"A create after a delete of {said(gone.id)}")
        if lost is not None:
            return lost
    return held()


def _one_id(resource: Resource, live: Live, steps: tuple[Step, ...]) -> Judgement:
    return broken(
        f"{said(live.id)} is the id of an item that is there, so that a new one has another.",
        "The new item has the same id.",
        steps,
        claims.reads_none_of((resource.key or "",), [live.id]),
    )


def _moved(
    lab: Lab, live: Live, before: Json | MISSING, steps: tuple[Step, ...], after: str
) -> Judgement | None:
    """What became of an item that nobody touched; None if nothing did."""
    read = lab.read(live)
    if read is None:
        return None
    if read.answer.refused:
        return broken(
            f"{after} leaves {said(live.id)} where it is.",
            f"Its read says: {answered(read.answer)}.",
            (*steps, read),
            claims.accepted(),
        )
    for place in differences(before, live.shown):
        there = at(live.shown, place)
        return broken(
            f"{after} leaves {said(live.id)} as it was.",
            f"{place_of(place)} reads {said(there)} now.",
            (*steps, read),
        )
    return None


def _named(ground: Ground) -> Iterator[Spot]:
    for each in _MADE(ground):
        resource = ground.resource(each.operation)
        create = ground.contract.operation(resource.create or "") if resource else None
        if create is not None and ground.key(create) is not None and ground.shape(create):
            yield each


@rule(
    Law.READS,
    "An item that is created under the name of a deleted one has nothing of it.",
    _named,
    apart=True,
)
def new_items_have_nothing_of_deleted_ones(lab: Lab, spot: Spot) -> Judgement:
    """An item with a value in every member is deleted and created again under its name, with the
    least that a create takes; it reads like any other item that was created so. A server may keep
    the name from being used again. Finds: a delete that only hides the item.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    create = lab.ground.contract.operation(resource.create or "")
    old = lab.create(resource, body=telling(lab, create)).live
    if old is None:
        return not_reached("no create with a value in every member is accepted")
    step = lab.send(operation, lab.request(operation, old.path), old.steps)
    if not step.answer.accepted:
        return not_reached(answered(step.answer))
    lab.read(old, lambda answer: not answer.accepted, _GONE)
    name = key_of(lab, create)
    again = lab.create(resource, old.parents, put(lab.base(create), (name,), old.id), named=False)
    if again.live is None:
        return not_applicable(f"the name is not free again: {answered(again.answer)}")
    model = lab.fresh(resource, old.parents)
    if again.live.shown is MISSING or model.shown is MISSING:
        return not_reached("no read shows the item")
    twin = lab.fresh(resource, old.parents)
    noise = [(resource.key or "",), *differences(model.shown, twin.shown)]
    for place in differences(model.shown, again.live.shown):
        if place in noise:
            continue
        wanted, there = at(model.shown, place), at(again.live.shown, place)
        read = (again.live.last,) if again.live.last else ()
        return broken(
            f"{said(old.id)} was deleted and created again: {place_of(place)} is {said(wanted)}, as "
            "of any item that is created so.",
            f"It reads {said(there)}.",
            (*old.steps, step, again.step, *read),
            *([] if wanted is MISSING else [claims.reads(place, wanted)]),
        )
    return held()
