"""Parents: an item belongs to its parent, and what happens to one happens to no other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import MISSING

from tallystick.contract import Operation, Resource
from tallystick.document import Json

from ..probes.bodies import addressed, key_of, unlike
from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.live import Live, NotReached
from ..probes.places import at, differences, put, same
from ..probes.places import shown as place_of
from ..probes.trials import Trial, resource_of, updated
from ..probes.visible import unshown
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

_PARENTED = at_resources("create", "parents", "retrieve")


@rule(
    Law.READS,
    "An item belongs to its parent: another parent does not show it.",
    _PARENTED,
    apart=True,
)
def other_parents_do_not_show_it(lab: Lab, spot: Spot) -> Judgement:
    """An item is created under one parent and read under another. Finds: a table whose key
    lacks the parent.
    """
    resource = resource_of(lab, spot.operation)
    live = lab.fresh(resource)
    other = lab.parents(resource, 1)
    stranger = Live(resource, other, live.id, live.steps)
    step = lab.read(stranger)
    if live.shown is MISSING:
        return not_reached("it cannot be read under its own parent")
    if step is None or not step.answer.accepted:
        refused = step is not None and step.answer.refused
        return held() if refused else not_reached("the other parent gives no answer")
    if stranger.shown is MISSING:
        return not_reached("the answer shows no item, which is judged with the answers")
    return broken(
        f"{said(live.id)} was created under {_told(live.parents)} only.",
        f"It can be read under {_told(other)}.",
        (*live.steps, step),
        claims.refused(),
    )


@rule(
    Law.READS,
    "The same name under two parents is two items, each with its own values.",
    _PARENTED,
    apart=True,
)
def the_same_name_under_two_parents_is_two_items(lab: Lab, spot: Spot) -> Judgement:
    """A name that one parent has is created under another, with other values; the first item
    reads as before. Finds: a name that is unique across parents.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    if lab.ground.key(operation) is None:
        return not_applicable("the server chooses the names")
    first = lab.fresh(resource)
    earlier = (first.last,) if first.last else ()
    body = put(lab.ground.full(operation), (key_of(lab, operation),), first.id)
    made = lab.create(resource, lab.parents(resource, 1), body, named=False)
    if not made.answer.accepted:
        return (
            broken(
                f"{said(first.id)} exists under {_told(first.parents)} only.",
                f"It could not be created under another parent: {answered(made.answer)}.",
                (*first.steps, made.step),
                claims.accepted(),
            )
            if made.answer.status == 409
            else not_reached(answered(made.answer))
        )
    before = first.shown
    if before is MISSING:
        return not_reached("the first one cannot be read")
    read = lab.read(first)
    for place in differences(before, first.shown):
        return broken(
            f"A create under another parent leaves {said(first.id)} under {_told(first.parents)} as it was.",
            f"{place_of(place)} was {said(at(before, place))} and reads {said(at(first.shown, place))}.",
            (*first.steps, *earlier, made.step, *((read,) if read else ())),
            claims.same(place, -3),
        )
    return held()


def _updating(ground: Ground) -> Iterator[Spot]:
    for each in at_operations(ground, lambda o: ground.role(o) in ("update", "replace")):
        resource = ground.resource(each.operation)
        if resource is not None and resource.create and ground.shape(each.operation):
            yield each


