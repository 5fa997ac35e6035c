"""Bodies that are read while they are sent: files and iterators of bytes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from typing import Protocol, runtime_checkable

from .errors import UnsafeValue

_CHUNK = 64 * 1024


@runtime_checkable
class _File(Protocol):
    def read(self, size: int, /) -> bytes: ...


def upload(
    body: bytes | Iterable[bytes] | AsyncIterable[bytes] | None, blocking: bool
) -> bytes | Iterable[bytes] | AsyncIterable[bytes] | None:
    """A body as a transport takes it.

    Args:
        blocking: whether the transport blocks, or runs on asyncio.

    Raises:
        UnsafeValue: it can only be read on an asyncio loop, and the transport blocks.
    """
    if body is None or isinstance(body, bytes):
        return body
    if not isinstance(body, Iterable):
        if blocking:
            raise UnsafeValue("`body` can be read by an asyncio client only")
        return body
    return _pieces(body) if blocking else _in_threads(_pieces(body))


def _pieces(body: Iterable[bytes]) -> Iterator[bytes]:
    if not isinstance(body, _File):
        yield from body
        return
    while chunk := body.read(_CHUNK):
        yield chunk


async def _in_threads(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    while (chunk := await asyncio.to_thread(next, pieces, None)) is not None:
        yield chunk
