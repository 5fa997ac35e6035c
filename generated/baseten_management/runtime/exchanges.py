"""One attempt to send a request: what goes to httpx2, what comes back, what its errors mean.

Nothing here waits: the drivers in ``transport`` do, and share all of this.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import urlsplit

import httpx2

from . import errors
from .deadlines import Deadline
from .errors import ClientError
from .policy import Retries, Timeout
from .requests import Request
from .uploads import upload

TROUBLE = (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError)
"""What an attempt may raise; everything else is a fault of the caller's own transport."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, read to its end."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    """By lower-case name."""
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Live:
    """An answer whose body is still to be read."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    """By lower-case name."""
    response: httpx2.Response = field(repr=False)
    deadline: Deadline = field(repr=False)


Wanted: TypeAlias = Callable[[int, Mapping[str, str]], bool]
"""Whether an answer with this status and these headers is to be read by the caller."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An attempt that brought no answer."""

    kind: type[ClientError]
    what: str
    nothing_sent: bool = False
    answered: bool = False
    """Whether an answer had begun: such an attempt is never repeated."""
    status: int | None = None


def on_wire(
    request: Request, timeout: Timeout, deadline: Deadline, *, blocking: bool = True
) -> httpx2.Request:
    """The request as httpx2 takes it, credentials included: do not keep it in a variable.

    Raises:
        UnsafeValue: httpx2 would send another target than the one that was built.
    """
    left = max(deadline.left, 0.001)
    url, headers = request.wire()
    wire = httpx2.Request(
        request.method,
        url,
        headers=[*headers, ("Accept-Encoding", "gzip, deflate")],
        content=upload(request.body, blocking),
        extensions={
            "deadline": deadline,
            "timeout": {
                "connect": min(timeout.connect, left),
                "read": min(timeout.read, left),
                "write": min(timeout.read, left),
                "pool": left,
            },
        },
    )
    wire.method = request.method  # methods are case-sensitive (RFC 9110, 9.1); httpx2 changes them
    _, authority, path, query, _ = urlsplit(url)
    target = f"{path}?{query}" if query else path
    if wire.url.raw_path.decode("ascii") != target or not _same_host(wire.url, authority):
        del url, headers, wire, query, target
        raise errors.UnsafeValue(
            "the target would change on its way", method=request.method, path=request.template
        )
    return wire


def _same_host(url: httpx2.URL, authority: str) -> bool:
    wanted = urlsplit(f"//{authority}")
    return url.host.lower() == (wanted.hostname or "").lower() and not url.userinfo


class Collector:
    """Gathers the decoded body of an answer up to a cap.

    Args:
        longest: the cap in bytes, counted after decompression.
    """

    def __init__(self, response: httpx2.Response, longest: int, deadline: Deadline) -> None:
        self._response = response
        self._longest = longest
        self._deadline = deadline
        self._chunks: list[bytes] = []
        self._size = 0

    def refusal(self) -> Failure | None:
        """Why the body is not read at all, if so: it is encoded more than once (RFC 9110, 8.4)."""
        codings = self._response.headers.get("content-encoding", "")
        if codings.count(",") == 0:
            return None
        return self._failure(errors.BodyTooLarge, "the answer is encoded more than once")

    def live(self, wanted: Wanted) -> Live | None:
        """The answer with its body unread, where that is wanted."""
        status, headers = self._response.status_code, self._headers()
        live = self.refusal() is None and wanted(status, headers)
        return Live(status, headers, self._response, self._deadline) if live else None

    def add(self, chunk: bytes) -> Failure | None:
        """Take a chunk, or say why the call ends here."""
        self._size += len(chunk)
        if self._size > self._longest:
            what = f"the answer is larger than {self._longest} bytes"
            return self._failure(errors.BodyTooLarge, what)
        if self._deadline.passed:
            return self._failure(errors.TimeoutError, "the answer was not complete in time")
        self._chunks.append(chunk)
        return None

    def reply(self) -> Reply:
        """The answer, complete."""
        return Reply(self._response.status_code, self._headers(), b"".join(self._chunks))

    def _headers(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self._response.headers.items()}

    def broken(self, error: BaseException) -> Failure:
        """The failure for an error in the middle of the body."""
        found = failure(error)
        return self._failure(found.kind, f"{found.what}, in the middle of the answer")

    def _failure(self, kind: type[ClientError], what: str) -> Failure:
        return Failure(kind, what, answered=True, status=self._response.status_code)


def failure(error: BaseException) -> Failure:
    """What an error of httpx2 means. Its text is left out: it may quote what was sent."""
    if isinstance(error, httpx2.ConnectTimeout | httpx2.PoolTimeout):
        return Failure(errors.TimeoutError, "no connection in time", nothing_sent=True)
    if isinstance(error, httpx2.TimeoutException | TimeoutError):
        return Failure(errors.TimeoutError, "no answer in time")
    if isinstance(error, httpx2.ConnectError | httpx2.ProxyError):
        return Failure(errors.ConnectError, "no connection to the server", nothing_sent=True)
    if isinstance(error, httpx2.DecodingError):
        return Failure(errors.DecodeError, "the answer's Content-Encoding is broken")
    if isinstance(error, httpx2.InvalidURL | httpx2.LocalProtocolError):
        return Failure(errors.UnsafeValue, "the request cannot be sent as HTTP")
    if isinstance(error, httpx2.RemoteProtocolError):
        return Failure(errors.ConnectError, "the server did not answer with complete HTTP")
    return Failure(errors.ConnectError, "the connection broke")


def pause(
    outcome: Reply | Failure, request: Request, retries: Retries, attempt: int, deadline: Deadline
) -> float | None:
    """Seconds until the request is sent again, or None if the outcome stands."""
    if isinstance(outcome, Failure):
        transient = issubclass(outcome.kind, errors.ConnectError | errors.TimeoutError)
        unsent = outcome.nothing_sent and request.whole
        again = transient and not outcome.answered and (request.idempotent or unsent)
        headers: Mapping[str, str] = {}
    else:
        again = request.idempotent and retries.retried(outcome.status)
        headers = outcome.headers
    seconds = retries.after(attempt, headers) if again else None
    return None if seconds is None or seconds >= deadline.left else seconds


def settle(outcome: Reply | Failure, request: Request) -> Reply:
    """The answer, or the failure raised as its error."""
    if isinstance(outcome, Reply):
        return outcome
    raise outcome.kind(
        outcome.what, method=request.method, path=request.template, status=outcome.status
    )
