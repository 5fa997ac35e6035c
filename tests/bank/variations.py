"""What a correct server may do too: none of it is a fault, and no rule may call it one."""

from __future__ import annotations

import asyncio
import json
import random
from datetime import timedelta, timezone
from typing import Any

from starlette.responses import Response

from . import shapes
from .fault import Fault, Step
from .server import Refusal, Server

VARIATIONS: dict[str, Fault] = {}


def variation(sentence: str, step: str = "", **settings: Any) -> Any:
    """Keep a step as a variation; ``settings`` are attributes of the server."""

    def keep(function: Step) -> Step:
        known = VARIATIONS.get(function.__name__)
        steps = {**(known.steps if known else {}), **({step: function} if step else {})}
        told = known.sentence if known else sentence
        values = {**(known.settings if known else {}), **settings}
        VARIATIONS[function.__name__] = Fault(function.__name__, "harmless", told, steps, values)
        return function

    return keep


# --- Time ------------------------------------------------------------------------------------


@variation("Every answer takes 30 ms.", "serve")
async def slow(server, correct, call):
    await asyncio.sleep(0.03)
    return await correct(call)


@variation("Some answers take a second.", "serve")
async def sometimes_slow(server, correct, call):
    await asyncio.sleep(1.0 if server.requests % 400 == 399 else 0)
    return await correct(call)


@variation("Updates are visible after 0.1 s.", delay=0.1)
def eventual_updates():
    pass


@variation("A new environment can be read only after 0.1 s, and is not listed before.", "find")
def eventual_creates(server, correct, kind, parent, name):
    item = correct(kind, parent, name)
    if _young(server, item):
        raise Refusal(404, "there is no such environment")
    return item


@variation("", "below")
def eventual_creates(server, correct, kind, parent):  # noqa: F811
    return [each for each in correct(kind, parent) if not _young(server, each)]


def _young(server: Server, item: Any) -> bool:
    now = asyncio.get_running_loop().time()
    born = server.notes.setdefault(("born", id(item)), now)
    return item.name != "production" and now - born < 0.1


@variation("", "insert")
async def eventual_creates(server, correct, key, item):  # noqa: F811
    await correct(key, item)
    _young(server, item)


# --- Other codes -----------------------------------------------------------------------------


def _codes(name: str, sentence: str, **codes: int) -> None:
    table = {int(was.removeprefix("s")): now for was, now in codes.items()}

    def refuse(server: Server, correct: Step, refusal: Refusal, call: Any) -> Response:
        status = table.get(refusal.status, refusal.status)
        return correct(Refusal(status, refusal.message, refusal.headers), call)

    VARIATIONS[name] = Fault(name, "harmless", sentence, {"refuse": refuse})


_codes("validation_422", "Bodies are refused with 422.", s400=422)
_codes("hidden_403", "What is not there is forbidden: 403 for 404.", s404=403)
_codes("hidden_404", "Who may not sees nothing: 404 for 401.", s401=404)
_codes("unauthorized_403", "403 for 401.", s401=403)
_codes("method_404", "A method that is not allowed is not found: 404.", s405=404)
_codes("method_501", "A method that is not known is not implemented: 501 for 405.", s405=501)
_codes("media_400", "A wrong content type is a bad request: 400 for 415.", s415=400)
_codes("conflict_400", "A taken name is a bad request: 400 for 409.", s409=400)
_codes("conflict_422", "A taken name is a 422.", s409=422)
_codes("parent_410", "What is not there is gone: 410 for 404.", s404=410)


@variation(
    "Large bodies are refused with 413, long paths with 414, large headers with 431.", "route"
)
def size_limits(server, correct, call):
    if len(call.path) > 300:
        raise Refusal(414, "the path is too long")
    if len(call.body) > 4096:
        raise Refusal(413, "the body is too large")
    if sum(len(value) for value in call.headers.values()) > 4096:
        raise Refusal(431, "the headers are too large")
    return correct(call)


