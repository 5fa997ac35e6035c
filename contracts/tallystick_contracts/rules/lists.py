"""Lists: what is there, as it is now, under its own parent, however much there is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress

from pydantic import MISSING

from tallystick.contract import Resource
from tallystick.document import Json

from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.live import Live, NotReached
from ..probes.places import ITEM, Path, at, same
from ..probes.trials import addressed, resource_of, telling
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


def found_in(live: Live, items: list[Json]) -> list[Json]:
    """What a list shows under the id of an item."""
    return [each for each in items if same(at(each, (live.resource.key or "",)), live.id)]


@rule(Law.READS, "A list shows the items of its own parent, and no others.", _listed, apart=True)
def a_list_holds_its_own_items_only(lab: Lab, spot: Spot) -> Judgement:
    """One item is created under each of two parents, and both are listed; where parents have
    parents, also under two of one. Finds: a list of all items; a list that is always that of the
    first parent; a list by the outer parent only.
    """
    resource = resource_of(lab, spot.operation)
    if not resource.parents:
        return not_applicable("the items have no parent")
    one, other = (lab.fresh(resource, lab.parents(resource, which)) for which in (0, 1))
    pairs = [(one, other), (other, one)]
    with suppress(NotReached):
        pairs += [(one, lab.fresh(resource, lab.sibling_parents(resource)))]
    for live, other in pairs:
        step, items = _list(lab, spot, live)
        if not found_in(live, items) and not paged(step, items):
            return broken(
                f"The list shows {said(live.id)}, which was created under its parent.",
                "It is not in the list.",
                (*live.steps, step),
                claims.listed(resource.key or "", live.id),
            )
        if not found_in(other, items) or _is_there(lab, live, other):
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
    changed = changed_item(lab, resource, live)
    if changed is None:
        return not_reached(f"no update by {update.key} was accepted")
    return _as_read(lab, spot, changed) or held()


def _as_read(lab: Lab, spot: Spot, live: Live) -> Judgement | None:
    """What is wrong with the item in the list; a list may lag as long as updates do."""
    until = time.monotonic() + _lag(lab, live.resource)
    while True:
        step, items = _list(lab, spot, live)
        found = found_in(live, items)
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


def changed_item(lab: Lab, resource: Resource, live: Live) -> Live | None:
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
        if found_in(reserved, items) or paged(step, items):
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


def _emptied(ground: Ground) -> Iterator[Spot]:
    for each in _listed(ground):
        resource = ground.resource(each.operation)
        if resource is not None and resource.delete:
            yield each


@rule(Law.READS, "A list does not show what was deleted.", _emptied, apart=True)
def lists_do_not_show_what_was_deleted(lab: Lab, spot: Spot) -> Judgement:
    """An item is created, listed, deleted and looked for in the list. Finds: a list that is kept
    beside the items.
    """
    resource = resource_of(lab, spot.operation)
    delete = lab.ground.contract.operation(resource.delete or "")
    live = lab.fresh(resource)
    _, items = _list(lab, spot, live)
    if not found_in(live, items):
        return not_reached("the list does not show the item, which is judged elsewhere")
    step = lab.send(delete, lab.request(delete, live.path), live.steps)
    if not step.answer.accepted:
        return not_reached(answered(step.answer))
    until = time.monotonic() + 1.0
    while True:
        listed, items = _list(lab, spot, live)
        if not found_in(live, items):
            return held()
        if time.monotonic() >= until:
            return broken(
                f"{said(live.id)} was deleted.",
                "The list still shows it.",
                (*live.steps, step, listed),
                Claim(Kind.UNLISTED, -1, (resource.key or "",), live.id),
            )
        time.sleep(0.05)
