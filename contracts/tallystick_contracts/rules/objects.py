"""Objects that an update brings into being: what it does not say of them is their default."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import MISSING

from tallystick.contract import Operation

from ..mirror import Mirror
from ..probes.bodies import addressed, body_for, is_null, priming
from ..probes.ground import Ground, Shape
from ..probes.lab import Lab
from ..probes.live import Live
from ..probes.members import Member, Owner
from ..probes.model import Model
from ..probes.places import ITEM, Path, at
from ..probes.places import shown as place_of
from ..probes.states import NULL
from ..probes.trials import resource_of, updated
from ..verdicts import Law
from . import claims
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


def _made_by_updates(ground: Ground) -> Iterator[Spot]:
    """Every object in the body of an update of which a read shows two members at least."""
    for each in at_resources("update", "create", "retrieve", bodied=True)(ground):
        shape = ground.shape(each.operation)
        for owner in shape.owners if shape else ():
            if shape and len(_within(shape, owner.path)) > 1:
                yield Spot(each.operation, owner.pointer, owner.place, owner=owner)


def _within(shape: Shape, around: Path) -> list[tuple[Member, Mirror]]:
    """The members of an object, where it is no item of an array, that a read shows as sent."""
    found: list[tuple[Member, Mirror]] = []
    for member in shape.members if around and ITEM not in around else ():
        mirror = shape.mirror(member.path)
        if member.path[:-1] == around and mirror is not None and mirror.comparable:
            found.append((member, mirror))
    return found


@rule(
    Law.DEFAULTS,
    "An object that an update brings into being has the defaults of what it does not say.",
    _made_by_updates,
    apart=True,
)
def objects_made_by_updates_have_their_defaults(lab: Lab, spot: Spot) -> Judgement:
    """An item on which an object is null, from the start or by an update, is updated in one member
    of it; the others read as their defaults. So it is with two members, each on an item of its own.
    Finds: defaults that a create has and an update has not.
    """
    operation, owner = spot.operation, spot.owner
    shape = lab.ground.shape(operation)
    if shape is None or owner is None:
        return not_applicable("there is no object")
    model = Model(lab.ground.contract, shape)
    for member, mirror in _within(shape, owner.path)[:2]:
        value = priming(lab, member, mirror, MISSING)
        live = _without(lab, operation, shape, owner)
        if live is None:
            return not_applicable("the object is there from the start, and null does not remove it")
        if value is None:
            continue
        body = addressed(lab, operation, body_for(lab, operation, member, value.value), live)
        trial = updated(lab, operation, body, live)
        if not trial.answer.accepted:
            return not_reached(answered(trial.answer))
        for found in model.updated(trial.before, body, trial.after):
            if found.why == "default":
                return broken(
                    f"The update with {said(body)} makes {spot.place}; it does not set "
                    f"{place_of(found.sent)}, so that reads as its default, {said(found.wanted)}.",
                    f"{place_of(found.place)} reads {said(found.seen)}.",
                    trial.steps,
                    *(
                        []
                        if found.wanted is MISSING
                        else [claims.reads_one_of(found.place, (found.wanted,))]
                    ),
                )
    return held()


def _without(lab: Lab, operation: Operation, shape: Shape, owner: Owner) -> Live | None:
    """A new item on which a read shows null in place of an object; None if there is no such."""
    live = lab.fresh(resource_of(lab, operation))
    holder = next((each for each in shape.members if each.path == owner.path), None)
    mirror = shape.mirror(owner.path)
    if holder is None or mirror is None or live.shown is MISSING:
        return None
    null = lab.ground.states.named(holder, NULL)
    if isinstance(at(live.shown, mirror.response), dict) and null and is_null(holder, null):
        body = addressed(lab, operation, body_for(lab, operation, holder, None), live)
        step = lab.send(operation, lab.request(operation, live.path, body), live.steps)
        if step.answer.accepted:
            live.steps = (*live.steps, step)
            lab.settle(live, operation, lambda shown: not at(shown, mirror.response))
    return None if isinstance(at(live.shown, mirror.response), dict) else live
