"""Preconditions: a change that is meant for another state than the present one is not made."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import MISSING

from tallystick.contract import Operation, Parameter
from tallystick.document import Json

from ..probes.bodies import addressed, unlike
from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.live import Live
from ..probes.places import at, differences
from ..probes.places import shown as place_of
from ..probes.trials import resource_of
from ..verdicts import Law, Step
from . import claims
from .fields import has_tag
from .rule import Judgement, Spot, answered, broken, held, not_applicable, not_reached, rule, said

_CHANGING = ("update", "replace", "delete")
_OTHER = '"0123456789abcdef"'
"""An entity tag that no state has."""


def _match(operation: Operation) -> Parameter | None:
    every = (each for each in operation.parameters if each.location == "header")
    return next((each for each in every if each.name.lower() == "if-match"), None)


def _conditional(ground: Ground) -> Iterator[Spot]:
    for operation in ground.contract.operations:
        parameter, read = _match(operation), ground.read_of(operation)
        if parameter is None or ground.role(operation) not in _CHANGING or read is None:
            continue
        if has_tag(read):
            yield Spot(operation, parameter.pointer, f"{parameter.name}:")


@rule(
    Law.REFUSALS,
    "A change is refused whose If-Match names another state than the present one.",
    _conditional,
    apart=True,
)
def stale_changes_are_refused(lab: Lab, spot: Spot) -> Judgement:
    """An item is changed with a made-up entity tag, with the one of its last read, and once more
    with that, which is stale then; only the second is accepted, and a changed item has another tag
    (RFC 9110, 13.1.1 and 8.8.1). Finds: an ``If-Match`` that nobody looks at; a tag that stays.
    """
    operation, parameter = spot.operation, _match(spot.operation)
    resource = resource_of(lab, operation)
    live = lab.fresh(resource) if resource.create or resource.single else None
    tag = _tag(live)
    if parameter is None or live is None or tag is None:
        return not_reached("no read of a new item has an entity tag")
    if not all(lab.ground.oracle.fits(parameter.schema, each) for each in (tag, _OTHER)):
        return not_applicable("the parameter does not admit entity tags")
    unmet = _unmet(lab, operation, parameter, live, _OTHER)
    if unmet is not None:
        return unmet
    if lab.ground.role(operation) == "delete":
        return held()
    before = live.shown
    step = _sent(lab, operation, parameter, live, tag)
    if not step.answer.accepted:
        return not_reached(f"with the present tag: {answered(step.answer)}")
    live.steps = (*live.steps, step)
    wait = lab.patience.until_seen(operation, confirming=lab.is_fresh)
    lab.read(live, lambda _: _tag(live) != tag, wait)
    if before is MISSING or live.shown is MISSING or not list(differences(before, live.shown)):
        return not_reached("the change shows in no read")
    if _tag(live) == tag:
        return broken(
            "A changed item has another entity tag than before.",
            f"It is still {tag}.",
            (*live.steps, *((live.last,) if live.last else ())),
        )
    return _unmet(lab, operation, parameter, live, tag) or held()


def _unmet(
    lab: Lab, operation: Operation, parameter: Parameter, live: Live, tag: str
) -> Judgement | None:
    """What is wrong with the answer to a change that is meant for another state."""
    present = _tag(live)
    step = _sent(lab, operation, parameter, live, tag)
    if step.answer.accepted:
        return broken(
            f"The entity tag is {present}, so a change that is meant for {tag} is refused.",
            f"It was accepted: {answered(step.answer)}.",
            (*live.steps, *((live.last,) if live.last else ()), step),
            claims.refused(),
        )
    if not step.answer.refused:
        return not_reached(answered(step.answer))
    before, read = live.shown, lab.read(live)
    for place in differences(before, live.shown) if read else ():
        return broken(
            f"A change that is refused ({answered(step.answer)}) leaves {place_of(place)} as it was.",
            f"It reads {said(at(live.shown, place))}.",
            (*live.steps, step, *((read,) if read else ())),
        )
    return None


def _sent(lab: Lab, operation: Operation, parameter: Parameter, live: Live, tag: str) -> Step:
    body: Json | MISSING = MISSING
    if lab.ground.shape(operation) is not None:
        body = addressed(lab, operation, unlike(lab, operation, live.shown), live)
    request = lab.request(operation, live.path, body, more=[(parameter, tag)])
    return lab.send(operation, request, live.steps)


def _tag(live: Live | None) -> str | None:
    return live.last.answer.header("etag") if live and live.last else None
