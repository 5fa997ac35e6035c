"""Pages, totals and orders of lists; and what a parameter that is left out means."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from math import ceil

from pydantic import MISSING

from tallystick.contract import Operation, Parameter, Resource
from tallystick.document import Json, join

from ..lists import Order, orders, paging
from ..probes.ground import Ground
from ..probes.lab import SETTLE, Lab
from ..probes.live import Live
from ..probes.pages import Page, items_of, listing, walk
from ..probes.places import at, same
from ..probes.samples import bounds
from ..probes.trials import resource_of
from ..verdicts import Law, Standing, Step
from . import claims
from .lists import found_in
from .rule import (
    Judgement,
    Spot,
    answered,
    broken,
    held,
    not_applicable,
    not_reached,
    rule,
    said,
)

_ITEMS = 5
"""Items that are made so that there is more than one page."""
_MOST = 15
"""Pages into which a list is cut at most."""


def _lists(ground: Ground) -> Iterator[tuple[Operation, Resource]]:
    for operation in ground.contract.operations:
        resource = ground.resource(operation)
        if resource and ground.role(operation) == "list" and resource.create and resource.key:
            yield operation, resource


def _paged(ground: Ground) -> Iterator[Spot]:
    for operation, _ in _lists(ground):
        way = paging(ground.contract, operation)
        if way.leads_on and way.limit is not None:
            yield Spot(operation, way.limit.pointer, f"?{way.limit.name}")


def _several(lab: Lab, resource: Resource) -> list[Live]:
    """Some items under one parent, a new one where that can be made."""
    maker = lab.ground.maker(resource)
    parents = lab.fresh(maker).path if maker else lab.parents(resource)
    return [lab.fresh(resource, parents) for _ in range(_ITEMS)]


@rule(
    Law.READS,
    "The pages of a list show each item once, and no more on a page than was asked for.",
    _paged,
)
def pages_add_up(lab: Lab, spot: Spot) -> Judgement:
    """Five items are created, and the list is read in small pages, each as the one before leads on
    to it. Every one of them is on one page; no page has more items than its limit; what an answer
    says of its limit and offset is what was asked. Finds: the last item of a page that comes again
    on the next one; an offset that counts from one; a page that is never reached.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    way = paging(lab.ground.contract, operation)
    if way.limit is None:
        return not_applicable("no parameter says how many items a page has")
    lives = _several(lab, resource)
    parents, made = lives[0].parents, tuple(step for live in lives for step in live.steps)
    whole = listing(lab, operation, parents, made)
    if not whole.complete:
        return not_reached("there are too many items")
    low, high = bounds(lab.ground.samples.keywords(way.limit.schema))
    size = max(2, int(low or 1), ceil(len(whole.items) / _MOST))
    if size >= len(whole.items) or (high is not None and size > high):
        return not_reached("one page shows everything")
    pages = list(walk(lab, operation, parents, way, size, most=_MOST + 3, led_by=made))
    steps = (*made, *(page.step for page in pages))
    for page in pages:
        wrong = _page(page, size, way.limit)
        if wrong is not None:
            return wrong
    items = [item for page in pages for item in page.items]
    wrong_one = _not_once(resource.key or "", items, lives)
    if wrong_one is not None and all(found_in(live, whole.items) for live in lives):
        once, times = wrong_one
        return broken(
            f"The pages of {size} items show {said(once)} once, as the whole list does.",
            f"It is on {times or 'none'} of the {len(pages)} pages.",
            steps,
        )
    if way.offset is not None:
        request = lab.request(operation, parents, more=[(way.offset, len(whole.items) + _ITEMS)])
        step = lab.send(operation, request, made)
        shown = [live for live in lives if found_in(live, items_of(step) or [])]
        if step.answer.accepted and shown:
            return broken(
                f"Behind the last of {len(whole.items)} items there is none.",
                f"The page shows {said(shown[0].id)}.",
                (*made, step),
                claims.unlisted(resource.key or "", shown[0].id),
            )
    return held()


def _not_once(key: str, items: list[Json], lives: list[Live]) -> tuple[Json, int] | None:
    """An id that comes more than once, or one of these that never comes, and how often."""
    ids: list[Json] = []
    for item in items:
        named = at(item, (key,))
        if named is not MISSING:
            ids.append(named)
    again = (each for number, each in enumerate(ids) if each in ids[:number])
    missing = (live.id for live in lives if live.id not in ids)
    one = next(iter([*again, *missing]), None)
    return None if one is None else (one, ids.count(one))


