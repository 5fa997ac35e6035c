"""Ways to a server: what they send, what they refuse to do, and how a failure is told."""

from __future__ import annotations

import asyncio
import gzip
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tallystick.errors import UsageError
from tallystick_contracts.exchange import AsgiExchange, HttpExchange, Request


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.server.seen.append(self.path)  # type: ignore[attr-defined]
        if self.path.endswith("/moved"):
            self.send_response(302)
            self.send_header("Location", "http://127.0.0.1:1/stolen")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = b"x" * 5000
        packed = gzip.compress(body)
        self.send_response(200)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(packed)))
        self.end_headers()
        self.wfile.write(packed)

    def log_message(self, format: str, *args: object) -> None:
        return


@contextmanager
def serving() -> Iterator[tuple[str, list[str]]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.seen = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", server.seen  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()


def test_a_target_goes_below_the_prefix_exactly_as_it_is_written() -> None:
    with serving() as (url, seen):
        exchange = HttpExchange(f"{url}/base/")
        exchange.send(Request("GET", "/a/../b%2Fc?q=1"))
        exchange.close()
    assert seen == ["/base/a/../b%2Fc?q=1"]


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with serving() as (url, seen):
        exchange = HttpExchange(url)
        answer = exchange.send(Request("GET", "/moved"))
        exchange.close()
    assert (answer.status, answer.failure, len(seen)) == (302, "", 1)


@pytest.mark.parametrize("target", ["http://elsewhere.test/", "//elsewhere.test/x", "x"])
def test_no_target_leaves_the_origin(target: str) -> None:
    with serving() as (url, seen):
        exchange = HttpExchange(url)
        answer = exchange.send(Request("GET", target))
        exchange.close()
    assert answer.failure or seen == ["/elsewhere.test/x"]  # this server folds slashes


def test_a_decoded_body_beyond_the_cap_is_a_failure() -> None:
    with serving() as (url, _):
        exchange = HttpExchange(url, body_cap=1000)
        answer = exchange.send(Request("GET", "/big"))
        exchange.close()
    assert (answer.status, answer.body) == (0, b"")
    assert "longer than 1000 bytes" in answer.failure


def test_a_server_that_is_not_there_is_a_failure_in_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    exchange = HttpExchange(f"http://127.0.0.1:{port}")
    answer = exchange.send(Request("GET", "/"))
    exchange.close()
    assert (answer.status, answer.failure) == (0, "the server cannot be reached")


def test_a_server_that_never_answers_is_a_failure() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        exchange = HttpExchange(f"http://127.0.0.1:{silent.getsockname()[1]}", timeout=0.2)
        answer = exchange.send(Request("GET", "/"))
        exchange.close()
    assert answer.failure == "no whole answer within 0.2 seconds"


@pytest.mark.parametrize(
    "url", ["ftp://x", "x", "http://user:secret@h/", "http://h/?q", "http://h:x/"]
)
def test_an_address_that_is_no_base_url_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(UsageError) as caught:
        HttpExchange(url)
    assert "secret" not in str(caught.value)


async def echo(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        raise RuntimeError("no lifespan here")
    body = (await receive())["body"]
    await send({"type": "http.response.start", "status": 200, "headers": [(b"x-a", b"1")]})
    await send({"type": "http.response.body", "body": scope["raw_path"] + b" " + body})


def test_an_application_is_called_in_process() -> None:
    exchange = AsgiExchange(echo)
    answer = exchange.send(Request("POST", "/a%2Fb?c", (), b"hello"))
    exchange.close()
    assert (answer.status, answer.body, answer.header("X-A")) == (200, b"/a%2Fb hello", "1")


def test_requests_to_an_application_run_at_the_same_time() -> None:
    inside, all_inside = 0, asyncio.Event()

    async def together(scope: Any, receive: Any, send: Any) -> None:
        nonlocal inside
        if scope["type"] == "http":
            inside += 1
            if inside == 20:
                all_inside.set()
            await all_inside.wait()
        await echo(scope, receive, send)

    exchange = AsgiExchange(together, timeout=60.0)
    answers = exchange.send_all([Request("POST", f"/{i}", (), b"") for i in range(20)])
    exchange.close()
    assert [each.body for each in answers] == [b"/%d " % i for i in range(20)]


@pytest.mark.parametrize("error", [ValueError("oh"), SystemExit("oh"), KeyboardInterrupt("oh")])
def test_an_exception_of_the_application_is_a_failure(error: BaseException) -> None:
    async def broken(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            raise error

    exchange = AsgiExchange(broken)
    answers = [exchange.send(Request("GET", "/")) for _ in range(2)]
    exchange.close()
    told = f"the application raised {type(error).__name__}: oh"
    assert [(each.status, each.failure) for each in answers] == [(0, told)] * 2


def test_an_exception_at_the_start_is_as_if_there_were_no_lifespan() -> None:
    async def broken(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            raise ValueError("oh")
        await echo(scope, receive, send)

    exchange = AsgiExchange(broken)
    answer = exchange.send(Request("GET", "/a"))
    exchange.close()
    assert answer.status == 200


def test_an_application_that_exits_at_the_start_did_not_start() -> None:
    async def exits(scope: Any, receive: Any, send: Any) -> None:
        raise SystemExit("no database")

    with pytest.raises(UsageError, match="did not start: it raised SystemExit: no database"):
        AsgiExchange(exits)


def test_an_application_that_hangs_is_a_failure() -> None:
    async def hangs(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await asyncio.sleep(60)

    exchange = AsgiExchange(hangs, timeout=0.1)
    answer = exchange.send(Request("GET", "/"))
    exchange.close()
    assert answer.failure == "no whole answer within 0.1 seconds"


def test_the_lifespan_of_an_application_is_started_and_stopped() -> None:
    heard: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "lifespan"
        while True:
            message = await receive()
            heard.append(message["type"])
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return

    AsgiExchange(app).close()
    assert heard == ["lifespan.startup", "lifespan.shutdown"]
