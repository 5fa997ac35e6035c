"""Reads: what was created is there, as it was said, until it is deleted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from pydantic import MISSING

from tallystick.contract import Operation, Resource
from tallystick.document import Json

from ..exchange import Answer
from ..lists import items_of
from ..probes.bodies import addressed
from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.live import Live, NotReached
from ..probes.members import Member
from ..probes.pages import listing
from ..probes.places import at, differences
from ..probes.places import shown as place_of
from ..probes.requests import plain
from ..probes.states import State
from ..probes.trials import Trial, created, dress, resource_of
from ..probes.visible import told, unshown
from ..verdicts import Law
from . import claims
from .defaults import survives
from .rule import (
    Judgement,
    Spot,
    Where,
    answered,
    at_operations,
    at_states,
    broken,
    held,
    not_applicable,
    not_reached,
    rule,
    said,
    spot,
)


def _value(member: Member, state: State) -> bool:
    return (
        state.valid and not state.falsy and state.value is not None and state.value is not MISSING
    )


@rule(
    Law.READS,
    "What a create was sent can be read back.",
    lambda ground: at_states(ground, _value, "create"),
    apart=True,
)
def created_values_can_be_read_back(lab: Lab, spot: Spot) -> Judgement:
    """A create is sent with each value of each member, and the item is read. Finds: a member
    that the create drops.
    """
    return survives(lab, spot)


def _by_role(role: str) -> Where:
    def where(ground: Ground) -> Iterator[Spot]:
        return at_operations(ground, lambda each: ground.role(each) == role)

    return where


def _whole(lab: Lab, operation: Operation) -> Trial:
    """A create with every member, or with the least if the server will not have that."""
    trial = created(lab, operation, lab.ground.full(operation))
    return trial if trial.answer.accepted else created(lab, operation, lab.base(operation))


def _made(lab: Lab, operation: Operation) -> Trial:
    key = ("made", operation.pointer)
    if key not in lab.memory:
        lab.memory[key] = _whole(lab, operation)
    kept = lab.memory[key]
    assert isinstance(kept, Trial)
    return kept


@rule(Law.READS, "A create with every member is read back whole.", _by_role("create"), apart=True)
def a_whole_item_can_be_read_back(lab: Lab, spot: Spot) -> Judgement:
    """An item is created with every member and read. Finds: a create that is acknowledged and
    not stored.
    """
    trial = _made(lab, spot.operation)
    if not trial.answer.accepted:
        return not_reached(f"no create is accepted: {answered(trial.answer)}")
    if trial.live is not None and trial.after is MISSING and trial.live.last is not None:
        return broken(
            "What was created can be read.",
            f"The read afterwards: {answered(trial.live.last.answer)}.",
            trial.steps,
            claims.accepted(),
        )
    if trial.after is MISSING:
        return not_applicable("there is no read")
    for mirror, sent, there in unshown(lab, spot.operation, trial.body, trial.after):
        return broken(
            f"{place_of(mirror.request)} was sent as {said(sent)}, and reads so afterwards.",
            f"It reads {said(there)}.",
            trial.steps,
            claims.shows(mirror, trial.body),
        )
    shape = lab.ground.shape(spot.operation)
    if not any(told(trial.body, each) for each in (shape.mirrors if shape else ())):
        return not_applicable("nothing was sent that a read shows as it was sent")
    return held()


@rule(
    Law.READS,
    "The answer of a create shows the item as a read does.",
    _by_role("create"),
    apart=True,
)
def the_answer_of_a_create_is_the_item(lab: Lab, spot: Spot) -> Judgement:
    """The answer of a create is compared with the read that follows, where both have one
    schema. Finds: an answer that shows the request in place of the item.
    """
    trial = _made(lab, spot.operation)
    read = lab.ground.read_of(spot.operation)
    own = lab.ground.answer_schema(spot.operation)
    if not trial.answer.accepted or trial.after is MISSING or read is None or own is None:
        return not_applicable("there is no read to compare it with")
    if lab.ground.contract.target(own) != lab.ground.contract.target(
        lab.ground.answer_schema(read) or own
    ):
        return not_applicable("the create answers with another schema")
    body = trial.answer.content
    if not isinstance(body, dict) or not body:
        return not_reached("the answer shows no item, which is judged with the answers")
    body = lab.ground.steady(resource_of(lab, spot.operation), lab.ground.reading(own, body))
    # A read may know more by then: null members may have a value.
    apart = [
        each for each in differences(body, trial.after) if at(body, each) not in (None, MISSING)
    ]
    if not apart:
        return held()
    return broken(
        f"The answer of the create shows {place_of(apart[0])} as a read does.",
        f"It says {said(at(body, apart[0]))}, the read {said(at(trial.after, apart[0]))}.",
        trial.steps,
        claims.same(apart[0], -2),
    )


@rule(
    Law.READS,
    "A second read of an untouched item shows the same.",
    _by_role("retrieve"),
    apart=True,
)
def reads_repeat(lab: Lab, spot: Spot) -> Judgement:
    """An item is created, updated where that can be, and read five times, once after its list was.
    Finds: an item that can be read a few times only; a read that shows an update once and then the
    old state; a list that changes what it shows.
    """
    resource = resource_of(lab, spot.operation)
    update = lab.ground.contract.operation(resource.update) if resource.update else None
    shape = lab.ground.shape(update) if update else None
    live = dress(lab, update) if update and shape and resource.create else lab.fresh(resource)
    first, steps = live.shown, (*live.steps, *((live.last,) if live.last else ()))
    if first is MISSING:
        return not_reached("the item cannot be read")
    for turn in range(5):
        if turn == 3 and resource.list is not None:
            listed = lab.ground.contract.operation(resource.list)
            steps = (*steps, lab.send(listed, lab.request(listed, live.parents), steps))
        again = lab.read(live)
        if again is not None and again.answer.refused:
            return broken(
                f"{said(live.id)} was read, and nobody deleted it.",
                f"The same read again: {answered(again.answer)}.",
                (*steps, again),
                claims.accepted(),
            )
        for place in differences(first, live.shown):
            there = at(first, place), at(live.shown, place)
            return broken(
                "Nothing changes an item that nobody updates.",
                f"{place_of(place)} reads {said(there[0])}, then {said(there[1])}.",
                (*steps, *((again,) if again else ())),
                claims.same(place, len(steps) - 1 if turn < 3 else len(steps) - 2),
            )
    # Without content it is the same request (RFC 9110, 9.3.2); it is judged with the answers.
    if live.last is not None:
        lab.send(spot.operation, replace(live.last.request, method="HEAD"), live.steps)
    return held()


# --- echo --------------------------------------------------------------------------------------


def _echoing(ground: Ground) -> Iterator[Spot]:
    """Members of an answer that are called as a path parameter, and the one that names the item."""
    for operation in ground.contract.operations:
        schema, resource = ground.answer_schema(operation), ground.resource(operation)
        if schema is None or resource is None or ground.role(operation) not in _ITEMS:
            continue
        for member in ground.contract.core(schema).properties:
            if _parameter(operation, resource, member.name) is not None:
                yield Spot(operation, member.pointer, f"/{member.name}", "echo")


_ITEMS = ("create", "retrieve", "update", "replace")


def _listing(ground: Ground) -> Iterator[Spot]:
    """Members of listed items that are called as a path parameter of the list."""
    for operation in ground.contract.operations:
        shown, resource = items_of(ground.contract, operation), ground.resource(operation)
        if shown is None or resource is None or ground.role(operation) != "list":
            continue
        for member in ground.contract.core(shown).properties:
            if resource.create and operation.parameter(member.name, "path"):
                yield Spot(operation, member.pointer, f"/*/{member.name}", "echo")


@rule(Law.READS, "The items of a list show the ids of its path.", _listing, apart=True)
def listed_items_show_the_ids_of_the_path(lab: Lab, spot: Spot) -> Judgement:
    """A list whose items have members named as parameters of its path is asked for under two
    parents. Finds: an id that is always the first one.
    """
    operation, member = spot.operation, spot.place.rpartition("/")[2]
    resource, compared = resource_of(lab, spot.operation), 0
    for parents in _several_parents(lab, resource):
        live = lab.fresh(resource, parents)
        there = listing(lab, operation, live.parents, live.steps)
        for item in there.items:
            shown = at(item, (member,))
            compared += shown is not MISSING
            if shown is not MISSING and plain(shown) != plain(parents[member]):
                return broken(
                    f"The list of {{{member}}} = {said(parents[member])} shows items of that.",
                    f"It shows one with {said(shown)}.",
                    (*live.steps, *there.steps),
                    *there.claims(claims.unlisted(member, shown)),
                )
    return held() if compared else not_reached("no item shows it")


def _parameter(operation: Operation, resource: Resource, member: str) -> str | None:
    """The path parameter whose value the member repeats."""
    if member == resource.key:
        return resource.parameter
    return member if operation.parameter(member, "path") else None


@rule(Law.READS, "An answer repeats the ids of the path that was asked.", _echoing, apart=True)
def path_ids_are_echoed(lab: Lab, spot: Spot) -> Judgement:
    """An answer that has members named as path parameters is asked for under two parents.
    Finds: an id that is always the first one.
    """
    operation = spot.operation
    resource = resource_of(lab, operation)
    member = spot.place[1:]
    name = _parameter(operation, resource, member)
    compared = chosen = 0
    for parents in _several_parents(lab, resource):
        live = lab.fresh(resource, parents)
        steps = live.steps
        if lab.ground.role(operation) != "create":
            base = lab.base(operation) if lab.ground.shape(operation) else MISSING
            body = MISSING if base is MISSING else addressed(lab, operation, base, live)
            step = lab.send(operation, lab.request(operation, live.path, body), live.steps)
            steps = (*steps, step)
        if not steps[-1].answer.accepted:
            return not_reached(answered(steps[-1].answer))
        wanted, there = live.path.get(name or ""), at(steps[-1].answer.content, (member,))
        sent = at(_sent(live), (member,))
        if lab.ground.role(operation) == "create" and member == resource.key and sent is MISSING:
            chosen += 1
            continue
        compared += there is not MISSING
        if there is not MISSING and plain(there) != plain(wanted):
            return broken(
                f"The path asked for {{{name}}} = {said(wanted)}, and the answer's {member} is that.",
                f"It is {said(there)}.",
                steps,
                claims.reads((member,), wanted),
            )
    if compared:
        return held()
    return not_applicable("the server chooses it") if chosen else not_reached("no answer shows it")


def _several_parents(lab: Lab, resource: Resource) -> Iterator[dict[str, Json]]:
    yield lab.parents(resource)
    with suppress(NotReached):
        yield lab.parents(resource, 1)


def _sent(live: Live) -> Json | MISSING:
    body = live.steps[0].request.body
    return Answer(200, body=body or b"").content


def reserved_names(ground: Ground) -> Iterator[Spot]:
    """Every name that a create may not use, since it is there from the start."""
    for shape in ground.bodied:
        if ground.role(shape.operation) == "create":
            for member in shape.members:
                for value in member.declared.reserved:
                    state = State(f"reserved: {value}", value, True, True)
                    yield spot(shape.operation, member, state)


@rule(
    Law.READS,
    "What a reserved name stands for is there from the start.",
    reserved_names,
    apart=True,
)
def reserved_names_are_there(lab: Lab, spot: Spot) -> Judgement:
    """What the overlay calls reserved is read without being created. Finds: an item that is
    made on its first update.
    """
    resource = resource_of(lab, spot.operation)
    _, state = spot.stated
    if state.value is MISSING or resource.retrieve is None or f"/{resource.key}" != spot.place:
        return not_applicable("there is no read by this name")
    live = Live(resource, lab.parents(resource), state.value, ())
    read = lab.read(live)
    if read is None:
        return not_applicable("there is no read by this name")
    if read.answer.accepted:
        shown = live.shown is not MISSING
        return held() if shown else not_reached("the read shows no item")
    return broken(
        f"{said(state.value)} exists from the start.",
        f"{answered(read.answer)}.",
        (read,),
        claims.accepted(),
    )
