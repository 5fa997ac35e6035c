"""The way into an ASGI application in this process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from contextlib import suppress
from typing import Any, TypeAlias
from urllib.parse import unquote

from tallystick.errors import UsageError

from .loop import Apart, Here, Interrupted
from .records import TIMEOUT, Answer, Request, forever, limit_of

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Asgi: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]
"""An ASGI 3 application."""


class AsgiExchange:
    """A way into an ASGI application in this process: one private event loop in one thread.

    An application with a true attribute ``any_thread`` is run by whichever thread asks.

    Args:
        app: the application; its lifespan is started before the first request, if it has one.
        timeout: seconds for a whole exchange.
        left: the seconds that are left for the run; no exchange outlasts them.

    Raises:
        UsageError: the application says that it cannot start, or its factory cannot make it.
    """

    def __init__(
        self, app: Asgi, *, timeout: float = TIMEOUT, left: Callable[[], float] = forever
    ) -> None:
        self._app, self._timeout, self._left = app, timeout, left
        self._runner = Here() if _is_tied_to_nothing(app) else Apart()
        self._lifespan = _Lifespan(app)
        self._runner.run(self._lifespan.start())
        if self._lifespan.failure:
            self.close()
            raise UsageError(f"the application did not start: {self._lifespan.failure}")

    def send(self, request: Request) -> Answer:
        """The answer to ``request``; an exception of the application is an answer with ``failure``."""
        return self._runner.run(self._answer(request))

    def send_all(self, requests: Sequence[Request]) -> tuple[Answer, ...]:
        """The answers to ``requests``, sent at the same time, in the order of the requests."""

        async def together() -> tuple[Answer, ...]:
            return tuple(await asyncio.gather(*(self._answer(each) for each in requests)))

        return self._runner.run(together())

    def close(self) -> None:
        """Stop the application's lifespan and the loop."""
        if not self._runner.closed:
            self._runner.run(self._lifespan.stop())
            self._runner.close()

    async def _answer(self, request: Request) -> Answer:
        started = time.monotonic()
        call = _Call(request)
        failure, crashed = "", False
        limit = limit_of(self._timeout, self._left)
        try:
            async with asyncio.timeout(limit):
                await self._app(_scope(request), call.receive, call.send)
        except TimeoutError:
            failure = f"no whole answer within {limit:.3g} seconds"
        except (Exception, SystemExit, KeyboardInterrupt) as error:  # noqa: BLE001
            # An application may raise anything; from a task these two would stop the loop.
            if isinstance(error, KeyboardInterrupt) and isinstance(self._runner, Here):
                raise Interrupted from None
            failure, crashed = f"the application raised {type(error).__name__}: {error}", True
        seconds = time.monotonic() - started
        if call.complete:
            return Answer(call.status, tuple(call.fields), bytes(call.body), seconds)
        return Answer(
            0, seconds=seconds, failure=failure or "the application did not answer", crashed=crashed
        )


def _is_tied_to_nothing(app: Asgi) -> bool:
    """Whether any thread may run the application, with any loop, as those of this project say."""
    return getattr(app, "any_thread", False) is True


class _Call:
    """What the application is given and gives back in one exchange."""

    def __init__(self, request: Request) -> None:
        self._parts = [request.body or b""]
        self._done = asyncio.Event()
        self.status = 0
        self.fields: list[tuple[str, str]] = []
        self.body = bytearray()
        self.complete = False

    async def receive(self) -> Message:
        if self._parts:
            return {"type": "http.request", "body": self._parts.pop(), "more_body": False}
        await self._done.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            pairs = message.get("headers", ())
            self.fields = [(key.decode("latin-1"), value.decode("latin-1")) for key, value in pairs]
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            if not message.get("more_body", False):
                self.complete = True
                self._done.set()


class _Lifespan:
    """The ASGI lifespan of an application, which it need not have."""

    def __init__(self, app: Asgi) -> None:
        self._app = app
        self._task: asyncio.Future[None] | None = None
        self.failure = ""
        """Why it did not start."""

    async def start(self) -> None:
        self._inbox: asyncio.Queue[Message] = asyncio.Queue()
        self._said = asyncio.Event()
        scope: Message = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
        self._task = asyncio.ensure_future(self._run(scope))
        await self._tell("lifespan.startup")

    async def stop(self) -> None:
        if self._task is not None and not self._task.done():
            await self._tell("lifespan.shutdown")
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self, scope: Message) -> None:
        # An application without a lifespan may raise here (ASGI lifespan protocol, 2.0).
        try:
            with suppress(Exception):
                await self._asked(scope)
        finally:
            self._said.set()

    async def _asked(self, scope: Message) -> None:
        try:
            await self._app(scope, self._inbox.get, self._heard)
        except UsageError as error:
            self.failure = error.what
        except (SystemExit, KeyboardInterrupt) as error:
            self.failure = f"it raised {type(error).__name__}: {error}"

    async def _heard(self, message: Message) -> None:
        if message["type"] == "lifespan.startup.failed":
            self.failure = str(message.get("message") or "it said so").strip().splitlines()[-1]
        self._said.set()

    async def _tell(self, kind: str) -> None:
        self._said.clear()
        await self._inbox.put({"type": kind})
        with suppress(TimeoutError):
            async with asyncio.timeout(10):
                await self._said.wait()


def _scope(request: Request) -> Message:
    path, _, query = request.target.partition("?")
    fields = [
        (key.lower().encode("latin-1"), value.encode("latin-1")) for key, value in request.headers
    ]
    names = {key for key, _ in fields}
    implied = [(b"host", b"testserver")] if b"host" not in names else []
    if request.body is not None and b"content-length" not in names:
        implied.append((b"content-length", str(len(request.body)).encode()))
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": unquote(path, errors="replace"),
        "raw_path": path.encode("ascii"),
        "query_string": query.encode("ascii"),
        "root_path": "",
        "headers": [*implied, *fields],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
    }
