"""A correct server of the vendored contract, in small steps that a fault can put its own in place of."""

from __future__ import annotations

import asyncio
import copy
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import unquote_to_bytes

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

from . import shapes
from .shapes import ListOf, Member, Shape

KEY = "bank-key-4711-Xy"
MODELS = ("abcd1234", "wxyz5678")
CHAINS = ("pqrs2468", "jklm1357")
STARTED = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)


class Refusal(Exception):
    """Why a request is refused."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.headers = status, message, dict(headers or {})


@dataclass
class Call:
    """One request, read."""

    method: str
    path: str
    query: str
    headers: Headers
    body: bytes


@dataclass
class Item:
    """An environment of a model or of a chain."""

    kind: str
    parent: str
    name: str
    created_at: datetime
    settings: dict[str, Any]
    """What was asked for last."""
    applied: list[tuple[float, dict[str, Any]]]
    """When which settings become visible."""


class Server:
    """The application; its public methods are the steps."""

    delay = 0.0
    """Seconds until an update is visible."""

    def __init__(self) -> None:
        self.items: dict[Any, Item] = {}
        self.requests = 0
        self.notes: dict[str, Any] = {}
        """What a fault remembers."""
        for kind, parents in (("model", MODELS), ("chain", CHAINS)):
            for parent in parents:
                item = self.build(kind, parent, {"name": "production"})
                self.items[self.key(kind, parent, "production")] = item

    # --- One exchange ------------------------------------------------------------------------

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise RuntimeError("only HTTP")
        request = Request(scope, receive)
        raw = scope["raw_path"].decode("latin-1").partition("?")[0]
        query = scope["query_string"].decode("latin-1")
        call = Call(scope["method"], raw, query, request.headers, await request.body())
        response = await self.serve(call)
        await response(scope, receive, send)

    async def serve(self, call: Call) -> Response:
        self.requests += 1
        try:
            perform, path = self.route(call)
            self.authorize(call)
            return await perform(path, call)
        except Refusal as refusal:
            return self.refuse(refusal, call)

    def route(self, call: Call) -> tuple[Any, list[str]]:
        segments = [self.decode(each) for each in self.split(call.path)]
        match segments:
            case ["v1", "models", parent, "environments"]:
                methods = {"GET": self.list, "POST": partial(self.create, "model")}
                path = [parent]
            case ["v1", "models", parent, "environments", name]:
                methods = {"GET": partial(self.read, "model"), "PATCH": self.update}
                path = [parent, name]
            case ["v1", "chains", parent, "environments"]:
                methods, path = {"POST": partial(self.create, "chain")}, [parent]
            case ["v1", "chains", parent, "environments", name]:
                methods, path = {"GET": partial(self.read, "chain")}, [parent, name]
            case _:
                raise Refusal(404, "there is nothing here")
        return self.operation(call.method, methods), path

    def split(self, path: str) -> list[str]:
        return path.split("/")[1:]

    def decode(self, segment: str) -> str:
        return unquote_to_bytes(segment).decode("utf-8", "replace")

    def operation(self, method: str, methods: Mapping[str, Any]) -> Any:
        if method not in methods:
            raise Refusal(405, f"{method} is not allowed here", {"Allow": ", ".join(methods)})
        return methods[method]

    def authorize(self, call: Call) -> None:
        scheme, _, key = (call.headers.get("authorization") or "").partition(" ")
        if not self.scheme_fits(scheme) or not self.key_fits(key):
            raise Refusal(401, "the API key is missing or not known")

    def scheme_fits(self, scheme: str) -> bool:
        return scheme == "Api-Key"

    def key_fits(self, key: str) -> bool:
        return key == KEY

    # --- The operations ----------------------------------------------------------------------

    async def list(self, path: list[str], call: Call) -> Response:
        self.parent("model", path[0])
        items = self.below("model", path[0])
        return self.answer(200, {"environments": [self.show_listed(each) for each in items]})

    async def read(self, kind: str, path: list[str], call: Call) -> Response:
        self.parent(kind, path[0])
        return self.answer(200, self.show_read(self.find(kind, path[0], path[1])))

    async def create(self, kind: str, path: list[str], call: Call) -> Response:
        self.parent(kind, path[0])
        body = self.accept(shapes.CREATE_MODEL if kind == "model" else shapes.CREATE_CHAIN, call)
        item = self.build(kind, path[0], body)
        await self.insert(self.key(kind, path[0], item.name), item)
        return self.answer(200, self.show_created(item))

    async def update(self, path: list[str], call: Call) -> Response:
        self.parent("model", path[0])
        item = self.find("model", path[0], path[1])
        body = self.accept(shapes.UPDATE, call)
        before = item.settings
        after = self.patched(item, copy.deepcopy(before), body)
        changed = self.differs(before, after)
        await self.store(item, after)
        return self.answer(200, self.outcome(changed))

    # --- The body of a request ---------------------------------------------------------------

    def accept(self, shape: Shape, call: Call) -> dict[str, Any]:
        self.media_type(call)
        value = self.parse(call.body)
        problems = self.object_problems(shape, value, "")
        if problems:
            raise Refusal(400, "; ".join(problems[:5]))
        return self.clean(shape, value)

    def media_type(self, call: Call) -> None:
        essence = call.headers.get("content-type", "").partition(";")[0].strip().lower()
        if essence != "application/json":
            raise Refusal(415, "the body must be application/json")

    def parse(self, body: bytes) -> Any:
        try:
            value = json.loads(
                self.text(body), object_pairs_hook=self.pairs, parse_constant=self.constant
            )
            json.dumps(value, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise Refusal(400, "the body is not JSON") from None
        return value

    def text(self, body: bytes) -> str:
        return body.decode("utf-8")

    def pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in pairs}) < len(pairs):
            raise ValueError("a member stands twice")
        return dict(pairs)

    def constant(self, name: str) -> Any:
        raise ValueError(name)

    def object_problems(self, shape: Shape, value: Any, at: str) -> list[str]:
        if not isinstance(value, dict):
            return [f"{at or '/'}: not an object"]
        found = [f"{at}/{name}: missing" for name in self.missing(shape, value)]
        found += [f"{at}/{name}: not known" for name in self.strangers(shape, value, at)]
        for name, member in shape.members.items():
            if name in value:
                found += self.problems(member, value[name], f"{at}/{name}")
        return found

    def missing(self, shape: Shape, value: dict[str, Any]) -> list[str]:
        return [name for name in shape.required if name not in value]

    def strangers(self, shape: Shape, value: dict[str, Any], at: str) -> list[str]:
        return [name for name in value if shape.closed and name not in shape.members]

    def problems(self, member: Member, value: Any, at: str) -> list[str]:
        if value is None:
            return [] if self.null_fits(member, at) else [f"{at}: null"]
        if isinstance(member.kind, Shape):
            return self.object_problems(member.kind, value, at)
        if isinstance(member.kind, ListOf):
            return self.list_problems(member.kind, value, at)
        return [] if self.fits(member.kind, value, at) else [f"{at}: of the wrong type or value"]

    def null_fits(self, member: Member, at: str) -> bool:
        return member.nullable

    def list_problems(self, kind: ListOf, value: Any, at: str) -> list[str]:
        if not isinstance(value, list):
            return [f"{at}: not an array"]
        each = [self.problems(kind.item, one, f"{at}/{i}") for i, one in enumerate(value)]
        return [problem for problems in each for problem in problems]

    def fits(self, kind: str | tuple[str, ...], value: Any, at: str) -> bool:
        if isinstance(kind, tuple):
            return self.fits_enum(kind, value)
        if kind == "integer":
            return self.fits_integer(value)
        return self.fits_boolean(value) if kind == "boolean" else self.fits_string(value)

    def fits_enum(self, values: tuple[str, ...], value: Any) -> bool:
        return value in values

    def fits_integer(self, value: Any) -> bool:
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        return whole and not isinstance(value, bool)

    def fits_boolean(self, value: Any) -> bool:
        return isinstance(value, bool)

    def fits_string(self, value: Any) -> bool:
        return isinstance(value, str)

    def clean(self, shape: Shape, value: dict[str, Any]) -> dict[str, Any]:
        """Only known members, each as the type that the program works with."""
        known = {name: shape.members[name] for name in value if name in shape.members}
        return {name: self.typed(member, value[name]) for name, member in known.items()}

    def typed(self, member: Member, value: Any) -> Any:
        if value is None:
            return None
        if isinstance(member.kind, Shape):
            return self.clean(member.kind, value)
        if isinstance(member.kind, ListOf):
            return [self.typed(member.kind.item, each) for each in value]
        return self.integer(value) if member.kind == "integer" else value

    def integer(self, value: Any) -> int:
        return int(value)

    # --- The items ---------------------------------------------------------------------------

    def parent(self, kind: str, parent: str) -> None:
        if parent not in (MODELS if kind == "model" else CHAINS):
            raise Refusal(404, f"there is no such {kind}")

    def key(self, kind: str, parent: str, name: str) -> Any:
        return kind, parent, name

    def find(self, kind: str, parent: str, name: str) -> Item:
        item = self.items.get(self.key(kind, parent, name))
        if item is None:
            raise Refusal(404, "there is no such environment")
        return item

    def below(self, kind: str, parent: str) -> list[Item]:
        return [each for each in self.items.values() if (each.kind, each.parent) == (kind, parent)]

    async def insert(self, key: Any, item: Item) -> None:
        if key in self.items:
            raise Refusal(409, "there is an environment of this name")
        self.items[key] = item

    def build(self, kind: str, parent: str, body: dict[str, Any]) -> Item:
        settings = {"promotion_settings": self.promotion(kind, body.get("promotion_settings"))}
        if kind == "model":
            settings["autoscaling_settings"] = self.autoscaling(body.get("autoscaling_settings"))
        else:
            settings["chainlet_settings"] = self.chainlets(body.get("chainlet_settings"))
        return Item(kind, parent, self.name(body), self.now(), settings, [(0.0, settings)])

    def name(self, body: dict[str, Any]) -> str:
        return body["name"]

    def now(self) -> datetime:
        return STARTED + timedelta(milliseconds=self.requests)

    def autoscaling(self, given: dict[str, Any] | None) -> dict[str, Any]:
        return self.filled(shapes.AUTOSCALING_DEFAULTS, given)

    def promotion(self, kind: str, given: dict[str, Any] | None) -> dict[str, Any]:
        settings = self.filled(shapes.PROMOTION_DEFAULTS, given)
        if settings["rolling_deploy_config"] is not None:
            settings["rolling_deploy_config"] = self.rolling(settings["rolling_deploy_config"])
        return settings

    def rolling(self, given: dict[str, Any]) -> dict[str, Any]:
        return self.filled(shapes.ROLLING_DEFAULTS, given)

    def filled(self, defaults: dict[str, Any], given: dict[str, Any] | None) -> dict[str, Any]:
        """What is given, with the default where nothing or null is."""
        given = given or {}
        return {
            name: default if given.get(name) is None else given[name]
            for name, default in defaults.items()
        }

    def chainlets(self, given: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
        return [self.chainlet(each) for each in given or []]

    def chainlet(self, given: dict[str, Any]) -> dict[str, Any]:
        return {
            "chainlet_name": given["chainlet_name"],
            "autoscaling_settings": self.autoscaling(given.get("autoscaling_settings")),
            "instance_type": self.instance_type(given.get("instance_type_id", "1x2")),
        }

    def instance_type(self, name: str) -> dict[str, Any]:
        return {
            "id": name,
            "name": f"CPU {name}",
            "memory_limit_mib": 2048,
            "millicpu_limit": 1000,
            "gpu_count": 0,
            "gpu_type": None,
            "gpu_memory_limit_mib": None,
        }

    def patched(self, item: Item, now: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        """The settings after an update; ``now`` is a copy of those before it."""
        autoscaling, promotion = body.get("autoscaling_settings"), body.get("promotion_settings")
        if autoscaling is not None:
            now["autoscaling_settings"] = self.merge(now["autoscaling_settings"], autoscaling)
        if promotion is not None:
            now["promotion_settings"] = self.merge_promotion(now["promotion_settings"], promotion)
        return now

    def merge_promotion(self, now: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
        config = change.get("rolling_deploy_config")
        if config is not None:
            change = {**change, "rolling_deploy_config": self.merge_rolling(now, config)}
        return self.merge(now, change)

    def merge_rolling(self, now: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
        return self.merge(now["rolling_deploy_config"] or dict(shapes.ROLLING_DEFAULTS), change)

    def merge(self, now: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
        """One level: null leaves a member as it is."""
        return {**now, **{name: value for name, value in change.items() if value is not None}}

    def differs(self, before: dict[str, Any], after: dict[str, Any]) -> bool:
        return before != after

    async def store(self, item: Item, settings: dict[str, Any]) -> None:
        item.settings = settings
        item.applied.append((time.monotonic() + self.delay, settings))

    def outcome(self, changed: bool) -> dict[str, Any]:
        if not changed:
            return {"status": "UNCHANGED", "message": "The settings are as requested."}
        return {"status": "ACCEPTED", "message": "The settings will be updated."}

    # --- Answers -----------------------------------------------------------------------------

    def visible(self, item: Item) -> dict[str, Any]:
        due = [settings for at, settings in item.applied if at <= time.monotonic()]
        return copy.deepcopy(due[-1])

    def show_listed(self, item: Item) -> dict[str, Any]:
        return self.show(item)

    def show_read(self, item: Item) -> dict[str, Any]:
        return self.show(item)

    def show_created(self, item: Item) -> dict[str, Any]:
        return self.show(item)

    def show(self, item: Item) -> dict[str, Any]:
        live = item.name == "production"
        shown = {
            "name": item.name,
            "created_at": self.date_time(item.created_at),
            f"{item.kind}_id": item.parent,
            "current_deployment": self.deployment(item) if live else None,
            "candidate_deployment": None,
            **self.visible(item),
        }
        if item.kind == "model":
            shown["in_progress_promotion"] = None
            shown["instance_type"] = self.instance_type("1x2")
        return shown

    def date_time(self, moment: datetime) -> str:
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def deployment(self, item: Item) -> dict[str, Any]:
        shown = {
            "id": f"d-{item.parent}",
            "created_at": self.date_time(item.created_at),
            f"{item.kind}_id": item.parent,
            "environment": item.name,
            "status": "ACTIVE",
        }
        if item.kind == "chain":
            return {**shown, "chainlets": []}
        return {
            **shown,
            "name": "deployment-1",
            "is_production": True,
            "is_development": False,
            "active_replica_count": 1,
            "autoscaling_settings": self.visible(item)["autoscaling_settings"],
            "instance_type_name": None,
            "labels": None,
        }

    def answer(self, status: int, value: Any) -> Response:
        return Response(self.dump(value), status, media_type="application/json")

    def dump(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False).encode()

    def refuse(self, refusal: Refusal, call: Call) -> Response:
        body = self.error(refusal)
        return Response(
            self.dump(body), refusal.status, refusal.headers, media_type="application/json"
        )

    def error(self, refusal: Refusal) -> Any:
        return {"code": f"E{refusal.status}", "message": refusal.message}


def pause() -> Any:
    """Let other requests run, as a real server does where it waits for its database."""
    return asyncio.sleep(0)
