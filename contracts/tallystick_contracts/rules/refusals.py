"""Refusals: a request that is refused changes nothing, and what cannot be understood is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from pydantic import MISSING

from tallystick.contract import Operation, Resource
from tallystick.document import Json

from ..probes.bodies import addressed, changing, key_of
from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.live import Live, NotReached
from ..probes.members import Member
from ..probes.places import at, differences, put
from ..probes.places import shown as place_of
from ..probes.states import State
from ..probes.trials import Trial, dressed, resource_of, tried, updated
from ..verdicts import Claim, Kind, Law, Step
from . import claims
from .control import WHEN, not_in_turn
from .lists import listed
from .reads import reserved_names
from .rule import (
    Judgement,
    Spot,
    answered,
    at_operations,
    at_states,
    broken,
    held,
    not_applicable,
    not_reached,
    rule,
    said,
)


@rule(
    Law.REFUSALS,
    "A refused update changes nothing.",
    lambda ground: at_states(ground, lambda m, s: not s.valid, "update", "replace"),
    apart=True,
)
def refused_updates_change_nothing(lab: Lab, spot: Spot) -> Judgement:
    """Each member is sent with each invalid value; after the refusal the item reads as before.
    Finds: a value that is stored before it is checked.
    """
    member, state = spot.stated
    trial = tried(lab, spot.operation, member, state)
    return _unmoved(trial, f"{spot.place} = {said(state.value)}")


def _unmoved(trial: Trial, what: str) -> Judgement:
    if not trial.answer.refused:
        return not_applicable(f"it was not refused: {answered(trial.answer)}")
    if trial.before is MISSING or trial.after is MISSING:
        return not_applicable("there is no read that would show it")
    for place in differences(trial.before, trial.after):
        return broken(
            f"The update with {what} was refused, so nothing changes.",
            f"{place_of(place)} was {said(at(trial.before, place))} and "
            f"reads {said(at(trial.after, place))} afterwards.",
            trial.compared,
            claims.refused(-2),
            claims.same(place, -3),
        )
    return held()


def _invalid(ground: Ground, *roles: str) -> Iterator[Spot]:
    """Of every member the first state that its type refuses."""
    seen: set[tuple[str, str]] = set()
    wrong = at_states(ground, lambda m, s: not s.valid and s.value is not MISSING, *roles)
    for each in wrong:
        if each.member is not None and (each.operation.key, each.place) not in seen:
            seen.add((each.operation.key, each.place))
            yield each


@rule(
    Law.REFUSALS,
    "An update with one invalid member among valid ones changes none of them.",
    lambda ground: _invalid(ground, "update", "replace"),
    apart=True,
)
def no_update_is_half_applied(lab: Lab, spot: Spot) -> Judgement:
    """Valid changes are sent beside one invalid member; after the refusal none of them is seen.
    Finds: members that are stored one by one until the first error.
    """
    (member, state), operation = spot.stated, spot.operation
    live = dressed(lab, operation)
    body, valid = _beside_valid(lab, operation, live, member, state)
    if not valid:
        return not_applicable("no other member has a value that a read would show")
    trial = updated(lab, operation, body, live)
    if trial.answer.accepted and state.name.startswith("wrong type"):
        return broken(
            f"{spot.place} does not admit {said(state.value)}, by its type.",
            f"Beside {valid} valid members it was accepted: {answered(trial.answer)}.",
            trial.asked,
            claims.refused(),
            rule="wrong_types_are_refused",
        )
    return _unmoved(trial, f"valid members beside {spot.place} = {said(state.value)}")


def _beside_valid(
    lab: Lab, operation: Operation, live: Live, bad: Member, state: State
) -> tuple[Json, int]:
    """A body whose valid members would all change something, with one invalid member; how many."""
    body, valid = changing(lab, operation, live, beside=bad)
    body = addressed(lab, operation, body, live)
    return lab.ground.with_member(operation, body, bad.path, state.value), valid


def _creating(ground: Ground) -> Iterator[Spot]:
    for each in _invalid(ground, "create"):
        key = ground.key(each.operation)
        if key is not None and ground.read_of(each.operation) and each.place != f"/{key.name}":
            yield each


@rule(Law.REFUSALS, "A refused create makes nothing.", _creating, apart=True)
def refused_creates_make_nothing(lab: Lab, spot: Spot) -> Judgement:
    """A create is refused for each invalid member, and its name is looked for. Finds: an item
    that is stored before its body is checked.
    """
    (member, state), operation = spot.stated, spot.operation
    resource = resource_of(lab, operation)
    trial = tried(lab, operation, member, state)
    name = at(trial.body, (key_of(lab, operation),))
    if not trial.answer.refused or name is MISSING or name is None:
        return not_applicable(f"it was not refused: {answered(trial.answer)}")
    if lab.shared(resource).shown is MISSING:
        return not_reached("what is created cannot be read, so a missing item tells nothing")
    ghost = Live(resource, lab.parents(resource), name, trial.steps)
    read = lab.read(ghost)
    if read is not None and read.answer.accepted and ghost.shown is not MISSING:
        return broken(
            f"The create with {spot.place} = {said(state.value)} was refused, so it makes nothing.",
            f"{said(name)} can be read afterwards.",
            (*trial.asked, read),
            claims.refused(),
        )
    return held()


# --- duplicates --------------------------------------------------------------------------------


def _named_creates(ground: Ground) -> Iterator[Spot]:
    for each in at_operations(ground, lambda o: ground.role(o) == "create"):
        if ground.key(each.operation) is not None:
            yield each


def _unique(lab: Lab, operation: Operation) -> str:
    """Why a name may be used once only; empty if the contract does not say so."""
    resource, key = resource_of(lab, operation), lab.ground.key(operation)
    if operation.response(409) is not None and any(r.status == "409" for r in operation.responses):
        return "409 is declared"
    if resource.item is not None and key is not None and key.required:
        return "the path names one item"
    return ""


@rule(
    Law.REFUSALS,
    "A create of a name that is taken is refused; the first stays as it was.",
    _named_creates,
)
def duplicate_creates_are_refused(lab: Lab, spot: Spot) -> Judgement:
    """A name is created twice, the second time with other values; the second is refused, and
    the first reads as before. Finds: a create that overwrites.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    first = lab.fresh(resource)
    before, earlier = first.shown, (first.last,) if first.last else ()
    body = put(lab.ground.full(operation), (key_of(lab, operation),), first.id)
    again = lab.create(resource, first.parents, body, named=False)
    read = lab.read(first)
    asked = (*first.steps, *earlier, again.step)
    if again.answer.accepted and _unique(lab, operation):
        return broken(
            f"A second create of {said(first.id)} is refused ({_unique(lab, operation)}).",
            f"It was accepted: {answered(again.answer)}.",
            (*first.steps, again.step),
            claims.refused(),
        )
    if again.answer.accepted:
        return not_applicable("the contract does not say that a name is unique")
    for place in differences(before, first.shown):
        return broken(
            f"A refused create of {said(first.id)} leaves the first one as it was.",
            f"{place_of(place)} was {said(at(before, place))}, reads {said(at(first.shown, place))}.",
            (*asked, *((read,) if read else ())),
            claims.same(place, -3),
        )
    if not again.answer.refused:
        return not_reached(answered(again.answer))
    return _still_listed(lab, first, asked) or held()


