"""The dial of the generated client: answers that the document does not know, and what is sent back."""

from __future__ import annotations

import asyncio
import importlib
import json
import warnings
from typing import Any

import httpx2
import pytest

from tallystick.document import Json
from tallystick.generate import generate
from tallystick.output import write

NAME = "drift_under_test"


def ref(name: str) -> dict[str, Json]:
    return {"$ref": f"#/components/schemas/{name}"}


def content(name: str) -> dict[str, Json]:
    return {"content": {"application/json": {"schema": ref(name)}}}


SCHEMAS: dict[str, Json] = {
    "Status": {"type": "string", "enum": ["on", "off"]},
    "Cat": {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"const": "cat"}, "mood": {"enum": ["good", "bad"]}},
    },
    "Dog": {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"const": "dog"}, "bark": {"type": "string"}},
    },
    "Pet": {"oneOf": [ref("Cat"), ref("Dog")]},
    "Closed": {
        "type": "object",
        "additionalProperties": False,
        "properties": {"status": ref("Status"), "n": {"type": "integer", "default": 3}},
    },
    "Exact": {
        "type": "object",
        "properties": {
            "status": ref("Status"),
            "level": {"type": "integer"},
            "when": {"enum": [1, "now"], "not": {"const": "never"}},
        },
        "dependentRequired": {"level": ["status"]},
    },
    "Sealed": {
        "allOf": [{"type": "object", "properties": {"a": ref("Status")}}],
        "properties": {"b": {"type": "string"}},
        "unevaluatedProperties": False,
    },
    "Patterned": {
        "type": "object",
        "properties": {"a": {"type": "string"}},
        "patternProperties": {"^s": {"enum": ["x", "y"]}},
        "additionalProperties": False,
    },
    "Hen": {"type": "object", "properties": {"kind": {"const": "hen"}, "mood": {"enum": [1, 2]}}},
    "Hawk": {"type": "object", "properties": {"kind": {"const": "hawk"}, "prey": {}}},
    "Bird": {"oneOf": [ref("Hen"), ref("Hawk")], "unevaluatedProperties": False},
    "House": {
        "type": "object",
        "properties": {
            "patterned": ref("Patterned"),
            "bird": ref("Bird"),
            "status": ref("Status"),
            "closed": ref("Closed"),
            "pets": {"type": "array", "items": ref("Pet")},
            "exact": ref("Exact"),
            "sealed": ref("Sealed"),
            "rooms": {"type": "object", "additionalProperties": ref("House")},
            "size": {"type": "integer"},
        },
    },
    "Error": {"type": "object", "properties": {"code": {"enum": ["bad"]}}, "required": ["code"]},
}
OPERATION: dict[str, Json] = {
    "responses": {"200": {"description": "", **content("House")}, "400": content("Error")}
}
DOCUMENT: dict[str, Json] = {
    "openapi": "3.1.0",
    "info": {"title": "Drift", "version": "1"},
    "paths": {
        "/events": {
            "get": {
                "responses": {
                    "200": {
                        "description": "",
                        "content": {
                            "application/jsonl": {
                                "schema": {"type": "array", "items": ref("House")}
                            }
                        },
                    }
                }
            }
        },
        "/house": {"get": OPERATION, "put": {**OPERATION, "requestBody": content("House")}},
    },
    "components": {"schemas": SCHEMAS},
}

