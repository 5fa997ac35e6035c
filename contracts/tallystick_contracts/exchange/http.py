"""The way to a server over HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import urlsplit

import httpx2

from tallystick.errors import UsageError
from tallystick.runtime.deadlines import Deadline, DeadlineTransport

from .records import TIMEOUT, Answer, Request, forever, limit_of

BODY_CAP = 16 * 1024 * 1024
"""Bytes of a decoded answer beyond which it counts as a failure."""


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
        left: Callable[[], float] = forever,
    ) -> None:
        self._origin, self._prefix = _base(base_url)
        self._timeout, self._cap, self._left = timeout, body_cap, left
        self._client = httpx2.Client(
            transport=DeadlineTransport(), follow_redirects=False, trust_env=False
        )

    def send(self, request: Request) -> Answer:
        """The answer to ``request``; a transport failure is an answer with ``failure``."""
        started = time.monotonic()
        limit = limit_of(self._timeout, self._left)
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
            headers=[
                (name.encode("ascii"), value.encode("latin-1"))
                for name, value in (("Accept-Encoding", "gzip"), *request.headers)
            ],
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
