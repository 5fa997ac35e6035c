"""The server half and the client half together, in process: what goes in is what comes out."""

from __future__ import annotations

import asyncio
import importlib
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from tallystick.contract import Contract, Operation, Schema
from tallystick.document import Json
from tallystick.generate import Generated, generate
from tallystick.output import write
from tallystick.runtime.json_text import same

ROOT = Path(__file__).parents[1]
BASE = "http://127.0.0.1:9"
KEY = "canary-key"


@dataclass(slots=True, repr=False)
class Halves:
    """A generated package, imported, with an application whose implementation records."""

    made: Generated
    package: ModuleType
    operations: ModuleType
    app: Any
    got: dict[str, Any] = field(default_factory=dict[str, Any])
    answer: Callable[[], Any] = lambda: None
    strategies: dict[str, st.SearchStrategy[Any]] = field(default_factory=dict[str, Any])
    refused: int = 0
    carried: int = 0

    def values(self, pointer: str) -> st.SearchStrategy[Any]:
        """Values for a schema; the strategy is made once."""
        if pointer not in self.strategies:
            self.strategies[pointer] = values(self.made.contract, pointer)
        return self.strategies[pointer]


def imported(name: str, folder: Path, spec: Path, overlays: list[Path]) -> Halves:
    made = generate(spec, overlays, package=name)
    write(made.files, folder / name)
    sys.path.insert(0, str(folder / name))
    try:
        package = importlib.import_module(name)
        operations = importlib.import_module(f"{name}.operations")
        server = importlib.import_module(f"{name}.server")
    finally:
        sys.path.remove(str(folder / name))
    halves = Halves(made, package, operations, None)
    halves.app = server.application(recorder(halves), authenticate=lambda given: given)
    return halves


def recorder(halves: Halves) -> Any:
    """An implementation of every operation that keeps its arguments and gives what is wanted."""
    root = SimpleNamespace()
    for operation in halves.operations.OPERATIONS:
        at = root
        for name in operation.place[:-1]:
            if not hasattr(at, name):
                setattr(at, name, SimpleNamespace())
            at = getattr(at, name)

        def method(*positional: Any, _operation: Any = operation, **named: Any) -> Any:
            path = [each.argument for each in _operation.parameters if each.location == "path"]
            halves.got = dict(zip(path, positional, strict=True)) | named
            return halves.answer()

        setattr(at, operation.place[-1], method)
    return root


@pytest.fixture(scope="module")
def vendored(tmp_path_factory: pytest.TempPathFactory) -> Halves:
    folder = tmp_path_factory.mktemp("vendored")
    return imported(
        "both_vendored", folder, ROOT / "spec/openapi.yaml", [ROOT / "spec/overlay.yaml"]
    )


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Halves:
    return imported(
        "both_wide", tmp_path_factory.mktemp("wide"), ROOT / "tests/generate/wide.yaml", []
    )


class Bridge(httpx2.BaseTransport):
    """The application behind a blocking client."""

    def __init__(self, app: Any) -> None:
        self._inner = httpx2.ASGITransport(app)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        return asyncio.run(self._answer(request))

    async def _answer(self, request: httpx2.Request) -> httpx2.Response:
        answer = await self._inner.handle_async_request(request)
        content = b"".join([part async for part in answer.aiter_raw()])
        return httpx2.Response(answer.status_code, headers=answer.headers, content=content)


def call(halves: Halves, operation: Any, arguments: dict[str, Any], blocking: bool) -> Any:
    """What the client's method of an operation gives for arguments by Python name."""
    keys = {each.argument: f"user:{KEY}" for each in halves.operations.SCHEMES}
    path = [each.argument for each in operation.parameters if each.location == "path"]
    positional = [arguments[name] for name in path]
    named = {name: value for name, value in arguments.items() if name not in path}
    if blocking:
        with halves.package.Client(base_url=BASE, transport=Bridge(halves.app), **keys) as client:
            return found(client, operation)(*positional, **named)

    async def main() -> Any:
        carrier = httpx2.ASGITransport(halves.app)
        async with halves.package.AsyncClient(base_url=BASE, transport=carrier, **keys) as client:
            return await found(client, operation)(*positional, **named)

    return asyncio.run(main())


def found(client: Any, operation: Any) -> Any:
    for name in operation.place:
        client = getattr(client, name)
    return client


# --- values


def values(contract: Contract, pointer: str, depth: int = 4) -> st.SearchStrategy[Any]:
    """JSON values that are mostly valid for a schema; the type decides."""
    schema = contract.schema(pointer)
    if schema.enum is not None:
        return st.sampled_from(schema.enum)
    if schema.ref is not None:
        return values(contract, schema.ref, depth)
    if schema.branches:
        return st.one_of([values(contract, each, depth) for each in schema.branches])
    return st.one_of([_of(contract, schema, kind, depth) for kind in sorted(schema.types)])


