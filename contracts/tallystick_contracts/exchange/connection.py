"""One kept-alive HTTP/1.1 connection: bytes out in one piece, an answer in, all under one deadline."""

from __future__ import annotations

import re
import select
import socket
import ssl
import time
from dataclasses import dataclass
from functools import lru_cache

from tallystick.runtime.deadlines import Deadline

from .incoming import Incoming
from .records import Answer, Request

_CONNECT = 5.0
"""Seconds in which a connection must be there."""
_IDLE = 4.0
"""Seconds after which a connection is not used again: many servers close it after five."""
_PIECE = 1 << 16
_TARGET = re.compile(r"[\x21-\x7e]+")
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"(?:[\x21-\x7e\x80-\xff](?:[\x20-\x7e\x80-\xff\t]*[\x21-\x7e\x80-\xff])?)?")
_BODIED = frozenset({"POST", "PUT", "PATCH"})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a connection leads."""

    host: str
    port: int
    authority: str
    """The value of ``Host``."""
    tls: ssl.SSLContext | None = None


class Connection:
    """A connection to an origin.

    Args:
        origin: where it leads.
        address: at which of its addresses, or its name.
        deadline: until when it must be there.

    Raises:
        OSError: it cannot be made.
    """

    def __init__(self, origin: Origin, address: str, deadline: Deadline) -> None:
        self._origin = origin
        limit = max(0.001, min(_CONNECT, deadline.left))
        self._socket = socket.create_connection((address, origin.port), limit)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if origin.tls is not None:
            try:
                self._socket = origin.tls.wrap_socket(self._socket, server_hostname=origin.host)
            except BaseException:
                self._socket.close()
                raise
        self._used = time.monotonic()
        self.reusable = True
        """Whether another request may follow; false once the server said so, or an answer is torn."""

    def fresh(self) -> bool:
        """Whether it may still be used: not idle for long, and nothing came that nobody asked for."""
        if not self.reusable or time.monotonic() - self._used > _IDLE:
            return False
        try:
            return not select.select([self._socket], [], [], 0)[0]
        except (OSError, ValueError):
            return False

    def close(self) -> None:
        """Close it."""
        self._socket.close()

    def exchange(self, request: Request, target: str, cap: int, deadline: Deadline) -> Answer:
        """Send a request and read the whole answer.

        Raises:
            OSError: the connection failed, or the deadline passed (``TimeoutError``).
            Broken: what came is no HTTP, or no whole answer.
            TooLong: the body is longer than ``cap``.
            Undecodable: the body is not encoded as the answer says.
            ValueError: the request cannot be written.
        """
        octets = _written(request, target, self._origin.authority)
        self.reusable = False
        self._socket.settimeout(_left(deadline))
        self._socket.sendall(octets)
        incoming = Incoming(request.method, cap)
        while not incoming.complete:
            self._socket.settimeout(_left(deadline))
            incoming.feed(self._socket.recv(_PIECE))
        self.reusable, self._used = incoming.reusable, time.monotonic()
        return Answer(incoming.status, tuple(incoming.fields), incoming.body)


def _left(deadline: Deadline) -> float:
    left = deadline.left
    if left <= 0:
        raise TimeoutError
    return left


def _written(request: Request, target: str, authority: str) -> bytes:
    """The bytes of a request (RFC 9112, 3 and 5).

    Raises:
        ValueError: something in it would make another message of it.
    """
    if not _NAME.fullmatch(request.method) or not _TARGET.fullmatch(target):
        raise ValueError("its method or target holds a character that no request line may hold")
    fields, tells_length = _fields(request.headers, authority)
    length = b""
    if not tells_length and (request.body is not None or request.method in _BODIED):
        length = b"Content-Length: %d\r\n" % len(request.body or b"")
    line = f"{request.method} {target} HTTP/1.1\r\n".encode("ascii")
    return b"".join((line, fields, length, b"\r\n", request.body or b""))


@lru_cache(maxsize=1024)
def _fields(headers: tuple[tuple[str, str], ...], authority: str) -> tuple[bytes, bool]:
    """The header fields as they are written, and whether they tell the length of the body."""
    given = {name.lower() for name, _ in headers}
    implied = (("Host", authority), ("Accept-Encoding", "gzip"), ("User-Agent", "tallystick"))
    fields = [each for each in implied if each[0].lower() not in given]
    for name, value in headers:
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            raise ValueError("a header holds a character that none may hold")
        fields.append((name, value))
    written = "".join(f"{name}: {value}\r\n" for name, value in fields)
    return written.encode("latin-1"), "content-length" in given
