"""Filters: what a list shows that is asked for one value of a member."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import MISSING

from tallystick.contract import Parameter
from tallystick.document import Json

from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.live import Live
from ..probes.pages import Listing, listing, small_pages
from ..probes.places import at, same
from ..probes.samples import Unsatisfiable
from ..probes.trials import resource_of
from ..verdicts import Law
from . import claims
from .lists import found_in, listed
from .paged import not_once
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

_MORE_THAN_A_PAGE = 3
"""Items of one kind that are on more than one page of two."""


def _filtered(ground: Ground) -> Iterator[Spot]:
    for each in at_resources("list", "create", "key")(ground):
        for parameter in each.operation.parameters:
            if parameter.name in ground.query(each.operation).filters:
                yield Spot(each.operation, parameter.pointer, f"?{parameter.name}", "filter")


@rule(
    Law.READS,
    "A list asked for one value of a member shows the items that have it, and no others.",
    _filtered,
    apart=True,
)
def filters_choose_by_their_member(lab: Lab, spot: Spot) -> Judgement:
    """Where a parameter of a list has the name of a required member of its items, and its enum or
    plain type, items of several values are created, and the list is asked for each value, page by
    page too, and with each other filter beside it. Finds: a filter that is ignored, or the wrong
    way round; a value that it never finds; a second page that nobody chose.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    parameter = operation.parameter(spot.place[1:], "query")
    if parameter is None:
        return not_applicable("there is no such parameter")
    name = parameter.name
    lives = _various(lab, spot, parameter)
    words: list[Json | MISSING] = [*_words(lab, parameter)]
    words = words or [at(each.shown, (name,)) for each in lives]
    made = tuple(step for live in lives for step in live.steps)
    asked_for = [each for each in words if each is not MISSING and each is not None]
    for word in asked_for:
        there = listing(lab, operation, lives[0].parents, made, [(parameter, word)])
        asked = f"Asked for {name} = {said(word)}"
        shown = _misfit(lab, parameter, there.items, word)
        if shown is not MISSING:
            return broken(
                f"{asked}, the list shows such items only.",
                f"It shows one with {said(shown)}.",
                (*made, *there.steps),
                *there.claims(claims.unlisted(name, shown)),
            )
        for live in lives if there.complete else []:
            if not same(at(live.shown, (name,)), word) or found_in(live, there.items):
                continue
            if not listed(lab, operation, live)[0]:
                return not_reached("the whole list does not show the item either")
            return broken(
                f"{asked}, the list shows {said(live.id)}, which has it.",
                "It is not in the list.",
                (*live.steps, *there.steps),
                *there.claims(claims.listed(resource.key or "", live.id)),
            )
        both = _with_another(lab, spot, parameter, word, lives, there)
        if both is not None:
            return both
        paged = _by_pages(lab, spot, parameter, word, lives, there) if there.complete else None
        if paged is not None:
            return paged
    return held() if asked_for else not_reached("no item shows a value of the parameter")


def _with_another(
    lab: Lab,
    spot: Spot,
    parameter: Parameter,
    word: Json,
    lives: list[Live],
    whole: Listing,
) -> Judgement | None:
    """What is wrong with a list that another filter chooses too; None if nothing is."""
    operation, name = spot.operation, parameter.name
    live = next((each for each in lives if found_in(each, whole.items)), None)
    filters = lab.ground.query(operation).filters
    others = [operation.parameter(each, "query") for each in filters if each != name]
    for other in others:
        if live is None or other is None:
            continue
        value = at(found_in(live, whole.items)[0], (other.name,))
        if value is MISSING or value is None:
            continue
        there = listing(
            lab, operation, live.parents, live.steps, [(parameter, word), (other, value)]
        )
        asked = f"Asked for {name} = {said(word)} and {other.name} = {said(value)}"
        for each, wanted in ((parameter, word), (other, value)):
            shown = _misfit(lab, each, there.items, wanted)
            if shown is not MISSING:
                return broken(
                    f"{asked}, the list shows items that have both.",
                    f"It shows one with {each.name} = {said(shown)}.",
                    (*live.steps, *there.steps),
                )
        if there.complete and not found_in(live, there.items):
            return broken(
                f"{asked}, the list shows {said(live.id)}, which has both.",
                f"It is not among the {len(there.items)} items of the list.",
                (*live.steps, *there.steps),
                *there.claims(claims.listed(live.resource.key or "", live.id)),
            )
    return None


