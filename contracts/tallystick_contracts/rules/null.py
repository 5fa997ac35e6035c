"""Null: admitted where the schema admits it, refused elsewhere, with one meaning in an update."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import MISSING

from tallystick.document import Json

from ..mirror import Mirror
from ..probes.bodies import is_null, nullable, nulled
from ..probes.ground import Ground, Shape
from ..probes.lab import Lab
from ..probes.members import Member, Owner
from ..probes.places import ITEM, at, same
from ..probes.states import ABSENT, NULL, State
from ..probes.trials import Trial, sent, tried
from ..verdicts import Law
from . import claims
from .acceptance import accepted, control_of, refused
from .rule import (
    Judgement,
    Spot,
    answered,
    at_states,
    broken,
    held,
    not_applicable,
    not_reached,
    rule,
    said,
)


@rule(
    Law.NULL,
    "Null is accepted where the schema admits it.",
    lambda ground: at_states(ground, is_null),
    apart=True,
)
def null_is_accepted_where_admitted(lab: Lab, spot: Spot) -> Judgement:
    """Each member that admits null is sent as null; another value of it is accepted. Finds: a
    check that was written before the member became nullable.
    """
    return accepted(lab, spot, f"{spot.place} admits null, so null is accepted.")


def _objects(ground: Ground) -> Iterator[Spot]:
    for shape in ground.bodied:
        for owner in shape.owners:
            if len(nullable(ground, shape, owner.path)) > 1:
                yield Spot(shape.operation, owner.pointer, owner.place, "all null", owner=owner)


@rule(
    Law.NULL,
    "Null is accepted in every member at once, where each admits it.",
    _objects,
    apart=True,
)
def null_is_accepted_in_every_member(lab: Lab, spot: Spot) -> Judgement:
    """An object is sent in which every member that admits null is null; each of them alone is
    accepted so. Finds: null taken for absent, so that nothing seems to be there.
    """
    operation, owner = spot.operation, spot.owner
    shape = lab.ground.shape(operation)
    if shape is None or owner is None:
        return not_applicable("there is no object")
    body = nulled(lab, operation, owner.path)
    if not lab.ground.oracle.fits(shape.pointer, body):
        return not_applicable("the object does not admit that")
    trial = sent(lab, operation, body)
    if trial.answer.accepted:
        return held()
    if not trial.answer.refused:
        return not_reached(f"{answered(trial.answer)}, which is judged with the answers")
    for member in nullable(lab.ground, shape, owner.path):
        state = lab.ground.states.named(member, NULL)
        if state is None or not tried(lab, operation, member, state).answer.accepted:
            return not_applicable("one of them is refused alone too")
    return broken(
        f"Every member of {spot.place or 'the body'} admits null, so null in all of them is accepted.",
        f"{answered(trial.answer)}, while each of them alone is accepted.",
        trial.asked,
        claims.accepted(),
    )


@rule(
    Law.NULL,
    "Null is refused where the schema does not admit it.",
    lambda ground: at_states(ground, lambda m, s: s.name == NULL and not s.valid),
    apart=True,
)
def null_is_refused_elsewhere(lab: Lab, spot: Spot) -> Judgement:
    """Each member that does not admit null is sent as null; another value of it is accepted.
    Finds: null taken for absent, or stored as the text None.
    """
    return refused(lab, spot, f"{spot.place} does not admit null, so null is refused.")


@rule(
    Law.NULL,
    "Null in an update does what the contract declares: leave, clear, or be refused.",
    lambda ground: at_states(ground, lambda m, s: s.name == NULL and s.valid, "update"),
    apart=True,
)
def null_follows_its_convention(lab: Lab, spot: Spot) -> Judgement:
    """A member is given a value, then sent as null, and read. The overlay says what is to be
    seen; where it says nothing, the item may be left or cleared, and nothing else. Finds: null
    that overwrites a setting which it is to leave.
    """
    member, state = spot.stated
    trial = tried(lab, spot.operation, member, state)
    if member.declared.null == "refused":
        return _declared_refused(lab, spot, trial)
    if not trial.answer.accepted:
        return not_reached(answered(trial.answer))
    shape = lab.ground.shape(spot.operation)
    mirror = shape.mirror(member.path) if shape else None
    if mirror is None or trial.after is MISSING:
        return not_applicable("no read shows this member")
    before = at(trial.before, mirror.response)
    if before is MISSING or before is None:
        return not_reached(f"{spot.place} could not be given a value first")
    after = at(trial.after, mirror.response)
    return _compared(spot, member.declared.null, (before, after, mirror.default), trial, mirror)


def _declared(ground: Ground) -> Iterator[Spot]:
    """Each member of a create or replacement for which an overlay says what null does."""
    for each in at_states(ground, lambda m, s: s.name == NULL and s.valid, "create", "replace"):
        member, _ = each.stated
        if member.declared.null is not None and ITEM not in member.path:
            yield each


@rule(
    Law.NULL,
    "Null in a create does what the contract declares: stand for absent, for nothing, or be refused.",
    _declared,
    apart=True,
)
def null_in_a_create_follows_its_convention(lab: Lab, spot: Spot) -> Judgement:
    """An item is created with the member sent as null, and read. Declared as ``cleared``, it shows
    null or no such member, whatever the default; declared as ``unchanged``, it shows what an item
    shows that was created without the member. Finds: a default that takes the place of null.
    """
    member, state = spot.stated
    trial = tried(lab, spot.operation, member, state)
    if member.declared.null == "refused":
        return _declared_refused(lab, spot, trial)
    shape = lab.ground.shape(spot.operation)
    mirror = shape.mirror(member.path) if shape else None
    if not trial.answer.accepted:
        return not_reached(answered(trial.answer))
    if mirror is None or trial.after is MISSING:
        return not_applicable("no read shows this member")
    after = at(trial.after, mirror.response)
    if member.declared.null == "cleared":
        # What is absent from an answer reads as the answer's default, which is not this one's.
        if after is None or after is MISSING or same(after, _answered(lab, mirror)):
            return held()
        return broken(
            f"Null for {spot.place} is declared to clear it: it reads null, or is not there.",
            f"It reads {said(after)}.",
            trial.steps,
            claims.reads_one_of(mirror.response, [None]),
        )
    without = tried(lab, spot.operation, member, State(ABSENT, MISSING, True, True))
    if not without.answer.accepted or without.after is MISSING:
        return not_reached("no create without the member is accepted")
    wanted = at(without.after, mirror.response)
    if same(after, wanted):
        return held()
    return broken(
        f"Null for {spot.place} is declared to be the same as absent, which reads {said(wanted)}.",
        f"It reads {said(after)}.",
        trial.steps,
        claims.reads_none_of(mirror.response, [] if after is MISSING else [after]),
    )


def _answered(lab: Lab, mirror: Mirror) -> Json | MISSING:
    """The default that the answer's own schema has for a member."""
    node = lab.ground.contract.schema(mirror.response_pointer).node
    return node.get("default", MISSING) if isinstance(node, Mapping) else MISSING


