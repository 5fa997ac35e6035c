"""What a list shows of its items: those that the query chooses, in its order, one page of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote_plus

from tallystick.contract import Parameter
from tallystick.document import Json

from ..lists import Order, Paging
from .items import planned
from .records import Call
from .refusal import Refusal
from .world import World

_CURSOR = "after-"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list."""

    items: Sequence[Json]
    total: int
    """How many items there are on all pages."""
    asked: Mapping[str, int]
    """The limit, offset and page number that hold, by the name of the parameter."""
    next: str | None
    """The cursor of the next page; None on the last one."""


def chosen(call: Call, items: list[Json]) -> list[Json]:
    """The items that the filters of a query choose, in the order that it asks for."""
    plan, asked = planned(call), _asked(call)
    for name in plan.query.filters:
        if name in asked:
            items = [each for each in items if _says(each, name, asked[name])]
    for name, words in plan.query.orders.items():
        parameter = plan.operation.parameter(name, "query")
        order = words.get(asked.get(name, str(parameter.default) if parameter else ""))
        if order is not None:
            items = _sorted(items, order)
    return items


def cut(call: Call, items: list[Json]) -> Page:
    """The page that a query asks for.

    Raises:
        Refusal: 400 for a cursor that nobody gave out.
    """
    way, asked = planned(call).query.paging, _asked(call)
    if not way.leads_on:
        return Page(items, len(items), {}, None)
    limit = _number(way.limit, asked, len(items))
    start = _number(way.offset, asked, 0)
    if way.page is not None:
        start = (_number(way.page, asked, 1) - (way.page.default != 0)) * limit
    if way.cursor is not None and way.cursor.name in asked:
        text = asked[way.cursor.name].removeprefix(_CURSOR)
        if not text.isdigit():
            raise Refusal(400, "no page has this cursor")
        start = int(text)
    end = max(0, start) + max(0, limit)
    more = end < len(items)
    return Page(items[max(0, start) : end], len(items), _held(way, asked, limit), _next(end, more))


def tell(world: World, schema: str, told: dict[str, Json], way: Paging, page: Page) -> None:
    """Say in the answer around a page what it says of the whole: total, next, limit, offset."""
    if not way.leads_on:
        return
    if way.total:
        _put(world, schema, told, way.total, page.total)
    if way.next and way.cursor is not None:
        _put(world, schema, told, way.next, page.next)
    for name, value in page.asked.items():
        if isinstance(told.get(name), int):
            told[name] = value
    for name in told:
        if name.lower().replace("_", "") == "hasmore":
            told[name] = page.next is not None


def _asked(call: Call) -> dict[str, str]:
    return {unquote_plus(name): unquote_plus(text) for name, text in call.query}


def _number(parameter: Parameter | None, asked: Mapping[str, str], otherwise: int) -> int:
    """What a parameter says, or its default, or else this."""
    if parameter is None:
        return otherwise
    text = asked.get(parameter.name, "")
    if text.lstrip("-").isdigit():
        return int(text)
    default = parameter.default
    return default if isinstance(default, int) else otherwise


def _held(way: Paging, asked: Mapping[str, str], limit: int) -> dict[str, int]:
    held = {} if way.limit is None else {way.limit.name: limit}
    others = [each for each in (way.offset, way.page) if each is not None]
    return held | {each.name: _number(each, asked, 0) for each in others}


def _next(end: int, more: bool) -> str | None:
    return f"{_CURSOR}{end}" if more else None


def _put(
    world: World, schema: str, told: dict[str, Json], place: tuple[str, ...], value: Json
) -> None:
    """``value`` at a place of the answer; where it may not stand there, nothing."""
    inner: Json = told
    for token in place[:-1]:
        member = world.contract.core(schema).property(token)
        schema = member.pointer if member else schema
        inner = inner.get(token) if isinstance(inner, dict) else None
    last = world.contract.core(schema).property(place[-1])
    if not isinstance(inner, dict) or last is None:
        return
    if world.validators.admits(last.pointer, value):
        inner[place[-1]] = value
    elif not last.required:
        inner.pop(place[-1], None)


def _says(item: Json, name: str, wanted: str) -> bool:
    value = item.get(name) if isinstance(item, dict) else None
    return (value if isinstance(value, str) else json.dumps(value)) == wanted


def _sorted(items: list[Json], order: Order) -> list[Json]:
    def key(item: Json) -> tuple[float, str]:
        value = item.get(order.member.name) if isinstance(item, dict) else None
        number = value if isinstance(value, int | float) else 0.0
        return number, value if isinstance(value, str) else ""

    return sorted(items, key=key, reverse=order.descending)