DRIFTED: dict[str, tuple[Json, list[str]]] = {
    "enum": ({"status": "asleep"}, ["/status"]),
    "closed": ({"closed": {"new": [None], "status": "x"}}, ["/closed/new", "/closed/status"]),
    "variant": ({"pets": [{"kind": "cow", "n": 1.0}, {"kind": "cat"}]}, ["/pets/0"]),
    "in a variant": ({"pets": [{"kind": "cat", "mood": "sad"}]}, ["/pets/0/mood"]),
    "in an exact class": ({"exact": {"status": "x", "level": 1}}, ["/exact/status"]),
    "in an exact type": ({"exact": {"when": "later"}}, ["/exact/when"]),
    "sealed by the schema": ({"sealed": {"a": "on", "z": "x"}}, ["/sealed/z"]),
    "in a patterned object": (
        {"patterned": {"a": "", "s": "z", "n": [1]}},
        ["/patterned/s", "/patterned/n"],
    ),
    "null in a patterned object": (
        {"patterned": {"n": None, "m": True}},
        ["/patterned/m", "/patterned/n"],
    ),
    "variant of an exact union": ({"bird": {"kind": "owl", "ears": 2}}, ["/bird"]),
    "in a variant of an exact union": ({"bird": {"kind": "hen", "mood": 3}}, ["/bird/mood"]),
    "member of a variant": ({"bird": {"kind": "hen", "eggs": 3}}, ["/bird/eggs"]),
    "deep": (
        {"rooms": {"a/b": {"rooms": {"c": {"pets": [{"kind": "dog"}, {"kind": "cow"}]}}}}},
        ["/rooms/a~1b/rooms/c/pets/1"],
    ),
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("drift")
    path = folder / "given.json"
    path.write_text(json.dumps(DOCUMENT))
    write(generate(path, [], package=NAME).files, folder / "out")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder / "out"))
        for each in ("errors", "presence"):
            importlib.import_module(f"{NAME}.runtime.{each}")
        yield importlib.import_module(NAME)


class Caller:
    """Calls one operation of either client on a server which gives one answer."""

    def __init__(self, package: Any, flavour: str, answer: Json, status: int = 200) -> None:
        self.package = package
        self.flavour = flavour
        self.sent: list[Json] = []
        self._answer = answer
        self._status = status

    def _reply(self, request: httpx2.Request) -> httpx2.Response:
        if request.content:
            self.sent.append(json.loads(request.content))
        return httpx2.Response(self._status, json=self._answer)

    def __call__(self, verb: str, *body: object, **dial: object) -> Any:
        transport = httpx2.MockTransport(self._reply)
        given: Any = {"base_url": "https://x.test", "transport": transport, **dial}
        if self.flavour == "sync":
            return getattr(self.package.Client(**given).house, verb)(*body)

        async def call() -> Any:
            return await getattr(self.package.AsyncClient(**given).house, verb)(*body)

        return asyncio.run(call())


FLAVOURS = pytest.mark.parametrize("flavour", ["sync", "async"])
EACH = pytest.mark.parametrize(("answer", "pointers"), DRIFTED.values(), ids=DRIFTED)


@FLAVOURS
@EACH
def test_a_strict_client_refuses(
    package: Any, flavour: str, answer: Json, pointers: list[str]
) -> None:
    with pytest.raises(package.runtime.errors.DecodeError):
        Caller(package, flavour, answer)("retrieve")


@FLAVOURS
@EACH
def test_a_lenient_client_keeps_it_and_sends_it_back(
    package: Any, flavour: str, answer: Any, pointers: list[str]
) -> None:
    call = Caller(package, flavour, answer)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        house = call("retrieve", drift="lenient")
        assert type(house) is package.models.House
        house.size = 7
        call("replace", house, drift="lenient")
    assert call.sent == [{**answer, "size": 7}]
    assert json.loads(package.runtime.presence.encode(house)) == {**answer, "size": 7}
    assert house.effective().size == 7


@FLAVOURS
@EACH
def test_what_drifted_is_reported_with_its_place_and_without_its_value(
    package: Any, flavour: str, answer: Json, pointers: list[str]
) -> None:
    with pytest.warns(package.DriftWarning) as caught:
        Caller(package, flavour, answer)("retrieve", drift="report")
    told = [each.message for each in caught if isinstance(each.message, package.DriftWarning)]
    assert sorted(each.pointer for each in told) == sorted(pointers)
    for each in told:
        assert str(each).startswith("GET /house: the answer 200 has ")
        assert each.pointer in str(each)
        assert "cow" not in str(each)
    assert {each.filename for each in caught} == {__file__}


@FLAVOURS
def test_what_the_caller_made_is_refused_by_a_lenient_client(package: Any, flavour: str) -> None:
    call = Caller(package, flavour, {"status": "asleep", "pets": [{"kind": "cow"}]})
    house = call("retrieve", drift="lenient")
    house.__dict__["size"] = "wide"
    with pytest.raises(package.runtime.errors.UnsafeValue):
        call("replace", house, drift="lenient")
    house.__dict__["size"] = 1
    house.pets.append({"kind": "emu"})
    with pytest.raises(package.runtime.errors.UnsafeValue):
        call("replace", house, drift="lenient")
    house.pets[1] = package.models.Dog(kind="dog")
    house.status = "on"
    call("replace", house, drift="lenient")
    assert call.sent == [{"status": "on", "pets": [{"kind": "cow"}, {"kind": "dog"}], "size": 1}]


