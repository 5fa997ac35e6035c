"""Orders of lists: a list comes in the order that it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from pydantic import MISSING

from tallystick.contract import Parameter, Resource
from tallystick.document import Json

from ..lists import Order
from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.live import Live
from ..probes.pages import Listing, listing, small_pages, walk
from ..probes.places import at
from ..probes.trials import resource_of
from ..verdicts import Law, Standing, Step
from .lists import found_in
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
)


def _ordered(ground: Ground) -> Iterator[Spot]:
    for each in at_resources("list", "create", "key")(ground):
        for name, words in ground.query(each.operation).orders.items():
            parameter = each.operation.parameter(name, "query")
            pointer = parameter.pointer if parameter else each.operation.pointer
            for word in words:
                yield Spot(each.operation, pointer, f"?{name}", word)


@rule(Law.READS, "A list is in the order that it is asked for.", _ordered, apart=True)
def lists_are_sorted_as_asked(lab: Lab, spot: Spot) -> Judgement:
    """Items with different values of the member that a word of the sort parameter names are
    created, in no order, and the list is asked for that word; they come in its order, page by page
    too. Texts are compared only where letter case and signs do not matter. Finds: a sort parameter
    that is ignored, or the other way round; numbers sorted as texts.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    parameter = operation.parameter(spot.place[1:], "query")
    order = lab.ground.query(operation).orders.get(spot.place[1:], {}).get(spot.state)
    if parameter is None or order is None:
        return not_applicable("there is no such parameter")
    lives = _unordered(lab, resource, order)
    made = tuple(step for live in lives for step in live.steps)
    more = [(parameter, spot.state)]
    there = listing(lab, operation, lives[0].parents, made, more)
    judged = _in_order(spot, parameter, order, lives, there.items, (*made, *there.steps))
    if judged.standing is not Standing.HELD:
        return judged
    pages = small_pages(lab, operation, lives[0].parents, there, made, more)
    if not pages:
        return judged
    items = [item for page in pages for item in page.items]
    steps = (*made, *(page.step for page in pages))
    paged = _in_order(spot, parameter, order, lives, items, steps)
    return paged if paged.finding else _first_page(lab, spot, parameter, order, lives, there)


def _first_page(
    lab: Lab, spot: Spot, parameter: Parameter, order: Order, lives: list[Live], whole: Listing
) -> Judgement:
    """Whether the first page of two has what comes first of all, and not of these two."""
    operation, made = spot.operation, tuple(step for live in lives for step in live.steps)
    way = lab.ground.query(operation).paging
    if way.limit is None or not lab.ground.oracle.fits(way.limit.schema, 2):
        return held()
    more = [(parameter, spot.state)]
    pages = walk(lab, operation, lives[0].parents, way, 2, most=1, led_by=made, more=more)
    page = next(pages)
    last = at(page.items[-1], (order.member.name,)) if page.items else MISSING
    for item in whole.items:
        value = at(item, (order.member.name,))
        ours = [live for live in lives if found_in(live, [item])]
        if not ours or found_in(ours[0], page.items) or last is MISSING:
            continue
        before = _before(value, last)
        if before is not None and before is not order.descending:
            return broken(
                f"{parameter.name} = {said(spot.state)} puts {said(value)} before {said(last)}, so "
                "that no page which ends with the second comes before one with the first.",
                f"{said(last)} is on the first page, {said(value)} is not.",
                (*made, page.step),
            )
    return held()


def _in_order(
    spot: Spot,
    parameter: Parameter,
    order: Order,
    lives: list[Live],
    items: list[Json],
    steps: tuple[Step, ...],
) -> Judgement:
    """Whether the items that were created here come in the order that was asked for."""
    ours = [item for item in items if any(found_in(live, [item]) for live in lives)]
    shown: list[Json | MISSING] = [at(item, (order.member.name,)) for item in ours]
    compared = 0
    for one, other in pairwise(shown):
        before = _before(one, other)
        compared += before is not None
        if before is not None and before is order.descending:
            return broken(
                f"{parameter.name} = {said(spot.state)} asks for "
                f"{'descending' if order.descending else 'ascending'} {order.member.name}.",
                f"{said(one)} comes before {said(other)}.",
                steps,
            )
    return held() if compared else not_reached("no two items have values that can be ordered")


def _unordered(lab: Lab, resource: Resource, order: Order) -> list[Live]:
    """Items with different values of the member, where a create takes it: not in their order."""
    create = lab.ground.contract.operation(resource.create or "")
    shape = lab.ground.shape(create)
    member = (
        next((m for m in shape.members if m.path == (order.member.name,)), None) if shape else None
    )
    first = lab.fresh(resource)
    if member is None or lab.ground.names_item(create, member):
        return [first, *(lab.fresh(resource, first.parents) for _ in range(3))]
    fits: Callable[[Json], bool] = lambda value: lab.ground.oracle.fits(member.pointer, value)
    wanted = [each for each in _spread(first.shown, order) if fits(each)]
    for state in lab.ground.states.values(member):
        if not state.falsy and state.value is not MISSING and state.value not in wanted:
            wanted.append(state.value)
    lives = [first]
    for value in wanted[:4]:
        body = lab.ground.with_member(create, lab.base(create), member.path, value)
        live = lab.create(resource, first.parents, body).live
        lives += [live] if live is not None else []
    return lives


def _spread(shown: Json | MISSING, order: Order) -> list[Json]:
    """Values that sort in one way only, whatever the collation; 9 and 10 as numbers."""
    there = at(shown, (order.member.name,))
    if isinstance(there, int) and not isinstance(there, bool):
        return [10, 9, 30, 2]
    return ["mmm", "aaa", "zzz", "ggg"] if isinstance(there, str) else []


def _before(one: Json | MISSING, other: Json | MISSING) -> bool | None:
    """Whether one value sorts before another in every collation; None if that cannot be told."""
    if isinstance(one, bool) or isinstance(other, bool):
        return None
    if isinstance(one, int | float) and isinstance(other, int | float):
        return None if one == other else one < other
    if not isinstance(one, str) or not isinstance(other, str):
        return None
    plain = [[_letters(each), each.casefold(), each] for each in (one, other)]
    told = {left < right for left, right in zip(*plain, strict=True)}
    equal = any(left == right for left, right in zip(*plain, strict=True))
    return None if equal or len(told) > 1 else told.pop()


def _letters(text: str) -> str:
    return "".join(each for each in text.casefold() if each.isalnum())