def _of(contract: Contract, schema: Schema, kind: str, depth: int) -> st.SearchStrategy[Any]:
    text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    if kind == "string" and isinstance(schema.node, dict) and "format" in schema.node:
        text = st.sampled_from(["2020-02-29T01:02:03Z", "2016-12-31t23:59:60.123456789+05:30"])
    simple: dict[str, st.SearchStrategy[Any]] = {
        "null": st.none(),
        "boolean": st.booleans(),
        "integer": st.integers(),
        "number": st.integers() | st.floats(allow_nan=False, allow_infinity=False),
        "string": text,
    }
    if kind in simple:
        return simple[kind]
    if kind == "array":
        items = st.none() if schema.items is None else values(contract, schema.items, depth - 1)
        return st.lists(items, max_size=3 if depth > 0 else 0)
    needed = {
        m.name: values(contract, m.pointer, depth - 1) for m in schema.properties if m.required
    }
    if isinstance(schema.additional, str) and not schema.properties:
        return st.dictionaries(text, values(contract, schema.additional, depth - 1), max_size=3)
    optional = {
        m.name: values(contract, m.pointer, depth - 1)
        for m in schema.properties
        if not m.required and depth > 0
    }
    if schema.additional is True and depth > 0:
        optional["not declared"] = st.sampled_from([None, 0, "", {"a": [1.5]}])
    return st.fixed_dictionaries(needed, optional=optional)


Draw = Callable[[st.SearchStrategy[Any]], Any]


def arguments_of(draw: Draw, halves: Halves, operation: Operation, record: Any) -> dict[str, Any]:
    """Arguments by Python name, as Python values, with any optional one left out."""
    drawn: dict[str, Any] = {}
    schemas = {each.identifier: each.schema for each in operation.parameters}
    for each in record.parameters:
        if each.required or draw(st.booleans()):
            value = draw(halves.values(schemas[each.argument]))
            assume(each.location != "path" or value not in ("", ".", ".."))
            drawn[each.argument] = _read(each.kind, value)
    body = operation.body
    if body is not None and (body.required or draw(st.booleans())):
        if body.json is not None and body.json.schema is not None:
            drawn["body"] = _read(record.body.kind, draw(halves.values(body.json.schema)))
        else:
            drawn["body"] = draw(st.binary(max_size=20))
            drawn["content_type"] = draw(st.sampled_from(record.body.media_types))
    return drawn


def answer_of(draw: Draw, halves: Halves, operation: Operation, record: Any) -> Any:
    form = draw(st.sampled_from(record.successes))
    if form.media_type is None:
        return None
    if form.kind is None:
        media_type = form.media_type.replace("*", "png")
        raw = importlib.import_module(f"{halves.package.__name__}.runtime.operation").Raw
        return raw(draw(st.binary(min_size=1, max_size=20)), media_type)
    declared = next(each for each in operation.responses if each.status == form.status)
    media = next(each for each in declared.content if each.media_type == form.media_type)
    assert media.schema is not None
    return _read(form.kind, draw(halves.values(media.schema)))


def _read(kind: Any, value: Json) -> Any:
    try:
        return kind.read(value)
    except ValidationError:
        assume(False)


def told(halves: Halves, value: Any) -> Any:
    """A value as JSON, or as it is where it is none."""
    to_json = importlib.import_module(f"{halves.package.__name__}.runtime.presence").to_json
    if isinstance(value, bytes) or type(value).__name__ == "Raw":
        return value
    return to_json(value)


def round_trip(halves: Halves, data: st.DataObject, operation: Operation, record: Any) -> None:
    sent = arguments_of(data.draw, halves, operation, record)
    wanted = answer_of(data.draw, halves, operation, record)
    halves.answer = lambda: wanted
    halves.got = {}
    unsafe = importlib.import_module(f"{halves.package.__name__}.runtime.errors").UnsafeValue
    try:
        given_back = call(halves, record, sent, data.draw(st.booleans()))
    except unsafe:
        # What no request can carry is refused before anything is sent.
        assert halves.got == {}
        halves.refused += 1
        return
    halves.carried += 1
    assert halves.got.keys() == sent.keys()
    for name, value in sent.items():
        arrived = told(halves, halves.got[name])
        expected = told(halves, value)
        assert same(arrived, expected), name
        assert repr(halves.got[name]) == repr(value) or isinstance(value, float | int | list | dict)
    assert type(given_back) is type(wanted)
    assert same(told(halves, given_back), told(halves, wanted))


def pairs(halves: Halves) -> Iterator[tuple[Operation, Any]]:
    yield from zip(halves.made.contract.operations, halves.operations.OPERATIONS, strict=True)


