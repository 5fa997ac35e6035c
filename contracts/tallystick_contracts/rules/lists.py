"""Lists: what is there, as it is now, under its own parent, however much there is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from pydantic import MISSING

from tallystick.contract import Operation, Resource
from tallystick.document import Json

from ..probes.bodies import addressed, widest
from ..probes.lab import Lab
from ..probes.live import Live, NotReached
from ..probes.members import Member
from ..probes.pages import Listing, listing
from ..probes.places import ITEM, Path, at, same
from ..probes.trials import filled, resource_of
from ..verdicts import Law, Step
from . import claims
from .rule import (
    Judgement,
    Spot,
    at_resources,
    broken,
    held,
    not_applicable,
    not_reached,
    rule,
    said,
    said_apart,
)

_LISTED = at_resources("list", "create", "key")


def found_in(live: Live, items: list[Json]) -> list[Json]:
    """What a list shows under the id of an item."""
    return [each for each in items if same(at(each, (live.resource.key or "",)), live.id)]


@rule(
    Law.READS,
    "A list shows what was created, as a read shows it.",
    at_resources("list"),
)
def lists_show_what_was_created(lab: Lab, spot: Spot) -> Judgement:
    """An item is created and looked for in the list, once and as a read shows it. Finds: a list
    that leaves out the newest item.
    """
    resource = resource_of(lab, spot.operation)
    if resource.create is None or resource.key is None:
        return not_applicable("the contract creates nothing here")
    live = lab.fresh(resource)
    found, there = listed(lab, spot.operation, live)
    claim = there.claims(claims.listed(resource.key, live.id))
    if len(found) > 1:
        return broken(
            "A list shows each item once.",
            f"{said(live.id)} is in it {len(found)} times.",
            (*live.steps, *there.steps),
            *claim,
        )
    if not found:
        if not there.complete:
            return not_reached("the list seems to be cut into pages")
        return broken(
            f"The list shows {said(live.id)}, which was created.",
            f"It is not among the {len(there.items)} items of the list.",
            (*live.steps, *there.steps),
            *claim,
        )
    return like_the_read(lab, spot.operation, live, found[0], there, resource.key)


def listed(
    lab: Lab, operation: Operation, live: Live, led_by: tuple[Step, ...] = ()
) -> tuple[list[Json], Listing]:
    """What the list of its parent shows under the id of an item, and that list.

    Args:
        lab: the bench.
        operation: the list.
        live: the item.
        led_by: the exchanges before it, those of the item when there are no others.

    Raises:
        NotReached: the list is not answered, or the answer holds none.
    """
    there = listing(lab, operation, live.parents, led_by or live.steps)
    return found_in(live, there.items), there


def _read(lab: Lab, operation: Operation, item: Json) -> Json:
    """An item of a list as a reader takes it, where the list has the schema of a read."""
    one = lab.ground.read_of(operation)
    schema = lab.ground.answer_schema(one) if one else None
    contract, whole = lab.ground.contract, lab.ground.answer_schema(operation)
    if schema is None or whole is None:
        return item
    core = contract.core(whole)
    lists = [core.items, *(contract.core(each.pointer).items for each in core.properties)]
    alike = any(e and contract.core(e).pointer == contract.core(schema).pointer for e in lists)
    return lab.ground.reading(schema, item) if alike else _settable(lab, operation, item)


def _settable(lab: Lab, operation: Operation, item: Json) -> Json:
    """Of an item in another schema only what requests set: the rest need not be the same there."""
    resource = lab.ground.resource(operation)
    if resource is None or not isinstance(item, dict):
        return item
    known = {resource.key}
    for pointer in (resource.create, resource.update, resource.replace):
        shape = lab.ground.shape(lab.ground.contract.operation(pointer)) if pointer else None
        known |= {each.response[0] for each in (shape.mirrors if shape else ())}
    return {name: value for name, value in item.items() if name in known}


def like_the_read(
    lab: Lab, operation: Operation, live: Live, raw: Json, there: Listing, resource_key: str
) -> Judgement:
    """Whether an item of a list shows what the last read of it showed."""
    item = _read(lab, operation, raw)
    if live.shown is MISSING or not isinstance(live.shown, dict) or not isinstance(item, dict):
        return held()
    for name in raw if isinstance(raw, dict) else ():
        if name in item and name in live.shown and not same(item[name], live.shown[name]):
            wanted, seen = said_apart(live.shown[name], item[name])
            return broken(
                f"The list shows {name} of {said(live.id)} as a read does, {wanted}.",
                f"It shows {seen}.",
                (*live.steps, *((live.last,) if live.last else ()), *there.steps),
                *there.claims(claims.listed_same(resource_key, live.id, name, -2)),
            )
    return held()


@rule(Law.READS, "A list shows the items of its own parent, and no others.", _LISTED, apart=True)
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
        found, there = listed(lab, spot.operation, live)
        if not found and there.complete:
            parents = ", ".join(f"{name} {said(value)}" for name, value in live.parents.items())
            return broken(
                f"The list of {parents} shows {said(live.id)}, which was created there.",
                f"It is not among the {len(there.items)} items of the list.",
                (*live.steps, *there.steps),
                *there.claims(claims.listed(resource.key or "", live.id)),
            )
        if not found_in(other, there.items) or _is_there(lab, live, other):
            continue
        return broken(
            f"{said(other.id)} was created under another parent, and is not in this list.",
            "It is in the list.",
            (*live.steps, *other.steps, *there.steps),
            *there.claims(claims.unlisted(resource.key or "", other.id)),
        )
    return held()


def _is_there(lab: Lab, live: Live, other: Live) -> bool:
    """Whether the parent of ``live`` has an item with the other's id too."""
    read = lab.read(Live(live.resource, live.parents, other.id, live.steps))
    return read is None or not read.answer.refused


