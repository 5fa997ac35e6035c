"""A correct server of another shape: PUT and DELETE, nested collections, oneOf, a body never read."""

from __future__ import annotations

import re
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from starlette.responses import Response

from .server import Call, Refusal, Server
from .shapes import ListOf, Member, Shape

SHOPS = ("north-hall", "south-hall")
TOKEN = "orders-token-0815-Zq"

_LINES = ListOf(
    Member(
        Shape(
            "line",
            {
                "sku": Member("sku", nullable=False),
                "quantity": Member("quantity", nullable=False),
                "gift": Member("boolean", nullable=False),
            },
            required=("sku",),
            closed=True,
        ),
        nullable=False,
    )
)
_ADDRESS = Shape(
    "address",
    {
        "street": Member("short", nullable=False),
        "city": Member("short", nullable=False),
        "floor": Member("integer"),
    },
    required=("street", "city", "floor"),
)
PICKUP = Shape(
    "pickup",
    {
        "kind": Member(("pickup",), nullable=False),
        "at": Member(("desk", "locker"), nullable=False),
        "lines": Member(_LINES, nullable=False),
    },
    required=("kind", "at", "lines"),
    closed=True,
)
DELIVERY = Shape(
    "delivery",
    {
        "kind": Member(("delivery",), nullable=False),
        "address": Member(_ADDRESS, nullable=False),
        "express": Member("boolean", nullable=False),
        "lines": Member(_LINES, nullable=False),
    },
    required=("kind", "address", "lines"),
    closed=True,
)
NOTE = Shape(
    "note",
    {
        "text": Member("text", nullable=False),
        "pinned": Member("boolean", nullable=False),
        "rank": Member("rank", nullable=False),
    },
    required=("text",),
    closed=True,
)
PREFERENCES = Shape(
    "preferences",
    {"greeting": Member("string"), "limit": Member("integer"), "loud": Member("boolean")},
    closed=True,
)
_BOUNDS = {"quantity": (1, 99), "rank": (0, 9)}
_LENGTHS = {"short": (1, 80), "text": (1, 500)}


