"""Request bodies of JSON texts one after another: typed items, through both halves."""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
import uvicorn

from tallystick.generate import Generated, generate
from tallystick.output import write
from type_checkers import lines, mypy, pyright

NAME = "lines_package"
ITEM = {"$ref": "#/components/schemas/Tick"}


def body(content: dict[str, Any], required: bool = True) -> dict[str, Any]:
    return {
        "requestBody": {"required": required, "content": content},
        "responses": {"204": {"description": ""}},
    }


DOCUMENT: dict[str, Any] = {
    "openapi": "3.2.0",
    "info": {"title": "Lines", "version": "1"},
    "components": {
        "schemas": {
            "Tick": {
                "type": "object",
                "required": ["at"],
                "properties": {"at": {"type": "integer"}, "note": {"type": "string"}},
            }
        }
    },
    "paths": {
        "/lines": {"post": body({"application/jsonl": {"itemSchema": ITEM}})},
        "/old": {
            "post": body({"application/x-ndjson": {"schema": {"type": "array", "items": ITEM}}})
        },
        "/records": {"post": body({"application/json-seq": {"itemSchema": ITEM}}, False)},
        "/any": {"post": body({"application/jsonl": {}})},
        "/either": {
            "post": body(
                {
                    "application/json": {"schema": {"type": "array", "items": ITEM}},
                    "application/jsonl": {"itemSchema": ITEM},
                    "application/octet-stream": {},
                }
            )
        },
    },
}


