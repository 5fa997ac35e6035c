"""Items in the schema with which an operation answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from pydantic import MISSING

from tallystick.contract import Schema
from tallystick.document import Json

from .complete import Ground
from .items import body, planned
from .pages import Page, chosen, cut, tell
from .records import Call, Plan, Reply
from .world import World


def shown(world: World, call: Call, item: Mapping[str, Json]) -> Reply:
    """The answer that shows an item in the schema with which the operation answers."""
    plan = planned(call)
    if plan.media is None or plan.media.schema is None:
        return plain(world, call)
    return Reply(plan.status, view(world, plan, item, plan.media.schema), plan.media.media_type)


def plain(world: World, call: Call) -> Reply:
    """A valid answer of an operation that shows no item."""
    plan = planned(call)
    if plan.media is None:
        return Reply(plan.status)
    schema, media_type = plan.media.schema, plan.media.media_type
    if plan.operation.success is None or plan.media is not plan.operation.success.json:
        raw = b"sandbox" if media_type.startswith("text/") else b""
        return Reply(plan.status, media_type=media_type, raw=raw)
    if schema is None:
        return Reply(plan.status, {}, media_type)
    if world.contract.core(schema).properties:
        told = world.shapes.complete(body(call), plan.body, schema, Ground(call.path))
        if world.validators.admits(schema, told):
            return Reply(plan.status, told, media_type)
    return Reply(plan.status, world.samples.value(schema, call.path), media_type)


def outcome(world: World, call: Call, changed: bool) -> Json:
    """What an update says that does not answer with the item.

    The word of the outcome note; truth in every boolean, for it went well; a sentence in a
    message; the rest as the item has it, else by default or made up.
    """
    plan = planned(call)
    schema = plan.media.schema if plan.media else None
    if schema is None:
        return {}
    told = world.samples.value(schema, call.path)
    if not isinstance(told, dict):
        return told
    for member in world.contract.core(schema).properties:
        word: Json | MISSING = MISSING
        if world.contract.schema(member.pointer).types == frozenset({"boolean"}):
            word = True
        elif member.name in ("message", "detail"):
            word = "The update is accepted." if changed else "Nothing to update."
        note = plan.operation.outcome
        if note is not None and member.name == note.member:
            words = note.accepted if changed else note.unchanged
            word = words[0] if words else MISSING
        if word is not MISSING and world.validators.admits(member.pointer, word):
            told[member.name] = word
    return told


def listed(world: World, call: Call, schema: str, items: list[dict[str, Json]]) -> Json:
    """The items as an array, or in the member of an object that holds an array of objects."""
    core = world.contract.core(schema)
    if core.items:
        return list(_page(world, call, core, items).items)
    told = world.samples.value(schema, call.path)
    if isinstance(told, dict):
        for member in core.properties:
            array = world.contract.core(member.pointer)
            if array.items and "object" in world.contract.schema(array.items).types:
                page = _page(world, call, array, items)
                told[member.name] = list(page.items)
                tell(world, schema, told, planned(call).query.paging, page)
                break
    return told


def _page(world: World, call: Call, array: Schema, items: list[dict[str, Json]]) -> Page:
    """The items that the query asks for, as many as the array may have."""
    plan, most = planned(call), None
    schema, shown = array.items or "", list[Json]()
    if shows_item(world, plan, schema):
        shown.extend(map(dict, items))
    else:
        shown.extend(view(world, plan, item, schema) for item in items)
    page = cut(call, chosen(call, shown))
    if isinstance(array.node, Mapping):
        most = array.node.get("maxItems")
    return replace(page, items=page.items[:most]) if isinstance(most, int) else page


def view(world: World, plan: Plan, item: Mapping[str, Json], schema: str) -> Json:
    """An item of the stored schema shown in another one."""
    if plan.stored is None or world.contract.core(plan.stored) is world.contract.core(schema):
        return dict(item)
    if not world.contract.core(schema).properties:
        return world.samples.value(schema, str(item))
    told = world.shapes.complete(item, plan.stored, schema, Ground(plan.operation.path))
    return told


def shows_item(world: World, plan: Plan, schema: str) -> bool:
    return plan.stored is not None and world.contract.core(plan.stored) is world.contract.core(
        schema
    )