class Orders(Server):
    """The application; what it shares with the other server are the steps below the operations."""

    def __init__(self) -> None:
        self.orders: dict[tuple[str, str], dict[str, Any]] = {}
        self.notices: dict[tuple[str, str, int], dict[str, Any]] = {}
        self.preferences: dict[str, dict[str, Any]] = {shop: {} for shop in SHOPS}
        self.requests = self.last = 0
        self.notes: dict[str, Any] = {}

    def route(self, call: Call) -> tuple[Any, list[str]]:
        segments = [self.decode(each) for each in self.split(call.path)]
        match segments:
            case ["shops", shop, "orders"]:
                path, methods = [shop], {"GET": self.listed, "POST": self.placed}
            case ["shops", shop, "orders", order]:
                path = [shop, order]
                methods = {"GET": self.looked_up, "PUT": self.replaced, "DELETE": self.removed}
            case ["shops", shop, "orders", order, "notes"]:
                path, methods = [shop, order], {"GET": self.noted, "POST": self.note}
            case ["shops", shop, "orders", order, "notes", note]:
                path = [shop, order, note]
                methods = {"GET": self.one_note, "DELETE": self.note_removed}
            case ["shops", shop, "preferences"]:
                path, methods = [shop], {"PATCH": self.preferred}
            case _:
                raise Refusal(404, "there is nothing here")
        return partial(self.perform, self.operation(call.method, methods)), path

    async def perform(self, operation: Any, path: list[str], call: Call) -> Response:
        self.shop(path[0])
        return operation(path, call)

    def shop(self, name: str) -> None:
        if name not in SHOPS:
            raise Refusal(404, "there is no such shop")

    def scheme_fits(self, scheme: str) -> bool:
        return scheme.lower() == "bearer"

    def key_fits(self, key: str) -> bool:
        return key == TOKEN

    def error(self, refusal: Refusal) -> Any:
        return {"reason": refusal.message}

    # --- orders ------------------------------------------------------------------------------

    def listed(self, path: list[str], call: Call) -> Response:
        kind = parse_qs(call.query, keep_blank_values=True).get("kind", [None])[0]
        if kind not in (None, "pickup", "delivery"):
            raise Refusal(400, "kind is pickup or delivery")
        found = [each for each in self.of_shop(path[0]) if self.wanted(each, kind)]
        return self.answer(200, {"orders": [self.show_order(each) for each in found]})

    def of_shop(self, shop: str) -> list[dict[str, Any]]:
        return [order for (where, _), order in self.orders.items() if where == shop]

    def wanted(self, order: dict[str, Any], kind: str | None) -> bool:
        return kind in (None, order["kind"])

    def placed(self, path: list[str], call: Call) -> Response:
        order = self.read_order(call)
        self.last += 1
        order = {"id": f"o{self.last}", **order}
        self.keep(path[0], order)
        return self.answer(201, self.show_order(order))

    def keep(self, shop: str, order: dict[str, Any]) -> None:
        self.orders[shop, order["id"]] = order

    def looked_up(self, path: list[str], call: Call) -> Response:
        return self.answer(200, self.show_order(self.order(path[0], path[1])))

    def order(self, shop: str, order: str) -> dict[str, Any]:
        if (shop, order) not in self.orders:
            raise Refusal(404, "there is no such order")
        return self.orders[shop, order]

    def replaced(self, path: list[str], call: Call) -> Response:
        old = self.order(path[0], path[1])
        new = self.replacement(old, self.read_order(call))
        self.keep(path[0], new)
        return self.answer(200, self.show_order(new))

    def replacement(self, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
        return {"id": old["id"], **new}

    def removed(self, path: list[str], call: Call) -> Response:
        self.order(path[0], path[1])
        self.forget(path[0], path[1])
        return Response(status_code=204)

    def forget(self, shop: str, order: str) -> None:
        del self.orders[shop, order]
        for key in [each for each in self.notices if each[:2] == (shop, order)]:
            del self.notices[key]

    def read_order(self, call: Call) -> dict[str, Any]:
        self.media_type(call)
        value = self.parse(call.body)
        kind = value.get("kind") if isinstance(value, dict) else None
        shape = DELIVERY if kind == "delivery" else PICKUP
        problems = self.object_problems(shape, value, "")
        if problems:
            raise Refusal(400, "; ".join(problems[:5]))
        return self.completed(self.clean(shape, value))

    def completed(self, order: dict[str, Any]) -> dict[str, Any]:
        order["lines"] = [self.line(each) for each in order["lines"]]
        return {"express": False, **order} if order["kind"] == "delivery" else order

    def line(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"quantity": 1, "gift": False, **given}

    def show_order(self, order: dict[str, Any]) -> dict[str, Any]:
        return order

    def list_problems(self, kind: ListOf, value: Any, at: str) -> list[str]:
        return super().list_problems(kind, value, at) or ([] if value else [f"{at}: empty"])

    def fits(self, kind: str | tuple[str, ...], value: Any, at: str) -> bool:
        if kind == "sku":
            return self.fits_string(value) and self.fits_sku(value)
        if isinstance(kind, str) and kind in _BOUNDS:
            return self.fits_integer(value) and self.fits_bounds(*_BOUNDS[kind], value)
        if isinstance(kind, str) and kind in _LENGTHS:
            return self.fits_string(value) and self.fits_length(*_LENGTHS[kind], value)
        return super().fits(kind, value, at)

    def fits_sku(self, value: str) -> bool:
        return re.fullmatch("[A-Z]{2}-[0-9]{3}", value) is not None

    def fits_bounds(self, low: int, high: int, value: float) -> bool:
        return low <= value <= high

    def fits_length(self, low: int, high: int, value: str) -> bool:
        return low <= len(value) <= high

    def typed(self, member: Member, value: Any) -> Any:
        whole = isinstance(member.kind, str) and member.kind in _BOUNDS and value is not None
        return self.integer(value) if whole else super().typed(member, value)

    # --- notes -------------------------------------------------------------------------------

    def noted(self, path: list[str], call: Call) -> Response:
        self.order(path[0], path[1])
        return self.answer(200, {"notes": self.of_order(path[0], path[1])})

    def of_order(self, shop: str, order: str) -> list[dict[str, Any]]:
        return [note for key, note in self.notices.items() if key[:2] == (shop, order)]

    def note(self, path: list[str], call: Call) -> Response:
        self.order(path[0], path[1])
        given = self.accept(NOTE, call)
        self.last += 1
        note = {"id": self.last, **self.completed_note(given)}
        self.notices[path[0], path[1], self.last] = note
        return self.answer(201, note)

    def completed_note(self, given: dict[str, Any]) -> dict[str, Any]:
        return {"pinned": False, "rank": 5, **given}

    def one_note(self, path: list[str], call: Call) -> Response:
        return self.answer(200, self.notices[self.note_key(path)])

    def note_removed(self, path: list[str], call: Call) -> Response:
        del self.notices[self.note_key(path)]
        return Response(status_code=204)

    def note_key(self, path: list[str]) -> tuple[str, str, int]:
        self.order(path[0], path[1])
        key = path[0], path[1], int(path[2]) if re.fullmatch("[0-9]{1,18}", path[2]) else 0
        if key not in self.notices:
            raise Refusal(404, "there is no such note")
        return key

    # --- preferences -------------------------------------------------------------------------

    def preferred(self, path: list[str], call: Call) -> Response:
        given = self.accept(PREFERENCES, call)
        before = self.preferences[path[0]]
        self.preferences[path[0]] = self.merge(before, given)
        changed = self.preferences[path[0]] != before
        return self.answer(200, {"outcome": "stored" if changed else "same"})
