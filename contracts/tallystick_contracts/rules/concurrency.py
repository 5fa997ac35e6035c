"""Concurrency: requests sent at the same time come to what some order of them comes to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import MISSING

from tallystick.contract import Operation
from tallystick.document import Json

from ..probes.bodies import addressed, telling
from ..probes.lab import Lab
from ..probes.linear import State, Write, linearizable, observed
from ..probes.live import Live
from ..probes.members import Member
from ..probes.model import Model
from ..probes.places import ITEM, Path, at, same
from ..probes.places import shown as place_of
from ..probes.trials import dress, resource_of
from ..verdicts import Law, Step
from . import claims
from .control import BESIDE, WHEN, not_in_turn
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
from .updates import update_operations

AT_ONCE = 5
"""Requests sent at the same time."""


_CREATED = at_resources("create", "retrieve", bodied=True)


@rule(Law.READS, "Creates at the same time make an item each, as each was sent.", _CREATED)
@not_in_turn("created_values_can_be_read_back")
def concurrent_creates_do_not_mix(lab: Lab, spot: Spot) -> Judgement:
    """Five creates with bodies of their own are sent at the same time; their items have ids of
    their own, and each is read back as it was sent. Finds: a body kept where every request can
    see it; ids that are counted without a lock.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    shape = lab.ground.shape(operation)
    if shape is None:
        return not_applicable("the create has no JSON body")
    parents = lab.parents(resource)
    bodies: list[Json | MISSING] = [
        lab.named(operation, each) for each in _different(lab, operation)
    ]
    steps = lab.send_all(operation, [lab.request(operation, parents, each) for each in bodies])
    taken = _anothers_name(resource.key or "", bodies, steps)
    if taken is not None:
        return broken(
            f"The answer of the create of {said(taken[0])} shows what was created, whatever is "
            f"created {BESIDE[lab.in_turn]} it.",
            f"It shows {said(taken[1])}, which another request creates.",
            steps,
            together=len(steps),
        )
    made: list[tuple[Json | MISSING, Step, Live]] = []
    for body, step in zip(bodies, steps, strict=True):
        live = lab.noted(resource, parents, body, step) if step.answer.accepted else None
        if live is not None:
            made.append((body, step, live))
    if len(made) < 2:
        return not_reached(f"fewer than two creates were accepted: {answered(steps[0].answer)}")
    ids = [live.id for _, _, live in made]
    for index, each in enumerate(ids):
        if any(same(each, other) for other in ids[:index]):
            return broken(
                f"Items that are created {WHEN[lab.in_turn]} have ids of their own.",
                f"Two of them are {said(each)}.",
                steps,
                together=len(steps),
            )
    model = Model(lab.ground.contract, shape)
    for body, _, live in made:
        read = lab.read(live, lambda answer: answer.accepted, 1.0)
        for found in model.created(None if body is MISSING else body, live.shown):
            return broken(
                f"The create of {said(live.id)} sends {place_of(found.sent)} as "
                f"{said(found.wanted)}, whatever is created {BESIDE[lab.in_turn]} it.",
                f"It reads {said(found.seen)}.",
                (*steps, *((read,) if read else ())),
                together=len(steps),
            )
    if all(live.shown is MISSING for _, _, live in made):
        return not_reached("no read shows an item")
    for _, _, live in made:
        if live.last is not None and live.last.answer.refused:
            return broken(
                f"The create of {said(live.id)} was accepted, whatever is created "
                f"{BESIDE[lab.in_turn]} it.",
                f"Its read says: {answered(live.last.answer)}.",
                (*steps, live.last),
                claims.accepted(),
                together=len(steps),
            )
    return held()


def _anothers_name(
    key: str, bodies: list[Json | MISSING], steps: tuple[Step, ...]
) -> tuple[Json | MISSING, Json | MISSING] | None:
    """A name that was sent, and the one of another request, with which it was answered."""
    sent: list[Json | MISSING] = [at(body, (key,)) for body in bodies]
    for own, step in zip(sent, steps, strict=True):
        told: Json | MISSING = at(step.answer.content, (key,))
        if own is MISSING or told is MISSING or not step.answer.accepted or same(told, own):
            continue
        if any(same(told, each) for each in sent):
            return own, told
    return None


