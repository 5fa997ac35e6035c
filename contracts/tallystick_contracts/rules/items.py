"""Items of arrays: each stands for itself, whatever stands before it."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import MISSING

from tallystick.document import Json

from ..probes.bodies import body_for, telling
from ..probes.combining import another
from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.members import Member
from ..probes.places import ITEM, Path, at, differences
from ..probes.places import shown as place_of
from ..probes.samples import Unsatisfiable
from ..probes.trials import Trial, created
from ..verdicts import Law
from . import claims
from .rule import Judgement, Spot, answered, broken, held, not_applicable, not_reached, rule, said

_BARE, _NULLS = "plain", "null in every member"


def _arrays(ground: Ground) -> Iterator[Spot]:
    for shape in ground.bodied:
        if ground.role(shape.operation) != "create":
            continue
        for member in shape.members:
            core = ground.contract.core(member.pointer)
            items = ground.contract.core(core.items) if core.items else None
            mirror = shape.mirror(member.path)
            if items is None or not items.properties or mirror is None or ITEM in member.path:
                continue
            for state in (_BARE, _NULLS):
                yield Spot(shape.operation, core.items or "", member.place, state, member)


@rule(
    Law.READS,
    "An item of an array reads the same, whatever stands before it.",
    _arrays,
    apart=True,
)
def items_of_arrays_do_not_mix(lab: Lab, spot: Spot) -> Judgement:
    """An array is sent with one item that says little, or null in every member that admits it; then
    with three items before it, in the first of which every member has a value other than its
    default. Both times the first one reads the same, but for what differs between any two creates.
    Finds: values of one item that are left standing for the next.
    """
    operation, member = spot.operation, spot.member
    shape = lab.ground.shape(operation)
    mirror = shape.mirror(member.path) if shape and member else None
    if shape is None or member is None or mirror is None:
        return not_applicable("there is no array")
    pointer = lab.ground.contract.core(member.pointer).items or ""
    try:
        told = at(telling(lab, operation), (*member.path, ITEM))
        full = told if isinstance(told, dict) else lab.ground.samples.one(pointer, full=True)
        small = another(lab.ground, pointer, lab.ground.samples.one(pointer))
    except Unsatisfiable:
        return not_reached("no valid item was found")
    small = _nulled(lab.ground, pointer, small) if spot.state == _NULLS else small
    more = [_called(lab.ground, pointer, small, name) for name in ("z", "m")]
    sent: list[list[Json]] = [[small], [full, *more, small], [small]]
    bodies = [body_for(lab, operation, member, each) for each in sent]
    if not all(lab.ground.oracle.fits(shape.pointer, each) for each in bodies):
        return not_applicable("the array does not admit such items")
    alone, behind, twin = (created(lab, operation, each) for each in bodies)
    if spot.state == _NULLS and alone.answer.accepted and behind.answer.refused:
        return _refused_behind(lab, spot, member, behind, sent[1])
    for trial in (alone, behind, twin):
        if not trial.answer.accepted or trial.after is MISSING:
            return not_reached(f"{answered(trial.answer)}, or no read shows it")
    first, second = (*mirror.response, "0"), (*mirror.response, "3")
    model, there = at(alone.after, first), at(behind.after, second)
    if model is MISSING or there is MISSING:
        return not_reached("the array does not read as it was sent, which is judged elsewhere")
    noise = list(differences(model, at(twin.after, first)))
    for place in differences(model, there):
        if place not in noise:
            return _mixed(spot, alone, behind, (first, second), place)
    return held()


def _refused_behind(
    lab: Lab, spot: Spot, member: Member, trial: Trial, sent: list[Json]
) -> Judgement:
    """Whether null is refused behind the first item only: the same with values is accepted."""
    pointer = lab.ground.contract.core(member.pointer).items or ""
    plain = [_without_nulls(lab.ground, pointer, each) for each in sent]
    control = created(lab, spot.operation, body_for(lab, spot.operation, member, plain))
    if not control.answer.accepted:
        return not_reached(answered(control.answer))
    return broken(
        f"Null in a member of an item of {spot.place} is accepted, whatever stands before the item.",
        f"In the first item it is; behind another one {answered(trial.answer)}.",
        trial.asked,
        claims.accepted(),
        rule="null_is_accepted_where_admitted",
    )


def _without_nulls(ground: Ground, pointer: str, item: Json) -> Json:
    """An item without what is null in it, as far as that fits."""
    if not isinstance(item, dict):
        return item
    bare: Json = {name: value for name, value in item.items() if value is not None}
    return bare if ground.oracle.fits(pointer, bare) else item


def _called(ground: Ground, pointer: str, item: Json, name: str) -> Json:
    """The item with other texts in what it must have, as far as that fits."""
    core = ground.contract.core(pointer)
    needed = [each.name for each in core.properties if each.required]
    called: dict[str, Json] = dict(item) if isinstance(item, dict) else {}
    for each in needed:
        text = called.get(each)
        if isinstance(text, str) and ground.oracle.fits(pointer, {**called, each: f"{name}{text}"}):
            called[each] = f"{name}{text}"
    return called if isinstance(item, dict) else item


def _mixed(
    spot: Spot, alone: Trial, behind: Trial, items: tuple[Path, Path], place: Path
) -> Judgement:
    wanted = at(alone.after, (*items[0], *place))
    found = at(behind.after, (*items[1], *place))
    return broken(
        f"An item of {spot.place} reads the same behind another one: its {place_of(place)} is "
        f"{said(wanted)}.",
        f"As the last of four, the first of which has a value in every member, it reads {said(found)}.",
        (*alone.steps, *behind.steps),
        claims.same((*items[1], *place), len(alone.steps) - 1, (*items[0], *place)),
    )


def _nulled(ground: Ground, pointer: str, item: Json) -> Json:
    """An item with null in every member that admits it and is not needed."""
    nulls = dict(item) if isinstance(item, dict) else {}
    for each in ground.contract.core(pointer).properties:
        nullable = ground.contract.schema(each.pointer).nullable
        if nullable and not each.required and not each.read_only:
            nulls[each.name] = None
    return nulls if ground.oracle.fits(pointer, nulls) else item
