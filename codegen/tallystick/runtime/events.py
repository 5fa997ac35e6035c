"""Server-sent events as bytes and back (HTML Living Standard, 9.2.5 and 9.2.6), without any I/O."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

_BOM = b"\xef\xbb\xbf"
_LINE_END = re.compile(rb"\r\n|\r|\n")
_DIGITS = 15
"""A reconnection time of more digits is no time."""


class TooLong(ValueError):
    """One item of a stream is larger than the cap."""


@dataclass(frozen=True)  # no slots: `Event[T](...)` sets an attribute
class Event(Generic[T]):
    """One event of a ``text/event-stream``.

    Attributes:
        data: the value that its data stands for; a ``str`` where the document gives it no schema.
        event: its type.
        id: the last event id that the stream said: to be sent as ``Last-Event-ID`` to go on there.
        retry: the milliseconds after which to connect again, where this event says so.
    """

    data: T
    event: str = "message"
    id: str = ""
    retry: int | None = None


class EventReader:
    """Takes bytes as they come and gives each event once it is complete.

    Args:
        longest: the cap of one event, and of one line, in bytes.
    """

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._begun = False
        self._after_cr = False
        self._line = bytearray()
        self._id = ""
        self._clear()

    def _clear(self) -> None:
        self._data: list[str] = []
        self._size = 0
        self._event = ""
        self._retry: int | None = None

    def feed(self, chunk: bytes) -> list[Event[str]]:
        """The events that ``chunk`` completes.

        Raises:
            TooLong: one of them is larger than the cap.
        """
        if not self._begun:
            chunk = bytes(self._line) + chunk
            self._line.clear()
            if len(chunk) < len(_BOM) and _BOM.startswith(chunk):
                self._line += chunk
                return []
            chunk = chunk.removeprefix(_BOM)
            self._begun = True
        if self._after_cr and chunk:
            chunk = chunk.removeprefix(b"\n")
            self._after_cr = False
        *complete, rest = _LINE_END.split(chunk)
        found: list[Event[str]] = []
        for line in complete:
            event = self._take(bytes(self._line) + line)
            self._line.clear()
            found += [] if event is None else [event]
        self._line += rest
        self._after_cr = self._after_cr or chunk.endswith(b"\r")
        if self._size + len(self._line) > self._longest:
            raise TooLong
        return found

    def end(self) -> list[Event[str]]:
        """Nothing: an event that no blank line ends is thrown away (9.2.6)."""
        return []

    def _take(self, line: bytes) -> Event[str] | None:
        if not line:
            return self._dispatch()
        name, _, value = line.partition(b":")
        text = value.removeprefix(b" ").decode("utf-8", "replace")
        match name:
            case b"data":
                self._size += len(value) + 1
                if self._size > self._longest:
                    raise TooLong
                self._data.append(text)
            case b"event":
                self._event = text
            case b"id" if "\0" not in text:
                self._id = text
            case b"retry" if text.isascii() and text.isdigit() and len(text) <= _DIGITS:
                self._retry = int(text)
            case _:
                pass
        return None

    def _dispatch(self) -> Event[str] | None:
        data, event, retry = self._data, self._event, self._retry
        self._clear()
        return Event("\n".join(data), event or "message", self._id, retry) if data else None


class EventWriter:
    """Gives the bytes of each event, so that a reader has the same events."""

    def __init__(self) -> None:
        self._id = ""

    def write(self, event: Event[str]) -> bytes:
        """One event as bytes.

        Raises:
            ValueError: its data has a carriage return, or its type or id a line end, or a NUL:
                no stream can carry that.
        """
        lines: list[str] = []
        if event.event != "message":
            lines.append(f"event: {_one_line(event.event, 'type')}")
            if not event.event:
                raise ValueError("the type of an event is empty")
        if event.id != self._id:
            lines.append(f"id: {_one_line(event.id, 'id')}")
            self._id = event.id
        if event.retry is not None:
            if not 0 <= event.retry < 10**_DIGITS:
                raise ValueError("the reconnection time of an event is no time in milliseconds")
            lines.append(f"retry: {event.retry}")
        if "\r" in event.data:
            raise ValueError("the data of an event has a carriage return")
        lines += [f"data: {line}" for line in event.data.split("\n")]
        return "".join(f"{line}\n" for line in [*lines, ""]).encode()


KEEP_ALIVE = b":\n\n"
"""A comment: it shows that the connection lives, and no event."""


def _one_line(text: str, what: str) -> str:
    if any(char in text for char in "\r\n\0"):
        raise ValueError(f"the {what} of an event has a line end or a NUL")
    return text
