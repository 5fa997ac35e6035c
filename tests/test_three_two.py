"""What OpenAPI 3.2 adds to a request: cookies as they are, the query as one value, any method."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from tallystick.contract import build
from tallystick.document import load
from tallystick.errors import DocumentError
from tallystick.generate import generate
from tallystick.output import write
from tallystick.runtime import parameters
from tallystick.runtime.errors import UnsafeValue
from tallystick.runtime.operation import Kind, Operation, Parameter

ROOT = Path(__file__).parents[1]
SPEC = ROOT / "tests/generate/three_two.yaml"
NAME = "three_two_package"


class Both:
    def __init__(self, folder: Path) -> None:
        self.made = generate(SPEC, [], package=NAME)
        write(self.made.files, folder / NAME)
        sys.path.insert(0, str(folder / NAME))
        try:
            self.package: Any = importlib.import_module(NAME)
            self.operations: Any = importlib.import_module(f"{NAME}.operations")
            server: Any = importlib.import_module(f"{NAME}.server")
        finally:
            sys.path.remove(str(folder / NAME))
        self.got: Any = None
        things = SimpleNamespace()
        for each in self.operations.OPERATIONS:
            setattr(things, each.place[-1], self._called)
        self.app: Any = server.application(SimpleNamespace(things=things))

    def _called(self, body: Any = None, **named: Any) -> None:
        self.got = named

    def call(self, verb: str, *args: Any, **named: Any) -> httpx2.Request:
        sent: list[httpx2.Request] = []

        async def main() -> None:
            inner = httpx2.ASGITransport(self.app)

            async def carry(request: httpx2.Request) -> httpx2.Response:
                sent.append(request)
                return await inner.handle_async_request(request)

            carrier = httpx2.MockTransport(carry)
            async with self.package.AsyncClient(
                base_url="http://127.0.0.1:9", transport=carrier
            ) as c:
                await getattr(c.things, verb)(*args, **named)

        self.got = None
        asyncio.run(main())
        return sent[0]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    return Both(tmp_path_factory.mktemp("three_two"))


def test_a_cookie_of_that_style_is_written_as_it_is(both: Both) -> None:
    named = {"color": ["a%20b", "c/d"], "joined": [1, 2], "mode": "x=y", "plain": "a b"}
    sent = both.call("query", {}, **named)
    assert sent.headers["cookie"] == "color=a%20b; color=c/d; joined=1,2; mode=x=y; plain=a%20b"
    assert both.got == named
    for unsafe in ("a b", "a;b", "a,b", '"', "\\", "é"):
        with pytest.raises(both.package.ClientError):
            both.call("query", {}, mode=unsafe)
        assert both.got is None


@given(st.lists(st.text(max_size=4), min_size=1, max_size=3), st.booleans())
def test_cookies_are_read_back_as_they_were_written_or_refused(
    value: list[str], explode: bool
) -> None:
    each = Parameter(
        "c",
        "c",
        "cookie",
        Kind(lambda: TypeAdapter(list[str])),
        style="cookie",
        explode=explode,
        types=frozenset({"array"}),
        items=frozenset({"string"}),
    )
    operation: Operation[object] = Operation("GET", "/", "#", ("a",), (each,))
    try:
        parts = parameters.write(operation, {"c": value})
    except UnsafeValue:
        return
    assert parameters.read(operation, parts) == {"c": value}


def test_the_whole_query_is_one_form(both: Both) -> None:
    kind = next(e for e in both.operations.OPERATIONS if e.method == "GET").parameters[0].kind
    value = kind.read(
        {"q": "a&b=c", "size": 3, "tags": ["x", "y z"], "deep": {"a": [None]}, "more": "1"}
    )
    sent = both.call("retrieve", whole=value)
    assert (
        sent.url.query == b"q=a%26b%3Dc&size=3&tags=x,y%20z&deep=%7B%22a%22%3A%5Bnull%5D%7D&more=1"
    )
    assert both.got == {"whole": value}
    both.call("retrieve")
    assert both.got == {}


def test_a_query_of_another_media_type_stands_in_the_ledger(both: Both) -> None:
    with pytest.raises(both.package.ClientError, match="not supported"):
        both.call("replace", whole={"a": 1})
    ledger = json.loads(both.made.files["ledger.json"])["keywords"]
    weak = [each["at"] for each in ledger if each["is"] in ("approximated", "ignored")]
    assert weak == ["#/paths/~1things/put/parameters/0/content"]


def test_any_method_can_be_called(both: Both) -> None:
    assert both.call("query", {}).method == "QUERY"
    assert both.call("copy").method == "COPY"
    assert both.call("x_lock").method == "x-lock"


def test_a_method_that_is_none_is_refused(tmp_path: Path) -> None:
    text = SPEC.read_text().replace("COPY:", '"CO PY":')
    (tmp_path / "s.yaml").write_text(text)
    with pytest.raises(DocumentError, match="no HTTP method"):
        build(load(tmp_path / "s.yaml", []))
