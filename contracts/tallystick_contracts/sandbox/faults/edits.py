"""Ways to bend one step of a behaviour: what goes in, or what comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import TypeAlias

from pydantic import MISSING

from tallystick.contract import Contract, Property, Schema
from tallystick.document import Json

from ...mirror import Mirror
from ..items import planned
from ..records import Call, Reply
from ..refusal import Refusal
from ..world import Behaviour, World
from .places import Roles, Spot, mirrored, spots

Install: TypeAlias = Callable[[Behaviour], Behaviour]
Edit: TypeAlias = Callable[[World, Call, Json], Json]
Mend: TypeAlias = Callable[[World, Schema, Json, int], Json]
"""A value of a request and its schema, and how deep it stands, made into what a lenient server
takes it for."""
EditMember: TypeAlias = Callable[[Contract, Property, dict[str, Json]], None]


def bodies(edit: Edit) -> Install:
    """Creates, updates and replaces take the body for what ``edit`` makes of it."""

    def install(correct: Behaviour) -> Behaviour:
        def taken(world: World, call: Call) -> Call:
            return replace(call, value=edit(world, call, _value(call)))

        def complete(world: World, call: Call, key: str) -> dict[str, Json]:
            return correct.complete(world, taken(world, call), key)

        def merge(world: World, call: Call, old: dict[str, Json]) -> dict[str, Json]:
            return correct.merge(world, taken(world, call), old)

        return replace(correct, complete=complete, merge=merge)

    return install


def created(edit: Callable[[World, Mirror, Spot], None]) -> Install:
    """Every mirrored place of a created item is bent."""

    def install(correct: Behaviour) -> Behaviour:
        def complete(world: World, call: Call, key: str) -> dict[str, Json]:
            item = deepcopy(correct.complete(world, call, key))
            for mirror in mirrored(world.contract, planned(call)):
                for spot in spots(mirror, _value(call), item):
                    edit(world, mirror, spot)
            return item

        return trusting(replace(correct, complete=complete))

    return install


def updates(
    edit: Callable[[World, Call, dict[str, Json], dict[str, Json]], dict[str, Json]],
) -> Install:
    """An update comes to what ``edit`` makes of the item before and the right item after."""

    def install(correct: Behaviour) -> Behaviour:
        def merge(world: World, call: Call, before: dict[str, Json]) -> dict[str, Json]:
            after = correct.merge(world, call, before)
            return edit(world, call, before, deepcopy(after))

        return trusting(replace(correct, merge=merge))

    return install


def answers(edit: Callable[[World, Call, Reply], Reply], roles: Roles = ()) -> Install:
    """Answers of the class 2xx, of operations in these roles or in any, are bent last of all."""

    def install(correct: Behaviour) -> Behaviour:
        def answer(world: World, call: Call, reply: Reply) -> Reply:
            reply = correct.answer(world, call, reply)
            if call.plan is None or not 200 <= reply.status < 300:
                return reply
            return edit(world, call, reply) if not roles or call.plan.role in roles else reply

        return replace(correct, answer=answer)

    return install


def refusals(edit: Callable[[World, Call, Reply], Reply]) -> Install:
    """Answers of the class 4xx are bent last of all."""

    def install(correct: Behaviour) -> Behaviour:
        def answer(world: World, call: Call, reply: Reply) -> Reply:
            reply = correct.answer(world, call, reply)
            return edit(world, call, reply) if 400 <= reply.status < 500 else reply

        return replace(correct, answer=answer)

    return install


def shown_members(edit: EditMember) -> Install:
    """In every object of an answer each member is bent: the schema's member, the object."""

    def bend(world: World, call: Call, reply: Reply) -> Reply:
        schema = call.plan.media.schema if call.plan and call.plan.media else None
        if schema is None or reply.value is MISSING:
            return reply
        value = deepcopy(reply.value)
        _each_member(world.contract, schema, value, edit)
        return replace(reply, value=value)

    return answers(bend)


