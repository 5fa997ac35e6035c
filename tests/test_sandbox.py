"""The sandbox keeps the promises of any contract."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator
from starlette.testclient import TestClient

import corpora
from tallystick.contract import Contract, build
from tallystick.document import Json, load, parse
from tallystick.errors import TallystickError, UsageError
from tallystick_contracts.mirror import mirrors
from tallystick_contracts.sandbox import Sandbox, Server, sandbox
from tallystick_contracts.sandbox.memory import Memory
from tallystick_contracts.sandbox.plans import plans
from tallystick_contracts.sandbox.records import Plan

ROOT = Path(__file__).parents[1]
KEY = "Secret-Key-1"
MODEL, OTHER = "/v1/models/abcd1234/environments", "/v1/models/wxyz5678/environments"
CHAIN = "/v1/chains/pqrs2468/environments"
HEADERS = {"authorization": f"Api-Key {KEY}"}


@lru_cache
def vendored() -> Contract:
    return build(load(ROOT / "spec/openapi.yaml", [ROOT / "spec/overlay.yaml"]))


@lru_cache
def shelves() -> Contract:
    return build(parse((ROOT / "tests/sandbox_shelves.yaml").read_bytes(), "shelves"))


def client(contract: Contract, **options: Any) -> TestClient:
    return TestClient(sandbox(contract, key=KEY, **options), headers=HEADERS)


@pytest.fixture
def api() -> TestClient:
    return client(vendored())


@pytest.fixture
def shelf() -> TestClient:
    return client(shelves())


# Create and read


def test_a_created_item_is_complete_and_read_back(api: TestClient) -> None:
    made = api.post(MODEL, json={"name": "a"}).json()
    assert made["model_id"] == "abcd1234"
    assert made["current_deployment"] is None
    assert made["candidate_deployment"] is None
    assert made["promotion_settings"] == {
        "redeploy_on_promotion": False,
        "rolling_deploy": False,
        "promotion_cleanup_strategy": "SCALE_TO_ZERO",
        "rolling_deploy_config": None,
        "ramp_up_while_promoting": False,
        "ramp_up_duration_seconds": 600,
    }
    assert api.get(f"{MODEL}/a").json() == made
    assert made in api.get(MODEL).json()["environments"]


def test_an_object_given_is_completed_with_its_own_defaults(api: TestClient) -> None:
    body = {"name": "a", "promotion_settings": {"rolling_deploy_config": {"max_surge_percent": 0}}}
    assert api.post(MODEL, json=body).json()["promotion_settings"]["rolling_deploy_config"] == {
        "rolling_deploy_strategy": "REPLICA",
        "max_surge_percent": 0,
        "max_unavailable_percent": 0,
        "stabilization_time_seconds": 0,
        "replica_overhead_percent": 0,
    }


def test_falsy_values_are_values(api: TestClient) -> None:
    body = {"name": "a", "autoscaling_settings": {"min_replica": 0}}
    assert api.post(MODEL, json=body).json()["autoscaling_settings"]["min_replica"] == 0


def test_array_items_are_completed_and_an_id_becomes_the_id_of_its_object(api: TestClient) -> None:
    items = [{"chainlet_name": "a"}, {"chainlet_name": "b", "instance_type_id": "2x8"}]
    made = api.post(CHAIN, json={"name": "c", "chainlet_settings": items}).json()
    shown = made["chainlet_settings"]
    assert [each["chainlet_name"] for each in shown] == ["a", "b"]
    assert [each["instance_type"]["id"] for each in shown] == ["1x2", "2x8"]


def test_null_is_absent_where_the_convention_says_unchanged_and_a_value_elsewhere(
    api: TestClient, shelf: TestClient
) -> None:
    settings_ = {"rolling_deploy": None, "ramp_up_duration_seconds": None}
    made = api.post(MODEL, json={"name": "a", "promotion_settings": settings_}).json()
    assert made["promotion_settings"]["rolling_deploy"] is False
    assert made["promotion_settings"]["ramp_up_duration_seconds"] == 600
    assert shelf.post("/shelves", json={"name": "a", "limit": None}).json()["limit"] is None


BASE_AND_FULL = """
openapi: 3.1.0
info: {title: alike, version: "1"}
paths:
  /bases:
    post:
      requestBody: &new {content: {application/json: {schema: {$ref: "#/components/schemas/New"}}}}
      responses: {"201": {description: "", content: &base {application/json: {schema: {$ref: "#/components/schemas/Base"}}}}}
  /bases/{id}:
    get: {parameters: &id [{name: id, in: path, required: true, schema: {type: string}}], responses: {"200": {description: "", content: *base}}}
  /fulls:
    post:
      requestBody: *new
      responses: {"201": {description: "", content: &full {application/json: {schema: {$ref: "#/components/schemas/Full"}}}}}
  /fulls/{id}:
    get: {parameters: *id, responses: {"200": {description: "", content: *full}}}