def _page(page: Page, size: int, limit: Parameter) -> Judgement | None:
    """What is wrong with one page; None if nothing is."""
    if len(page.items) > size:
        return broken(
            f"A page has {limit.name} = {said(size)} items at most.",
            f"It has {len(page.items)}.",
            (page.step,),
        )
    for name, value in page.asked.items():
        told = at(page.step.answer.content, (name,))
        if isinstance(told, int) and not same(told, value):
            return broken(
                f"The answer says {name} = {said(value)}, as was asked.",
                f"It says {said(told)}.",
                (page.step,),
                claims.reads((name,), value),
            )
    return None


# --- totals --------------------------------------------------------------------------------------


def _totals(ground: Ground) -> Iterator[Spot]:
    for operation, _ in _lists(ground):
        way = paging(ground.contract, operation)
        schema = ground.answer_schema(operation)
        if way.total and way.leads_on and schema:
            yield Spot(operation, schema, "/" + "/".join(way.total))


@rule(Law.READS, "The total of a list is the number of its items, on whatever page.", _totals)
def totals_count_items(lab: Lab, spot: Spot) -> Judgement:
    """The total is read on the largest page and on the smallest, before and after a create. It is
    the same on both, one more after the create, and no less than the items that the pages show.
    Finds: a total of the items on the page; a total that is kept beside the items.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    way = paging(lab.ground.contract, operation)
    lives = _several(lab, resource)
    parents, made = lives[0].parents, tuple(step for live in lives for step in live.steps)
    whole = listing(lab, operation, parents, made)
    total = at(whole.steps[-1].answer.content, way.total)
    if not isinstance(total, int):
        return not_reached("no answer shows it")
    if whole.complete and total != len(whole.items):
        return broken(
            f"The pages show {len(whole.items)} items, and {spot.place} is that.",
            f"It is {total}.",
            (*made, *whole.steps),
            *whole.claims(claims.reads(way.total, len(whole.items))),
        )
    least = bounds(lab.ground.samples.keywords(way.limit.schema))[0] if way.limit else None
    smallest = [(way.limit, max(1, int(least or 1)))] if way.limit else []
    step = lab.send(operation, lab.request(operation, parents, more=smallest), made)
    small = at(step.answer.content, way.total)
    if step.answer.accepted and isinstance(small, int) and small != total:
        return broken(
            f"{spot.place} is {total} on every page.",
            f"On a page of {said(smallest[0][1]) if smallest else 'its own'} it is {small}.",
            (*made, *whole.steps, step),
            claims.same(way.total, -2),
        )
    more = lab.fresh(resource, parents)
    until = time.monotonic() + SETTLE
    while True:
        after = listing(lab, operation, parents, (*made, *more.steps))
        there = at(after.steps[-1].answer.content, way.total)
        if there == total + 1 or time.monotonic() >= until:
            break
        time.sleep(0.05)
    if isinstance(there, int) and there != total + 1:
        return broken(
            f"{spot.place} is {total + 1} after one more create.",
            f"It is {there}.",
            (*made, *more.steps, *after.steps),
            *after.claims(claims.reads(way.total, total + 1)),
        )
    return held()


# --- orders --------------------------------------------------------------------------------------


def _ordered(ground: Ground) -> Iterator[Spot]:
    for operation, _ in _lists(ground):
        for parameter in operation.parameters:
            for word in orders(ground.contract, operation, parameter):
                yield Spot(operation, parameter.pointer, f"?{parameter.name}", word)


@rule(Law.READS, "A list is in the order that it is asked for.", _ordered, apart=True)
def lists_are_sorted_as_asked(lab: Lab, spot: Spot) -> Judgement:
    """Items with different values of the member that a word of the sort parameter names are
    created, in no order, and the list is asked for that word; they come in its order. Texts are
    compared only where letter case and signs do not matter. So they do page by page. Finds: a sort parameter that is
    ignored, or the other way round; numbers sorted as texts.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    parameter = operation.parameter(spot.place[1:], "query")
    order = orders(lab.ground.contract, operation, parameter).get(spot.state) if parameter else None
    if parameter is None or order is None:
        return not_applicable("there is no such parameter")
    lives = _unordered(lab, resource, order)
    made = tuple(step for live in lives for step in live.steps)
    more = [(parameter, spot.state)]
    there = listing(lab, operation, lives[0].parents, made, more)
    judged = _in_order(spot, parameter, order, lives, there.items, (*made, *there.steps))
    way = paging(lab.ground.contract, operation)
    size = max(2, ceil(len(there.items) / _MOST))
    if judged.standing is not Standing.HELD or not way.leads_on or way.limit is None:
        return judged
    if size >= len(there.items) or not lab.ground.oracle.fits(way.limit.schema, size):
        return judged
    parents = lives[0].parents
    pages = list(walk(lab, operation, parents, way, size, most=_MOST + 3, led_by=made, more=more))
    items = [item for page in pages for item in page.items]
    steps = (*made, *(page.step for page in pages))
    return _in_order(spot, parameter, order, lives, items, steps)


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


