"""A total deadline for blocking I/O: no read or write outlasts it, however slowly bytes drip in.

httpx2 limits each read, so a server that sends one byte a second holds a call for ever. Here the
time that is left limits each read, of the header section too.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from time import monotonic
from typing import Any

import httpcore2
import httpx2


class Deadline:
    """A point in time for one call.

    Args:
        seconds: how long from now.
        clock: seconds that never go back.
    """

    def __init__(self, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._seconds = seconds
        self._end = clock() + seconds

    def renew(self) -> None:
        """Begin anew: for the next item of a stream."""
        self._end = self._clock() + self._seconds

    @property
    def left(self) -> float:
        """Seconds until it passes; zero or less if it has."""
        return self._end - self._clock()

    @property
    def passed(self) -> bool:
        """Whether it has passed."""
        return self.left <= 0


def sooner(one: Deadline, other: Deadline | None) -> Deadline:
    """The deadline that passes first."""
    return one if other is None or one.left <= other.left else other


class DeadlineTransport(httpx2.HTTPTransport):
    """The blocking transport of httpx2 with a deadline for each request.

    The deadline is the ``deadline`` extension of the request. Neither proxies nor netrc are taken
    from the environment; ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` are honoured.
    """

    def __init__(self) -> None:
        context = httpx2.create_ssl_context()
        super().__init__(verify=context)
        self._current = _Current()
        self._pool = httpcore2.ConnectionPool(
            ssl_context=context,
            max_connections=100,
            max_keepalive_connections=20,
            keepalive_expiry=5.0,
            network_backend=_Backend(self._current),
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request; the answer is read under the same deadline, in whatever thread."""
        deadline = request.extensions.get("deadline")
        self._current.deadline = deadline
        response = super().handle_request(request)
        if isinstance(response.stream, httpx2.SyncByteStream):
            response.stream = _Timed(response.stream, self._current, deadline)
        return response


class _Current(threading.local):
    """The deadline of the request that this thread sends."""

    deadline: Deadline | None = None

    def limit(self, timeout: float | None) -> float | None:
        """The smaller of a timeout and what is left."""
        if self.deadline is None:
            return timeout
        left = self.deadline.left
        if left <= 0:
            raise httpcore2.ReadTimeout("the deadline has passed")
        return left if timeout is None else min(timeout, left)


class _Timed(httpx2.SyncByteStream):
    """A body under its own deadline: between two reads the thread may have sent other requests."""

    def __init__(
        self, inner: httpx2.SyncByteStream, current: _Current, deadline: Deadline | None
    ) -> None:
        self._inner = inner
        self._current = current
        self._deadline = deadline

    def __iter__(self) -> Iterator[bytes]:
        chunks = iter(self._inner)
        while True:
            self._current.deadline = self._deadline
            chunk = next(chunks, None)
            if chunk is None:
                return
            yield chunk

    def close(self) -> None:
        self._inner.close()


class _Backend(httpcore2.NetworkBackend):
    def __init__(self, current: _Current) -> None:
        self._inner = httpcore2.SyncBackend()
        self._current = current

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        limit = self._current.limit(timeout)
        stream = self._inner.connect_tcp(host, port, limit, local_address, socket_options)
        return _Stream(stream, self._current)

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


class _Stream(httpcore2.NetworkStream):
    def __init__(self, inner: httpcore2.NetworkStream, current: _Current) -> None:
        self._inner = inner
        self._current = current

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._current.limit(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._current.limit(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        limit = self._current.limit(timeout)
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, limit), self._current)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)