@rule(Law.READS, "A list shows an item as a read does, also after an update.", _LISTED, apart=True)
def lists_show_the_present_state(lab: Lab, spot: Spot) -> Judgement:
    """An item with values other than the defaults is created, a plain one and one with texts of the
    greatest length; the first is updated twice. Before and after that the list shows each as a read
    does, and once. Finds: a list that is cached; a list of items as they were created, or of
    defaults; a column that is cut; the values of one item in the next; an update that adds a row.
    """
    resource = resource_of(lab, spot.operation)
    create = lab.ground.contract.operation(resource.create or "")
    shape = lab.ground.shape(create)
    live = filled(lab, resource)
    lives = [live, lab.fresh(resource, live.parents)]
    wide = lab.create(resource, live.parents, widest(lab, create)).live if shape else None
    lives += [wide] if wide else []
    for each in lives:
        found = _as_read(lab, spot, each)
        if found is not None:
            return found
    if resource.update is None:
        return held()
    update = lab.ground.contract.operation(resource.update)
    for _ in range(2):
        changed = changed_item(lab, resource, live)
        if changed is None:
            return not_reached(f"no update by {update.key} was accepted")
        found = _as_read(lab, spot, changed, updated=True)
        if found is not None:
            return found
    return held()


def _as_read(lab: Lab, spot: Spot, live: Live, *, updated: bool = False) -> Judgement | None:
    """What is wrong with the item in the list; a list may lag as long as updates do."""

    def judged(there: Listing) -> Judgement | None:
        found = found_in(live, there.items)
        key = live.resource.key or ""
        if updated and len(found) != 1 and there.complete:
            return _not_once(live, key, len(found), there)
        one = like_the_read(lab, spot.operation, live, found[0], there, key) if found else held()
        return one if one.finding else None

    lag = _lag(lab, live.resource)
    return judged(
        listing(
            lab,
            spot.operation,
            live.parents,
            live.steps,
            until=lambda there: judged(there) is None,
            patience=lag,
        )
    )


def _not_once(live: Live, key: str, times: int, there: Listing) -> Judgement:
    return broken(
        f"The list shows {said(live.id)} once, also after an update.",
        f"It is in it {times} times."
        if times
        else f"It is not among its {len(there.items)} items.",
        (*live.steps, *there.steps),
        *there.claims(claims.listed(key, live.id)),
    )


def _lag(lab: Lab, resource: Resource) -> float:
    update = lab.ground.contract.operation(resource.update) if resource.update else None
    return lab.patience.still(update) if update else 0.0


def changed_item(lab: Lab, resource: Resource, live: Live) -> Live | None:
    """The item after an update that a read shows: of a number or a text, if there is one.

    Other members may say whether a list shows an item at all, as ``archived`` does.
    """
    operation = lab.ground.contract.operation(resource.update or "")
    shape = lab.ground.shape(operation)
    for member in sorted(shape.members, key=_chooses(lab)) if shape else ():
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


def _chooses(lab: Lab) -> Callable[[Member], bool]:
    """Whether a member is of few values, so that lists may be made by it."""

    def chooses(member: Member) -> bool:
        core = lab.ground.contract.core(member.pointer)
        return "boolean" in core.types or core.enum is not None

    return chooses


def _shows(place: Path, wanted: Json | MISSING) -> Callable[[Json | MISSING], bool]:
    return lambda shown: same(at(shown, place), wanted)


@rule(Law.READS, "A list shows what a reserved name stands for.", _LISTED, apart=True)
def lists_show_what_is_reserved(lab: Lab, spot: Spot) -> Judgement:
    """The list of a parent holds the items that are there from the start. Finds: a list that holds
    only what was created.
    """
    resource = resource_of(lab, spot.operation)
    names = lab.ground.reserved(resource)
    if not names:
        return not_applicable("no name is reserved")
    live = lab.fresh(resource)
    there = listing(lab, spot.operation, live.parents, live.steps)
    for value in names:
        reserved = Live(resource, live.parents, value, ())
        if found_in(reserved, there.items) or not there.complete:
            continue
        read = lab.read(reserved)
        if read is not None and read.answer.accepted:
            return broken(
                f"{said(value)} is there from the start, so the list shows it.",
                "It can be read, and is not in the list.",
                (read, *there.steps),
                *there.claims(claims.listed(resource.key or "", value)),
            )
    return held()