def _undeclared(ground: Ground) -> Iterator[Spot]:
    """Each object of an update that has several members for which null is not declared."""
    for shape in ground.bodied:
        if ground.role(shape.operation) != "update":
            continue
        for owner in shape.owners:
            alike = _alike(ground, shape, owner)
            if ITEM not in owner.path and any(len(each) > 1 for each in alike):
                yield Spot(shape.operation, owner.pointer, owner.place, NULL, owner=owner)


def _alike(ground: Ground, shape: Shape, owner: Owner) -> list[list[Member]]:
    """Members of an object for which null may be told apart by nothing that the contract says."""
    found: dict[object, list[Member]] = {}
    for member in shape.members:
        mirror = shape.mirror(member.path)
        null = ground.states.named(member, NULL)
        if member.owner != owner.pointer or member.path[:-1] != owner.path or mirror is None:
            continue
        if null is None or not null.valid or member.declared.null or not mirror.comparable:
            continue
        nullable = ground.contract.schema(mirror.response_pointer).nullable
        kind = nullable, mirror.default is MISSING, member.declared.default is MISSING
        found.setdefault(kind, []).append(member)
    return list(found.values())


@rule(
    Law.NULL,
    "Where no convention is declared, null means the same for members that are alike.",
    _undeclared,
    apart=True,
)
def null_means_one_thing(lab: Lab, spot: Spot) -> Judgement:
    """Each member of an object is given a value and then null. Members that admit the same in
    request and answer are treated alike: all are left, or all are cleared. Finds: one member that
    null clears among others that it leaves.
    """
    shape = lab.ground.shape(spot.operation)
    if shape is None or spot.owner is None:
        return not_applicable("the operation has no JSON body")
    for members in _alike(lab.ground, shape, spot.owner):
        seen: dict[str, tuple[Member, Trial]] = {}
        for member in members:
            trial = tried(lab, spot.operation, member, State(NULL, None, True, True))
            mirror = shape.mirror(member.path)
            if mirror is None or not trial.answer.accepted or trial.after is MISSING:
                continue
            before, after = at(trial.before, mirror.response), at(trial.after, mirror.response)
            if before not in (MISSING, None) and not same(before, mirror.default):
                became = _became(before, after, mirror.default)
                seen.setdefault(became, (member, trial))
        if {"unchanged", "cleared"} <= set(seen):
            left, cleared = seen["unchanged"], seen["cleared"]
            return broken(
                f"Null for {cleared[0].place} does what it does for {left[0].place}, "
                "since the contract tells no difference.",
                f"{left[0].place} is left as it was, {cleared[0].place} is cleared.",
                (*left[1].steps, *cleared[1].steps),
            )
    return held()


