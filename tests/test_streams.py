"""Answers that come item by item, through both halves and over a real connection."""

from __future__ import annotations

import asyncio
import importlib
import io
import socket
import sys
import threading
import time
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
import uvicorn

from tallystick.contract import Contract, build, stream_items
from tallystick.document import load
from tallystick.generate import generate
from tallystick.output import write

ROOT = Path(__file__).parents[1]
NAME = "streams_package"


class Both:
    """The generated package behind a real server, and what its implementation does."""

    def __init__(self, folder: Path) -> None:
        self.made = generate(ROOT / "tests/generate/streams.yaml", [], package=NAME)
        write(self.made.files, folder / NAME)
        sys.path.insert(0, str(folder / NAME))
        try:
            self.package: Any = importlib.import_module(NAME)
            self.operations: Any = importlib.import_module(f"{NAME}.operations")
            server: Any = importlib.import_module(f"{NAME}.server")
            self.events: Any = importlib.import_module(f"{NAME}.runtime.events")
            self.errors: Any = importlib.import_module(f"{NAME}.runtime.errors")
            self.raw: Any = importlib.import_module(f"{NAME}.runtime.operation")
            self.policy: Any = importlib.import_module(f"{NAME}.runtime.policy")
            self.refusal: Any = importlib.import_module(f"{NAME}.runtime.problems").Refusal
            self.streaming: Any = importlib.import_module(f"{NAME}.runtime.streaming")
        finally:
            sys.path.remove(str(folder / NAME))
        self.answer: Callable[[], Any] = lambda: None
        self.got: Any = None
        root = SimpleNamespace()
        for each in self.operations.OPERATIONS:
            at = root
            for name in each.place[:-1]:
                at.__dict__.setdefault(name, SimpleNamespace())
                at = getattr(at, name)
            setattr(at, each.place[-1], self._called)
        self.app = server.application(root)
        self.url = ""

    def _called(self, **named: Any) -> Any:
        self.got = named
        return self.answer()

    def take(self, flavour: str, place: str, most: int = 100, **named: Any) -> list[Any]:
        """The first items of an answer that is a stream."""
        if flavour == "Client":
            with (
                self.package.Client(base_url=self.url) as client,
                self._at(client, place)(**named) as stream,
            ):
                return [item for item, _ in zip(stream, range(most), strict=False)]

        async def main() -> list[Any]:
            found: list[Any] = []
            async with (
                self.package.AsyncClient(base_url=self.url) as client,
                await self._at(client, place)(**named) as stream,
            ):
                async for item in stream:
                    found.append(item)
                    if len(found) == most:
                        break
            return found

        return asyncio.run(main())

    def call(self, flavour: str, place: str, *args: Any, **named: Any) -> Any:
        if flavour == "Client":
            with self.package.Client(base_url=self.url) as client:
                return self._at(client, place)(*args, **named)

        async def main() -> Any:
            async with self.package.AsyncClient(base_url=self.url) as client:
                return await self._at(client, place)(*args, **named)

        return asyncio.run(main())

    def _at(self, client: Any, place: str) -> Any:
        for name in place.split("."):
            client = getattr(client, name)
        return client


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    made = Both(tmp_path_factory.mktemp("streams"))
    server = uvicorn.Server(uvicorn.Config(made.app, port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    made.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield made
    server.should_exit = True
    thread.join(5)


@contextmanager
def sending(
    *parts: bytes, pause: float = 0.0, media_type: str = "text/event-stream"
) -> Iterator[str]:
    """A server that answers anything with these parts, a pause before each, and then hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                try:
                    connection.recv(65536)
                    head = (
                        f"HTTP/1.1 200 X\r\nContent-Type: {media_type}\r\nConnection: close\r\n\r\n"
                    )
                    connection.sendall(head.encode())
                    for part in parts:
                        time.sleep(pause)
                        connection.sendall(part)
                except OSError:
                    pass

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.close()


flavours = pytest.mark.parametrize("flavour", ["Client", "AsyncClient"])


@flavours
def test_events_are_what_the_server_gave_with_their_data_typed(both: Both, flavour: str) -> None:
    event, tick = both.events.Event, both.package.models.Tick
    told = [
        event(tick(at=1)),
        event(tick(at=2, note=None), "tick", "7", 10),
        event(tick(at=3, note="a\r\nb"), id="7"),
    ]
    both.answer = lambda: iter(told)
    assert both.take(flavour, "ticks.retrieve") == told
    plain = [event("a\n\nb"), event("")]
    both.answer = lambda: plain
    assert both.take(flavour, "notes.retrieve") == plain
    mixed = [event(tick(at=1), "tick"), event("1", "word"), event("x", "other")]
    both.answer = lambda: mixed
    assert both.take(flavour, "mixed.retrieve") == mixed


@flavours
@pytest.mark.parametrize("place", ["lines.retrieve", "lines.create", "records.retrieve"])
def test_lines_and_records_of_json_are_typed(both: Both, flavour: str, place: str) -> None:
    told = [both.package.models.Tick(at=at, note="é\n") for at in range(3)]

    async def give() -> AsyncIterator[Any]:
        for each in told:
            yield each

    both.answer = give
    assert both.take(flavour, place) == told
    both.answer = lambda: iter([])
    assert both.take(flavour, place) == []


@flavours
def test_an_item_is_there_before_the_next_one_exists(both: Both, flavour: str) -> None:
    event, tick = both.events.Event, both.package.models.Tick
    ended = threading.Event()

    def endless() -> Iterator[Any]:
        try:
            at = 0
            while True:
                yield event(tick(at=at))
                at += 1
                time.sleep(0.01)
        finally:
            ended.set()

    both.answer = endless
    assert [each.data.at for each in both.take(flavour, "ticks.retrieve", most=3)] == [0, 1, 2]
    assert ended.wait(60), "the server's iterator is closed when the client goes"


@flavours
def test_one_answer_may_be_json_or_a_stream(both: Both, flavour: str) -> None:
    tick, event = both.package.models.Tick, both.events.Event
    body = both.package.models.AnswerCreateRequest(stream=False)
    both.answer = lambda: tick(at=1)
    assert both.call(flavour, "answer.create", body) == tick(at=1)
    both.answer = lambda: iter([event(1), event(2)])
    assert both.take(flavour, "answer.create", body=body) == [event(1), event(2)]


@flavours
def test_what_an_iterator_raises_before_its_first_item_is_an_answer(
    both: Both, flavour: str
) -> None:
    def refusing() -> Iterator[Any]:
        raise both.refusal(404, body={"at": 1})
        yield

    both.answer = refusing
    with pytest.raises(both.errors.NotFound) as caught:
        both.take(flavour, "ticks.retrieve")
    assert caught.value.parsed == both.package.models.Tick(at=1)


@flavours
def test_what_it_raises_later_breaks_the_answer(both: Both, flavour: str) -> None:
    def broken() -> Iterator[Any]:
        yield both.events.Event(both.package.models.Tick(at=1))
        raise ValueError("later")

    both.answer = broken
    with pytest.raises(both.errors.ConnectError):
        both.take(flavour, "ticks.retrieve")
    both.answer = lambda: iter([both.events.Event("no tick")])
    with pytest.raises(both.errors.ServerStatusError):
        both.take(flavour, "ticks.retrieve")


@flavours
@pytest.mark.parametrize(
    ("parts", "error", "before"),
    [
        ([b'data: {"at":1}\n\n', b"data: {\n\n"], "DecodeError", 1),
        ([b'data: {"at":1}\n\ndata: {"at":"1"}\n\n'], "DecodeError", 1),
        ([b"data: " + b"1" * 200 + b"\n\n"], "BodyTooLarge", 0),
        ([b": " + b"1" * 200], "BodyTooLarge", 0),
    ],
)
def test_a_bad_item_is_a_typed_error_after_the_good_ones(
    both: Both, flavour: str, parts: list[bytes], error: str, before: int
) -> None:
    found: list[Any] = []

    def blocking() -> None:
        with both.package.Client(base_url=url, max_body=100) as client:
            found.extend(client.ticks.retrieve())

    async def awaiting() -> None:
        async with both.package.AsyncClient(base_url=url, max_body=100) as client:
            async for each in await client.ticks.retrieve():
                found.append(each)

    with sending(*parts) as url, pytest.raises(getattr(both.errors, error)) as caught:
        asyncio.run(awaiting()) if flavour == "AsyncClient" else blocking()
    assert len(found) == before
    assert (caught.value.method, caught.value.path, caught.value.status) == ("GET", "/ticks", 200)


@pytest.mark.parametrize("drift", ["strict", "lenient", "report"])
@pytest.mark.parametrize("place", ["ticks", "lines"])
def test_an_item_may_drift_as_any_answer(both: Both, drift: str, place: str) -> None:
    line = b'{"at":1,"kind":"new"}'
    media_type = "text/event-stream" if place == "ticks" else "application/jsonl"
    sent = b"data: %s\n\n" % line if place == "ticks" else line
    with (
        sending(sent, media_type=media_type) as url,
        both.package.Client(base_url=url, drift=drift) as client,
        warnings.catch_warnings(record=True) as told,
    ):
        warnings.simplefilter("always", both.package.DriftWarning)
        stream = getattr(client, place).retrieve()
        if drift == "strict":
            with pytest.raises(both.errors.DecodeError):
                list(stream)
        else:
            (item,) = stream
            assert both.package.is_unknown((item.data if place == "ticks" else item).kind)
        kinds = [each.category.__name__ for each in told]
        assert kinds.count("DriftWarning") == (drift == "report")


@flavours
def test_the_cap_is_for_an_item_and_not_for_the_stream(both: Both, flavour: str) -> None:
    both.url, url = "", both.url
    try:
        with sending(
            *[b'data: {"at":1}\n\n'] * 50, b"data: [DONE]\n\n", b"data: never read"
        ) as both.url:
            assert len(both.take(flavour, "ticks.retrieve")) == 50
    finally:
        both.url = url


@flavours
def test_each_item_has_the_whole_deadline_and_no_more(both: Both, flavour: str) -> None:
    line = b'{"at":1}\n'
    with sending(*[line] * 5, pause=0.5, media_type="application/jsonl") as url:
        timeout = both.policy.Timeout(total=2.0)
        if flavour == "Client":
            with both.package.Client(base_url=url, timeout=timeout) as client:
                assert len(list(client.lines.retrieve())) == 5
    with sending(line, line[:1], *[b" "] * 900, pause=0.1, media_type="application/jsonl") as url:
        timeout = both.policy.Timeout(total=0.5)
        start = time.monotonic()
        if flavour == "Client":
            client = both.package.Client(base_url=url, timeout=timeout)
            with client, pytest.raises(both.errors.TimeoutError):
                list(client.lines.retrieve())
        else:

            async def main() -> None:
                async with both.package.AsyncClient(base_url=url, timeout=timeout) as client:
                    async for _ in await client.lines.retrieve():
                        pass

            with pytest.raises(both.errors.TimeoutError):
                asyncio.run(main())
        assert time.monotonic() - start < 60


def test_a_stream_keeps_its_deadline_while_other_calls_are_made(both: Both) -> None:
    with sending(*[b'{"at":1}\n'] * 4, media_type="application/jsonl") as url:
        client = both.package.Client(base_url=url, timeout=both.policy.Timeout(total=1.5))
        with client, client.lines.retrieve() as stream:
            next(stream)
            with client.lines.retrieve() as other:
                time.sleep(1.6)
                next(other)
            assert len(list(stream)) == 3


@flavours
def test_bytes_are_taken_whole_or_in_pieces(both: Both, flavour: str) -> None:
    content = bytes(range(256)) * 1000
    both.answer = lambda: both.raw.Raw(content, "application/octet-stream")
    whole = both.call(flavour, "file.retrieve")
    assert (whole.content, whole.media_type) == (content, "application/octet-stream")
    pieces = both.take(flavour, "file.retrieve", most=10**6, as_stream=True)
    assert b"".join(pieces) == content

    async def slowly() -> AsyncIterator[bytes]:
        for start in range(0, len(content), 10_000):
            yield content[start : start + 10_000]

    for given in (slowly, lambda: io.BytesIO(content)):
        both.answer = partial(_chunks, both, given)
        pieces = both.take(flavour, "file.retrieve", most=10**6, as_stream=True)
        assert b"".join(pieces) == content
        assert len(pieces) > 1


def _chunks(both: Both, content: Callable[[], Any]) -> Any:
    return both.package.Chunks(content(), "application/octet-stream")


@flavours
def test_pieces_of_a_refusal_are_a_typed_error(both: Both, flavour: str) -> None:
    def refusing() -> Any:
        raise both.refusal(403, "no")

    both.answer = refusing
    with pytest.raises(both.errors.Forbidden):
        both.take(flavour, "file.retrieve", as_stream=True)
    with sending(b"{}", media_type="application/json") as url:
        client = both.package.Client(base_url=url)
        with client, pytest.raises(both.errors.DecodeError):
            client.file.retrieve(as_stream=True)


@flavours
def test_bytes_are_sent_from_a_file_or_an_iterator(both: Both, flavour: str) -> None:
    content = bytes(range(256)) * 1000
    both.answer = lambda: None
    for body in (content, io.BytesIO(content), iter([content[:5], content[5:]])):
        both.call(flavour, "file.replace", body)
        assert both.got["body"] == content
    with pytest.raises(both.errors.UnsafeValue):
        both.call(flavour, "file.replace", "text")


def test_what_only_a_loop_can_read_is_refused_by_a_blocking_client(both: Both) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"a"
        yield b"b"

    both.answer = lambda: None
    both.call("AsyncClient", "file.replace", pieces())
    assert both.got["body"] == b"ab"
    with pytest.raises(both.errors.UnsafeValue):
        both.call("Client", "file.replace", pieces())


def test_a_body_that_is_read_while_it_is_sent_is_sent_once(both: Both) -> None:
    seen: list[bytes] = []

    def carry(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.read())
        raise httpx2.ConnectError("no", request=request)

    for body, times in ((b"x", 3), (iter([b"x"]), 1)):
        seen.clear()
        retries = both.policy.Retries(attempts=3, pause=0.001)
        client = both.package.Client(
            base_url="http://127.0.0.1:9", retries=retries, transport=httpx2.MockTransport(carry)
        )
        with client, pytest.raises(both.errors.ConnectError):
            client.file.replace(body)
        assert seen == [b"x"] * times


def test_a_stream_that_was_closed_gives_nothing_more(both: Both) -> None:
    both.answer = lambda: [both.events.Event("a"), both.events.Event("b")]
    with both.package.Client(base_url=both.url) as client:
        stream = client.notes.retrieve()
        assert next(stream).data == "a"
        assert stream.media_type.startswith("text/event-stream")
        stream.close()
        assert list(stream) == []


def test_a_silent_stream_of_events_shows_that_it_lives(
    both: Both, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(both.streaming, "_IDLE", 0.05)
    monkeypatch.setattr(both.streaming, "_GRACE", 0.01)

    alive = threading.Event()

    def slowly() -> Iterator[Any]:
        alive.wait(60)
        yield both.events.Event("a")

    both.answer = slowly
    text = ""
    with httpx2.Client() as client, client.stream("GET", f"{both.url}/notes") as answer:
        for piece in answer.iter_text():
            text += piece
            if text.count(":\n\n") >= 3:
                alive.set()
    assert text.startswith(":\n\n:\n\n")
    assert text.endswith(":\n\ndata: a\n\n")


# --- what the contract says of items


def of(tmp_path: Path, content: str) -> Any:
    document = tmp_path / "openapi.yaml"
    document.write_text(
        "openapi: 3.2.0\ninfo: {title: t, version: '1'}\npaths:\n  /a:\n    get:\n      responses:\n"
        f"        '200': {{description: '', content: {content}}}\n"
        "components: {schemas: {T: {type: object, properties: {data: {type: integer}}}}}\n"
    )
    contract: Contract = build(load(document, []))
    return stream_items(contract, contract.operations[0].responses[0].content[0])


REF = '{$ref: "#/components/schemas/T"}'
HERE = "#/paths/~1a/get/responses/200/content"


@pytest.mark.parametrize(
    ("content", "schema", "text"),
    [
        (f"{{text/event-stream: {{schema: {REF}}}}}", "{}/text~1event-stream/schema", False),
        ("{text/event-stream: {schema: {type: string}}}", "{}/text~1event-stream/schema", True),
        ("{text/event-stream: {}}", None, True),
        (f"{{text/event-stream: {{itemSchema: {REF}}}}}", "#/components/schemas/T/properties/data", False),
        ("{text/event-stream: {itemSchema: {type: object}}}", None, True),
        ("{text/event-stream: {itemSchema: {type: integer}}}", "{}/text~1event-stream/itemSchema", False),
        (f"{{application/jsonl: {{schema: {{type: array, items: {REF}}}}}}}", "{}/application~1jsonl/schema/items", False),
        (f"{{application/vnd.x+json-seq: {{itemSchema: {REF}}}}}", "{}/application~1vnd.x+json-seq/itemSchema", False),
        ("{application/x-ndjson: {}}", None, False),
    ],
)  # fmt: skip
def test_the_schema_of_an_item(
    tmp_path: Path, content: str, schema: str | None, text: bool
) -> None:
    items = of(tmp_path, content)
    assert (items.data.schema, items.data.text) == (schema and schema.format(HERE), text)


def test_what_is_no_stream_has_no_items(tmp_path: Path) -> None:
    assert of(tmp_path, "{application/json: {}}") is None