@FLAVOURS
def test_the_body_of_an_error_may_drift_too(package: Any, flavour: str) -> None:
    call = Caller(package, flavour, {"code": "worse"}, 400)
    parsed = {}
    for dial in ("strict", "lenient"):
        with pytest.raises(package.ClientError) as caught:
            call("retrieve", drift=dial)
        parsed[dial] = caught.value.parsed
    assert parsed["strict"] is None
    assert parsed["lenient"].code == "worse"


@FLAVOURS
@pytest.mark.parametrize(
    "answer",
    [
        {"status": 3},
        {"exact": {"level": 1}},
        {"exact": {"when": "never"}},
        {"pets": [{"kind": "cat", "mood": False}]},
        {"sealed": {"b": 1, "z": 1}},
    ],
)
def test_what_is_no_drift_is_refused_by_every_client(
    package: Any, flavour: str, answer: Json
) -> None:
    for dial in ("strict", "report", "lenient"):
        with pytest.raises(package.runtime.errors.DecodeError):
            Caller(package, flavour, answer)("retrieve", drift=dial)


def test_another_member_of_an_exact_class_can_be_assigned(package: Any) -> None:
    answer: Json = {"exact": {"status": "x", "level": 1, "when": "later"}}
    call = Caller(package, "sync", answer)
    house = call("retrieve", drift="lenient")
    house.exact.level = 2
    with pytest.raises(ValueError, match="required"):
        house.exact.status = package.MISSING
    house.exact.more = "m"
    call("replace", house, drift="lenient")
    assert call.sent == [{"exact": {"status": "x", "level": 2, "when": "later", "more": "m"}}]


def test_the_items_of_an_array_are_told_once(package: Any) -> None:
    pets: Json = [{"kind": "cow"} for _ in range(9)]
    with pytest.warns(package.DriftWarning) as caught:
        Caller(package, "sync", {"pets": pets})("retrieve", drift="report")
    (told,) = [each.message for each in caught]
    assert isinstance(told, package.DriftWarning)
    assert [each.pointer for each in told.findings] == [f"/pets/{at}" for at in range(9)]


def test_many_places_do_not_make_many_warnings(package: Any) -> None:
    closed: Json = {f"m{at}": at for at in range(500)}
    with pytest.warns(package.DriftWarning) as caught:
        Caller(package, "sync", {"closed": closed})("retrieve", drift="report")
    assert len(caught) == 21
    assert "480 more places" in str(caught[-1].message)


def test_the_items_of_a_stream_drift_as_well(package: Any) -> None:
    def reply(request: httpx2.Request) -> httpx2.Response:
        lines = b'{"status":"on"}\n{"status":"asleep"}\n'
        return httpx2.Response(200, content=lines, headers={"content-type": "application/jsonl"})

    def items(dial: str) -> list[Any]:
        transport = httpx2.MockTransport(reply)
        client = package.Client(base_url="https://x.test", transport=transport, drift=dial)
        return list(client.events.retrieve())

    with pytest.raises(package.runtime.errors.DecodeError):
        items("strict")
    assert [each.status for each in items("lenient")] == ["on", "asleep"]
    with pytest.warns(package.DriftWarning) as caught:
        items("report")
    (told,) = [each.message for each in caught]
    assert isinstance(told, package.DriftWarning)
    assert told.pointer == "/status"
    assert caught[0].filename == __file__


def test_another_word_for_the_dial_is_refused(package: Any) -> None:
    with pytest.raises(ValueError, match="strict, report, lenient"):
        package.Client(base_url="https://x.test", drift="loose")


def test_a_credential_in_a_place_is_masked(package: Any) -> None:
    """The name of a member may echo what the client sent."""
    drift = importlib.import_module(f"{NAME}.runtime.drift")
    found = [drift.Finding("member", ("closed", "key-12345"))]
    with pytest.warns(package.DriftWarning) as caught:
        drift.tell("GET /x", 200, found, lambda text: text.replace("key-12345", "***"))
    (told,) = [each.message for each in caught]
    assert "key-12345" not in f"{told}{told!r}"
