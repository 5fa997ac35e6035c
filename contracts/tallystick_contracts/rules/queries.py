"""Queries: what a parameter does not admit, what it chooses, and what it means when left out."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import MISSING

from tallystick.contract import Operation, Parameter
from tallystick.document import Json, join

from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.live import Live
from ..probes.pages import Listing, items_of, listing, small_pages
from ..probes.places import at, same
from ..probes.samples import Unsatisfiable, bounds
from ..probes.trials import resource_of
from ..verdicts import Law, Step
from . import claims
from .control import needs_acceptance
from .lists import found_in, listed
from .paged import not_once
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

_READS = ("GET", "HEAD", "QUERY")
_MORE_THAN_A_PAGE = 3
"""Items of one kind that are on more than one page of two."""


# --- what is not admitted ------------------------------------------------------------------------


def _wrong(ground: Ground) -> Iterator[Spot]:
    for operation in ground.contract.operations:
        if operation.method not in _READS:
            continue
        for parameter in operation.parameters:
            for state in _unfit(ground, parameter) if parameter.location == "query" else {}:
                yield Spot(operation, parameter.schema, f"?{parameter.name}", state)


def _unfit(ground: Ground, parameter: Parameter) -> dict[str, Json]:
    """Texts that no reading makes a value of the parameter."""
    core = ground.contract.core(parameter.schema)
    values = [each for each in core.enum or () if isinstance(each, str)]
    if values and core.types <= {"string", "null"}:
        found: dict[str, Json] = {"unknown enum value": f"{values[0]}_unknown"}
        if values[0].swapcase() not in values:
            found["enum in another case"] = values[0].swapcase()
        return found
    if core.types == frozenset({"integer"}):
        low, high = bounds(ground.samples.keywords(parameter.schema))
        beyond: dict[str, Json] = {"no number": "many", "a fraction": "1.5"}
        beyond |= {} if low is None else {"below the minimum": int(low) - 1}
        return beyond | ({} if high is None else {"above the maximum": int(high) + 1})
    if core.types == frozenset({"boolean"}):
        return {"no boolean": "perhaps"}
    return {}


@rule(
    Law.REFUSALS,
    "A parameter of the query that its schema does not admit is refused.",
    _wrong,
    apart=True,
)
def wrong_parameters_are_refused(lab: Lab, spot: Spot) -> Judgement:
    """A word that is not in the enum of a parameter, and one that is no number where a number is
    declared, are sent in the query of a read that is accepted otherwise. Finds: an unknown filter
    that lists everything.
    """
    operation = spot.operation
    parameter = operation.parameter(spot.place[1:], "query")
    if parameter is None:
        return not_applicable("there is no such parameter")
    value = _unfit(lab.ground, parameter)[spot.state]
    resource = lab.ground.resource(operation)
    one = lab.ground.role(operation) == "retrieve" and resource is not None and resource.create
    live = lab.fresh(resource) if one and resource else None
    request = lab.request(operation, lab.path(operation, live), more=[(parameter, value)])
    step = lab.send(operation, request)
    if step.answer.accepted:
        return broken(
            f"{parameter.name} does not admit {said(value)}.",
            f"The request with it was accepted: {answered(step.answer)}.",
            (*(live.steps if live else ()), step),
            claims.refused(),
        )
    if not step.answer.refused:
        return not_reached(f"{answered(step.answer)}, which is judged with the answers")
    needs_acceptance(lab, operation)
    return held()


# --- filters -------------------------------------------------------------------------------------


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


# --- defaults -----------------------------------------------------------------------------------


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