_READABLE = at_resources("retrieve", "create", "key")


@rule(Law.READS, "Reads at the same time answer each its own item.", _READABLE)
@not_in_turn("path_ids_are_echoed")
def concurrent_reads_do_not_mix(lab: Lab, spot: Spot) -> Judgement:
    """Three items are created, and each is read twice, all at the same time; every answer shows the
    id that its path names. Finds: what was found kept where every request can see it.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    lives = [lab.fresh(resource) for _ in range(3)]
    key = resource.key or ""
    alone: list[Json | MISSING] = [
        at(live.last.answer.content, (key,)) if live.last else MISSING for live in lives
    ]
    if MISSING in alone:
        return not_reached("no read shows the id of an item")
    made = tuple(step for live in lives for step in live.steps)
    steps = lab.send_all(operation, [lab.request(operation, e.path) for e in lives * 2], made)
    for wanted, step in zip(alone * 2, steps, strict=True):
        shown = at(step.answer.content, (key,))
        if step.answer.accepted and not same(shown, wanted):
            return broken(
                f"The read of {said(wanted)} shows {said(wanted)}, whatever is read "
                f"{BESIDE[lab.in_turn]} it.",
                f"It shows {said(shown)}.",
                (*made, *steps),
                together=len(steps),
            )
    return held()


def _different(lab: Lab, operation: Operation) -> list[Json]:
    """Bodies of one operation with values that differ from each other."""
    base, found = telling(lab, operation), list[Json]()
    shape = lab.ground.shape(operation)
    members = [m for m in (shape.members if shape else ()) if ITEM not in m.path]
    for turn in range(AT_ONCE):
        body = base
        for member in members:
            body = _turned(lab, operation, body, member, turn)
        found.append(body)
    return found


def _turned(lab: Lab, operation: Operation, body: Json, member: Member, turn: int) -> Json:
    shape, key = lab.ground.shape(operation), lab.ground.key(operation)
    mirror = shape.mirror(member.path) if shape else None
    named = key is not None and member.path == (key.name,)
    values = [
        v for v in lab.ground.states.values(member) if v.promised or v.name.startswith("other")
    ]
    if mirror is None or not mirror.comparable or named or not values:
        return body
    return lab.ground.with_member(operation, body, member.path, values[turn % len(values)].value)


@rule(
    Law.UPDATES,
    "Updates of different items at the same time change each its own.",
    lambda ground: (s for s in update_operations(ground) if not ground.stands_alone(s.operation)),
)
@not_in_turn("updates_take_effect")
def concurrent_updates_of_items_do_not_mix(lab: Lab, spot: Spot) -> Judgement:
    """Five items are updated at the same time, each with values of its own, and read. Finds: the
    item in question kept where every request can see it.
    """
    operation = spot.operation
    shape = lab.ground.shape(operation)
    if shape is None:
        return not_applicable("the update has no JSON body")
    lives = [lab.fresh(resource_of(lab, operation)) for _ in range(AT_ONCE)]
    if any(live.shown is MISSING for live in lives):
        return not_applicable("no read shows the items")
    before: list[Json | MISSING] = [live.shown for live in lives]
    bodies: list[Json] = [
        addressed(lab, operation, body, live)
        for body, live in zip(_different(lab, operation), lives, strict=True)
    ]
    steps = lab.send_all(
        operation,
        [lab.request(operation, live.path, body) for live, body in zip(lives, bodies, strict=True)],
    )
    model = Model(lab.ground.contract, shape)
    for live, was, body, step in zip(lives, before, bodies, steps, strict=True):
        if not step.answer.accepted:
            continue
        read, _ = lab.read_until(live, operation, _fits(model, was, body))
        for found in model.updated(was, body, live.shown):
            return broken(
                f"The update of {said(live.id)} makes {place_of(found.sent)} "
                f"{said(found.wanted)}, whatever is updated {BESIDE[lab.in_turn]} it.",
                f"It reads {said(found.seen)}.",
                (*live.steps, *steps, *((read,) if read else ())),
                together=len(steps),
            )
    return held()


def _fits(model: Model, before: Json | MISSING, body: Json) -> Callable[[Json | MISSING], bool]:
    """Whether an item is what an update makes of it."""
    return lambda shown: shown is not MISSING and not model.updated(before, body, shown)


@dataclass(frozen=True, slots=True)
class _Race:
    """Updates of one item, sent at one time with reads between them."""

    live: Live
    places: list[Path]
    start: State
    writes: list[Write]
    reads: list[State]
    steps: tuple[Step, ...]


@rule(
    Law.UPDATES,
    "Updates of one item at the same time come to what some order of them comes to.",
    update_operations,
)
@not_in_turn("the_last_update_stands")
def concurrent_updates_are_linearizable(lab: Lab, spot: Spot) -> Judgement:
    """Four updates of the same two members of one item are sent at the same time, with two reads
    between them. What is read then and afterwards must fit some order of the updates. Finds: an
    item that ends with one member of one update and one of another; a read of half an update.
    """
    operation = spot.operation
    race = _raced(lab, operation)
    if isinstance(race, str):
        return not_reached(race)
    reads = race.reads if operation.poll is None else []

    def explained(shown: Json | MISSING) -> bool:
        if shown is MISSING:
            return False
        return linearizable(race.start, race.writes, [], observed(shown, race.places))

    read, done = lab.read_until(race.live, operation, explained)
    steps = (*race.live.steps, *race.steps, *((read,) if read else ()))
    places = ", ".join(place_of(each) for each in race.places)
    if not done and race.live.shown is not MISSING:
        there = ", ".join(said(at(race.live.shown, each)) for each in race.places)
        return broken(
            f"{len(race.writes)} updates {WHEN[lab.in_turn]} set {places} to values of their own; "
            "the item ends as one of their orders leaves it.",
            f"It reads {there}.",
            steps,
            together=len(race.steps),
        )
    end = observed(race.live.shown, race.places)
    if not linearizable(race.start, race.writes, reads, end):
        return broken(
            f"A read beside updates of {places} shows them as they are between two updates.",
            "It shows what no order of the updates has at any time.",
            steps,
            together=len(race.steps),
        )
    return held()


def _raced(lab: Lab, operation: Operation) -> _Race | str:
    live = dress(lab, operation)
    members = _two(lab, operation)
    if live.shown is MISSING or not members:
        return "there are no two members whose change a read would show"
    bodies: list[Json] = []
    for turn in range(4):
        body = lab.base(operation)
        for member in members:
            body = _turned(lab, operation, body, member, turn)
        bodies.append(addressed(lab, operation, body, live))
    shape = lab.ground.shape(operation)
    mirrors = [m for m in (shape.mirror(each.path) if shape else None for each in members) if m]
    read = lab.ground.read_of(operation)
    requests = [lab.request(operation, live.path, body) for body in bodies]
    look = [lab.request(read, live.path)] if read else []
    sent = [*requests[:2], *look, *requests[2:], *look]
    steps = lab.send_all(None, sent, live.steps)
    places = [mirror.response for mirror in mirrors]
    start = observed(live.shown, places)
    writes, reads = list[Write](), list[State]()
    outcome = lab.ground.outcome(operation)
    told = dict(zip(requests, bodies, strict=True))
    for step in steps:
        body = told.get(step.request)
        if body is None:
            if step.answer.accepted:
                reads.append(observed(step.answer.content, places))
        elif step.answer.accepted:
            sets: State = {mirror.response: at(body, mirror.request) for mirror in mirrors}
            word = at(step.answer.content, (outcome.member,))
            writes.append(Write(sets, word in outcome.unchanged))
    if not writes:
        return "no concurrent update was accepted"
    reads_first = sorted(steps, key=lambda each: each.request.method != "GET")
    return _Race(live, places, start, writes, reads, tuple(reads_first))


def _two(lab: Lab, operation: Operation) -> list[Member]:
    """Two members that a read shows as they were sent, each with several values."""
    shape = lab.ground.shape(operation)
    found: list[Member] = []
    for member in shape.members if shape else ():
        base = lab.base(operation)
        turned = [_turned(lab, operation, base, member, turn) for turn in range(2)]
        if ITEM not in member.path and not same(turned[0], turned[1]):
            found.append(member)
    return found[:2] if len(found) > 1 else []