@variation("The body is looked at before the key.", "serve")
async def body_before_key(server, correct, call):
    if call.method in ("POST", "PATCH"):
        try:
            server.media_type(call)
            server.parse(call.body)
        except Refusal as refusal:
            return server.refuse(refusal, call)
    return await correct(call)


@variation("The key is looked at before the path.", "serve")
async def key_before_path(server, correct, call):
    try:
        server.authorize(call)
    except Refusal as refusal:
        return server.refuse(refusal, call)
    return await correct(call)


@variation("The body is looked at before the environment of an update.", "update")
async def body_before_item(server, correct, path, call):
    server.accept(shapes.UPDATE, call)
    return await correct(path, call)


@variation("Names must be of a-z, 0-9 and -, and at most 64 characters.", "accept")
def strict_names(server, correct, shape, call):
    body = correct(shape, call)
    name = body.get("name", "x")
    plain = name.replace("-", "").replace("_", "")
    if not (plain.isascii() and plain.isalnum() and name == name.lower() and len(name) <= 64):
        raise Refusal(400, "not a good name")
    return body


@variation("The rules of the prose: bounds, and of surge and unavailable exactly one.", "accept")
def prose_rules(server, correct, shape, call):
    body = correct(shape, call)
    groups = [body.get("autoscaling_settings") or {}]
    groups += [
        each.get("autoscaling_settings") or {} for each in body.get("chainlet_settings") or []
    ]
    bounds = {
        "min_replica": (0, 1000),
        "max_replica": (1, 1000),
        "autoscaling_window": (10, 3600),
        "scale_down_delay": (0, 3600),
        "concurrency_target": (1, 10**6),
        "target_utilization_percentage": (1, 100),
    }
    for group in groups:
        for name, (low, high) in bounds.items():
            if group.get(name) is not None and not low <= group[name] <= high:
                raise Refusal(400, f"{name} must be in {low}..{high}")
    return body


# --- Values ----------------------------------------------------------------------------------


@variation("Names are trimmed, wherever they come.", "name")
def trimmed_names(server, correct, body):
    return correct(body).strip()


@variation("", "key")
def trimmed_names(server, correct, kind, parent, name):  # noqa: F811
    return correct(kind, parent, name.strip())


@variation("Names are lower-cased, wherever they come.", "name")
def lower_case_names(server, correct, body):
    return correct(body).lower()


@variation("", "key")
def lower_case_names(server, correct, kind, parent, name):  # noqa: F811
    return correct(kind, parent, name.lower())


@variation(
    "Date-times have an offset and microseconds, of another zone in each answer.", "date_time"
)
def other_date_times(server, correct, moment):
    zone = timezone(timedelta(hours=server.requests % 12 - 6))
    return moment.astimezone(zone).isoformat(timespec="microseconds")


@variation("Whole numbers are written 70.0.", "dump")
def whole_floats(server, correct, value):
    return correct(_floats(value))


