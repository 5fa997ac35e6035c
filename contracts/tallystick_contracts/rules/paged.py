"""Pages of lists, and the totals that they tell."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pydantic import MISSING

from tallystick.contract import Parameter, Resource
from tallystick.document import Json

from ..probes.ground import Ground
from ..probes.lab import SETTLE, Lab
from ..probes.live import Live
from ..probes.pages import Listing, Page, items_of, listing, small_pages
from ..probes.places import at, same
from ..probes.places import shown as place_of
from ..probes.samples import bounds
from ..probes.trials import resource_of
from ..verdicts import Law
from . import claims
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

_ITEMS = 5
"""Items that are made so that there is more than one page."""


_LISTS = at_resources("list", "create", "key")


def _paged(ground: Ground) -> Iterator[Spot]:
    for each in _LISTS(ground):
        way = ground.query(each.operation).paging
        if way.leads_on and way.limit is not None:
            yield Spot(each.operation, way.limit.pointer, f"?{way.limit.name}")


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
    way = lab.ground.query(operation).paging
    if way.limit is None:
        return not_applicable("no parameter says how many items a page has")
    lives = _several(lab, resource)
    parents, made = lives[0].parents, tuple(step for live in lives for step in live.steps)
    whole = listing(lab, operation, parents, made)
    if not whole.complete:
        return not_reached("there are too many items")
    pages = small_pages(lab, operation, parents, whole, made)
    if not pages:
        return not_reached("one page shows everything")
    steps = (*made, *(page.step for page in pages))
    for page in pages:
        wrong = _page(page, way.limit)
        if wrong is not None:
            return wrong
    items = [item for page in pages for item in page.items]
    wrong_one = not_once(resource.key or "", items, lives)
    if wrong_one is not None and all(found_in(live, whole.items) for live in lives):
        once, times = wrong_one
        return broken(
            f"The pages of {pages[0].size} items show {said(once)} once, as the whole list does.",
            f"It is on {times or 'none'} of the pages that there are then, {len(pages)}.",
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


def not_once(key: str, items: list[Json], lives: list[Live]) -> tuple[Json, int] | None:
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


def _page(page: Page, limit: Parameter) -> Judgement | None:
    """What is wrong with one page; None if nothing is."""
    if page.size is not None and len(page.items) > page.size:
        return broken(
            f"A page has {limit.name} = {page.size} items at most.",
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
    for each in _LISTS(ground):
        way, schema = ground.query(each.operation).paging, ground.answer_schema(each.operation)
        if way.total and way.leads_on and schema:
            yield Spot(each.operation, schema, place_of(way.total))


@rule(Law.READS, "The total of a list is the number of its items, on whatever page.", _totals)
def totals_count_items(lab: Lab, spot: Spot) -> Judgement:
    """The total is read on the largest page and on the smallest, before and after a create. It is
    the same on both, one more after the create, and no less than the items that the pages show.
    Finds: a total of the items on the page; a total that is kept beside the items.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    way = lab.ground.query(operation).paging
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
    shown: Callable[[Listing], Json | MISSING] = lambda each: at(
        each.steps[-1].answer.content, way.total
    )
    after = listing(
        lab,
        operation,
        parents,
        (*made, *more.steps),
        until=lambda each: shown(each) == total + 1,
        patience=SETTLE,
    )
    there = shown(after)
    if isinstance(there, int) and there != total + 1:
        return broken(
            f"{spot.place} is {total + 1} after one more create.",
            f"It is {there}.",
            (*made, *more.steps, *after.steps),
            *after.claims(claims.reads(way.total, total + 1)),
        )
    return held()
