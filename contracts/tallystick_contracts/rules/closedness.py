"""Closedness: an unknown member is refused by a closed object and taken by an open one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import replace

from pydantic import MISSING

from tallystick.contract import Operation, Property
from tallystick.document import Json, join

from ..probes.bodies import telling
from ..probes.ground import Ground, Shape
from ..probes.lab import Lab
from ..probes.live import NotReached
from ..probes.members import Owner
from ..probes.samples import Unsatisfiable
from ..probes.trials import Trial, sent
from ..verdicts import Law
from . import claims
from .rule import Judgement, Spot, Where, answered, broken, held, not_reached, rule

UNKNOWN, NULLED = "unknown sibling", "unknown sibling: null"
RESPELT = "known member in another case"
DISPLACED = "member of another object"
ANSWERED = "member of the answer"
BESIDE = "unknown sibling in a full body"
_NAME = "tallystickUnknownMember"
_MOST = 12
"""Members of an answer that are tried in a request at most."""


def _objects(closed: bool) -> Where:
    def where(ground: Ground) -> Iterator[Spot]:
        for shape in ground.bodied:
            for owner in shape.owners:
                body = _body(ground, shape.operation, owner)
                if body is None or ground.oracle.fits(shape.pointer, body) is closed:
                    continue
                pointer = join(owner.pointer, "additionalProperties") if closed else owner.pointer
                yield Spot(shape.operation, pointer, owner.place, UNKNOWN, owner=owner)
                own = {each.name for each in ground.contract.schema(owner.pointer).properties}
                others = any(each.declared.name not in own for each in shape.members)
                states = [NULLED, RESPELT, *([DISPLACED] if others else [])]
                only = _answered(ground, shape, own) if not owner.path else []
                states += [f"{ANSWERED}: {each.name}" for each in only[:_MOST]]
                for state in (*states, BESIDE) if closed else (NULLED,):
                    yield Spot(shape.operation, pointer, owner.place, state, owner=owner)

    return where


def _body(ground: Ground, operation: Operation, owner: Owner) -> Json | None:
    """The smallest body in which the object is there with one member that nobody declared."""
    try:
        return ground.with_member(operation, ground.minimal(operation), (*owner.path, _NAME), "x")
    except Unsatisfiable:
        return None


def _sent(lab: Lab, spot: Spot, extra: bool) -> Trial:
    operation = spot.operation
    name, value = _member(lab, spot)
    path = (*(spot.owner.path if spot.owner else ()), name)
    base = telling(lab, operation) if spot.state == BESIDE else lab.base(operation)
    body = lab.ground.with_member(operation, base, path, value if extra else MISSING)
    return sent(lab, operation, body, wait=True)


def _member(lab: Lab, spot: Spot) -> tuple[str, Json]:
    """A member that the object does not declare."""
    if spot.state in (UNKNOWN, BESIDE) or spot.owner is None:
        return _NAME, "x"
    if spot.state == NULLED:
        return _NAME, None
    declared = lab.ground.contract.schema(spot.owner.pointer).properties
    names = [each.name for each in declared]
    if spot.state == DISPLACED:
        return _of_another(lab, spot.operation, names)
    if spot.state.startswith(ANSWERED):
        shape, wanted = lab.ground.shape(spot.operation), spot.state.rpartition(": ")[2]
        for member in _answered(lab.ground, shape, names) if shape else ():
            with suppress(Unsatisfiable):
                if member.name == wanted:
                    return member.name, lab.ground.samples.one(member.pointer)
    for each in declared:
        other = each.name.swapcase()
        if other not in names and not each.required:
            with suppress(Unsatisfiable):
                return other, lab.ground.samples.one(each.pointer)
    raise NotReached("no member can be written in another case")


def _answered(ground: Ground, shape: Shape, own: Collection[str]) -> list[Property]:
    """Plain members that an answer has and the body does not declare."""
    scalars = {"string", "integer", "number", "boolean", "null"}
    every = ground.contract.core(shape.mirrored).properties if shape.mirrored else ()
    return [
        each
        for each in every
        if each.name not in own and ground.contract.core(each.pointer).types <= scalars
    ]


def _of_another(lab: Lab, operation: Operation, names: list[str]) -> tuple[str, Json]:
    """A member that another object of the same body declares."""
    shape = lab.ground.shape(operation)
    for member in shape.members if shape else ():
        if member.declared.name not in names:
            with suppress(Unsatisfiable):
                return member.declared.name, lab.ground.samples.one(member.pointer)
    raise NotReached("the body has no other object with members of its own")


@rule(
    Law.CLOSEDNESS,
    "A closed object refuses a member that it does not declare.",
    _objects(True),
    apart=True,
)
def closed_objects_refuse_unknown_members(lab: Lab, spot: Spot) -> Judgement:
    """To each closed object a member is added that it does not declare: with a value, with
    null, one that it declares in another letter case, one that another object declares, one
    that only answers have, and one in a body with every member. Without it the body is accepted.
    Finds: additional members that are dropped silently; a status that anybody can set.
    """
    trial = _sent(lab, spot, extra=True)
    if trial.answer.accepted:
        return broken(
            f"{spot.place or 'The body'} is a closed object, so an undeclared member is refused.",
            f"The request with the undeclared member {_member(lab, spot)[0]} was accepted: "
            f"{answered(trial.answer)}.",
            trial.asked,
            claims.refused(),
        )
    if not trial.answer.refused:
        return not_reached(answered(trial.answer))
    if not _taken(lab, spot):
        return not_reached("the same request without the member is refused too")
    return held()


def _taken(lab: Lab, spot: Spot) -> bool:
    """Whether the request without the member is accepted; the small one, if the full one is not,
    for a value in it may be taken."""
    if _sent(lab, spot, extra=False).answer.accepted:
        return True
    small = replace(spot, state=UNKNOWN)
    return spot.state == BESIDE and _sent(lab, small, extra=False).answer.accepted


@rule(
    Law.CLOSEDNESS,
    "An open object takes a member that it does not declare.",
    _objects(False),
    apart=True,
)
def open_objects_take_unknown_members(lab: Lab, spot: Spot) -> Judgement:
    """To each open object a member is added that it does not declare, with a value and with null;
    without it the body is accepted. Finds: a strict model where the schema is open.
    """
    trial = _sent(lab, spot, extra=True)
    if trial.answer.accepted:
        return held()
    if not _sent(lab, spot, extra=False).answer.accepted:
        return not_reached(
            f"the same request without the member is refused: {answered(trial.answer)}"
        )
    return broken(
        f"{spot.place or 'The body'} is an open object: JSON Schema admits undeclared members.",
        f"The request with an undeclared member {_NAME} was not accepted: {answered(trial.answer)}.",
        trial.asked,
        claims.accepted(),
    )