def _still_listed(lab: Lab, live: Live, asked: tuple[Step, ...]) -> Judgement | None:
    """What is wrong, if the list does not show an item any more that a read shows."""
    resource = live.resource
    if not resource.list or live.shown is MISSING or not resource.key:
        return None
    operation = lab.ground.contract.operation(resource.list)
    try:
        found, there = listed(lab, operation, live, asked)
    except NotReached:
        return None
    if len(found) == 1 or not there.complete:
        return None
    return broken(
        f"A refused create of {said(live.id)} leaves the first one in the list, once.",
        f"It is there {len(found)} times." if found else "It can be read, and is not in the list.",
        (*asked, *there.steps),
        *there.claims(claims.listed(resource.key, live.id)),
    )


@rule(
    Law.REFUSALS,
    "Of several creates of one name at the same time exactly one wins.",
    _named_creates,
)
@not_in_turn("duplicate_creates_are_refused")
def one_of_concurrent_creates_wins(lab: Lab, spot: Spot) -> Judgement:
    """Six creates of one name are sent at the same time; one is accepted. Finds: a name that is
    looked up and inserted without a lock.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    if not _unique(lab, operation):
        return not_applicable("the contract does not say that a name is unique")
    lab.fresh(resource)  # a valid create is accepted, else there is nothing to win
    body = lab.named(operation, lab.base(operation))
    parents = lab.parents(resource)
    requests = [lab.request(operation, parents, body) for _ in range(6)]
    steps = lab.send_all(operation, requests)
    won = [each for each in steps if each.answer.accepted]
    if len(won) == 1:
        return held()
    if not won and not any(each.answer.refused for each in steps):
        return not_reached(answered(steps[0].answer))
    return broken(
        f"Of {len(steps)} creates of one name {WHEN[lab.in_turn]} exactly one is accepted.",
        f"{len(won)} were accepted.",
        steps,
        Claim(Kind.ACCEPTED, value=1),
        together=len(steps),
    )


@rule(Law.REFUSALS, "A reserved name cannot be created.", reserved_names, once=True)
def reserved_names_cannot_be_created(lab: Lab, spot: Spot) -> Judgement:
    """A create of each reserved name is refused, under a second parent too, and one of a free name
    accepted. Finds: a reserved name that is not known to the create, or under one parent only.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    member, state = spot.stated
    body = lab.ground.with_member(operation, lab.base(operation), member.path, state.value)
    places, status = [lab.parents(resource)], 0
    with suppress(NotReached):
        places += [lab.parents(resource, 1)] if resource.parents else []
    for parents in places:
        made = lab.create(resource, parents, body, named=False)
        if made.answer.accepted:
            return broken(
                f"{said(state.value)} is reserved, so it cannot be created.",
                f"It was accepted: {answered(made.answer)}.",
                (made.step,),
                claims.refused(),
            )
        if not made.answer.refused:
            return not_reached(answered(made.answer))
        status = made.answer.status
    lab.fresh(resource)  # a create of a free name is accepted, else the refusal tells nothing
    return _only_that(lab, resource, member, state, status) or held()


def _only_that(
    lab: Lab, resource: Resource, member: Member, state: State, status: int
) -> Judgement | None:
    """What is wrong, if a name that only begins like a reserved one is refused as that is."""
    operation = lab.ground.contract.operation(resource.create or "")
    name = f"{state.value}-{lab.name()}"
    if status != 409 or not lab.ground.oracle.fits(member.pointer, name):
        return None
    body = lab.ground.with_member(operation, lab.base(operation), member.path, name)
    made = lab.create(resource, body=body, named=False)
    if made.answer.status != status:
        return None
    return broken(
        f"{said(state.value)} is reserved, and {said(name)} is another name.",
        f"It was refused too: {answered(made.answer)}.",
        (made.step,),
        claims.accepted(),
    )
