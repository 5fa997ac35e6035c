"""Misfits: the item behind the first, the body of another operation, the parent that was forgotten."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import MISSING

from tallystick.contract import Operation
from tallystick.document import Json

from ..probes.combining import another
from ..probes.ground import Ground, Shape
from ..probes.lab import Lab
from ..probes.members import Member, Owner, members
from ..probes.places import ITEM, at, put
from ..probes.requests import encoded
from ..probes.samples import Unsatisfiable
from ..probes.states import NULL
from ..probes.trials import resource_of, sent
from ..verdicts import Law
from . import claims
from .bodies import refused_whole
from .control import needs_acceptance
from .rule import (
    Judgement,
    Spot,
    answered,
    at_operations,
    broken,
    held,
    not_applicable,
    not_reached,
    rule,
    said,
)

# --- items of arrays, bodies of others -----------------------------------------------------------


_WRONG_ITEMS = (
    "unknown member",
    "unknown member within",
    "required member missing",
    "wrong type",
    "wrong type within",
    "null",
)


def _arrays(ground: Ground) -> Iterator[Spot]:
    for shape in ground.bodied:
        for member in shape.members:
            core = ground.contract.core(member.pointer)
            if ITEM in member.path or "array" not in core.types or core.items is None:
                continue
            for state in _WRONG_ITEMS:
                yield Spot(
                    shape.operation, core.items, member.place, f"second item: {state}", member
                )


@rule(Law.TYPES, "Every item of an array is checked, not only the first.", _arrays, apart=True)
def every_item_is_checked(lab: Lab, spot: Spot) -> Judgement:
    """An array is sent with one good item, or two, and a bad one behind: with an unknown
    member, without a required one, of a wrong type, or null. Finds: a check of the first item
    only.
    """
    operation, member = spot.operation, spot.member
    if member is None:
        return not_applicable("there is no array")
    core = lab.ground.contract.core(member.pointer)
    try:
        good = lab.ground.samples.one(core.items or "")
    except Unsatisfiable:
        return not_reached("no valid item was found")
    bad = _bad(lab, core.items or "", good, spot.state.rpartition(": ")[2])
    shape = lab.ground.shape(operation)
    if bad is MISSING or shape is None:
        return not_applicable("an item has no such part")
    body = lab.ground.with_member(operation, lab.base(operation), member.path, [good, bad])
    third: list[Json] = [good, another(lab.ground, core.items or "", good), bad]
    if lab.ground.oracle.fits(shape.pointer, body):
        return not_applicable("such an item fits the schema")
    trial = sent(lab, operation, body)
    if trial.answer.accepted:
        return broken(
            f"The second item of {spot.place} is not what the schema says, so it is refused.",
            f"{said([good, bad])} was accepted: {answered(trial.answer)}.",
            trial.asked,
            claims.refused(),
        )
    if not trial.answer.refused:
        return not_reached(f"{answered(trial.answer)}, which is judged with the answers")
    body = lab.ground.with_member(operation, lab.base(operation), member.path, third)
    trial = sent(lab, operation, body)
    if trial.answer.accepted:
        return broken(
            f"The third item of {spot.place} is not what the schema says, so it is refused.",
            f"{said(third)} was accepted: {answered(trial.answer)}.",
            trial.asked,
            claims.refused(),
        )
    alone = lab.ground.with_member(operation, lab.base(operation), member.path, [good])
    if not sent(lab, operation, alone).answer.accepted:
        return not_reached("an array with a good item is refused too")
    return held()


def _bad(lab: Lab, pointer: str, good: Json, kind: str) -> Json | MISSING:
    core = lab.ground.contract.core(pointer)
    if kind == "null":
        return None
    if kind == "wrong type":
        return 5 if "integer" not in core.types and "number" not in core.types else "text"
    if not isinstance(good, dict):
        return MISSING
    if kind == "wrong type within":
        return _mistaken(lab.ground, pointer, good)
    if kind == "unknown member":
        return {**good, "tallystickUnknownMember": "x"}
    if kind == "unknown member within":
        inner = [e for e in core.properties if lab.ground.contract.core(e.pointer).closed]
        inside: Json = {"tallystickUnknownMember": "x"}
        return {**good, inner[0].name: inside} if inner else MISSING
    required = next((each.name for each in core.properties if each.required), None)
    return MISSING if required is None else put(good, (required,), MISSING)


def _mistaken(ground: Ground, pointer: str, good: Json) -> Json | MISSING:
    """An item with a number as text in the first place for a number; containers are made."""
    for member in members(ground.contract, pointer):
        types = ground.contract.core(member.pointer).types
        if ITEM in member.path or "string" in types or not types & {"integer", "number"}:
            continue
        body = good
        for depth in range(1, len(member.path)):
            if not isinstance(at(body, member.path[:depth]), dict):
                body = put(body, member.path[:depth], {})
        return put(body, member.path, "5")
    return MISSING


# --- several mistakes ----------------------------------------------------------------------------

_BESIDE = ("two mistakes", "a mistake behind a null")


def _several(ground: Ground) -> Iterator[Spot]:
    for shape in ground.bodied:
        for owner in shape.owners:
            for state in _BESIDE:
                if _pair(ground, shape, owner, state) is not None:
                    yield Spot(shape.operation, owner.pointer, owner.place, state, owner=owner)


def _pair(
    ground: Ground, shape: Shape, owner: Owner, state: str
) -> tuple[tuple[Member, Json], tuple[Member, Json]] | None:
    """Two members of one object and what is sent in them: the last one is wrong."""
    own = [
        m
        for m in shape.members
        if m.path[:-1] == owner.path and not ground.names_item(shape.operation, m)
    ]
    wrong = [
        (member, state.value)
        for member in own
        for state in ground.states.of(member)
        if not state.valid and state.name.startswith("wrong type") and state.value is not MISSING
    ]
    nulls = [m for m in own if (null := ground.states.named(m, NULL)) and null.valid]
    if not wrong:
        return None
    last, value = wrong[-1]
    others = nulls if state == _BESIDE[1] else [member for member, _ in wrong]
    first = next((each for each in others if each.path != last.path), None)
    if first is None:
        return None
    if state == _BESIDE[1]:
        return (first, None), (last, value)
    return next(each for each in wrong if each[0] is first), (last, value)


@rule(
    Law.TYPES,
    "Every member is checked, whatever stands before it.",
    _several,
    apart=True,
)
def every_member_is_checked(lab: Lab, spot: Spot) -> Judgement:
    """A member of a wrong type is sent behind one that is null, and behind another one of a wrong
    type; the refusal has the declared shape then, too. Finds: a check that ends at the first null;
    a refusal for two reasons that is written otherwise.
    """
    operation, owner = spot.operation, spot.owner
    shape = lab.ground.shape(operation)
    found = _pair(lab.ground, shape, owner, spot.state) if shape and owner else None
    if found is None or shape is None:
        return not_applicable("the object has no such members")
    body = lab.base(operation)
    for member, value in found:
        body = lab.ground.with_member(operation, body, member.path, value)
    if lab.ground.oracle.fits(shape.pointer, body):
        return not_applicable("such a body fits the schema")
    trial = sent(lab, operation, body)
    last, value = found[1]
    if trial.answer.accepted:
        return broken(
            f"{last.place} does not admit {said(value)}, whatever stands beside it.",
            f"With {found[0][0].place} = {said(found[0][1])} it was accepted: "
            f"{answered(trial.answer)}.",
            trial.asked,
            claims.refused(),
        )
    if not trial.answer.refused:
        return not_reached(f"{answered(trial.answer)}, which is judged with the answers")
    needs_acceptance(lab, operation)
    return held()


def _foreign(ground: Ground) -> Iterator[Spot]:
    for shape in ground.bodied:
        if _other_body(ground, shape) is not None:
            yield Spot(shape.operation, shape.pointer, "", "body of another operation")


def _other_body(ground: Ground, shape: Shape) -> tuple[Operation, Json] | None:
    """The body of another operation on the same resource, or on any, which this one does not admit."""
    resource = ground.resource(shape.operation)
    others = sorted(ground.bodied, key=lambda o: ground.resource(o.operation) is not resource)
    for other in others:
        if other.pointer == shape.pointer:
            continue
        try:
            bodies = (ground.full(other.operation), ground.minimal(other.operation))
        except Unsatisfiable:
            continue
        for body in bodies:
            if not ground.oracle.fits(shape.pointer, body):
                return other.operation, body
    return None


@rule(
    Law.CLOSEDNESS,
    "The body of another operation is refused, where the schema does not admit it.",
    _foreign,
    apart=True,
)
def bodies_of_other_operations_are_refused(lab: Lab, spot: Spot) -> Judgement:
    """The operation is sent a valid body of another one. Finds: one model for create and update, so
    that an update takes a name and drops it.
    """
    operation = spot.operation
    shape = lab.ground.shape(operation)
    found = _other_body(lab.ground, shape) if shape else None
    if found is None or shape is None:
        return not_applicable("every other body fits this operation too")
    other, foreign = found
    body = lab.named(operation, foreign)
    if body is MISSING or lab.ground.oracle.fits(shape.pointer, body):
        return not_applicable("it fits this operation too")
    return refused_whole(
        lab, spot, encoded(body), None, f"The body of {other.key} does not fit {operation.key}."
    )


def _mixed(ground: Ground) -> Iterator[Spot]:
    for shape in ground.bodied:
        if _of_two(ground, shape) is not None:
            yield Spot(shape.operation, shape.pointer, "", "members of two variants")


def _of_two(ground: Ground, shape: Shape) -> Json | None:
    """A body of one variant with the members that only another one has, if no variant admits it."""
    media = shape.operation.body.json if shape.operation.body else None
    union = media.schema if media else None
    if union is None or union == shape.pointer:
        return None
    own = ground.contract.core(shape.pointer)
    for branch in ground.contract.core(union).branches:
        others = [m for m in ground.contract.core(branch).properties if not own.property(m.name)]
        try:
            body = ground.minimal(shape.operation)
            for member in others if isinstance(body, dict) else ():
                body = put(body, (member.name,), ground.samples.one(member.pointer))
        except Unsatisfiable:
            continue
        if others and not ground.oracle.fits(union, body):
            return body
    return None


@rule(
    Law.CLOSEDNESS,
    "A body with the members of two variants is refused, where the schema admits none such.",
    _mixed,
    apart=True,
)
def members_of_two_variants_are_refused(lab: Lab, spot: Spot) -> Judgement:
    """A body of one variant of a union is sent with the members of another one beside its own.
    Finds: a union that is read by its tag alone, and what is left over dropped.
    """
    shape = lab.ground.shape(spot.operation)
    mixed = _of_two(lab.ground, shape) if shape else None
    if mixed is None:
        return not_applicable("the variants have no members of their own")
    body = lab.named(spot.operation, mixed)
    expected = "The body has members of two variants, and fits neither."
    return refused_whole(lab, spot, encoded({} if body is MISSING else body), None, expected)


# --- parents -------------------------------------------------------------------------------------


@rule(
    Law.READS,
    "Every parent that exists takes items, and keeps what they are sent.",
    lambda ground: at_operations(ground, lambda o: ground.role(o) == "create"),
    apart=True,
)
def every_parent_takes_items(lab: Lab, spot: Spot) -> Judgement:
    """An item is created under the second known parent as under the first. Finds: a table of
    parents in which only the first was entered.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    if not resource.parents or lab.ground.shape(operation) is None:
        return not_applicable("the items have no parent")
    parents = lab.parents(resource, 1)
    first = lab.create(resource)
    if not first.answer.accepted:
        return not_reached(answered(first.answer))
    made = lab.create(resource, parents)
    if made.answer.accepted or not made.answer.refused:
        return held()
    return broken(
        f"{', '.join(f'{k} {said(v)}' for k, v in parents.items())} exists, so it takes items.",
        f"A create that another parent takes: {answered(made.answer)}.",
        (first.step, made.step),
        claims.accepted(),
    )
