"""Answers that come item by item: events, JSON texts or chunks of bytes, as typed iterators."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from typing import Generic, Protocol, Self, TypeVar, cast

from pydantic import ValidationError

from . import json_text
from .drift import Drift, Trail, tell
from .errors import BodyTooLarge, ClientError, DecodeError, TimeoutError
from .events import Event, EventReader, TooLong
from .exchanges import TROUBLE, Live, failure
from .lines import LineReader, sequence_reader
from .operation import Data, Items
from .requests import Request

T = TypeVar("T")

_DONE = "[DONE]"
"""The data by which many servers end a stream of JSON events; no document declares it."""


class Reader(Protocol):
    """Cuts a stream into its items."""

    def feed(self, chunk: bytes) -> list[Event[str]] | list[bytes]:
        """The items that a chunk completes."""
        ...

    def end(self) -> list[Event[str]] | list[bytes]:
        """What is left at the end."""
        ...


class _Chunks:
    """Cuts nothing: each chunk is an item."""

    def feed(self, chunk: bytes) -> list[bytes]:
        return [chunk] if chunk else []

    def end(self) -> list[bytes]:
        return []


def _reader(items: Items | None, longest: int) -> Reader:
    match items:
        case None:
            return _Chunks()
        case Items(framing="events"):
            return EventReader(longest)
        case Items(framing="lines"):
            return LineReader(longest)
        case _:
            return sequence_reader(longest)


class Decoder(Generic[T]):
    """Makes items of chunks; no I/O.

    Args:
        items: what they are; None: chunks of bytes.
        longest: the cap of one item in bytes.
        drift: what happens to what the document does not know.
    """

    def __init__(
        self,
        items: Items | None,
        request: Request,
        status: int,
        longest: int,
        drift: Drift = "strict",
    ) -> None:
        self._drift = drift
        self._items = items
        self._reader = _reader(items, longest)
        self._longest = longest
        self._request = request
        self._status = status
        self._found: deque[Event[str] | bytes] = deque()
        self.done = False
        """Whether nothing more will come."""

    def feed(self, chunk: bytes | None) -> None:
        """Take a chunk; None is the end of the stream. Raises ``BodyTooLarge``."""
        try:
            self._found += self._reader.end() if chunk is None else self._reader.feed(chunk)
            self.done = chunk is None
        except TooLong:
            self.done = True
            what = f"an item of the answer is larger than {self._longest} bytes"
            error = self._error(BodyTooLarge, what)
        else:
            return
        raise error

    def ready(self) -> list[T]:
        """The next item, if it is there: one or none. Raises ``DecodeError``."""
        if not self._found:
            return []
        found = self._found.popleft()
        if isinstance(found, Event) and found.data == _DONE and not self._data(found).text:
            self.stop()
            return []
        try:
            return [cast("T", self._item(found))]
        except json_text.JsonError as error:
            problem = f"cannot be read: {error}"
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            at = "/".join(str(part) for part in first["loc"])
            problem = f"does not fit its schema at /{at}: {first['msg']}"
        except RecursionError:
            problem = "is nested too deep"
        raise self._error(DecodeError, f"an item of the answer {problem}")

    def stop(self) -> None:
        """Forget what is there; nothing more will come."""
        self._found.clear()
        self.done = True

    def _item(self, found: Event[str] | bytes) -> object:
        if isinstance(found, bytes):
            return found if self._items is None else self._value(self._items.data, found)
        value = self._value(self._data(found), found.data.encode())
        return Event(value, found.event, found.id, found.retry)

    def _value(self, data: Data, text: bytes) -> object:
        trail = None if self._drift == "strict" else Trail()
        value = data.kind.read(text.decode(), trail) if data.text else data.kind.decode(text, trail)
        if trail is not None and trail.found and self._drift == "report":
            request = self._request
            name = f"{request.method} {request.template}"
            tell(name, self._status, trail.found, request.scrub)
        return value

    def _data(self, event: Event[str]) -> Data:
        assert self._items is not None
        return self._items.of(event.event)

    def broken(self, error: BaseException) -> ClientError:
        """The error for what broke the stream."""
        found = failure(error)
        return self._error(found.kind, f"{found.what}, in the middle of the answer")

    def late(self) -> ClientError:
        """The error for an item that did not come in time."""
        return self._error(TimeoutError, "the next item of the answer did not come in time")

    def _error(self, kind: type[ClientError], what: str) -> ClientError:
        request = self._request
        return kind(
            request.scrub(what), method=request.method, path=request.template, status=self._status
        )


class Stream(Iterator[T]):
    """The items of an answer, each as soon as it is there.

    Each must come within the total timeout of a call, and be no larger than ``max_body``. Close it,
    leave a ``with`` block, or read it to its end: until then it holds a connection.

    Attributes:
        media_type: the Content-Type of the answer.
    """

    def __init__(self, live: Live, decoder: Decoder[T]) -> None:
        self.media_type = live.headers.get("content-type", "")
        self._live = live
        self._decoder = decoder
        self._chunks = live.response.iter_bytes()

    def __next__(self) -> T:
        self._live.deadline.renew()
        try:
            while not (ready := self._decoder.ready()):
                if self._decoder.done:
                    raise StopIteration
                self._pull()
        except (StopIteration, ClientError):
            self.close()
            raise
        return ready[0]

    def _pull(self) -> None:
        problem: BaseException | None = None
        chunk: bytes | None = None
        try:
            chunk = next(self._chunks, None)
        except TROUBLE as error:
            problem = error
        if problem is not None:
            raise self._decoder.broken(problem)
        if self._live.deadline.passed:
            raise self._decoder.late()
        self._decoder.feed(chunk)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Give up what has not been read."""
        self._decoder.stop()
        self._live.response.close()


class AsyncStream(AsyncIterator[T]):
    """As ``Stream``, on the running asyncio loop."""

    def __init__(self, live: Live, decoder: Decoder[T]) -> None:
        self.media_type = live.headers.get("content-type", "")
        self._live = live
        self._decoder = decoder
        self._chunks = live.response.aiter_bytes()

    async def __anext__(self) -> T:
        self._live.deadline.renew()
        try:
            while not (ready := self._decoder.ready()):
                if self._decoder.done:
                    raise StopAsyncIteration
                await self._pull()
        except (StopAsyncIteration, ClientError):
            await self.aclose()
            raise
        return ready[0]

    async def _pull(self) -> None:
        problem: BaseException | None = None
        chunk: bytes | None = None
        try:
            async with asyncio.timeout(max(self._live.deadline.left, 0.0)):
                chunk = await anext(self._chunks, None)
        except TROUBLE as error:
            problem = error
        if problem is not None:
            raise self._decoder.broken(problem)
        self._decoder.feed(chunk)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Give up what has not been read."""
        self._decoder.stop()
        await self._live.response.aclose()