components:
  schemas:
    New: {type: object, required: [name], properties: {name: {type: string}}}
    Base: {type: object, required: [id, name], properties: {id: {type: string}, name: {type: string}, note: {type: string}}}
    Full: {allOf: [{$ref: "#/components/schemas/Base"}, {type: object, required: [note]}]}
"""


@pytest.mark.parametrize("order", [("/bases", "/fulls"), ("/fulls", "/bases")])
def test_a_member_that_is_required_in_one_of_two_answers_only(order: tuple[str, str]) -> None:
    alike = client(build(parse(BASE_AND_FULL.encode(), "alike.yaml")))
    shown = {path: alike.post(path, json={"name": "one"}) for path in order}
    assert [each.status_code for each in shown.values()] == [201, 201]
    assert "note" not in shown["/bases"].json()
    assert "note" in shown["/fulls"].json()


def test_parents_are_independent_and_an_unknown_one_is_404(api: TestClient) -> None:
    api.post(MODEL, json={"name": "a"})
    assert api.get(f"{OTHER}/a").status_code == 404
    assert api.post(OTHER, json={"name": "a"}).status_code == 200
    assert api.post("/v1/models/none/environments", json={"name": "a"}).status_code == 404


def test_a_name_is_taken_once_and_a_reserved_one_from_the_start(api: TestClient) -> None:
    first = api.post(MODEL, json={"name": "a", "autoscaling_settings": {"min_replica": 4}}).json()
    assert api.post(MODEL, json={"name": "a"}).status_code == 409
    assert api.get(f"{MODEL}/a").json() == first
    for parent in (MODEL, OTHER):
        assert api.get(f"{parent}/production").status_code == 200
        assert api.post(parent, json={"name": "production"}).status_code == 409


@pytest.mark.parametrize("name", ["a/b", "ä ö", "%2F", "a?b#c", "null", "0", "🙂", "\x00"])
def test_any_name_is_found_again_by_its_encoded_path(api: TestClient, name: str) -> None:
    from urllib.parse import quote

    made = api.post(MODEL, json={"name": name}).json()
    assert api.get(f"{MODEL}/{quote(name, safe='')}").json() == made


def test_a_server_makes_keys_that_differ_and_parents_that_can_be_created_must_be(
    shelf: TestClient,
) -> None:
    assert shelf.post("/shelves/a/books", json={"title": "x"}).status_code == 404
    shelf.post("/shelves", json={"name": "a"})
    books = [shelf.post("/shelves/a/books", json={"title": "x"}).json() for _ in range(5)]
    assert len({each["id"] for each in books}) == 5
    for each in books:
        assert shelf.get(f"/shelves/a/books/{each['id']}").json() == each
        assert each["author"]["id"] == "nobody"
    assert shelf.get("/shelves/a/books").json()["books"] == books


def test_the_same_seed_makes_the_same_values_and_another_others() -> None:
    made = [client(vendored(), seed=n).post(MODEL, json={"name": "a"}).json() for n in (1, 1, 2)]
    assert made[0] == made[1]
    assert made[0]["instance_type"]["id"] != made[2]["instance_type"]["id"]


# Update


def test_only_what_is_passed_changes(api: TestClient) -> None:
    before = api.post(MODEL, json={"name": "a", "autoscaling_settings": {"max_replica": 7}}).json()
    answer = api.patch(f"{MODEL}/a", json={"autoscaling_settings": {"min_replica": 3}})
    assert answer.json()["status"] == "ACCEPTED"
    after = api.get(f"{MODEL}/a").json()
    expected = before["autoscaling_settings"] | {"min_replica": 3}
    assert after == before | {"autoscaling_settings": expected}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"autoscaling_settings": None},
        {"autoscaling_settings": {}},
        {"autoscaling_settings": {"min_replica": None, "max_replica": 7}},
        {"autoscaling_settings": {"max_replica": 7.0}},
    ],
)
def test_an_update_that_changes_nothing_says_so(api: TestClient, body: Json) -> None:
    before = api.post(MODEL, json={"name": "a", "autoscaling_settings": {"max_replica": 7}}).json()
    assert api.patch(f"{MODEL}/a", json=body).json()["status"] == "UNCHANGED"
    assert api.get(f"{MODEL}/a").json() == before


def test_an_update_never_fills_in_defaults(api: TestClient) -> None:
    given_ = {"max_surge_percent": 0, "max_unavailable_percent": 5}
    api.post(MODEL, json={"name": "a", "promotion_settings": {"rolling_deploy_config": given_}})
    change = {"promotion_settings": {"rolling_deploy_config": {"replica_overhead_percent": 1}}}
    api.patch(f"{MODEL}/a", json=change)
    shown = api.get(f"{MODEL}/a").json()["promotion_settings"]["rolling_deploy_config"]
    assert (shown["max_surge_percent"], shown["max_unavailable_percent"]) == (0, 5)


def test_null_clears_or_is_refused_as_declared(shelf: TestClient) -> None:
    shelf.post("/shelves", json={"name": "a", "limit": 3, "note": "x"})
    assert shelf.patch("/shelves/a", json={"limit": None}).json()["limit"] is None
    assert shelf.patch("/shelves/a", json={"limit": 4, "note": None}).status_code == 400
    assert shelf.get("/shelves/a").json()["limit"] is None


def test_an_array_takes_the_place_of_the_old_one(shelf: TestClient) -> None:
    shelf.post("/shelves", json={"name": "a", "tags": ["x", "y"]})
    assert shelf.patch("/shelves/a", json={"tags": ["z"]}).json()["tags"] == ["z"]
    assert shelf.patch("/shelves/a", json={"tags": []}).json()["tags"] == []


def test_a_replace_sets_what_is_absent_to_its_default_and_keeps_what_only_the_server_sets(
    shelf: TestClient,
) -> None:
    before = shelf.post("/shelves", json={"name": "a", "tags": ["x"], "note": "y"}).json()
    after = shelf.put("/shelves/a", json={"limit": 3}).json()
    assert after == before | {"tags": ["new"], "note": "none", "limit": 3}
    assert shelf.get("/shelves/a").json() == after


def test_a_delete_is_seen_and_the_name_is_free_again(shelf: TestClient) -> None:
    shelf.post("/shelves", json={"name": "a"})
    answer = shelf.delete("/shelves/a")
    assert (answer.status_code, answer.content) == (204, b"")
    assert shelf.get("/shelves/a").status_code == 404
    assert shelf.get("/shelves").json() == []
    assert shelf.delete("/shelves/a").status_code == 404
    assert shelf.post("/shelves", json={"name": "a"}).status_code == 201


def _at(now: list[float], contract: Contract, **options: Any) -> tuple[Sandbox, TestClient]:
    app = sandbox(contract, key=KEY, **options)
    app.world = replace(app.world, clock=lambda: now[0])
    return app, TestClient(app, headers=HEADERS)


def test_a_delayed_update_is_seen_in_time_and_builds_on_one_that_is_pending() -> None:
    now = [1000.0]
    _, api = _at(now, vendored(), delay=5)
    before = api.post(MODEL, json={"name": "a"}).json()
    api.patch(f"{MODEL}/a", json={"autoscaling_settings": {"min_replica": 1}})
    now[0] += 2
    api.patch(f"{MODEL}/a", json={"autoscaling_settings": {"max_replica": 2}})
    again = api.patch(f"{MODEL}/a", json={"autoscaling_settings": {"min_replica": 1}}).json()
    assert again["status"] == "UNCHANGED"
    assert api.get(f"{MODEL}/a").json() == before
    now[0] += 3
    seen = api.get(f"{MODEL}/a").json()["autoscaling_settings"]
    assert seen == before["autoscaling_settings"] | {"min_replica": 1}
    now[0] += 2
    seen = api.get(f"{MODEL}/a").json()["autoscaling_settings"]
    assert seen == before["autoscaling_settings"] | {"min_replica": 1, "max_replica": 2}


# Refusals


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b'{"name": "a", "name": "b"}',
        b'{"name": "a", "x": NaN}',
        b'{"name": "a", "x": 1e999}',
        b'{"name": "\xff"}',
        b'{"name": "\\ud800"}',
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b'{"name": "a"} x',
        b'"a"',
        b"null",
        b"",
        b'{"name": "a", "x": ' + b"1" * 5000 + b"}",
    ],
)
def test_a_body_that_is_not_strict_json_or_does_not_fit_is_400(
    api: TestClient, content: bytes
) -> None:
    answer = api.post(MODEL, content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "message"}
    assert len(api.get(MODEL).json()["environments"]) == 1


def test_brackets_in_text_are_no_depth(api: TestClient) -> None:
    assert api.post(MODEL, json={"name": '"[{' * 300}).status_code == 200


def test_a_body_too_large_is_413(api: TestClient) -> None:
    content = b'{"name": "' + b"a" * 9_000_000 + b'"}'
    answer = api.post(MODEL, content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 200),
        ("Application/JSON; charset=UTF-8", 200),
        ("application/json; charset=latin-1", 415),
        ("text/plain", 415),
        ("", 415),
    ],
)
def test_the_content_type_is_checked(api: TestClient, kind: str, status: int) -> None:
    answer = api.post(MODEL, content=b'{"name": "a"}', headers={"content-type": kind})
    assert answer.status_code == status


def test_a_refused_update_changes_nothing(api: TestClient) -> None:
    before = api.post(MODEL, json={"name": "a"}).json()
    body = {"autoscaling_settings": {"min_replica": 1}, "promotion_settings": {"rolling_deploy": 1}}
    assert api.patch(f"{MODEL}/a", json=body).status_code == 400
    assert api.get(f"{MODEL}/a").json() == before


@pytest.mark.parametrize(
    "value",
    [None, "", KEY, f"Bearer {KEY}", f"api-key {KEY}", f"Api-Key {KEY.lower()}", "Api-Key x",
     f"Api-Key {KEY} ", f"Api-Key  {KEY}", f"Api-Key {KEY}x"],
)  # fmt: skip
def test_a_credential_that_is_not_exact_is_401_and_comes_first(value: str | None) -> None:
    api = TestClient(sandbox(vendored(), key=KEY))
    headers = {} if value is None else {"authorization": value}
    answer = api.post(MODEL, content=b"{", headers=headers)
    assert answer.status_code == 401
    assert KEY.lower() not in (answer.text + str(answer.headers)).lower()


def test_routes_are_exact_and_a_405_says_what_is_allowed(api: TestClient) -> None:
    answer = api.delete(MODEL, headers={"authorization": ""})
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "POST"}
    for path in ("/nowhere", f"{MODEL}/a/b", "/V1/models/abcd1234/environments", "/", "/v1"):
        assert api.get(path).status_code == 404


def test_parameters_are_checked(shelf: TestClient) -> None:
    shelf.post("/shelves", json={"name": "a"})
    assert shelf.get("/shelves/a/books?size=1").status_code == 200
    assert shelf.get("/shelves/a/books?size=0").status_code == 400
    assert shelf.get("/shelves/a/books?size=x").status_code == 400
    assert shelf.get("/shelves/a/books/x").status_code == 400
    assert shelf.get("/shelves/a/books/7").status_code == 404


def test_the_document_is_served_without_a_credential() -> None:
    answer = TestClient(sandbox(vendored(), key=KEY)).get("/openapi.json")
    assert answer.json() == vendored().document.data


SCHEMES: dict[str, tuple[dict[str, Json], dict[str, Any], dict[str, Any]]] = {
    "bearer": (
        {"type": "http", "scheme": "bearer"},
        {"headers": {"authorization": f"bearer {KEY}"}},
        {"headers": {"authorization": f"Api-Key {KEY}"}},
    ),
    "basic": (
        {"type": "http", "scheme": "basic"},
        {"headers": {"authorization": "Basic U2VjcmV0LUtleS0x"}},
        {"headers": {"authorization": f"Bearer {KEY}"}},
    ),
    "query": (
        {"type": "apiKey", "in": "query", "name": "k"},
        {"params": {"k": KEY}},
        {"params": {"K": KEY}},
    ),
    "cookie": (
        {"type": "apiKey", "in": "cookie", "name": "k"},
        {"headers": {"cookie": f"a=b; k={KEY}"}},
        {"headers": {"cookie": f"k=x{KEY}"}},
    ),
}


def _guarded(security: str, schemes: dict[str, Json]) -> Contract:
    paths = {"/x": {"get": {"responses": {"204": {"description": ""}}}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "security": json.loads(security),
        "paths": paths,
        "components": {"securitySchemes": schemes},
    }
    return build(parse(json.dumps(document), "guarded"))


@pytest.mark.parametrize("kind", SCHEMES)
def test_every_kind_of_credential_is_asked_for(kind: str) -> None:
    scheme, right, wrong = SCHEMES[kind]
    api = TestClient(sandbox(_guarded('[{"s": []}]', {"s": scheme}), key=KEY))
    assert api.get("/x", **right).status_code == 204
    assert api.get("/x", **wrong).status_code == 401
    assert api.get("/x").status_code == 401


def test_alternatives_need_one_and_a_pair_needs_both() -> None:
    schemes: dict[str, Json] = {name: SCHEMES[name][0] for name in ("query", "bearer")}
    bearer = {"authorization": f"Bearer {KEY}"}
    either = TestClient(sandbox(_guarded('[{"query": []}, {"bearer": []}]', schemes), key=KEY))
    assert either.get("/x", headers=bearer).status_code == 204
    both = TestClient(sandbox(_guarded('[{"query": [], "bearer": []}]', schemes), key=KEY))
    assert both.get("/x", headers=bearer).status_code == 401
    assert both.get("/x", headers=bearer, params={"k": KEY}).status_code == 204
    open_ = TestClient(sandbox(_guarded('[{}, {"bearer": []}]', schemes), key=KEY))
    assert open_.get("/x").status_code == 204


# State and concurrency


def test_of_concurrent_creates_one_wins_and_no_update_is_lost() -> None:
    api = client(vendored())
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: api.post(MODEL, json={"name": "a"}).status_code, range(8)))
        assert sorted(made) == [200, *[409] * 7]
        names = ["min_replica", "max_replica", "autoscaling_window", "scale_down_delay"]
        bodies = [{"autoscaling_settings": {name: 1000 + i}} for i, name in enumerate(names)]
        list(pool.map(lambda body: api.patch(f"{MODEL}/a", json=body), bodies))
    shown = api.get(f"{MODEL}/a").json()["autoscaling_settings"]
    assert [shown[name] for name in names] == [1000, 1001, 1002, 1003]


_SERVE = """
import sys
from pathlib import Path
from tallystick.contract import build
from tallystick.document import load
from tallystick_contracts.sandbox import Server, sandbox
contract = build(load(Path(sys.argv[1]), [Path(sys.argv[2])]))
app = sandbox(contract, key=sys.argv[3], delay=1.5, state=Path(sys.argv[4]))
with Server(app) as server:
    print(server.url, flush=True)
    server.wait()
