"""An answer as it comes in over HTTP/1.1: whole however it is cut, bounded, and nothing beyond it."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick_contracts.exchange.incoming import Broken, Incoming, TooLong, Undecodable

OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = (
    OK
    + b"Transfer-Encoding: chunked\r\nX-A: 1\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\nX-B: 2\r\n\r\n"
)


def fed(*pieces: bytes, method: str = "GET", cap: int = 1000) -> Incoming:
    incoming = Incoming(method, cap)
    for piece in pieces:
        incoming.feed(piece)
    return incoming


@pytest.mark.parametrize(
    ("text", "status", "body", "reusable"),
    [
        (OK + b"Content-Length: 2\r\n\r\nhi", 200, b"hi", True),
        (OK + b"content-length:2\r\nConnection: close\r\n\r\nhi", 200, b"hi", False),
        (OK + b"Content-Length: 0\r\n\r\n", 200, b"", True),
        (CHUNKED, 200, b"abcdefg", True),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b"", True),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 304, b"", True),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", 200, b"a", False),
        (b"HTTP/1.1 200\r\nContent-Length: 1\r\n\r\na", 200, b"a", True),
        (b"HTTP/1.1 200 OK\nContent-Length: 1\n\na", 200, b"a", True),
        (
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n"
            + OK
            + b"Content-Length: 2\r\n\r\nhi",
            200,
            b"hi",
            True,
        ),
        (b"HTTP/1.1 101 S\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", 101, b"", False),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_an_answer_is_the_same_however_it_is_cut(
    text: bytes, status: int, body: bytes, reusable: bool, size: int
) -> None:
    found = fed(*(text[at : at + size] for at in range(0, len(text), size)))
    assert (found.complete, found.status, found.body, found.reusable) == (
        True,
        status,
        body,
        reusable,
    )
    assert "Link" not in dict(found.fields)


def test_fields_keep_their_order_and_bytes_and_trailers_are_left_out() -> None:
    found = fed(OK + b"A:  b \t\r\nA: \xff\r\nContent-Length: 0\r\n\r\n")
    assert found.fields == [("A", "b"), ("A", "\xff"), ("Content-Length", "0")]
    assert [name for name, _ in fed(CHUNKED).fields] == ["Transfer-Encoding", "X-A"]


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_a_body_is_decoded(coding: str, pack: object) -> None:
    packed = pack(b"x" * 900)  # type: ignore[operator]
    head = OK + f"Content-Encoding: {coding}\r\nContent-Length: {len(packed)}\r\n\r\n".encode()
    assert fed(head + packed).body == b"x" * 900
    with pytest.raises(TooLong):
        fed(head + packed, cap=899)
    with pytest.raises(Undecodable):
        fed(head + bytes(len(packed)))


def test_a_packed_body_that_ends_too_early_is_not_decoded() -> None:
    packed = gzip.compress(b"x" * 900)[:-6]
    with pytest.raises(Undecodable):
        fed(OK + b"Content-Encoding: gzip\r\n\r\n" + packed, b"")


def test_an_answer_to_head_has_no_body_and_the_connection_goes_on() -> None:
    found = fed(OK + b"Content-Length: 5\r\n\r\n", method="HEAD")
    assert (found.complete, found.body, found.reusable) == (True, b"", True)


def test_a_body_without_a_length_ends_with_the_connection() -> None:
    found = fed(OK + b"A: b\r\n\r\nhi", b" you")
    assert not found.complete
    found.feed(b"")
    assert (found.complete, found.body, found.reusable) == (True, b"hi you", False)


@pytest.mark.parametrize("more", [OK + b"Content-Length: 0\r\n\r\n", b"junk", b"\0"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_nobody_asked_for_is_no_part_of_an_answer(more: bytes, method: str) -> None:
    body = b"" if method == "HEAD" else b"hi"
    found = fed(OK + b"Content-Length: 2\r\nA: 1\r\n\r\n" + body + more, method=method)
    assert (found.complete, found.status, found.body, found.reusable) == (True, 200, body, False)
    assert len(found.fields) == 2


@pytest.mark.parametrize(
    "text",
    [
        b"",
        OK,
        OK + b"Content-Length: 5\r\n\r\nhi",
        OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc",
        b"HTTP/1.1 100 Continue\r\n\r\n",
    ],
)
def test_an_answer_that_ends_too_early_is_none(text: bytes) -> None:
    with pytest.raises(Broken):
        fed(*([text] if text else []), b"")


@pytest.mark.parametrize(
    "text",
    [
        b"SSH-2.0-OpenSSH\r\n",
        OK + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
        OK + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n",
        OK + b"Content-Length: -2\r\n\r\n",
        OK + b"A: " + b"b" * 300_000,
        OK + b"A: b\r\n" * 60_000,
    ],
)
def test_what_is_no_answer_is_told(text: bytes) -> None:
    with pytest.raises(Broken):
        fed(text)


def test_a_long_body_is_given_up_before_it_is_whole() -> None:
    with pytest.raises(TooLong):
        fed(OK + b"\r\n" + b"x" * 1001)


@given(
    st.lists(st.sampled_from([OK, CHUNKED, b"\r\n", b"A: b\r\n", b"Content-Length: 1\r\n", b"x"]))
)
def test_whatever_comes_is_an_answer_or_broken(pieces: list[bytes]) -> None:
    try:
        found = fed(*pieces)
    except Broken:
        return
    assert found.status in (0, 200)