@pytest.mark.parametrize("which", ["vendored", "wide"])
@given(data=st.data())
@settings(
    max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)
def test_client_of_server_is_the_identity_for_every_operation(
    request: pytest.FixtureRequest, which: str, data: st.DataObject
) -> None:
    halves: Halves = request.getfixturevalue(which)
    at = data.draw(st.integers(0, len(halves.operations.OPERATIONS) - 1))
    operation, record = list(pairs(halves))[at]
    round_trip(halves, data, operation, record)


def test_most_of_what_was_drawn_was_carried(vendored: Halves, wide: Halves) -> None:
    for halves in (vendored, wide):
        if not halves.carried + halves.refused:
            pytest.skip("the round trips did not run in this process")
        assert halves.carried > halves.refused


def test_every_operation_is_a_method_of_both_clients(vendored: Halves, wide: Halves) -> None:
    for halves in (vendored, wide):
        for operation, _ in pairs(halves):
            for flavour in ("Client", "AsyncClient"):
                keys = {each.argument: "user:x" for each in halves.operations.SCHEMES}
                client = getattr(halves.package, flavour)(base_url=BASE, **keys)
                target: Any = client
                for name in operation.name.split("."):
                    target = getattr(target, name)
                assert callable(target)


# --- refusals


def ask(app: Any, method: str, target: str, **more: Any) -> httpx2.Response:
    async def main() -> httpx2.Response:
        carrier = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=carrier, base_url=BASE) as client:
            return await client.request(method, target, **more)

    return asyncio.run(main())


ENVIRONMENTS = "/v1/models/m/environments"
PROOF = {"Authorization": f"Api-Key {KEY}"}
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("status", "method", "target", "headers", "content"),
    [
        (404, "GET", "/nothing", PROOF, b""),
        (404, "GET", "/v1/models//environments", PROOF, b""),
        (405, "DELETE", ENVIRONMENTS, PROOF, b""),
        (405, "POST", "/openapi.json", PROOF, b""),
        (400, "GET", "/v1/models/%2e%2e/environments", PROOF, b""),
        (400, "GET", "/v1/models/%2E/environments", PROOF, b""),
        (400, "GET", "/v1/models/%zz/environments", PROOF, b""),
        (401, "GET", ENVIRONMENTS, {}, b""),
        (401, "GET", ENVIRONMENTS, {"Authorization": f"Bearer {KEY}"}, b""),
        (401, "GET", ENVIRONMENTS, {"Authorization": "Api-Key "}, b""),
        (415, "POST", ENVIRONMENTS, PROOF | {"Content-Type": "text/plain"}, b"{}"),
        (415, "POST", ENVIRONMENTS, PROOF, b'{"name": "a"}'),
        (415, "POST", ENVIRONMENTS, PROOF | JSON | {"Content-Encoding": "gzip"}, b"x"),
        (
            415,
            "POST",
            ENVIRONMENTS,
            PROOF | {"Content-Type": "application/json; charset=utf-16"},
            b'{"name": "a"}',
        ),
        (400, "POST", ENVIRONMENTS, PROOF | JSON, b""),
        (400, "POST", ENVIRONMENTS, PROOF | JSON, b"{"),
        (400, "POST", ENVIRONMENTS, PROOF | JSON, b'{"name": "a", "name": "b"}'),
        (400, "POST", ENVIRONMENTS, PROOF | JSON, b'{"name": NaN}'),
        (400, "POST", ENVIRONMENTS, PROOF | JSON, b'{"name": "\xff"}'),
        (400, "POST", ENVIRONMENTS, PROOF | JSON, b'{"name": "\\ud800"}'),
        (400, "POST", ENVIRONMENTS, PROOF | JSON, b'{"name": 1}'),
        (400, "POST", ENVIRONMENTS, PROOF | JSON, b"[" * 100_000),
        (400, "POST", ENVIRONMENTS, PROOF | JSON, b'{"n": ' + b"9" * 6000 + b"}"),
        (413, "POST", ENVIRONMENTS, PROOF | JSON, b" " * (16 * 1024 * 1024 + 1)),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_every_refusal_has_the_one_shape(
    vendored: Halves,
    status: int,
    method: str,
    target: str,
    headers: dict[str, str],
    content: bytes,
) -> None:
    vendored.got = {}
    answer = ask(vendored.app, method, target, headers=headers, content=content)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json"
    assert set(answer.json()) == {"code", "message"}
    assert vendored.got == {}


def test_a_refused_method_says_which_are_allowed(vendored: Halves) -> None:
    assert ask(vendored.app, "DELETE", ENVIRONMENTS).headers["allow"] == "POST, GET"


def test_a_401_says_how_to_prove_oneself(vendored: Halves) -> None:
    assert ask(vendored.app, "GET", ENVIRONMENTS).headers["www-authenticate"] == "Api-Key"


def test_a_document_whose_errors_need_more_gets_rfc_9457(wide: Halves) -> None:
    answer = ask(wide.app, "GET", "/list?flag=1", headers={"Authorization": "Bearer x"})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "Bad Request"
    assert "flag" in answer.json()["detail"]


def test_an_answer_that_does_not_fit_is_a_500_that_tells_nothing(
    vendored: Halves, caplog: pytest.LogCaptureFixture
) -> None:
    vendored.answer = lambda: {"secret": KEY}
    answer = ask(vendored.app, "GET", ENVIRONMENTS, headers=PROOF)
    assert answer.status_code == 500
    assert KEY not in answer.text
    assert "no declared answer fits" in caplog.text


def test_a_refusal_of_the_implementation_goes_out_as_it_is(vendored: Halves) -> None:
    problems = importlib.import_module("both_vendored.runtime.problems")

    def refuse() -> None:
        raise problems.Refusal(409, "it is there already", code="taken")

    vendored.answer = refuse
    answer = ask(vendored.app, "GET", ENVIRONMENTS, headers=PROOF)
    assert (answer.status_code, answer.json()) == (
        409,
        {"code": "taken", "message": "it is there already"},
    )


def test_a_refusal_may_have_a_declared_body(wide: Halves) -> None:
    problems = importlib.import_module("both_wide.runtime.problems")
    models = importlib.import_module("both_wide.models")

    def refuse() -> None:
        raise problems.Refusal(404, body=models.Problem(code=7))

    wide.answer = refuse
    answer = ask(wide.app, "GET", "/list/a/file.png")
    assert (answer.status_code, answer.json()) == (404, {"code": 7})
    assert answer.headers["content-type"] == "application/json"


def test_a_blocking_method_does_not_hold_up_the_loop(wide: Halves) -> None:
    server = importlib.import_module("both_wide.server")
    together = threading.Barrier(2, timeout=60)

    def meet() -> dict[str, int]:
        together.wait()
        return {"a": 1}

    wide.answer = meet
    app = server.application(recorder(wide), authenticate=lambda given: given)

    async def main() -> list[int]:
        carrier = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=carrier, base_url=BASE) as client:
            answers = await asyncio.gather(client.get("/list/names"), client.get("/list/names"))
            return [each.status_code for each in answers]

    assert asyncio.run(main()) == [200, 200]