"""


def _request(url: str, method: str = "GET", body: Json = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    headers = {**HEADERS, "content-type": "application/json"}
    request = urllib.request.Request(url, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def _started(state: Path) -> tuple[subprocess.Popen[str], str]:
    spec = [str(ROOT / "spec/openapi.yaml"), str(ROOT / "spec/overlay.yaml")]
    command = [sys.executable, "-c", _SERVE, *spec, KEY, str(state)]
    path = os.pathsep.join([str(ROOT / "codegen"), str(ROOT / "contracts")])
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path}
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def test_a_killed_sandbox_has_lost_nothing_that_it_acknowledged(tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    process, url = _started(state)
    acknowledged: dict[str, Any] = {}
    killer = threading.Timer(0.7, process.kill)
    try:
        first = _request(f"{url}{MODEL}", "POST", {"name": "first"})
        _request(f"{url}{MODEL}/first", "PATCH", {"autoscaling_settings": {"min_replica": 7}})
        killer.start()
        for number in range(100_000):
            made = _request(f"{url}{MODEL}", "POST", {"name": f"n{number}"})
            acknowledged[made["name"]] = made
    except (OSError, HTTPException):
        pass
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()
    assert len(acknowledged) > 5
    app = sandbox(vendored(), key=KEY, state=state)
    api = TestClient(app, headers=HEADERS)
    listed = {each["name"]: each for each in api.get(MODEL).json()["environments"]}
    assert {name: listed.get(name) for name in acknowledged} == acknowledged
    app.world = replace(app.world, clock=lambda: 9e9)
    assert api.get(f"{MODEL}/first").json()["autoscaling_settings"]["min_replica"] == 7
    assert first["autoscaling_settings"]["min_replica"] != 7
    app.close()


def _other_contract(path: Path) -> None:
    sandbox(shelves(), key=KEY, state=path).close()


def _text(path: Path) -> None:
    path.write_text("this is no database, whatever its name says" * 100)


def _foreign(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE item (x)")
    connection.commit()
    connection.close()


def _spoilt(path: Path) -> None:
    sandbox(vendored(), key=KEY, state=path).close()
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO item VALUES (1, 'c', '[]', 'k', '{')")
    connection.commit()
    connection.close()


@pytest.mark.parametrize("spoil", [_other_contract, _text, _foreign, _spoilt, Path.mkdir])
def test_a_state_file_that_cannot_be_used_is_one_clear_error(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    state = tmp_path / "state.db"
    spoil(state)
    with pytest.raises(UsageError) as raised:
        sandbox(vendored(), key=KEY, state=state)
    assert str(state) in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_state_file_in_use_is_refused_and_free_when_closed(tmp_path: Path) -> None:
    app = sandbox(vendored(), key=KEY, state=tmp_path / "state.db")
    with pytest.raises(UsageError, match="locked"):
        sandbox(vendored(), key=KEY, state=tmp_path / "state.db")
    app.close()
    sandbox(vendored(), key=KEY, state=tmp_path / "state.db").close()


# Serving


def test_a_server_serves_on_a_free_port_and_gives_it_back() -> None:
    with Server(sandbox(vendored(), key=KEY)) as server:
        assert _request(f"{server.url}{MODEL}")["environments"][0]["name"] == "production"
        with pytest.raises(UsageError, match=f"port {server.port} .* is taken"):
            Server(sandbox(vendored(), key=KEY), port=server.port)
    Server(sandbox(vendored(), key=KEY), port=server.port).stop()


@pytest.mark.parametrize(
    ("host", "port"), [("203.0.113.1", 0), ("127.0.0.1", 99999), ("no such", 0)]
)
def test_an_address_that_cannot_be_used_is_one_clear_error(host: str, port: int) -> None:
    with pytest.raises(TallystickError):
        Server(sandbox(vendored(), key=KEY), host=host, port=port)


def test_an_unknown_fault_is_refused() -> None:
    with pytest.raises(UsageError, match="no fault 'x'"):
        sandbox(vendored(), key=KEY, faults=["x"])


# Any request, any contract


def values(contract: Contract, pointer: str) -> st.SearchStrategy[Json]:
    """Values of the plain schemas that the contracts of these tests use."""
    schema, core = contract.schema(pointer), contract.core(pointer)
    if core.enum:
        plain: st.SearchStrategy[Json] = st.sampled_from(core.enum)
    elif core.properties:
        members = {each.name: values(contract, each.pointer) for each in core.properties}
        needed = {each.name for each in core.properties if each.required}
        plain = st.fixed_dictionaries(
            {name: each for name, each in members.items() if name in needed},
            optional={name: each for name, each in members.items() if name not in needed},
        )
    elif core.items:
        plain = st.lists(values(contract, core.items), max_size=3)
    else:
        text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
        numbers = st.integers() | st.just(0) | st.integers(-9, 9).map(float)
        kinds = {"string": text, "integer": numbers, "boolean": st.booleans()}
        plain = st.one_of(*(each for kind, each in kinds.items() if kind in core.types))
    return st.none() | plain if schema.nullable else plain


def _calls(contract: Contract, role: str) -> st.SearchStrategy[tuple[Plan, str, Json]]:
    """An operation in this role, a path of it, and a body for it."""
    drawn: list[st.SearchStrategy[tuple[Plan, str, Json]]] = []
    for plan in plans(contract).values():
        if plan.role == role and plan.body:
            path = plan.operation.path
            for lookup in plan.lookups:
                path = path.replace(f"{{{lookup.parameter}}}", min(lookup.given))
            drawn.append(st.tuples(st.just(plan), st.just(path), values(contract, plan.body)))
    return st.one_of(*drawn)


def _valid(contract: Contract, plan: Plan, answer: Any) -> bool:
    """Judged by the document itself, compiled anew."""
    declared = plan.operation.response(answer.status_code)
    assert declared is not None
    assert declared.json is not None
    assert declared.json.schema is not None
    root = {**contract.document.data, "$ref": contract.target(declared.json.schema).pointer}
    return Draft202012Validator(root, validate_formats=True).is_valid(answer.json())


@lru_cache
def _reused() -> Sandbox:
    return sandbox(vendored(), key=KEY)


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_every_answer_to_a_valid_request_is_valid_and_shows_it(data: st.DataObject) -> None:
    contract, app = vendored(), _reused()
    app.store = Memory()
    api = TestClient(app, headers=HEADERS)
    create, path, body = data.draw(_calls(contract, "create"))
    made = api.post(path, json=body)
    assert made.status_code == 200
    assert _valid(contract, create, made)
    for mirror in mirrors(contract, create.body or "", create.stored or ""):
        _compare(mirror.request, mirror.response, mirror.comparable, body, made.json())
    update, target, change = data.draw(_calls(contract, "update"))
    for word in ({"ACCEPTED", "UNCHANGED"}, {"UNCHANGED"}):
        answer = api.patch(target, json=change)
        assert _valid(contract, update, answer)
        assert answer.json()["status"] in word
    read = next(each for each in plans(contract).values() if each.role == "retrieve")
    assert _valid(contract, read, api.get(target))


def _compare(
    sent: tuple[str, ...], shown: tuple[str, ...], comparable: bool, body: Json, answer: Json
) -> None:
    """A value given, and not null, is shown as it is."""
    if sent and sent[0] == "*":
        for one, other in zip(body or [], answer or [], strict=True):  # type: ignore[arg-type]
            _compare(sent[1:], shown[1:], comparable, one, other)
    elif sent and isinstance(body, dict):
        if body.get(sent[0]) is not None:
            steps = len(shown) - len(sent) + 1 if len(sent) == 1 else 1
            for name in shown[:steps]:
                assert isinstance(answer, dict)
                answer = answer[name]
            _compare(sent[1:], shown[steps:], comparable, body[sent[0]], answer)
    elif not sent and comparable:
        assert answer == body


@pytest.mark.parametrize("name", ["museum.yaml", "petstore.yaml", "meilisearch.json"])
def test_any_contract_is_served_without_a_fault_of_the_sandbox(name: str) -> None:
    contract = build(load(corpora.document(name), []))
    app = sandbox(contract, key=KEY)
    api = TestClient(app)
    statuses: list[int] = []
    for plan in plans(contract).values():
        operation, path = plan.operation, plan.operation.path
        for parameter in operation.parameters:
            if parameter.location == "path":
                path = path.replace(f"{{{parameter.name}}}", str(parameter.given[0]))
        headers = {each.parameter or "": each.prefix + KEY for each in contract.security.values()}
        body = app.world.samples.value(plan.body, "x") if plan.body else None
        statuses.append(api.request(operation.method, path, json=body, headers=headers).status_code)
    assert max(statuses) < 500
    assert min(statuses) < 300
