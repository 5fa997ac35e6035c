"""Answers of a server that are given item by item: events, JSON texts, or chunks of bytes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Callable,
    Iterable,
    Mapping,
)
from typing import Any, TypeAlias, TypeVar, cast

import anyio
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from . import json_text, lines
from .events import KEEP_ALIVE, Event, EventWriter
from .operation import Answer, Chunks, Items

T = TypeVar("T")

Many: TypeAlias = Iterable[Any] | AsyncIterable[Any]

_GRACE = 1.0
"""Seconds in which the first item may still become a refusal; after them the head is sent."""
_IDLE = 15.0
"""Seconds of silence after which a stream of events shows that it lives."""


def is_stream(result: object) -> bool:
    """Whether a result comes item by item: an iterator, or anything that gives one."""
    one = isinstance(result, str | bytes | dict | BaseModel)
    return not one and isinstance(result, Iterable | AsyncIterable)


def streamed(form: Answer, items: Items, result: Many, status: int) -> Pumped:
    """A stream of items as an answer."""
    idle = KEEP_ALIVE if items.framing == "events" else None
    headers = {"Content-Type": form.media_type or "", "Cache-Control": "no-store"}
    return Pumped(_each(_aiter(result), _writer(items)), idle, status, headers)


def chunked(result: Chunks, status: int) -> Pumped:
    """Bytes that are given piece by piece as an answer."""
    return Pumped(_aiter(result.content), None, status, {"Content-Type": result.media_type})


class Pumped(StreamingResponse):
    """A response whose pieces come from an iterator, which runs in one task of its own.

    Args:
        pieces: the iterator.
        idle: what is sent while it is silent.
    """

    def __init__(
        self,
        pieces: AsyncIterator[bytes],
        idle: bytes | None,
        status: int,
        headers: Mapping[str, str],
    ) -> None:
        super().__init__(self._sent(), status, headers)
        self._pieces = pieces
        self._idle = idle
        self._queue: asyncio.Queue[bytes | Exception | None] = asyncio.Queue(1)
        self._first: list[bytes | Exception | None] = []
        self._task: asyncio.Task[None] | None = None

    async def prepare(self) -> None:
        """Begin, and wait a moment for the first piece.

        So what the iterator raises before it gives anything is raised here, and can be an answer.
        """
        self._task = asyncio.create_task(self._run())
        with contextlib.suppress(TimeoutError):
            self._first = [await asyncio.wait_for(self._queue.get(), _GRACE)]
        if self._first and isinstance(self._first[0], Exception):
            raise self._first[0]

    async def _run(self) -> None:
        last: Exception | None = None
        try:
            async for piece in self._pieces:
                await self._queue.put(piece)
        except Exception as error:  # noqa: BLE001  # raised again where it is read
            last = error
        finally:
            await _close(self._pieces)
        await self._queue.put(last)

    async def _sent(self) -> AsyncIterator[bytes]:
        while True:
            piece = self._first.pop() if self._first else await self._next()
            if piece is None:
                return
            if isinstance(piece, Exception):
                raise piece
            yield piece

    async def _next(self) -> bytes | Exception | None:
        if self._idle is None:
            return await self._queue.get()
        try:
            return await asyncio.wait_for(self._queue.get(), _IDLE)
        except TimeoutError:
            return self._idle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; the iterator is closed however that ends."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            with anyio.CancelScope(shield=True):
                await self.close()

    async def close(self) -> None:
        """End the iterator."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])


async def prepare(response: object) -> None:
    """Let a response that is a stream begin; raises what its iterator raises at once."""
    if isinstance(response, Pumped):
        await response.prepare()


def _writer(items: Items) -> Callable[[Any], bytes]:
    if items.framing == "events":
        writer = EventWriter()

        def event(given: Any) -> bytes:
            if not isinstance(given, Event):
                raise TypeError("the items of a text/event-stream are Events")
            item = cast("Event[object]", given)
            data = items.of(item.event)
            value = data.kind.write(item.data)
            text = str(value) if data.text else json_text.write(value).decode()
            return writer.write(Event(text, item.event, item.id, item.retry))

        return event
    frame = lines.line if items.framing == "lines" else lines.record
    return lambda item: frame(json_text.write(items.data.kind.write(item)))


async def _each(items: AsyncIterator[Any], write: Callable[[Any], bytes]) -> AsyncIterator[bytes]:
    try:
        async for item in items:
            yield write(item)
    finally:
        await _close(items)


def _aiter(result: Iterable[T] | AsyncIterable[T]) -> AsyncIterator[T]:
    if isinstance(result, AsyncIterable):
        return aiter(result)
    return aiter(_threaded(result))


_END = object()


async def _threaded(result: Iterable[T]) -> AsyncIterator[T]:
    """The items of what blocks, each taken in a thread; closed only when no thread is inside."""
    items = iter(result)
    taken: asyncio.Future[object] | None = None
    try:
        while True:
            taken = asyncio.ensure_future(run_in_threadpool(next, items, _END))
            item = await asyncio.shield(taken)
            if item is _END:
                return
            yield cast("T", item)
    finally:
        if taken is not None and not taken.done():
            await asyncio.wait([taken])
            taken.exception()
        close = getattr(result, "close", None)
        if callable(close):
            close()


async def _close(pieces: object) -> None:
    if isinstance(pieces, AsyncGenerator):
        await cast("AsyncGenerator[object]", pieces).aclose()