def _became(before: Json | MISSING, after: Json | MISSING, default: Json | MISSING) -> str:
    cleared = after is MISSING or after is None or same(after, default)
    return "unchanged" if same(before, after) else "cleared" if cleared else "something else"


def _declared_refused(lab: Lab, spot: Spot, trial: Trial) -> Judgement:
    if trial.answer.accepted:
        return broken(
            f"Null for {spot.place} is declared to be refused.",
            f"It was accepted: {answered(trial.answer)}.",
            trial.asked,
            claims.refused(),
        )
    if not trial.answer.refused:
        return not_reached(answered(trial.answer))
    if control_of(lab, spot, spot.stated[1]) is None:
        return not_reached("no request of this operation is accepted, so a refusal tells nothing")
    return held()


def _compared(
    spot: Spot,
    convention: str | None,
    values: tuple[Json | MISSING, Json | MISSING, Json | MISSING],
    trial: Trial,
    mirror: Mirror,
) -> Judgement:
    before, after, default = values
    became = _became(before, after, default)
    if convention is None and became != "something else":
        return not_applicable(f"no convention is declared; the server seems to say: {became}")
    if convention is None:
        return broken(
            f"Null for {spot.place} leaves it as it is, or clears it; none of it is declared.",
            f"It was {said(before)} before and is {said(after)} after, which is neither.",
            trial.steps,
            claims.reads_one_of(mirror.response, [before, None, default]),
        )
    if became == convention:
        return held()
    cleared_values = [None] if default is MISSING else [None, default]
    claim = (
        claims.same(mirror.response, -3)
        if convention == "unchanged"
        else claims.reads_one_of(mirror.response, cleared_values)
    )
    wanted = "leave it as it is" if convention == "unchanged" else "clear it"
    return broken(
        f"Null for {spot.place} is declared to {wanted}.",
        f"It was {said(before)} before and is {said(after)} after.",
        trial.compared,
        claim,
    )
