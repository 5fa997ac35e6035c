"""Bodies that tell something: each member unlike its default, as long as it may be, or unlike now."""

from __future__ import annotations

from pydantic import MISSING

from tallystick.contract import Operation
from tallystick.document import Json

from ..mirror import Mirror
from .ground import Ground, Shape
from .lab import Lab
from .live import Live, NotReached
from .maps import is_map
from .members import Member
from .places import ITEM, Path, at, put, same
from .samples import Unsatisfiable
from .states import LONGEST, NULL, State


def body_for(lab: Lab, operation: Operation, member: Member, value: Json | MISSING) -> Json:
    """The smallest body in which ``member`` has ``value``; MISSING leaves it out."""
    try:
        return lab.ground.with_member(operation, lab.base(operation), member.path, value)
    except Unsatisfiable as error:
        raise NotReached(f"no valid body was found for {operation.key}: {error.what}") from None


def addressed(lab: Lab, operation: Operation, body: Json, live: Live) -> Json:
    """``body`` with the item's own name, where an update or replacement repeats it."""
    key = lab.ground.key(operation)
    if key is None or not isinstance(body, dict):
        return body
    replaces = lab.ground.role(operation) == "replace"
    return put(body, (key.name,), live.id) if replaces or key.name in body else body


def key_of(lab: Lab, operation: Operation) -> str:
    """The member of a create's body that names the item.

    Raises:
        NotReached: there is none.
    """
    name = lab.ground.key_name(operation)
    if name is None:
        raise NotReached("the server chooses the names")
    return name


def telling(lab: Lab, operation: Operation) -> Json:
    """A body in which every member that a read shows has a value other than its default."""
    key = ("telling", operation.pointer)
    if key not in lab.constants:
        body = lab.base(operation)
        shape = lab.ground.shape(operation)
        for member in shape.members if shape else ():
            mirror = shape.mirror(member.path) if shape else None
            shows = mirror is not None and (mirror.comparable or _plain_container(lab, member))
            state = priming(lab, member, mirror, MISSING) if mirror and shows else None
            if state is not None and not lab.ground.names_item(operation, member):
                body = lab.ground.with_member(operation, body, member.path, state.value)
        lab.constants[key] = body
    return lab.constants[key]


def widest(lab: Lab, operation: Operation) -> Json:
    """A body in which every text that a read shows is as long as it may be, up to a thousand."""
    body, shape = lab.base(operation), lab.ground.shape(operation)
    for member in shape.members if shape else ():
        mirror = shape.mirror(member.path) if shape else None
        state = lab.ground.states.named(member, LONGEST)
        if mirror is None or state is None or not state.valid or ITEM in member.path:
            continue
        text = isinstance(state.value, str) and len(state.value) <= 1000
        if text and not lab.ground.names_item(operation, member):
            body = lab.ground.with_member(operation, body, member.path, state.value)
    return body


def unlike(lab: Lab, operation: Operation, shown: Json | MISSING) -> Json:
    """A body in which every member that a read shows has a value other than ``shown`` has."""
    body, shape = lab.base(operation), lab.ground.shape(operation)
    for member in shape.members if shape else ():
        mirror = shape.mirror(member.path) if shape else None
        if mirror is None or lab.ground.names_item(operation, member):
            continue
        if not (mirror.comparable or _plain_container(lab, member)):
            continue
        state = priming(lab, member, mirror, at(shown, mirror.response))
        if state is not None:
            value = _renamed(lab, member, state.value)
            body = lab.ground.with_member(operation, body, member.path, value)
    return body


def is_null(member: Member, state: State) -> bool:
    """Whether a member is null in a state, and may be."""
    return state.name == NULL and state.valid and member.declared.null != "refused"


def nullable(ground: Ground, shape: Shape, around: Path = ()) -> list[Member]:
    """The members of the object at ``around`` that admit null in a request."""
    found: list[Member] = []
    for member in shape.members:
        null = ground.states.named(member, NULL)
        if member.path[:-1] == around and null is not None and is_null(member, null):
            found.append(member)
    return found


def nulled(lab: Lab, operation: Operation, around: Path = ()) -> Json:
    """The smallest body with null in every member of the object at ``around`` that admits it."""
    body, shape = lab.base(operation), lab.ground.shape(operation)
    for member in nullable(lab.ground, shape, around) if shape else ():
        body = lab.ground.with_member(operation, body, member.path, None)
    return body


def changing(
    lab: Lab, operation: Operation, live: Live, beside: Member | None = None
) -> tuple[Json, int]:
    """A body of members which would all change something that a read shows, and how many.

    Args:
        lab: the bench.
        operation: the update.
        live: the item as a read showed it.
        beside: a member that is left out with all within.
    """
    shape, count = lab.ground.shape(operation), 0
    body = lab.base(operation)
    for member in shape.members if shape else ():
        mirror = shape.mirror(member.path) if shape else None
        within = beside is not None and member.path[: len(beside.path)] == beside.path
        if mirror is None or not mirror.comparable or within:
            continue
        current = at(live.shown, mirror.response)
        values = [v for v in lab.ground.states.values(member) if not same(v.value, current)]
        if values:
            body = lab.ground.with_member(operation, body, member.path, values[0].value)
            count += 1
    return body, count


def _plain_container(lab: Lab, member: Member) -> bool:
    """Whether it is a map, or an array of what is no container: nothing within it is a member."""
    contract = lab.ground.contract
    core = contract.core(member.pointer)
    if core.types - {"null"} == frozenset({"array"}) and core.items is not None:
        return not {"object", "array"} & contract.core(core.items).types
    return is_map(core)


def _renamed(lab: Lab, member: Member, value: Json | MISSING) -> Json | MISSING:
    """A map with an entry of a name that nothing has had, as far as it admits that."""
    if not isinstance(value, dict) or not is_map(lab.ground.contract.core(member.pointer)):
        return value
    renamed: Json = {lab.name(): each for each in list(value.values())[:1]}
    return renamed if lab.ground.oracle.fits(member.pointer, renamed) else value


def priming(lab: Lab, member: Member, mirror: Mirror, current: Json | MISSING) -> State | None:
    """A value of the member that differs from what is shown and from what absent means."""
    values = lab.ground.states.values(member)
    telling = [
        v for v in values if not same(v.value, current) and not same(v.value, mirror.default)
    ]
    # What is empty tells nothing when it is lost.
    telling.sort(key=lambda v: (v.value in ([], {}), not v.promised, v.falsy))
    return next(iter(telling), None)
