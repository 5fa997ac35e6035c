"""Every fault of the bank changes what the sandbox does, and nothing is said twice."""

from __future__ import annotations

import asyncio
import json
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from tallystick.contract import Contract, build
from tallystick.document import Json, load, parse
from tallystick_contracts.sandbox import FAULTS, Sandbox, sandbox

SPEC = Path(__file__).parents[1] / "spec"
KEY = "Secret-Key-1"
MODEL, CHAIN = "/v1/models/abcd1234/environments", "/v1/chains/pqrs2468/environments"
RIGHT = {"authorization": f"Api-Key {KEY}", "content-type": "application/json"}

Sent = tuple[str, str, dict[str, str], bytes]


@lru_cache
def vendored() -> Contract:
    return build(load(SPEC / "openapi.yaml", [SPEC / "overlay.yaml"]))


@lru_cache
def shelves() -> Contract:
    """What the vendored contract lacks: arrays in an update, a delete, a null that is a value."""
    return build(parse((Path(__file__).parent / "sandbox_shelves.yaml").read_bytes(), "shelves"))


async def exchange(app: Sandbox, sent: Sent) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    method, path, headers, body = sent
    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode()}
    parts: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body}

    async def send(message: object) -> None:
        assert isinstance(message, dict)
        parts.append(message)

    await app({**scope, "query_string": b"", "headers": raw}, receive, send)
    start, end = parts
    status, fields, content = start["status"], start["headers"], end["body"]
    assert isinstance(status, int)
    assert isinstance(fields, list)
    assert isinstance(content, bytes)
    names = tuple(sorted((name.decode(), value.decode()) for name, value in fields))
    return status, names, content


def js(method: str, path: str, body: Json) -> Sent:
    return method, path, RIGHT, json.dumps(body).encode()


def get(path: str, **headers: str) -> Sent:
    return "GET", path, {**RIGHT, **headers}, b""


def autoscaling(**values: Json) -> dict[str, Json]:
    return {"autoscaling_settings": dict(values)}


def promotion(**values: Json) -> dict[str, Json]:
    return {"promotion_settings": dict(values)}


CREATES: list[Json] = [
    {"name": "bare"},
    {"name": "nulls", "autoscaling_settings": None, "promotion_settings": None},
    {"name": "Full", **autoscaling(min_replica=0, max_replica=7, autoscaling_window=60)},
    {"name": "given", **promotion(rolling_deploy=True, ramp_up_duration_seconds=0)},
    {"name": "null-within", **promotion(rolling_deploy=None, ramp_up_duration_seconds=None)},
    {"name": "deep", **promotion(rolling_deploy_config={"max_surge_percent": 30})},
    {"name": "empty", **promotion(rolling_deploy_config={})},
    {"name": "full-2", **autoscaling(min_replica=1.0, max_replica=2)},
    {"name": "extra", "nmae": "misspelt"},
    {"name": 5},
    {},
    {"name": "production"},
    {"name": "bare"},
    {"name": "bad-1", **autoscaling(min_replica="5")},
    {"name": "bad-2", **autoscaling(min_replica=True)},
    {"name": "bad-3", **autoscaling(min_replica=1.5)},
    {"name": "bad-4", **promotion(promotion_cleanup_strategy="keep")},
    {"name": "bad-5", **promotion(promotion_cleanup_strategy="NONE")},
    {"name": "bad-6", **promotion(rolling_deploy="true")},
    {"name": "bad-7", **autoscaling(min_replicas=1)},
    {"name": None},
]
PATCHES: list[Json] = [
    autoscaling(min_replica=3),
    autoscaling(min_replica=3),
    autoscaling(min_replica=0, target_utilization_percentage=70),
    autoscaling(target_utilization_percentage=None),
    {"autoscaling_settings": None, **promotion(rolling_deploy=True)},
    promotion(rolling_deploy=False, ramp_up_while_promoting=True),
    promotion(ramp_up_while_promoting=None),
    promotion(rolling_deploy_config={"max_surge_percent": 30}),
    promotion(rolling_deploy_config={"max_unavailable_percent": 5}),
    promotion(promotion_cleanup_strategy="KEEP", ramp_up_duration_seconds=5),
    {"promotion_settings": None},
    autoscaling(max_replica=9, min_replica="x"),
    autoscaling(max_replica=9, mim_replica=1),
    {**autoscaling(max_replica=9), "other": 1},
    {},
]


