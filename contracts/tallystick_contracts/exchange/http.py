"""The way to a server over HTTP."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import urlsplit

import httpx2

from tallystick.errors import UsageError
from tallystick.runtime.deadlines import Deadline

from .connection import Connection, Origin
from .incoming import Broken, TooLong, Undecodable
from .records import TIMEOUT, Answer, Request, forever, limit_of

BODY_CAP = 16 * 1024 * 1024
"""Bytes of a decoded answer beyond which it counts as a failure."""


class HttpExchange:
    """A way to a server over HTTP: kept alive, no redirects, no proxies, finite in time and size.

    Any number of threads may send at once; each has a connection for itself meanwhile.

    Args:
        base_url: scheme, host, port and a path prefix, which every target is put below.
        timeout: seconds for a whole exchange, headers included; connecting takes at most five.
        body_cap: bytes of the decoded body that are read.
        left: the seconds that are left for the run; no exchange outlasts them.
        dial: the addresses at which a host and port may be reached, asked for once; the first that
            takes a connection is kept. None: as the system resolves the name.

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
        dial: Callable[[str, int], Sequence[str]] | None = None,
    ) -> None:
        self._origin, self._prefix = _base(base_url)
        self._dial, self._addresses = dial, tuple[str, ...]()
        self._timeout, self._cap, self._left = timeout, body_cap, left
        self._idle: list[Connection] = []

    def send(self, request: Request) -> Answer:
        """The answer to ``request``; a transport failure is an answer with ``failure``."""
        started = time.monotonic()
        limit = limit_of(self._timeout, self._left)
        try:
            answer = self._exchanged(request, Deadline(limit))
        except TimeoutError:
            answer = Answer(0, failure=f"no whole answer within {limit:.3g} seconds")
        except TooLong:
            answer = Answer(0, failure=f"the answer is longer than {self._cap} bytes")
        except (OSError, Broken, Undecodable) as error:
            answer = Answer(0, failure=_sentence(error))
        except UsageError as error:
            answer = Answer(0, failure=error.what)
        except ValueError as error:
            answer = Answer(0, failure=f"the request could not be sent: {error}")
        return replace(answer, seconds=time.monotonic() - started)

    def send_all(self, requests: Sequence[Request]) -> tuple[Answer, ...]:
        """The answers to ``requests``, sent at the same time, in the order of the requests."""
        with ThreadPoolExecutor(max_workers=max(1, len(requests))) as threads:
            return tuple(threads.map(self.send, requests))

    def close(self) -> None:
        """Close the connections."""
        while self._idle:
            self._idle.pop().close()

    def _exchanged(self, request: Request, deadline: Deadline) -> Answer:
        # The target is sent as it stands: a URL would lose dot segments and could name a host.
        target = _below(self._prefix, request.target)
        connection = self._connection(deadline)
        try:
            return connection.exchange(request, target, self._cap, deadline)
        finally:
            if connection.reusable:
                self._idle.append(connection)
            else:
                connection.close()

    def _connection(self, deadline: Deadline) -> Connection:
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:  # another thread was quicker
                break
            if connection.fresh():
                return connection
            connection.close()
        addresses = self._addresses or self._resolved()
        for index, address in enumerate(addresses):
            try:
                connection = Connection(self._origin, address, deadline)
            except OSError as error:
                if index + 1 == len(addresses) or deadline.passed:
                    raise _unconnected(error) from None
                continue
            self._addresses = (address,)
            return connection
        raise ConnectionRefusedError("the host has no address")

    def _resolved(self) -> Sequence[str]:
        host, port = self._origin.host, self._origin.port
        return self._dial(host, port) if self._dial else (host,)


def _unconnected(error: OSError) -> ConnectionRefusedError:
    if isinstance(error, TimeoutError):
        return ConnectionRefusedError("no connection within the time allowed")
    if isinstance(error, ssl.SSLError):
        return ConnectionRefusedError(f"no secure connection: {error.reason}")
    return ConnectionRefusedError("the server cannot be reached")


def _base(base_url: str) -> tuple[Origin, str]:
    """Origin and path prefix of a base URL."""
    try:
        parts = urlsplit(base_url)
        port = parts.port
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
    authority = host if port is None else f"{host}:{port}"
    secure = parts.scheme == "https"
    # The certificates that httpx2 trusts; SSL_CERT_FILE and SSL_CERT_DIR are honoured.
    context = httpx2.create_ssl_context() if secure else None
    origin = Origin(parts.hostname, port or (443 if secure else 80), authority, context)
    return origin, parts.path.rstrip("/")


def _below(prefix: str, target: str) -> str:
    if not target.startswith("/"):
        raise ValueError("a target must begin with a slash")
    return prefix + target


def _sentence(error: Exception) -> str:
    """Why an exchange failed, in one sentence that names no header and no secret."""
    if isinstance(error, Undecodable):
        return "the answer's content encoding cannot be decoded"
    if isinstance(error, ConnectionRefusedError):
        return str(error)
    if isinstance(error, ConnectionError | Broken | ssl.SSLError):
        return "the server closed the connection or broke the protocol"
    return f"the exchange failed ({type(error).__name__})"