def test_a_document_with_security_needs_authenticate(vendored: Halves) -> None:
    server = importlib.import_module("both_vendored.server")
    with pytest.raises(TypeError):
        server.application(recorder(vendored))
    with pytest.raises(ValueError, match="authenticate"):
        server.application(recorder(vendored), authenticate=None)


def test_nobody_is_let_in_whom_authenticate_does_not_know(vendored: Halves) -> None:
    server = importlib.import_module("both_vendored.server")
    serving = importlib.import_module("both_vendored.runtime.serving")
    seen: list[object] = []
    models = importlib.import_module("both_vendored.models")

    def answer() -> Any:
        seen.append(serving.principal())
        return models.EnvironmentsV1(environments=[])

    vendored.answer = answer

    async def authenticate(given: Any) -> str | None:
        return "ada" if given.value.reveal() == KEY else None

    app = server.application(recorder(vendored), authenticate=authenticate)
    assert ask(app, "GET", ENVIRONMENTS, headers=PROOF).status_code == 200
    wrong = {"Authorization": "Api-Key other"}
    assert ask(app, "GET", ENVIRONMENTS, headers=wrong).status_code == 401
    assert seen == ["ada"]


def test_an_implementation_that_lacks_a_method_is_refused_at_once(vendored: Halves) -> None:
    server = importlib.import_module("both_vendored.server")
    with pytest.raises(TypeError, match=r"models\.environments\.create"):
        server.application(SimpleNamespace(), authenticate=lambda given: given)


def test_the_vendored_document_and_a_page_to_read_it_are_served(vendored: Halves) -> None:
    document = ask(vendored.app, "GET", "/openapi.json")
    assert document.json() == dict(vendored.made.contract.document.vendored)
    page = ask(vendored.app, "GET", "/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "<script" not in page.text
    assert "http://" not in page.text.replace("http://127", "")


def test_escapes_in_a_path_are_values_and_not_structure(wide: Halves) -> None:
    wide.answer = lambda: wide.package.Raw(b"x", "image/png")
    assert ask(wide.app, "GET", "/list/a%2Fb%252e/file.png").status_code == 200
    assert wide.got == {"id": "a/b%2e", "kind": "png"}


def test_a_concrete_path_goes_before_a_template(wide: Halves) -> None:
    wide.answer = lambda: {"a": 1}
    assert ask(wide.app, "GET", "/list/names").json() == {"a": 1}