def _floats(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _floats(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_floats(each) for each in value]
    is_int = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53
    return float(value) if is_int else value


@variation("Settings that have their default are left out of answers.", "show")
def defaults_left_out(server, correct, item):
    shown = correct(item)
    promotion = shown["promotion_settings"]
    config = promotion["rolling_deploy_config"]
    if config:
        promotion["rolling_deploy_config"] = _without(config, shapes.ROLLING_DEFAULTS)
    shown["promotion_settings"] = _without(promotion, shapes.PROMOTION_DEFAULTS)
    return shown


def _without(value: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in value.items() if each != defaults[name]}


@variation("Optional members that are null are left out of answers.", "show")
def optional_nulls_left_out(server, correct, item):
    shown = correct(item)
    optional = ("candidate_deployment", "in_progress_promotion", "target_in_flight_tokens")
    optional += ("rolling_deploy_config", "labels")

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            kept = {k: v for k, v in value.items() if v is not None or k not in optional}
            return {name: walk(each) for name, each in kept.items()}
        return [walk(each) for each in value] if isinstance(value, list) else value

    return walk(shown)


@variation("Answers have members that are not declared, in every object.", "dump")
def more_members(server, correct, value):
    return correct(_with_more(value))


def _with_more(value: Any) -> Any:
    if isinstance(value, dict):
        return {**{k: _with_more(v) for k, v in value.items()}, "x_more": {"a": [1, None]}}
    return [_with_more(each) for each in value] if isinstance(value, list) else value


@variation("Members come in another order in each answer.", "dump")
def random_order(server, correct, value):
    source = random.Random(server.requests)

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            pairs = [(name, walk(each)) for name, each in value.items()]
            source.shuffle(pairs)
            return dict(pairs)
        return [walk(each) for each in value] if isinstance(value, list) else value

    return correct(walk(value))


@variation("Answers are indented and escape what is not ASCII.", "dump")
def pretty(server, correct, value):
    return json.dumps(value, indent=4, ensure_ascii=True).encode() + b"\n"


@variation("The list is sorted otherwise in each answer.", "below")
def list_in_any_order(server, correct, kind, parent):
    items = correct(kind, parent)
    random.Random(server.requests).shuffle(items)
    return items


@variation("A deployment appears, grows and changes its status while nobody asks.", "show")
def living_deployments(server, correct, item):
    shown = correct(item)
    seen = server.notes[id(item)] = server.notes.get(id(item), 0) + 1
    if seen % 3:
        shown["current_deployment"] = server.deployment(item)
        statuses = ("BUILDING", "LOADING_MODEL", "ACTIVE", "SCALED_TO_ZERO")
        shown["current_deployment"]["status"] = statuses[seen % 4]
        if item.kind == "model":
            shown["current_deployment"]["active_replica_count"] = seen
    if item.kind == "model" and seen % 2:
        progress = {"status": "RAMPING_UP", "percent_traffic_to_new_version": seen % 100}
        shown["in_progress_promotion"] = progress
    return shown


@variation("What the server chooses for autoscaling follows what is given.", "autoscaling")
def chosen_values_follow(server, correct, given):
    made = correct(given)
    given = given or {}
    if given.get("max_replica") is None:
        made["max_replica"] = max(made["min_replica"], 3)
    if given.get("scale_down_delay") is None:
        made["scale_down_delay"] = 900
    return made


@variation("Each accepted update is answered QUEUED.", "outcome")
def queued(server, correct, changed):
    return {**correct(changed), "status": "QUEUED"} if changed else correct(changed)


@variation("The second of two keys that are one counts; a byte order mark is skipped.", "pairs")
def lenient_json(server, correct, pairs):
    return dict(pairs)


@variation("", "text")
def lenient_json(server, correct, body):  # noqa: F811
    return body.decode("utf-8-sig")


@variation("A body without a content type is read as JSON.", "media_type")
def content_type_not_needed(server, correct, call):
    if "content-type" in call.headers:
        correct(call)


# --- Refusals in other words -----------------------------------------------------------------

# The contract declares the body of 400, 401, 403, 404 and 409; a status that it does not
# declare may have any.


@variation("Bodies are refused with 422 and a page.", "refuse")
def page_with_422(server, correct, refusal, call):
    if refusal.status != 400:
        return correct(refusal, call)
    return Response(b"<html><h1>No</h1></html>", 422, media_type="text/html")


@variation("Bodies are refused with 422 as the framework words it.", "refuse")
def framework_422(server, correct, refusal, call):
    if refusal.status != 400:
        return correct(refusal, call)
    detail = [{"type": "value_error", "loc": ["body"], "msg": refusal.message, "input": None}]
    return server.answer(422, {"detail": detail})


@variation("A wrong method or content type is refused without a body.", "refuse")
def empty_405_and_415(server, correct, refusal, call):
    if refusal.status not in (405, 415):
        return correct(refusal, call)
    return Response(b"", refusal.status, refusal.headers)


# --- HTTP ------------------------------------------------------------------------------------


@variation("HEAD and OPTIONS are answered.", "operation")
def head_and_options(server, correct, method, methods):
    if method == "HEAD" and "GET" in methods:
        return methods["GET"]
    if method == "OPTIONS":

        async def options(path: list[str], call: Any) -> Response:
            return Response(status_code=204, headers={"Allow": ", ".join(methods)})

        return options
    return correct(method, methods)


@variation("", "serve")
async def head_and_options(server, correct, call):  # noqa: F811
    answer = await correct(call)
    if call.method == "HEAD":
        answer.body = b""
    return answer


@variation("OPTIONS is answered 204 with CORS headers before the key is looked at.", "serve")
async def cors(server, correct, call):
    allowed = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "Authorization"}
    if call.method == "OPTIONS":
        return Response(status_code=204, headers=allowed)
    answer = await correct(call)
    answer.headers.update(allowed)
    return answer


