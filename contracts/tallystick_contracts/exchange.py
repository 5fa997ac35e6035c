"""One request and its answer; the only file that does HTTP."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeAlias, TypeVar
from urllib.parse import unquote, urlsplit

import httpx2

from tallystick.document import Json
from tallystick.errors import UsageError
from tallystick.runtime.deadlines import Deadline, DeadlineTransport

BODY_CAP = 16 * 1024 * 1024
"""Bytes of a decoded answer beyond which it counts as a failure."""
TIMEOUT = 30.0
"""Seconds for a whole exchange."""

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
Asgi: TypeAlias = Callable[[Message, Receive, Send], Awaitable[None]]
"""An ASGI 3 application."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, with everything that is sent."""

    method: str
    target: str
    """Path and query, percent-encoded, below the base of the server."""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``failure`` says why nothing did; the status is then 0."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    seconds: float = 0.0
    failure: str = ""

    def header(self, name: str) -> str | None:
        """The first value of a header, without regard to case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def json(self) -> Json:
        """The body as JSON.

        Raises:
            ValueError: it is not JSON.
        """
        data: Json = json.loads(self.body)
        return data

    @property
    def accepted(self) -> bool:
        """Whether the status is of the class 2xx."""
        return 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        """Whether the status is of the class 4xx."""
        return 400 <= self.status < 500


class Exchange(Protocol):
    """A way to a server: over a socket, or into an ASGI application in this process."""

    def send(self, request: Request) -> Answer:
        """The answer to ``request``; a transport failure is an answer with ``failure``."""
        ...

    def send_all(self, requests: Sequence[Request]) -> tuple[Answer, ...]:
        """The answers to ``requests``, sent at the same time, in the order of the requests."""
        ...

    def close(self) -> None:
        """Give back what the way to the server holds."""
        ...


def headers(values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Header fields as a request holds them."""
    return tuple(values.items())


def _forever() -> float:
    return float("inf")


def _limit(timeout: float, left: Callable[[], float]) -> float:
    """The seconds of one exchange: never none, or nothing could be sent at all."""
    return max(0.1, min(timeout, left()))


class HttpExchange:
    """A way to a server over HTTP: kept alive, no redirects, no proxies, finite in time and size.

    Args:
        base_url: scheme, host, port and a path prefix, which every target is put below.
        timeout: seconds for a whole exchange, headers included; connecting takes at most five.
        body_cap: bytes of the decoded body that are read.
        left: the seconds that are left for the run; no exchange outlasts them.

    Raises:
        UsageError: ``base_url`` is no http(s) URL, or carries a user, a query or a fragment.
    """

    def __init__(
        self,
        base_url: str,
        *,
        timeout: float = TIMEOUT,
        body_cap: int = BODY_CAP,
        left: Callable[[], float] = _forever,
    ) -> None:
        self._origin, self._prefix = _base(base_url)
        self._timeout, self._cap, self._left = timeout, body_cap, left
        self._client = httpx2.Client(
            transport=DeadlineTransport(), follow_redirects=False, trust_env=False
        )

    def send(self, request: Request) -> Answer:
        """The answer to ``request``; a transport failure is an answer with ``failure``."""
        started = time.monotonic()
        limit = _limit(self._timeout, self._left)
        try:
            answer = self._exchanged(request, limit)
        except httpx2.TimeoutException:
            answer = Answer(0, failure=f"no whole answer within {limit:.3g} seconds")
        except httpx2.HTTPError as error:
            answer = Answer(0, failure=_sentence(error))
        except (ValueError, OSError) as error:
            answer = Answer(0, failure=f"the request could not be sent: {error}")
        return replace(answer, seconds=time.monotonic() - started)

    def send_all(self, requests: Sequence[Request]) -> tuple[Answer, ...]:
        """The answers to ``requests``, sent at the same time, in the order of the requests."""
        with ThreadPoolExecutor(max_workers=max(1, len(requests))) as threads:
            return tuple(threads.map(self.send, requests))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _exchanged(self, request: Request, limit: float) -> Answer:
        # The target is sent as it stands: a URL would lose dot segments and could name a host.
        target = _below(self._prefix, request.target)
        prepared = self._client.build_request(
            request.method,
            self._origin,
            headers=[("Accept-Encoding", "gzip"), *request.headers],
            content=request.body,
            timeout=httpx2.Timeout(limit, connect=min(5.0, limit)),
            extensions={"target": target.encode("ascii"), "deadline": Deadline(limit)},
        )
        response = self._client.send(prepared, stream=True)
        try:
            return self._read(response)
        finally:
            response.close()

    def _read(self, response: httpx2.Response) -> Answer:
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > self._cap:
                return Answer(0, failure=f"the answer is longer than {self._cap} bytes")
        fields = tuple((key, value) for key, value in response.headers.multi_items())
        return Answer(response.status_code, fields, bytes(body))