# --- defaults of parameters ------------------------------------------------------------------------


def _defaulted(ground: Ground) -> Iterator[Spot]:
    for operation in ground.contract.operations:
        if operation.method != "GET" or ground.answer_schema(operation) is None:
            continue
        for parameter in operation.parameters:
            told = parameter.default not in (MISSING, None)
            if parameter.location == "query" and told and not parameter.required:
                pointer = join(parameter.schema, "default")
                yield Spot(operation, pointer, f"?{parameter.name}")


@rule(
    Law.DEFAULTS,
    "A parameter left out means the same as its default spelled out.",
    _defaulted,
)
def absent_parameters_mean_their_default(lab: Lab, spot: Spot) -> Judgement:
    """A read is asked without the parameter and with its default; both answers show the same items
    in the same order. Of a limit more items are created than its default, where that is not much,
    and no more come than it says. Finds: a page that is longer when nobody says how long.
    """
    operation, resource = spot.operation, lab.ground.resource(spot.operation)
    parameter = operation.parameter(spot.place[1:], "query")
    if parameter is None or parameter.default is MISSING:
        return not_applicable("there is no such parameter")
    role = lab.ground.role(operation)
    lives: list[Live] = []
    if role in ("list", "retrieve") and resource is not None and resource.create:
        first = lab.fresh(resource)
        more = _enough(parameter) if role == "list" else 0
        lives = [first, *(lab.fresh(resource, first.parents) for _ in range(more))]
    path = lab.path(operation, None)
    if lives:
        path = dict(lives[0].parents) if role == "list" else lives[0].path
    made = tuple(step for live in lives for step in live.steps)
    plain = lab.send(operation, lab.request(operation, path), made)
    spelt = lab.send(
        operation, lab.request(operation, path, more=[(parameter, parameter.default)]), made
    )
    if not plain.answer.accepted or not spelt.answer.accepted:
        return not_reached(f"{answered(plain.answer)}, {answered(spelt.answer)}")
    key = resource.key if resource else None
    one, other = (_told(lab, operation, step, key) for step in (plain, spelt))
    if same(one, other):
        return held()
    return broken(
        f"{parameter.name} left out means {said(parameter.default)}, its default.",
        f"Left out, the answer shows {_count(one)}; spelled out, {_count(other)}.",
        (*made, plain, spelt),
    )


def _enough(parameter: Parameter) -> int:
    """How many items show whether a limit holds that nobody asked for."""
    default = parameter.default
    return default if isinstance(default, int) and 2 <= default <= 30 else 2


def _told(lab: Lab, operation: Operation, step: Step, key: str | None) -> Json:
    """The ids of a list in their order, or what stands still of anything else."""
    content = step.answer.content
    if content is MISSING:
        return None
    ids: list[Json] = []
    for item in items_of(step) or () if key else ():
        named = at(item, (key or "",))
        if named is not MISSING:
            ids.append(named)
    if ids:
        return ids
    resource, schema = lab.ground.resource(operation), lab.ground.answer_schema(operation)
    read = lab.ground.reading(schema, content)
    return read if resource is None else lab.ground.steady(resource, read)


def _count(value: Json) -> str:
    return f"{len(value)} items, {said(value)}" if isinstance(value, list) else said(value)
