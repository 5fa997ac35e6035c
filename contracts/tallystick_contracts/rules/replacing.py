"""Replacements: what is put is the whole new state, whatever was there before (RFC 9110, 9.3.4)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from pydantic import MISSING

from tallystick.contract import Operation
from tallystick.document import Json

from ..exchange import Answer
from ..mirror import mirrors
from ..probes.bodies import addressed, nulled, telling, unlike
from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.live import Live
from ..probes.places import Path, at, same
from ..probes.places import shown as place_of
from ..probes.samples import Unsatisfiable
from ..probes.trials import resource_of
from ..verdicts import Law, Standing, Step
from . import claims
from .rule import (
    Judgement,
    Spot,
    answered,
    at_resources,
    broken,
    held,
    not_reached,
    rule,
    said,
)

_REPLACING = at_resources("replace", "create", "retrieve", bodied=True)


@rule(
    Law.UPDATES,
    "A replacement leaves nothing of what was there before.",
    _REPLACING,
    apart=True,
)
def replacements_leave_nothing_behind(lab: Lab, spot: Spot) -> Judgement:
    """An item in which every member has a value of its own, and a new one, are replaced by the
    same body: a small one, one with other values, one of nulls, and one of each other variant;
    both read the same then. Finds: a PUT that keeps what it does not name, as a PATCH does.
    """
    judged = False
    for body in _bodies(lab, spot.operation):
        found = _replaced(lab, spot, body)
        if found.finding is not None:
            return found
        judged = judged or found.standing is Standing.HELD
    return held() if judged else not_reached("no replacement is accepted that a read shows")


def _bodies(lab: Lab, operation: Operation) -> Iterator[Json]:
    """The smallest body, one with other values everywhere, and one of each other variant."""
    yield lab.base(operation)
    yield unlike(lab, operation, MISSING)
    yield nulled(lab, operation)
    shape, union = lab.ground.shape(operation), _union(lab.ground, operation)
    for branch in lab.ground.contract.core(union).branches if union else ():
        if shape and lab.ground.contract.core(branch).pointer != shape.pointer:
            with suppress(Unsatisfiable):
                yield lab.ground.samples.one(branch)


def _union(ground: Ground, operation: Operation) -> str | None:
    media = operation.body.json if operation.body else None
    return media.schema if media else None


def _replaced(lab: Lab, spot: Spot, body: Json) -> Judgement:
    """What becomes of an item, and of a new one, that are replaced by the same body."""
    operation = spot.operation
    old, new = lab.fresh(resource_of(lab, operation)), _like(lab, operation, body)
    for live, sent in ((old, telling(lab, operation)), (new, body), (old, body)):
        step = _put(lab, operation, live, sent)
        if not step.answer.accepted:
            return not_reached(answered(step.answer))
    model = lab.read(new)
    if model is None or not model.answer.accepted:
        return not_reached("no read shows what became of it")
    wait = lab.patience.until_seen(operation, confirming=lab.is_fresh)
    read = lab.read(old, lambda answer: not _apart(lab, operation, answer, model.answer), wait)
    if read is None or not read.answer.accepted:
        return not_reached("no read shows what became of it")
    for place in _apart(lab, operation, read.answer, model.answer):
        there, wanted = at(read.answer.content, place), at(model.answer.content, place)
        return broken(
            f"A replacement is the whole new state (RFC 9110, 9.3.4): {place_of(place)} is "
            f"{said(wanted)}, as with an item that was nothing else before.",
            f"It reads {said(there)}.",
            (*new.steps, model, *old.steps, read),
            claims.same(place, len(new.steps)),
        )
    return held()


def _like(lab: Lab, operation: Operation, body: Json) -> Live:
    """A new item, made with the body where a create takes such."""
    resource = resource_of(lab, operation)
    create = lab.ground.contract.operation(resource.create or "")
    union, made = _union(lab.ground, create), None
    if union is not None and lab.ground.oracle.fits(union, body):
        made = lab.create(resource, body=body).live
    return made or lab.fresh(resource)


def _put(lab: Lab, operation: Operation, live: Live, body: Json) -> Step:
    sent = addressed(lab, operation, body, live)
    step = lab.send(operation, lab.request(operation, live.path, sent), live.steps)
    if step.answer.accepted:
        live.steps = (*live.steps, step)
    return step


def _apart(lab: Lab, operation: Operation, one: Answer, other: Answer) -> list[Path]:
    """The places that requests set, by any variant, which two reads show otherwise."""
    shape, resource = lab.ground.shape(operation), resource_of(lab, operation)
    union = _union(lab.ground, operation)
    if shape is None or shape.mirrored is None or union is None or not one.accepted:
        return []
    told = (None if each.content is MISSING else each.content for each in (one, other))
    both = [lab.ground.reading(shape.mirrored, each) for each in told]
    variants = lab.ground.contract.core(union).branches or (shape.pointer,)
    places = dict.fromkeys(
        mirror.response
        for variant in (*variants, shape.pointer)
        for mirror in mirrors(lab.ground.contract, variant, shape.mirrored)
        if mirror.response[:1] != (resource.key,)
    )
    return [each for each in places if not same(at(both[0], each), at(both[1], each))]