@rule(Law.READS, "An update of one item leaves every other one as it was.", _updating)
def updates_leave_other_items_alone(lab: Lab, spot: Spot) -> Judgement:
    """An item is updated with values unlike those of its neighbours, one of which has a name
    that begins with its own, and of its namesake under another parent; all read as before, and
    an item that is created afterwards reads as one that was created before. Finds: an update
    without its ``where``; defaults that items share.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    target = lab.fresh(resource)
    others = [lab.fresh(resource, target.parents)]
    if resource.parents and lab.ground.key(lab.ground.contract.operation(resource.create or "")):
        others.append(_namesake(lab, resource, target))
    alike = _alike(lab, resource, target)
    others += [alike] if alike else []
    before: list[Json | MISSING] = [each.shown for each in others]
    reads = [(each.last,) if each.last else () for each in others]
    twin = lab.fresh(resource, target.parents)
    body = unlike(lab, operation, others[0].shown)
    trial = updated(lab, operation, addressed(lab, operation, body, target), target)
    if not trial.answer.accepted:
        return not_reached(f"the update was not accepted: {answered(trial.answer)}")
    if resource.retrieve is None:
        return not_applicable("there is no read that would show it")
    if all(each is MISSING for each in before):
        return not_reached("no other item can be read")
    if same(trial.before, trial.after):
        return not_reached("the update changed nothing that a read shows")
    for other, was, earlier in zip(others, before, reads, strict=True):
        read = lab.read(other)
        for place in differences(was, other.shown):
            return broken(
                f"An update of {said(target.id)} under {_told(target.parents)} leaves "
                f"{said(other.id)} under {_told(other.parents)} as it was.",
                f"{place_of(place)} was {said(at(was, place))}, reads {said(at(other.shown, place))}.",
                (*other.steps, *earlier, *trial.asked, *((read,) if read else ())),
                claims.same(place, -2 - len(trial.asked)),
            )
    namesake = next((each for each in others if each.parents != target.parents), None)
    same_again = _again(lab, operation, body, namesake) if namesake else None
    return same_again or _newcomer(lab, resource, trial, before[0], twin) or held()


def _again(lab: Lab, operation: Operation, body: Json, live: Live) -> Judgement | None:
    """What is wrong, if the same update of the namesake has no effect; None if it has one."""
    trial = updated(lab, operation, addressed(lab, operation, body, live), live)
    if not trial.answer.accepted or trial.after is MISSING:
        return None
    for mirror, sent, there in unshown(lab, operation, trial.body, trial.after):
        return broken(
            f"An update of {said(live.id)} under {_told(live.parents)} sends "
            f"{place_of(mirror.request)} as {said(sent)}, and it reads so, whatever its namesake "
            "was sent before.",
            f"It reads {said(there)}.",
            trial.steps,
            claims.shows(mirror, trial.body),
            rule="updates_take_effect",
        )
    return None


def _alike(lab: Lab, resource: Resource, of: Live) -> Live | None:
    """An item beside another one, whose name begins with that one's; None if there can be none."""
    create = lab.ground.contract.operation(resource.create or "")
    if lab.ground.key(create) is None or not isinstance(of.id, str):
        return None
    body = put(lab.base(create), (key_of(lab, create),), f"{of.id}-2")
    return lab.create(resource, of.parents, body, named=False).live


def _newcomer(
    lab: Lab, resource: Resource, trial: Trial, before: Json | MISSING, twin: Live
) -> Judgement | None:
    """What of an update shows in an item that is created after it; None if nothing does."""
    new = lab.fresh(resource, twin.parents)
    if MISSING in (before, twin.shown, new.shown):
        return None
    noise = [(resource.key or "",), *differences(before, twin.shown)]
    for place in differences(twin.shown, new.shown):
        wanted, there = at(twin.shown, place), at(new.shown, place)
        if place in noise or not same(there, at(trial.after, place)):
            continue
        read = (new.last,) if new.last else ()
        return broken(
            f"An update of {said(trial.live.id if trial.live else None)} changes that item only: "
            f"in a new one {place_of(place)} is {said(wanted)}, as before.",
            f"It reads {said(there)}.",
            (*trial.asked, *new.steps, *read),
            *([] if wanted is MISSING else [claims.reads(place, wanted)]),
        )
    return None


def _namesake(lab: Lab, resource: Resource, of: Live) -> Live:
    """An item of the same name under another parent; if there can be none, one more beside it."""
    create = lab.ground.contract.operation(resource.create or "")
    try:
        parents = lab.parents(resource, 1)
    except NotReached:
        return lab.fresh(resource)
    made = lab.create(
        resource, parents, put(lab.base(create), (key_of(lab, create),), of.id), named=False
    )
    return made.live or lab.fresh(resource)


def _told(parents: Mapping[str, Json]) -> str:
    return ", ".join(f"{name} {said(value)}" for name, value in parents.items()) or "the root"
