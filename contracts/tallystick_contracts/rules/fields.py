"""Header fields that speak of the item: where it is, and which state of it an answer shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote, urljoin, urlsplit

from pydantic import MISSING

from tallystick.contract import Operation

from ..probes.bodies import addressed, telling
from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.places import at, same
from ..probes.trials import resource_of
from ..verdicts import Law
from . import claims
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

_CREATES = at_resources("create", "retrieve", "key")


@rule(
    Law.ANSWERS,
    "The Location of what was created leads to it.",
    _CREATES,
    apart=True,
)
def locations_lead_to_what_was_created(lab: Lab, spot: Spot) -> Judgement:
    """Where the answer of a create has a ``Location``, its path is that of the item, or a read of it
    shows the item (RFC 9110, 10.2.2). Finds: the path of the collection; a path without its prefix.
    """
    resource = resource_of(lab, spot.operation)
    live = lab.fresh(resource)
    made = live.steps[-1]
    location = made.answer.header("location")
    if location is None or live.last is None or made.answer.status != 201:
        return not_applicable("the answer has no Location")
    try:
        path = urlsplit(urljoin(made.request.target, location)).path
    except ValueError:
        path = ""
    if unquote(path) == unquote(live.last.request.target):
        return held()
    read = lab.send(None, replace(live.last.request, target=path or "/"), live.steps)
    if read.answer.accepted and same(at(read.answer.content, (resource.key or "",)), live.id):
        return held()
    return broken(
        f"The Location leads to {said(live.id)}, which is at {live.last.request.target}.",
        f"It is {location}: {answered(read.answer)}.",
        (*live.steps, read),
        claims.reads((resource.key or "",), live.id),
    )


def _tagged(ground: Ground) -> Iterator[Spot]:
    for each in at_operations(ground, lambda o: ground.role(o) in ("create", "update", "replace")):
        read = ground.read_of(each.operation)
        both = read is not None and has_tag(read) and has_tag(each.operation)
        if both and each.operation.poll is None and ground.shape(each.operation):
            yield each


def has_tag(operation: Operation) -> bool:
    """Whether an answer of the operation is declared with an entity tag."""
    fields = operation.success.headers if operation.success else ()
    return any(each.name.lower() == "etag" for each in fields)


@rule(
    Law.ANSWERS,
    "The entity tag of an answer is that of the read after it.",
    _tagged,
    apart=True,
)
def entity_tags_are_those_of_the_next_read(lab: Lab, spot: Spot) -> Judgement:
    """A create or a change is answered with an ``ETag``; the read that follows has the same, so that
    the next change can be made conditional without a read (RFC 9110, 8.8.3). Finds: the tag of the
    state before.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    live = lab.fresh(resource)
    step = live.steps[-1] if live.steps else None
    if lab.ground.role(operation) != "create":
        body = addressed(lab, operation, telling(lab, operation), live)
        step = lab.send(operation, lab.request(operation, live.path, body), live.steps)
        if step.answer.accepted:
            live.steps = (*live.steps, step)
            lab.read(live)
    tag = step.answer.header("etag") if step else None
    if step is None or not step.answer.accepted or tag is None or live.last is None:
        return not_reached("no answer has an entity tag")
    there = live.last.answer.header("etag")
    if live.shown is MISSING or there is None or _plain(there) == _plain(tag):
        return held()
    return broken(
        f"The answer has the entity tag {tag}, and so has the read after it.",
        f"The read has {there}.",
        (*live.steps, live.last),
    )


def _plain(tag: str) -> str:
    return tag.removeprefix("W/")