def script() -> Iterator[Sent]:
    """About a hundred requests at the vendored contract, and a read after each that may change."""
    yield get(f"{MODEL}/production")
    for body in CREATES:
        yield js("POST", MODEL, body)
        name = body.get("name") if isinstance(body, dict) else None
        yield get(f"{MODEL}/{name}")
    for name in ("bare", "given"):
        for body in PATCHES:
            yield js("PATCH", f"{MODEL}/{name}", body)
            yield get(f"{MODEL}/{name}")
    yield get(f"{MODEL}/null-within")
    yield get(MODEL)
    yield get("/v1/models/wxyz5678/environments/bare")
    yield get("/v1/models/unknown/environments")
    yield get(f"{MODEL}/unknown")
    yield js("PATCH", f"{MODEL}/unknown", autoscaling(min_replica=1))
    yield js("POST", "/v1/models/unknown/environments", {"name": "a"})
    items: list[Json] = [
        {"chainlet_name": "a"},
        {"chainlet_name": "b", "instance_type_id": "", **autoscaling(min_replica=0)},
    ]
    yield js("POST", CHAIN, {"name": "chain", "chainlet_settings": items})
    yield js("POST", CHAIN, {"name": "none", "chainlet_settings": None})
    yield js("POST", CHAIN, {"name": "bad", "chainlet_settings": [{"chainlet_name": 1}]})
    yield get(f"{CHAIN}/chain")
    yield get(f"{CHAIN}/bad")
    for value in ("", KEY, f"Bearer {KEY}", "Api-Key other", f"Api-Key {KEY.lower()}"):
        yield get(MODEL, authorization=value)
        body = {"name": f"by-{len(value)}"}
        headers = {**RIGHT, "authorization": value}
        yield "POST", MODEL, headers, json.dumps(body).encode()
        yield get(f"{MODEL}/by-{len(value)}")
        yield "PATCH", f"{MODEL}/bare", headers, json.dumps(autoscaling(max_replica=99)).encode()
        yield get(f"{MODEL}/bare")
    yield get(MODEL, authorization=f"Api-Key {KEY}x")
    yield "POST", MODEL, {**RIGHT, "content-type": "text/plain"}, b'{"name": "plain"}'
    yield "POST", MODEL, RIGHT, b'{"name": "cut"'
    yield "POST", MODEL, RIGHT, b'{"name": "twice", "name": "two"}'
    yield "DELETE", MODEL, RIGHT, b""
    yield "PUT", f"{MODEL}/bare", RIGHT, b"{}"
    yield get(f"{MODEL}/bare/more")
    yield get(MODEL.upper())
    yield get("/nowhere")


def shelf_script() -> Iterator[Sent]:
    yield js("POST", "/shelves", {"name": "a", "tags": [], "limit": None, "note": ""})
    yield get("/shelves/a")
    yield js("PATCH", "/shelves/a", {"tags": ["x"]})
    yield js("PATCH", "/shelves/a", {"tags": ["y"]})
    yield js("PATCH", "/shelves/a", {"tags": []})
    yield get("/shelves/a")
    yield "DELETE", "/shelves/a", RIGHT, b""
    yield get("/shelves/a")
    yield js("POST", "/shelves", {"name": "a"})
    yield get("/shelves/a")


async def transcript(contract: Contract, sent: list[Sent], *faults: str) -> list[object]:
    """Every answer in order; then of two races the answers, without order, and what is left."""
    app = sandbox(contract, key=KEY, faults=faults)
    answers: list[object] = [await exchange(app, each) for each in sent]
    if contract is vendored():
        race = [js("POST", MODEL, {"name": "race"}) for _ in range(3)]
        answers.append(sorted([each[0] for each in await together(app, race)]))
        updates = [autoscaling(min_replica=70), autoscaling(max_replica=71)]
        answers.append(
            await together(app, [js("PATCH", f"{MODEL}/race", each) for each in updates])
        )
        answers.append(await exchange(app, get(f"{MODEL}/race")))
    return answers


async def together(app: Sandbox, sent: list[Sent]) -> list[tuple[int, object, bytes]]:
    return await asyncio.gather(*(exchange(app, each) for each in sent))


@lru_cache
def told(on_vendored: bool, *faults: str) -> list[object]:
    """The transcript of the script of one of the two contracts."""
    contract, sent = (vendored(), script()) if on_vendored else (shelves(), shelf_script())
    return asyncio.run(transcript(contract, list(sent), *faults))


IN_SEQUENCES = {
    "body_seen_before_ignored",
    "charset_refused",
    "integers_rounded",
    "list_of_all",
    "list_stale",
    "names_any_case",
    "names_by_beginning",
    "names_trimmed",
    "newest_kept",
    "refused_name_taken",
    "same_hides_change",
    "third_member_dropped",
    "two_nulls_reset",
    "update_after_refusal_lost",
    "zero_beside_null_dropped",
}
"""What single requests do not show; ``test_faults_found.py`` tries them with the suite."""


def test_what_only_a_sequence_shows_is_tried_by_the_suite() -> None:
    table = Path(__file__).parent / "faults_found.toml"
    assert set(tomllib.loads(table.read_text(encoding="utf-8"))) >= IN_SEQUENCES


@pytest.mark.parametrize("name", sorted(FAULTS.keys() - IN_SEQUENCES))
def test_a_fault_is_seen_by_some_request(name: str) -> None:
    on_vendored = FAULTS[name].applies(vendored())
    assert on_vendored or FAULTS[name].applies(shelves())
    assert told(on_vendored, name) != told(on_vendored)


def test_the_correct_sandbox_answers_the_script_without_a_fault_of_its_own() -> None:
    statuses = [each[0] for each in told(True) if isinstance(each, tuple)]
    assert 500 not in statuses
    assert len(statuses) > 120
    assert {200, 400, 401, 404, 405, 409, 415} <= set(statuses)


def test_the_same_requests_have_the_same_answers() -> None:
    assert asyncio.run(transcript(vendored(), list(script()))) == told(True)


def test_at_least_55_faults_apply_to_the_vendored_contract() -> None:
    assert sum(fault.applies(vendored()) for fault in FAULTS.values()) >= 55


def test_faults_differ_from_each_other() -> None:
    every = {name for name, fault in FAULTS.items() if fault.applies(vendored())}
    names = sorted(every - IN_SEQUENCES)
    by_transcript: dict[str, list[str]] = {}
    for name in names:
        by_transcript.setdefault(repr(told(True, name)), []).append(name)
    assert [alike for alike in by_transcript.values() if len(alike) > 1] == []