class AsgiExchange:
    """A way into an ASGI application in this process: one private event loop in one thread.

    Args:
        app: the application; its lifespan is started before the first request, if it has one.
        timeout: seconds for a whole exchange.
        left: the seconds that are left for the run; no exchange outlasts them.
    """

    def __init__(
        self, app: Asgi, *, timeout: float = TIMEOUT, left: Callable[[], float] = _forever
    ) -> None:
        self._app, self._timeout, self._left = app, timeout, left
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._lifespan = _Lifespan(app)
        self._wait(self._lifespan.start())

    def send(self, request: Request) -> Answer:
        """The answer to ``request``; an exception of the application is an answer with ``failure``."""
        return self._wait(self._answer(request))

    def send_all(self, requests: Sequence[Request]) -> tuple[Answer, ...]:
        """The answers to ``requests``, sent at the same time, in the order of the requests."""

        async def together() -> tuple[Answer, ...]:
            return tuple(await asyncio.gather(*(self._answer(each) for each in requests)))

        return self._wait(together())

    def close(self) -> None:
        """Stop the application's lifespan and the loop."""
        if self._thread.is_alive():
            self._wait(self._lifespan.stop())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def _wait(self, work: Coroutine[None, None, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _answer(self, request: Request) -> Answer:
        started = time.monotonic()
        call = _Call(request)
        failure = ""
        limit = _limit(self._timeout, self._left)
        try:
            async with asyncio.timeout(limit):
                await self._app(_scope(request), call.receive, call.send)
        except TimeoutError:
            failure = f"no whole answer within {limit:.3g} seconds"
        except Exception as error:  # noqa: BLE001  # an application may raise anything
            failure = f"the application raised {type(error).__name__}: {error}"
        seconds = time.monotonic() - started
        if call.complete:
            return Answer(call.status, tuple(call.fields), bytes(call.body), seconds)
        return Answer(0, seconds=seconds, failure=failure or "the application did not answer")


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
        with suppress(Exception):
            await self._app(scope, self._inbox.get, self._heard)
        self._said.set()

    async def _heard(self, message: Message) -> None:
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


def _base(base_url: str) -> tuple[str, str]:
    """Origin and path prefix of a base URL."""
    try:
        parts = urlsplit(base_url)
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:
        raise UsageError("the server's address is not a URL") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(
            "the server's address must begin with http:// or https:// and name a host",
        )
    if parts.username is not None or parts.query or parts.fragment:
        raise UsageError(
            "the server's address must not hold a user, a query or a fragment",
            hint="give credentials with --key or --header",
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}", parts.path.rstrip("/")


def _below(prefix: str, target: str) -> str:
    if not target.startswith("/"):
        raise ValueError("a target must begin with a slash")
    return prefix + target


def _sentence(error: httpx2.HTTPError) -> str:
    """Why an exchange failed, in one sentence that names no header and no secret."""
    if isinstance(error, httpx2.ConnectTimeout):
        return "no connection within the time allowed"
    if isinstance(error, httpx2.TimeoutException):
        return "no answer within the time allowed"
    if isinstance(error, httpx2.ConnectError):
        return "the server cannot be reached"
    if isinstance(error, httpx2.DecodingError):
        return "the answer's content encoding cannot be decoded"
    if isinstance(error, httpx2.RemoteProtocolError | httpx2.ReadError):
        return "the server closed the connection or broke the protocol"
    return f"the exchange failed ({type(error).__name__})"
