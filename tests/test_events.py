"""Server-sent events and JSON lines: what is written is read back, in whatever pieces it comes."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.runtime.events import Event, EventReader, EventWriter, TooLong
from tallystick.runtime.lines import LineReader, line, record, sequence_reader

BIG = 10_000


def events(data: bytes, *cuts: int) -> list[Event[str]]:
    """The events of a stream that comes in pieces."""
    reader = EventReader(BIG)
    found: list[Event[str]] = []
    for start, end in zip((0, *sorted(cuts)), (*sorted(cuts), len(data)), strict=True):
        found += reader.feed(data[start:end])
    return found + reader.end()


def plainly(data: bytes) -> list[Event[str]]:
    """The algorithm of the standard, 9.2.6, letter by letter over the whole stream."""
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    lines = re.split("\r\n|\r|\n", text)[:-1]
    buffer, kind, last, retry = "", "", "", None
    found: list[Event[str]] = []
    for each in lines:
        if not each:
            if buffer:
                found.append(Event(buffer.removesuffix("\n"), kind or "message", last, retry))
            buffer, kind, retry = "", "", None
            continue
        name, _, value = each.partition(":")
        value = value.removeprefix(" ")
        if name == "data":
            buffer += value + "\n"
        elif name == "event":
            kind = value
        elif name == "id" and "\0" not in value:
            last = value
        elif name == "retry" and re.fullmatch("[0-9]{1,15}", value):
            retry = int(value)
    return found


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"data: a\n\n", [Event("a")]),
        (b"data:a\rdata:  b\r\r", [Event("a\n b")]),
        (b"\xef\xbb\xbfdata: a\r\n\r\n", [Event("a")]),
        (b": hello\n\ndata\n\ndata:\ndata\n\n", [Event(""), Event("\n")]),
        (b"event: x\n\ndata: a\n\n", [Event("a")]),
        (b"id: 1\ndata: a\n\ndata: b\n\nid\ndata: c\n\n", [Event("a", id="1"), Event("b", id="1"), Event("c")]),
        (b"retry: 10\ndata: a\n\nretry: x\ndata: b\n\n", [Event("a", retry=10), Event("b")]),
        (b"data: lost", []),
        (b"data: lost\n", []),
        (b"", []),
    ],
)  # fmt: skip
def test_a_stream_of_events_is_read_as_the_standard_says(
    data: bytes, expected: list[Event[str]]
) -> None:
    assert events(data) == expected == plainly(data)


PIECES = st.sampled_from(
    [b"data", b"event", b"id", b"retry", b":", b": ", b"\n", b"\r", b"\r\n", b"\n\n", b"1", b"a",
     b"\0", "é".encode(), b"\xff", b"\xef\xbb\xbf"]
)  # fmt: skip


@given(parts=st.lists(PIECES, max_size=40), data=st.data())
def test_any_bytes_in_any_pieces_give_the_same_events(
    parts: list[bytes], data: st.DataObject
) -> None:
    whole = b"".join(parts)
    cuts = data.draw(st.lists(st.integers(0, len(whole)), max_size=6))
    assert events(whole, *cuts) == events(whole, *range(len(whole))) == plainly(whole)


NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), max_size=5)
EVENTS = st.builds(
    Event[str],
    data=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=9),
    event=NAMES.filter(bool),
    id=NAMES,
    retry=st.none() | st.integers(0, 10**9),
)


@given(st.lists(EVENTS, max_size=5))
def test_events_are_read_back_as_they_were_written(told: list[Event[str]]) -> None:
    writer = EventWriter()
    assert events(b"".join(map(writer.write, told))) == told


@pytest.mark.parametrize(
    "event",
    [Event("a\rb"), Event("a", event=""), Event("a", event="b\nc"), Event("a", id="\0"), Event("a", retry=-1)],
)  # fmt: skip
def test_an_event_that_no_stream_can_carry_is_refused(event: Event[str]) -> None:
    with pytest.raises(ValueError, match="event"):
        EventWriter().write(event)


def test_an_event_and_a_line_have_a_cap_and_a_stream_has_none() -> None:
    reader = EventReader(20)
    for _ in range(100):
        assert len(reader.feed(b"data: 1234567890\n\n")) == 1
    for chunks in ([b"data: 123456789012345678901"], [b"data: 12345678\n"] * 3, [b":" * 21]):
        reader = EventReader(20)
        with pytest.raises(TooLong):
            _ = [reader.feed(chunk) for chunk in chunks]
    with pytest.raises(TooLong):
        LineReader(3).feed(b"1234\n")


def texts(reader: LineReader, data: bytes, *cuts: int) -> list[bytes]:
    found: list[bytes] = []
    for start, end in zip((0, *sorted(cuts)), (*sorted(cuts), len(data)), strict=True):
        found += reader.feed(data[start:end])
    return found + reader.end()


TEXTS = st.lists(st.sampled_from([b"1", b'"a b"', b"{}", b"[1,\r2]"]), max_size=6)


@given(told=TEXTS, data=st.data())
def test_lines_and_records_are_read_back_as_they_were_written(
    told: list[bytes], data: st.DataObject
) -> None:
    for write, make in ((line, LineReader), (record, sequence_reader)):
        whole = b"".join(map(write, told))
        cuts = data.draw(st.lists(st.integers(0, len(whole)), max_size=6))
        assert [each.strip() for each in texts(make(BIG), whole, *cuts)] == told


def test_blank_lines_are_no_texts_and_the_last_needs_no_end() -> None:
    assert texts(LineReader(BIG), b"1\n\r\n \n2") == [b"1", b"2"]
    assert texts(sequence_reader(BIG), b"\x1e1\n\x1e\x1e2\n") == [b"1\n", b"2\n"]
