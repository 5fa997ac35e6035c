"""One answer as it comes in over HTTP/1.1 (RFC 9112): bounded in size, its body decoded."""

from __future__ import annotations

import zlib

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

_HEAD = 256 * 1024
"""Bytes of status line and header fields that are taken in."""
_GZIP_OR_ZLIB = 47
"""What zlib decodes: its first bytes tell."""


class Broken(ValueError):
    """What came is no answer, or not a whole one."""


class Undecodable(ValueError):
    """The body is not encoded as its ``Content-Encoding`` says."""


class TooLong(ValueError):
    """The body is longer than anybody wants it."""


class Incoming:
    """An answer that is fed with what a connection receives.

    Args:
        method: of the request; an answer to HEAD has no body.
        cap: bytes of the decoded body beyond which it is given up.
    """

    def __init__(self, method: str, cap: int) -> None:
        self._method, self._cap = method, cap
        self._parser = HttpResponseParser(self)
        # "A recipient MAY recognize a single LF as a line terminator" (RFC 9112, 2.2).
        self._parser.set_dangerous_leniencies(lenient_optional_cr_before_lf=True)
        self.status = 0
        self.fields: list[tuple[str, str]] = []
        self.complete = False
        self.reusable = False
        """Whether another answer may follow on the same connection."""
        self._taken = 0
        self._in_body = False
        self._pieces: list[bytes] = []
        self._coded = False
        self._decoder = zlib.decompressobj(_GZIP_OR_ZLIB)
        self._body = bytearray()

    @property
    def body(self) -> bytes:
        """The decoded body, as far as it came."""
        return bytes(self._body)

    def feed(self, piece: bytes) -> None:
        """Take in what came next; nothing is the end of the connection.

        Raises:
            Broken: it is no HTTP, or ends too early.
            TooLong: the body is longer than the cap.
            Undecodable: the body is not encoded as the answer says.
        """
        if not piece:
            self._ended()
            return
        try:
            self._parser.feed_data(piece)
        except HttpParserUpgrade:
            self.complete, self.reusable = True, False
        except HttpParserError as error:
            # What follows a whole answer is no part of it.
            if not self.complete:
                raise Broken(str(error)) from None
            self.reusable = False
        if not self._in_body:
            self._taken += len(piece)
            if self._taken > _HEAD and not self.complete:
                raise Broken("its header is too long")
        self._decode()

    def _ended(self) -> None:
        """A body without a length ends with the connection (RFC 9112, 6.3)."""
        framed = {"content-length", "transfer-encoding"} & {n.lower() for n, _ in self.fields}
        if not self._in_body or framed:
            raise Broken("the connection was closed")
        self.complete = True
        self._check_end()

    def _decode(self) -> None:
        for piece in self._pieces:
            try:
                left = self._cap + 1 - len(self._body)
                self._body += self._decoder.decompress(piece, left) if self._coded else piece
            except zlib.error:
                raise Undecodable from None
            if len(self._body) > self._cap:
                raise TooLong
        self._pieces.clear()
        if self.complete:
            self._check_end()

    def _check_end(self) -> None:
        if self._coded and not self._decoder.eof and self._body:
            raise Undecodable

    # --- what the parser calls ---------------------------------------------------------------

    def on_message_begin(self) -> None:
        """Something begins; behind a whole answer it is nothing that was asked for."""
        if self.complete:
            self.reusable = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header field, or one of a trailer, which is left out (RFC 9110, 6.5.1)."""
        if not self._in_body and not self.complete:
            self.fields.append((name.decode("latin-1"), value.decode("latin-1").strip(" \t")))

    def on_headers_complete(self) -> None:
        """The body follows, if there is one."""
        if self.complete:
            return
        self.status, self._in_body = self._parser.get_status_code(), True
        coding = next((v for n, v in self.fields if n.lower() == "content-encoding"), "")
        self._coded = coding.strip().lower() in ("gzip", "x-gzip", "deflate")
        if self._method == "HEAD" and not self._is_interim:
            self.complete, self.reusable = True, self._parser.should_keep_alive()

    def on_body(self, piece: bytes) -> None:
        """Some of the body; behind a whole answer it is nothing that was asked for."""
        if self.complete:
            self.reusable = False
        else:
            self._pieces.append(piece)

    def on_message_complete(self) -> None:
        """The answer is whole, or one that announces another (RFC 9110, 15.2)."""
        if self.complete:
            return
        if self._is_interim:
            self.fields, self._in_body = [], False
        else:
            self.complete, self.reusable = True, self._parser.should_keep_alive()

    @property
    def _is_interim(self) -> bool:
        return 100 <= self.status < 200 and self.status != 101
