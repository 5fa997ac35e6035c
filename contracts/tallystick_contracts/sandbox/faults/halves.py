"""Refused bodies that are used as far as they fit."""

from __future__ import annotations

from dataclasses import replace

from tallystick.document import Json

from ..items import planned
from ..records import Call, Reply
from ..refusal import Refusal
from ..world import Behaviour, Store, World
from .edits import Install


def no_check(correct: Behaviour) -> Behaviour:
    """The schema is not looked at; what has the wrong shape is left out."""

    def read(world: World, call: Call) -> Call:
        try:
            return correct.read(world, call)
        except Refusal as refusal:
            half = _valid_part(world, call, correct) if refusal.status == 400 else None
            if half is None:
                raise
            return replace(call, value=half)

    return replace(correct, read=read)


class Half(dict[str, Json]):
    """The valid part of a body that is refused."""

    refusal = Refusal(400, "the body does not fit")


def half_applied(role: str) -> Install:
    def install(correct: Behaviour) -> Behaviour:
        def read(world: World, call: Call) -> Call:
            try:
                return correct.read(world, call)
            except Refusal as refusal:
                half = _valid_part(world, call, correct) if refusal.status == 400 else None
                if half is None or planned(call).role != role:
                    raise
                return replace(call, value=Half(half))

        async def transact(world: World, store: Store, call: Call) -> Reply:
            reply = await correct.transact(world, store, call)
            if isinstance(call.value, Half):
                raise Half.refusal
            return reply

        return replace(correct, read=read, transact=transact)

    return install


def _valid_part(world: World, call: Call, correct: Behaviour) -> dict[str, Json] | None:
    """The members of a body that fit, one object deep too; None where nothing can be saved."""
    plan = planned(call)
    try:
        value = correct.parse(call.body) if plan.body else None
    except (ValueError, RecursionError):
        return None
    if plan.body is None or not isinstance(value, dict):
        return None
    kept = _fitting(world, plan.body, value)
    return kept if world.validators.admits(plan.body, kept) else None


def _fitting(world: World, schema: str, value: dict[str, Json]) -> dict[str, Json]:
    kept: dict[str, Json] = {}
    for member in world.contract.core(schema).properties:
        if member.name not in value:
            continue
        each = value[member.name]
        if isinstance(each, dict) and not world.validators.admits(member.pointer, each):
            each = _fitting(world, member.pointer, each)
        if world.validators.admits(member.pointer, each):
            kept[member.name] = each
    return kept
