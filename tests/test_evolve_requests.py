"""Requests and answers as data, and media types beside each other: what a contract admits."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tallystick.contract import Contract, Media, Operation
from tallystick.document import Json
from tallystick.errors import DocumentError
from tallystick.evolve.values.normal import Forms
from tallystick.evolve.values.oracle import Oracle
from tallystick.evolve.values.readings import Readings
from tallystick.evolve.wire import replies
from tallystick.evolve.wire.media import covering, matched, normal
from tallystick.evolve.wire.requests import Asked, refusal, request
from tallystick.evolve.wire.sampled import Sampled
from test_evolve_wire import BASE, compared, contract, drop, edited, set_


def _media(*types: str) -> tuple[Media, ...]:
    return tuple(Media(each, f"#/{each}", None) for each in types)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("application/json", "Application/JSON"),
        ("application/json", "application/json; charset=utf-8"),
        ("text/plain;charset=UTF-8", "text/plain"),
        ('a/b; x="1"; y=2', "a/b;y=2;x=1"),
    ],
)
def test_media_types_that_say_the_same_are_one(one: str, other: str) -> None:
    assert normal(one) == normal(other)


@pytest.mark.parametrize(
    ("given", "declared", "found"),
    [
        ("application/json", ("*/*", "application/*", "application/json"), "application/json"),
        ("application/json", ("*/*", "application/*"), "application/*"),
        ("text/csv", ("application/*", "*/*"), "*/*"),
        ("text/csv", ("application/*",), None),
        ("a/b; version=2", ("a/b",), "a/b"),
        ("a/b", ("a/b; version=2",), None),
        ("a/*", ("a/b",), None),
    ],
)
def test_the_closest_declaration_covers_a_media_type(
    given: str, declared: tuple[str, ...], found: str | None
) -> None:
    covered = covering(given, _media(*declared))
    assert (covered and covered.media_type) == found


def test_a_range_is_compared_with_what_it_covers() -> None:
    found = matched(_media("application/json", "text/csv"), _media("application/*"))
    pairs = [(old.media_type, new.media_type) for old, new in found.pairs]
    assert pairs == [("application/json", "application/*")]
    assert [each.media_type for each in found.gone] == ["text/csv"]
    assert [each.media_type for each in found.came] == ["application/*"]


@pytest.fixture(scope="module")
def api() -> Contract:
    return contract(BASE)


def _operation(api: Contract, key: str) -> Operation:
    return next(each for each in api.operations if each.key == key)


@pytest.mark.parametrize("key", ["GET /things", "POST /things", "DELETE /things/{id}"])
def test_a_contract_admits_the_requests_that_are_made_of_it(api: Contract, key: str) -> None:
    operation = _operation(api, key)
    sampled = Sampled(Readings(api))
    for asked in (Asked(), Asked(media_type="application/json"), Asked(accept="application/xml")):
        assert refusal(api, request(sampled, operation, asked)) is None


def test_the_values_of_a_request_fit_their_schemas(api: Contract) -> None:
    put = _operation(api, "PUT /things/{id}")
    made = request(Sampled(Readings(api)), put)
    assert made["path"] != "/things/"
    assert put.body is not None
    schema = put.body.content[0].schema
    assert schema is not None
    assert Oracle(api, "request").fits(schema, made["body"])


_PUT: dict[str, Json] = {
    "method": "PUT",
    "path": "/things/1",
    "headers": {"X-Key": "KEY", "Content-Type": "application/json"},
    "body": {"name": "a"},
}


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        (lambda r: None, None),
        (lambda r: r.update(path="/other"), "/path"),
        (lambda r: r.update(method="PATCH"), "/path"),
        (lambda r: r.pop("body"), ""),
        (lambda r: r["headers"].update({"Content-Type": "text/csv"}), "/headers/Content-Type"),
        (lambda r: r["headers"].pop("X-Key"), "/headers"),
        (lambda r: r["headers"].update({"X-Key": "Bearer KEY"}), "/headers"),
    ],
)
def test_a_request_is_refused_where_it_is_at_fault(
    api: Contract, edit: Any, fault: str | None
) -> None:
    sent = copy.deepcopy(_PUT)
    edit(sent)
    assert refusal(api, sent) == fault


@pytest.mark.parametrize(
    ("parameter", "query", "fault"),
    [
        ({"name": "q", "schema": {"type": "string"}}, "q=1", None),
        ({"name": "q", "schema": {"type": "string"}}, "p=1", "/query"),
        ({"name": "q", "style": "deepObject", "schema": {"type": "object"}}, "q[a]=1", None),
        (
            {"name": "q", "schema": {"type": "object", "properties": {"a": {"type": "string"}}}},
            "a=1",
            None,
        ),
    ],
)
def test_a_required_parameter_is_looked_for_as_it_is_written(
    parameter: dict[str, Any], query: str, fault: str | None
) -> None:
    new = edited(
        set_("paths|/things|get|parameters", [{**parameter, "in": "query", "required": True}])
    )
    sent: dict[str, Json] = {"method": "GET", "path": "/things", "headers": {"X-Key": "KEY"}}
    assert refusal(contract(new), {**sent, "query": query}) == fault


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ({"status": 404, "headers": {"content-type": "application/json"}, "body": {}}, None),
        ({"status": 500}, "/status"),
        ({"status": 200, "headers": {"Content-Type": "application/json"}, "body": []}, "/headers"),
        ({"status": 200, "headers": {"ETag": "a"}}, ""),
        (
            {"status": 200, "headers": {"ETag": "a", "Content-Type": "text/csv"}, "body": ""},
            "/headers/Content-Type",
        ),
    ],
)
def test_an_answer_is_refused_where_it_is_at_fault(
    api: Contract, answer: dict[str, Json], fault: str | None
) -> None:
    assert replies.refusal(_operation(api, "GET /things"), answer) == fault


def test_default_says_nothing_of_successes_where_some_are_declared(api: Contract) -> None:
    post = _operation(api, "POST /things")
    assert replies.covering_answer(post, 202) is None
    assert replies.covering_answer(post, 500) is not None


CALLBACK = {
    "{$request.body#/url}": {
        "post": {
            "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
            "responses": {"204": {"description": "y"}},
        }
    }
}


def test_a_callback_is_compared_as_what_the_api_asks_of_clients() -> None:
    old = edited(set_("paths|/things|post|callbacks", {"made": CALLBACK}))
    came, _ = compared(BASE, old)
    assert [each.sentence for each in came.changes] == ["the API calls `made` now"]
    new = copy.deepcopy(old)
    made = new["paths"]["/things"]["post"]["callbacks"]["made"]["{$request.body#/url}"]["post"]
    made["requestBody"]["required"] = True
    found, _ = compared(old, new)
    (change,) = found.changes
    assert change.sentence == "the body of the callback `made` must be sent now"
    assert (change.direction, change.severity["server"]) == ("response", "breaking")


def test_the_same_document_in_openapi_3_0_is_no_change() -> None:
    old = edited(drop("webhooks"))
    new = copy.deepcopy(old)
    new["openapi"] = "3.0.3"
    found, _ = compared(old, new)
    assert not found.changes


def test_a_body_of_a_union_says_which_branch_it_is() -> None:
    def branch(tag: str) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["path"],
            "properties": {"path": {"type": "string"}, "type": {"enum": [tag], "default": tag}},
        }

    union = {"oneOf": [branch("a"), branch("b")], "discriminator": {"propertyName": "type"}}
    schema = {
        "type": "object",
        "required": ["ops"],
        "properties": {"ops": {"type": "array", "minItems": 1, "items": union}},
    }
    place = "paths|/things/{id}|put|requestBody|content|application/json|schema"
    api = contract(edited(set_(place, schema)))
    made = request(Sampled(Readings(api)), _operation(api, "PUT /things/{id}"))
    assert made["body"] == {"ops": [{"path": "", "type": "a"}]}


def test_an_example_of_what_is_no_schema_is_no_error() -> None:
    place = "paths|/things/{id}|put|requestBody|content|application/json|schema"
    bad = contract(edited(set_(place, {"type": "string", "maxLength": "10"})))
    assert request(Sampled(Readings(bad)), _operation(bad, "PUT /things/{id}"))["method"] == "PUT"
    with pytest.raises(DocumentError, match="a schema below is not valid"):
        Oracle(bad, "request").fits(f"#/{place.replace('/', '~1').replace('|', '/')}", "a")


def test_a_schema_to_which_very_many_ways_lead_is_looked_at_once() -> None:
    parts = {
        f"P{i}": {"allOf": [{"$ref": f"#/components/schemas/P{i + 1}"}] * 2} for i in range(40)
    }
    schemas = {**parts, "P40": {"type": "object", "properties": {"a": {"type": "string"}}}}
    found = contract(edited(lambda data: data["components"]["schemas"].update(schemas)))
    (form,) = Forms(found, "request").of(("#/components/schemas/P0",))
    assert list(form.members) == ["a"]