def _by_pages(
    lab: Lab, spot: Spot, parameter: Parameter, word: Json, lives: list[Live], whole: Listing
) -> Judgement | None:
    """What is wrong with the pages of a list that a filter chose; None if nothing is."""
    operation, key = spot.operation, lives[0].resource.key or ""
    made = tuple(step for live in lives for step in live.steps)
    chosen = [live for live in lives if found_in(live, whole.items)]
    more = [(parameter, word)]
    pages = small_pages(lab, operation, lives[0].parents, whole, made, more)
    items = [item for page in pages for item in page.items]
    asked, steps = f"{parameter.name} = {said(word)}", tuple(page.step for page in pages)
    shown = _misfit(lab, parameter, items, word)
    if shown is not MISSING:
        return broken(
            f"Every page of a list that is asked for {asked} shows such items only.",
            f"One of {len(pages)} pages shows an item with {said(shown)}.",
            (*made, *steps),
        )
    wrong = not_once(key, items, chosen) if pages else None
    if wrong is None:
        return None
    return broken(
        f"The pages of a list that is asked for {asked} show {said(wrong[0])} once, as the list in "
        "one page does.",
        f"It is on {wrong[1] or 'none'} of the pages that there are then, {len(pages)}.",
        (*made, *steps),
    )


def _words(lab: Lab, parameter: Parameter) -> list[Json]:
    """The values of a parameter that has few; none of another one."""
    core = lab.ground.contract.core(parameter.schema)
    if core.enum:
        words: list[Json] = [each for each in core.enum if each is not None]
        return words[:3]
    return [True, False] if core.types - {"null"} == frozenset({"boolean"}) else []


def _various(lab: Lab, spot: Spot, parameter: Parameter) -> list[Live]:
    """Items with different values of the member, as far as a create takes them."""
    resource = resource_of(lab, spot.operation)
    words = _words(lab, parameter)
    if lab.ground.query(spot.operation).paging.leads_on:
        words = [word for word in words for _ in range(_MORE_THAN_A_PAGE)]
    lives = [live for word in words if (live := _made(lab, spot, parameter.name, word))]
    return lives or [lab.fresh(resource), lab.fresh(resource)]


def _misfit(
    lab: Lab, parameter: Parameter, items: list[Json], word: Json | MISSING
) -> Json | MISSING:
    """What the first item shows that was not asked for; MISSING where none does."""
    for item in items:
        shown = at(item, (parameter.name,))
        if shown is not MISSING and _unlike(lab, parameter, shown, word):
            return shown
    return MISSING


def _unlike(lab: Lab, parameter: Parameter, shown: Json, word: Json | MISSING) -> bool:
    """Whether an item has nothing of what was asked for; a text may be looked for within others."""
    if isinstance(shown, str) and isinstance(word, str) and not _words(lab, parameter):
        return word.casefold() not in shown.casefold()
    return not same(shown, word)


def _made(lab: Lab, spot: Spot, name: str, word: Json) -> Live | None:
    """An item that shows this value; None if none can be made."""
    resource = resource_of(lab, spot.operation)
    create = lab.ground.contract.operation(resource.create or "")
    media = create.body.json if create.body else None
    if media is None or media.schema is None:
        return None
    union = lab.ground.contract.core(media.schema)
    for pointer in (*union.branches, media.schema):
        member = lab.ground.contract.core(pointer).property(name)
        if member is None or not lab.ground.oracle.fits(member.pointer, word):
            continue
        try:
            base = lab.ground.samples.one(pointer)
        except Unsatisfiable:
            continue
        body = {**base, name: word} if isinstance(base, dict) else base
        if not lab.ground.oracle.fits(media.schema, body):
            continue
        live = lab.create(resource, body=body).live
        if live is not None and same(at(live.shown, (name,)), word):
            return live
    return None
