"""One kept-alive HTTP/1.1 connection: bytes out in one piece, an answer in, all under one deadline."""

from __future__ import annotations

import io
import re
import select
import socket
import ssl
import time
import zlib
from dataclasses import dataclass
from http.client import HTTPResponse, IncompleteRead
from typing import cast

from tallystick.runtime.deadlines import Deadline

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


class Undecodable(ValueError):
    """The body is not encoded as its ``Content-Encoding`` says."""


class TooLong(ValueError):
    """The body is longer than anybody wants it."""


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
            HTTPException: what came is no HTTP.
            ValueError: the request cannot be written, or the body not be read (see above).
        """
        octets = _written(request, target, self._origin.authority)
        self.reusable = False
        self._socket.settimeout(_left(deadline))
        self._socket.sendall(octets)
        source = cast(socket.socket, _Source(self._socket, deadline))
        response = HTTPResponse(source, method=request.method)
        try:
            response.begin()
            body = _read(response, cap)
            self.reusable = not response.will_close
        finally:
            response.close()
        self._used = time.monotonic()
        return Answer(response.status, tuple(response.headers.items()), body)


class _Source(io.RawIOBase):
    """A socket as a stream, each read limited by what is left until the deadline."""

    def __init__(self, connected: socket.socket, deadline: Deadline) -> None:
        self._socket, self._deadline = connected, deadline

    def makefile(self, mode: str) -> io.BufferedReader:
        """As the reader of answers asks for."""
        return io.BufferedReader(self, _PIECE)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._socket.settimeout(_left(self._deadline))
        return self._socket.recv_into(buffer)


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
    given = {name.lower() for name, _ in request.headers}
    implied = [("Host", authority), ("Accept-Encoding", "gzip"), ("User-Agent", "tallystick")]
    if request.body is not None or request.method in _BODIED:
        implied.append(("Content-Length", str(len(request.body or b""))))
    fields = [each for each in implied if each[0].lower() not in given]
    for name, value in request.headers:
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            raise ValueError("a header holds a character that none may hold")
        fields.append((name, value))
    lines = [f"{request.method} {target} HTTP/1.1", *(f"{n}: {v}" for n, v in fields), "", ""]
    return "\r\n".join(lines).encode("latin-1") + (request.body or b"")


def _read(response: HTTPResponse, cap: int) -> bytes:
    """The decoded body."""
    coding = (response.headers.get("content-encoding") or "").strip().lower()
    body = bytearray()
    decoder = None
    if coding in ("gzip", "x-gzip", "deflate"):
        decoder = zlib.decompressobj(47)  # gzip or zlib, as its first bytes tell
    while piece := response.read1(_PIECE):
        try:
            body += decoder.decompress(piece, cap + 1 - len(body)) if decoder else piece
        except zlib.error:
            raise Undecodable from None
        if len(body) > cap:
            raise TooLong
    if response.length:
        raise IncompleteRead(bytes(body), response.length)
    if decoder is not None and not decoder.eof and body:
        raise Undecodable
    return bytes(body)
