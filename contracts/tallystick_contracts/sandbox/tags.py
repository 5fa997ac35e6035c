"""Entity tags: which state of an item an answer shows, and which one a request is meant for."""

from __future__ import annotations

import hashlib

from tallystick.document import Json
from tallystick.document.record import canonical

from .items import named, planned
from .records import Call
from .refusal import Refusal
from .world import Store, World

_CHANGING = ("update", "replace", "delete")


def tag_of(value: Json) -> str:
    """The strong entity tag of a representation (RFC 9110, 8.8.3)."""
    return f'"{hashlib.sha256(canonical(value).encode()).hexdigest()[:16]}"'


def require_match(world: World, store: Store, call: Call) -> None:
    """412 where a declared ``If-Match`` names another state than the present one (RFC 9110, 13.1.1)."""
    plan, wanted = planned(call), call.headers.get("if-match")
    if wanted is None or wanted.strip() == "*" or plan.role not in _CHANGING:
        return
    headers = (each for each in plan.operation.parameters if each.location == "header")
    if not any(each.name.lower() == "if-match" for each in headers):
        return
    present = tag_of(named(world, store, call).seen(world.clock()))
    if present not in [each.strip() for each in wanted.split(",")]:
        raise Refusal(412, "it has changed since")