@variation("Answers have more headers and set cookies.", "serve")
async def more_headers(server, correct, call):
    answer = await correct(call)
    answer.headers["X-Request-Id"] = f"{server.requests:032x}"
    answer.headers["Server-Timing"] = "db;dur=0.3"
    answer.headers["ETag"] = f'W/"{server.requests}"'
    answer.headers["WWW-Authenticate"] = 'Api-Key realm="api"'
    answer.set_cookie("session", f"s{server.requests}", httponly=True)
    return answer


@variation("The type of answers has a charset.", "answer")
def charset(server, correct, status, value):
    answer = correct(status, value)
    answer.headers["content-type"] = "application/json; charset=UTF-8"
    return answer


@variation("A trailing slash and empty segments do not matter.", "split")
def lenient_paths(server, correct, path):
    return [each for each in correct(path) if each]


@variation("A trailing slash is redirected to the path without it.", "route")
def slash_redirected(server, correct, call):
    if call.path.endswith("/") and call.path != "/":
        raise Refusal(308, "without the slash", {"Location": call.path.rstrip("/")})
    return correct(call)


@variation("Names with a slash are refused, in a body and in a path.", "route")
def encoded_slash_refused(server, correct, call):
    if "%2f" in call.path.lower() or "%00" in call.path or "%5c" in call.path.lower():
        raise Refusal(400, "not a good path")
    return correct(call)


@variation("", "accept")
def encoded_slash_refused(server, correct, shape, call):  # noqa: F811
    body = correct(shape, call)
    if set(body.get("name", "")) & set("/\\\0"):
        raise Refusal(400, "not a good name")
    return body


@variation("The scheme is compared without regard to letter case (RFC 9110, 11.1).", "scheme_fits")
def scheme_any_case(server, correct, scheme):
    return scheme.lower() == "api-key"


@variation("Blanks around the key do not matter.", "key_fits")
def blanks_around_key(server, correct, key):
    return correct(key.strip())


@variation("Every seventh request is answered 429 with Retry-After: 0.", "serve")
async def rate_limited(server, correct, call):
    return await _now_and_then(server, correct, call, 7, 429, {"Retry-After": "0"})


@variation("Now and then a request is answered 503 with Retry-After: 0.", "serve")
async def sometimes_unavailable(server, correct, call):
    return await _now_and_then(server, correct, call, 40, 503, {"Retry-After": "0"})


@variation("Now and then a request is answered 503 without more.", "serve")
async def sometimes_503(server, correct, call):
    return await _now_and_then(server, correct, call, 150, 503, {})


async def _now_and_then(server, correct, call, every, status, headers):
    server.notes["n"] = server.notes.get("n", 0) + 1
    if server.notes["n"] % every == every - 1:
        return server.refuse(Refusal(status, "later, please", headers), call)
    return await correct(call)


@variation("Now and then a connection is dropped before the request is read.", "serve")
async def sometimes_dropped(server, correct, call):
    server.notes["n"] = server.notes.get("n", 0) + 1
    if server.notes["n"] % 150 == 149:
        return _Closed()
    return await correct(call)


class _Closed:
    """An answer that never comes."""

    async def __call__(self, scope, receive, send):
        pass


@variation("The body of an answer comes in many small parts.", "answer")
def in_parts(server, correct, status, value):
    from starlette.responses import StreamingResponse

    whole = server.dump(value)
    parts = [whole[at : at + 97] for at in range(0, len(whole), 97)]

    async def send():
        for part in parts:
            yield part

    return StreamingResponse(send(), status, media_type="application/json")
