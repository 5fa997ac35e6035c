"""Bodies in which the states of all members meet in pairs: absent, null, a value, a falsy value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias, cast

from pydantic import MISSING

from tallystick.contract import Operation
from tallystick.document import Json

from .covering import Factor, Row, pairwise
from .ground import Ground, Shape
from .members import Member
from .places import Path, at, put, same, shown
from .samples import Unsatisfiable
from .states import ABSENT, NULL, State

GIVEN, VALUE, FALSY = "given", "value", "falsy"
MOST = 40
"""Members of a body beyond which the rest stays out."""

Rows: TypeAlias = Sequence[Row]


def factors(ground: Ground, operation: Operation) -> tuple[Factor, ...]:
    """What varies in the body of an operation: its members, but not the name of the item."""
    shape, key = ground.shape(operation), ground.key(operation)
    if shape is None:
        return ()
    found: dict[str, Factor] = {}
    for member in shape.members[:MOST]:
        if key is not None and member.path == (key.name,):
            continue
        above = [shown(member.path[:size]) for size in range(1, len(member.path))]
        holders = [each for each in above if each in found]
        levels = _levels(ground, operation, shape, member)
        if len(levels) > 1 or _holds(shape, member):
            found[member.place] = Factor(
                member.place, levels, tuple((each, GIVEN) for each in holders)
            )
    return tuple(found.values())


def rows(ground: Ground, operation: Operation) -> Rows:
    """The covering array of an operation's body, made once."""
    key = ("rows", operation.pointer)
    if key not in ground.worked_out:
        source = ground.samples.source(*key)
        ground.worked_out[key] = pairwise(factors(ground, operation), source)
    return cast(Rows, ground.worked_out[key])


def _levels(ground: Ground, operation: Operation, shape: Shape, member: Member) -> tuple[str, ...]:
    found = [] if member.declared.required else [ABSENT]
    null = ground.states.named(member, NULL)
    refused = ground.role(operation) == "update" and member.declared.null == "refused"
    if null is not None and null.valid and not refused:
        found.append(NULL)
    if _holds(shape, member):
        return (*found, GIVEN)
    values = ground.states.values(member)
    found += [VALUE] if any(not each.falsy for each in values) else []
    found += [FALSY] if any(each.falsy for each in values) else []
    return tuple(found)


def _holds(shape: Shape, member: Member) -> bool:
    """Whether other members stand within this one."""
    size = len(member.path)
    return any(
        len(each.path) > size and each.path[:size] == member.path for each in shape.members[:MOST]
    )


def body_of(
    ground: Ground,
    operation: Operation,
    base: Json,
    row: Row,
    *,
    current: Json | MISSING = MISSING,
    turn: int = 0,
) -> Json:
    """The body of a row: each member in its state, values unlike those that the item has.

    Args:
        ground: the contract.
        operation: whose body.
        base: the smallest valid body.
        row: of the covering array.
        current: the item as it was last read.
        turn: counts the rows; every fourth one repeats values that are there already, and another
            fourth one has its members in the opposite order.

    Raises:
        Unsatisfiable: no valid value was found for a member.
    """
    shape, body = ground.shape(operation), base
    for member in shape.members if shape else ():
        level = row.get(member.place)
        if level is None or shape is None:
            continue
        if level == ABSENT:
            body = _without(body, member.path)
        elif level == NULL:
            body = ground.with_member(operation, body, member.path, None)
        elif level == GIVEN:
            body = _given(ground, operation, body, member, turn)
        else:
            mirror = shape.mirror(member.path)
            there = at(current, mirror.response) if mirror else MISSING
            state = _state(
                ground, member, level, there, mirror.default if mirror else MISSING, turn
            )
            body = ground.with_member(operation, body, member.path, state.value)
    return _turned(body) if turn % 4 == 2 else body


def _turned(value: Json) -> Json:
    """A value whose objects have their members in the opposite order, which means the same."""
    if isinstance(value, dict):
        return {name: _turned(value[name]) for name in reversed(value)}
    return [_turned(each) for each in value] if isinstance(value, list) else value


def _given(ground: Ground, operation: Operation, body: Json, member: Member, turn: int) -> Json:
    """The body with an object, or an array of items, at the member: their required parts only.

    Every other turn an array has two items.
    """
    there = at(body, member.path)
    several = isinstance(there, list) and len(there) == 1 and turn % 2
    if there not in (MISSING, None) and not several:
        return body
    core = ground.contract.core(member.pointer)
    if "array" not in core.types or core.items is None:
        return ground.with_member(operation, body, member.path, ground.samples.one(core.pointer))
    item = there[0] if isinstance(there, list) and there else ground.samples.one(core.items)
    items = [item, another(ground, core.items, item)] if turn % 2 else [item]
    whole = ground.with_member(operation, body, member.path, items)
    fits = ground.oracle.fits(member.pointer, items)
    return whole if fits else ground.with_member(operation, body, member.path, [item])


def another(ground: Ground, pointer: str, item: Json) -> Json:
    """An item like the first, with texts of its own where there are such."""
    if not isinstance(item, dict):
        return item
    longer = {n: f"{v}-2" if isinstance(v, str) else v for n, v in item.items()}
    if ground.oracle.fits(pointer, longer):
        return longer
    found = dict(item)
    for member in ground.contract.core(pointer).properties:
        if member.name not in item:
            continue
        others = ground.samples.several(member.pointer)
        texts = (each for each in others if isinstance(each, str) and each != item[member.name])
        found[member.name] = next(texts, item[member.name])
    return found if ground.oracle.fits(pointer, found) else item


def _without(body: Json, path: Path) -> Json:
    return body if at(body, path) is MISSING else put(body, path, MISSING)


def _state(
    ground: Ground,
    member: Member,
    level: str,
    there: Json | MISSING,
    default: Json | MISSING,
    turn: int,
) -> State:
    values = [e for e in ground.states.values(member) if e.falsy is (level == FALSY)]
    if not values:
        raise Unsatisfiable("no such value was found", pointer=member.pointer)
    if level == FALSY:
        return values[0]
    values.sort(key=lambda each: not each.promised)
    telling = [each for each in values if not same(each.value, default)] or values
    repeated = [each for each in telling if same(each.value, there)]
    if turn % 4 == 3 and repeated:
        return repeated[0]
    new = [each for each in telling if not same(each.value, there)] or telling
    return new[0]


def halves(row: Row, fixed: Mapping[str, str]) -> list[Row]:
    """A row split in two: each half of its members as they are, the others left out."""
    chosen = [name for name, level in row.items() if level not in (ABSENT, GIVEN)]
    middle = len(chosen) // 2
    if middle == 0:
        return []
    return [
        {
            name: level if name not in part else fixed.get(name, ABSENT)
            for name, level in row.items()
        }
        for part in (set(chosen[middle:]), set(chosen[:middle]))
    ]