class Both:
    """The generated package behind a real server, and what came in."""

    def __init__(self, folder: Path) -> None:
        (folder / "api.json").write_text(json.dumps(DOCUMENT))
        self.made: Generated = generate(folder / "api.json", package=NAME)
        self.folder = folder / "out"
        write(self.made.files, self.folder)
        sys.path.insert(0, str(self.folder))
        try:
            self.package: Any = importlib.import_module(NAME)
            self.models: Any = importlib.import_module(f"{NAME}.models")
            self.errors: Any = importlib.import_module(f"{NAME}.runtime.errors")
            operations: Any = importlib.import_module(f"{NAME}.operations")
            server: Any = importlib.import_module(f"{NAME}.server")
        finally:
            sys.path.remove(str(self.folder))
        self.got: list[Any] = []
        root = SimpleNamespace()
        for each in operations.OPERATIONS:
            setattr(root, each.place[0], SimpleNamespace(**{each.place[1]: self._called}))
        self.app = server.application(root, max_body=1_000_000)
        self.url = ""

    def _called(self, body: Any = None, content_type: str = "") -> None:
        self.got.append((body, content_type))

    def send(self, flavour: str, place: str, *given: Any, **named: Any) -> Any:
        """What the server was given for one call."""
        self.got.clear()
        if flavour == "Client":
            with self.package.Client(base_url=self.url) as client:
                getattr(client, place).create(*given, **named)
        else:

            async def main() -> None:
                async with self.package.AsyncClient(base_url=self.url) as client:
                    await getattr(client, place).create(*given, **named)

            asyncio.run(main())
        return self.got[0]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    made = Both(tmp_path_factory.mktemp("lines"))
    server = uvicorn.Server(uvicorn.Config(made.app, port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    made.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield made
    server.should_exit = True
    thread.join(5)


flavours = pytest.mark.parametrize("flavour", ["Client", "AsyncClient"])


@flavours
@pytest.mark.parametrize("place", ["lines", "old", "records"])
def test_items_arrive_as_they_were_given(both: Both, flavour: str, place: str) -> None:
    told = [both.models.Tick(at=at, note="é\n") for at in range(3)]
    for given in (told, tuple(told), iter(told), (each for each in told)):
        assert both.send(flavour, place, given) == (told, "")
    assert both.send(flavour, place, []) == ([], "")
    assert both.send(flavour, place, iter(())) == ([], "")


def test_an_asyncio_client_takes_what_gives_items_later(both: Both) -> None:
    told = [both.models.Tick(at=at) for at in range(3)]

    async def later() -> AsyncIterator[Any]:
        for each in told:
            await asyncio.sleep(0)
            yield each

    assert both.send("AsyncClient", "lines", later())[0] == told
    with pytest.raises(both.errors.UnsafeValue, match="asyncio client only"):
        both.send("Client", "lines", later())


@flavours
def test_any_json_is_an_item_where_the_document_says_nothing(both: Both, flavour: str) -> None:
    assert both.send(flavour, "any", [1, None, {"a": [True]}])[0] == [1, None, {"a": [True]}]


@flavours
def test_what_is_no_item_is_refused(both: Both, flavour: str) -> None:
    good, bad = both.models.Tick(at=1), {"at": "1"}
    for given in ([good, bad], iter([good, bad])):
        with pytest.raises(both.errors.UnsafeValue, match="`body` at item 1 is not valid at at"):
            both.send(flavour, "lines", given)
    assert both.got == []
    for one in (good, {"at": 1}, b'{"at":1}\n', "x", 1):
        with pytest.raises(both.errors.UnsafeValue, match="must be an iterable of items"):
            both.send(flavour, "lines", one)


@flavours
def test_beside_other_forms_the_media_type_decides(both: Both, flavour: str) -> None:
    told = [both.models.Tick(at=1)]
    assert both.send(flavour, "either", told) == (told, "application/json")
    assert both.send(flavour, "either", iter(told)) == (told, "application/jsonl")
    named = {"content_type": "application/jsonl"}
    assert both.send(flavour, "either", told, **named) == (told, "application/jsonl")
    assert both.send(flavour, "either", b"x") == (b"x", "application/octet-stream")


@pytest.mark.parametrize(
    ("place", "media_type", "data", "problem"),
    [
        ("lines", "application/jsonl", b'{"at":1}\n\n{"at":"2"}', "item 1 does not fit its schema"),
        ("lines", "application/jsonl", b'{"at":1}\n{', "item 1: "),
        ("lines", "application/jsonl", b'{"at":1,"at":1}', "item 0: "),
        ("records", "application/json-seq", b'\x1e{"at":1}\n\x1e[]', "item 1 does not fit"),
        ("lines", "application/json", b"[]", "the body must be application/jsonl"),
    ],
)
def test_a_server_refuses_what_is_no_item(
    both: Both, place: str, media_type: str, data: bytes, problem: str
) -> None:
    answer = httpx2.post(f"{both.url}/{place}", content=data, headers={"content-type": media_type})
    assert answer.status_code == (415 if "must be" in problem else 400)
    assert problem in answer.text


def test_a_body_that_is_not_required_may_be_absent(both: Both) -> None:
    assert both.send("Client", "records") == (None, "")
    assert httpx2.post(f"{both.url}/lines").status_code == 400


def test_a_list_is_sent_whole_and_an_iterator_while_it_is_read(both: Both) -> None:
    seen: list[Any] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.headers.get("content-length"))
        request.read()
        return httpx2.Response(204)

    told = [both.models.Tick(at=1)]
    transport = httpx2.MockTransport(answer)
    with both.package.Client(base_url="https://api.example", transport=transport) as client:
        client.lines.create(told)
        client.lines.create(iter(told))
    assert seen == ["9", None]


def test_the_ledger_tells_that_items_are_typed(both: Both) -> None:
    standing = {each.pointer: each.standing for each in both.made.ledger.entries}
    at = "#/paths/~1lines/post/requestBody/content/application~1jsonl"
    assert standing[f"{at}/itemSchema"] == "enforced"
    old = "#/paths/~1old/post/requestBody/content/application~1x-ndjson/schema"
    assert standing[old] == "approximated"


USER = """\
from collections.abc import AsyncIterator, Iterable, Iterator

from lines_package import AsyncClient, Client
from lines_package.api import Api, AsyncApi, LinesApi
from lines_package.models import Tick


def ticks() -> Iterator[Tick]:
    yield Tick(at=1)


async def later() -> AsyncIterator[Tick]:
    yield Tick(at=1)


def blocking(client: Client) -> None:
    client.lines.create(ticks())
    client.lines.create([Tick(at=1)])
    client.any.create([1, None])


async def awaiting(client: AsyncClient) -> None:
    await client.lines.create(ticks())
    await client.lines.create(later())


class Lines:
    def create(self, body: Iterable[Tick]) -> None:
        return None


lines: LinesApi = Lines()
api: Api = Client(base_url="")
asynchronous: AsyncApi = AsyncClient(base_url="")
"""


def test_checkers_know_the_items(both: Both, tmp_path_factory: pytest.TempPathFactory) -> None:
    (both.folder / "user.py").write_text(USER)
    wrong = "\n\ndef wrong(client: Client) -> None:\n    client.lines.create([1])\n"
    wrong += "    client.lines.create(later())\n    client.lines.create(Tick(at=1))\n"
    (both.folder / "wrong.py").write_text(USER + wrong)
    first = len(USER.splitlines()) + 4
    for told in (
        mypy(tmp_path_factory, both.folder, NAME, "user.py", "wrong.py"),
        pyright(both.folder, f"{NAME}/*.py", "user.py", "wrong.py"),
    ):
        assert {each.file for each in told} == {"wrong.py"}, told
        assert lines(told, "wrong.py") == [first, first + 1, first + 2], told