def first_shown(edit: Callable[[Contract, Property, dict[str, Json]], bool]) -> Install:
    """The first member of an answer that ``edit`` takes is bent, and no other."""

    def bend(world: World, call: Call, reply: Reply) -> Reply:
        schema = call.plan.media.schema if call.plan and call.plan.media else None
        if schema is None or reply.value is MISSING:
            return reply
        done: list[bool] = []

        def once(contract: Contract, member: Property, holder: dict[str, Json]) -> None:
            if not done and edit(contract, member, holder):
                done.append(True)

        value = deepcopy(reply.value)
        _each_member(world.contract, schema, value, once)
        return replace(reply, value=value)

    return answers(bend)


def lenient(mend: Mend) -> Install:
    """A body that is refused is mended, and taken if it fits then."""

    def install(correct: Behaviour) -> Behaviour:
        def read(world: World, call: Call) -> Call:
            try:
                return correct.read(world, call)
            except Refusal as refusal:
                value = mended(world, call, correct, mend) if refusal.status == 400 else MISSING
                if value is MISSING:
                    raise
                return replace(call, value=value)

        return replace(correct, read=read)

    return install


def mended(world: World, call: Call, correct: Behaviour, mend: Mend) -> Json | MISSING:
    """The mended body, or MISSING where it is not JSON or does not fit even so."""
    schema = planned(call).body
    if schema is None:
        return MISSING
    try:
        value = correct.parse(call.body)
    except (ValueError, RecursionError):
        return MISSING
    better = walked(world, schema, value, mend)
    return better if world.validators.admits(schema, better) else MISSING


def strict(refused: Mend) -> Install:
    """A body that is right is refused where mending it would change it."""

    def install(correct: Behaviour) -> Behaviour:
        def read(world: World, call: Call) -> Call:
            call = correct.read(world, call)
            schema = planned(call).body
            if schema is not None and call.value is not MISSING:
                other = walked(world, schema, call.value, refused)
                if repr(other) != repr(call.value):
                    raise Refusal(400, "the value is not wanted")
            return call

        return replace(correct, read=read)

    return install


def walked(world: World, schema: str, value: Json, mend: Mend, depth: int = 0) -> Json:
    """``value`` with ``mend`` applied to it and then to all within."""
    core = world.contract.core(schema)
    if value is not None:
        value = mend(world, core, value, depth)
    if isinstance(value, list) and core.items:
        items = core.items
        return [walked(world, items, each, mend, depth + 1) for each in value]
    if not isinstance(value, dict):
        return value
    members = {member.name: member.pointer for member in core.properties}
    return {
        name: walked(world, members[name], each, mend, depth + 1) if name in members else each
        for name, each in value.items()
    }


def trusting(behaviour: Behaviour) -> Behaviour:
    """The behaviour without the check of its own answers."""

    def verify(world: World, call: Call, reply: Reply) -> Reply:
        return reply

    return replace(behaviour, verify=verify)


def other_value(world: World, schema: str, value: Json) -> Json:
    """A valid value that is not ``value``, or null where there is none."""
    core = world.contract.core(schema)
    candidates: list[Json] = [*core.enum] if core.enum else []
    if isinstance(value, bool):
        candidates.append(not value)
    elif isinstance(value, int | float):
        candidates += [value + 1, value - 1]
    elif isinstance(value, str):
        candidates.append(f"{value}-other")
    fits = (each for each in candidates if each != value and world.validators.admits(schema, each))
    return next(fits, None)


def _value(call: Call) -> Json:
    return {} if call.value is MISSING else call.value


def _each_member(contract: Contract, schema: str, value: Json, edit: EditMember) -> None:
    core = contract.core(schema)
    if isinstance(value, list) and core.items:
        for each in value:
            _each_member(contract, core.items, each, edit)
    if isinstance(value, dict):
        for member in core.properties:
            if member.name in value:
                _each_member(contract, member.pointer, value[member.name], edit)
                edit(contract, member, value)


def table(value: Json | MISSING) -> Mapping[str, Json]:
    """The members of an object; none of anything else."""
    return value if isinstance(value, dict) else {}
