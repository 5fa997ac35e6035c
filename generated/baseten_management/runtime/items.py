"""Request bodies of JSON texts one after another: values as bytes and back; no I/O."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from typing import Any, cast

from pydantic import BaseModel, ValidationError

from . import json_text
from .errors import UnsafeValue
from .lines import LineReader, line, record, sequence_reader
from .operation import Items
from .styles import Inexpressible


def write(items: Items, body: object) -> bytes | Iterable[bytes] | AsyncIterable[bytes]:
    """The items as bytes: those of a list or a tuple at once, of what gives them while it is read.

    Raises:
        Inexpressible: an item of a list does not fit, or this gives no items. What is read later
            raises ``UnsafeValue`` then.
    """
    if isinstance(body, list | tuple):
        given = cast("Iterable[object]", body)
        return b"".join(_written(items, index, each) for index, each in enumerate(given))
    one = isinstance(body, str | bytes | bytearray | dict | BaseModel) or hasattr(body, "read")
    if isinstance(body, Iterable) and not one:
        return _texts(items, cast("Iterable[object]", body))
    if isinstance(body, AsyncIterable) and not one:
        return _texts_later(items, cast("AsyncIterable[object]", body))
    raise Inexpressible("must be an iterable of items")


def read(items: Items, data: bytes) -> list[Any]:
    """The items of a whole body.

    Raises:
        Inexpressible: one cannot be read, or does not fit.
    """
    longest = len(data)
    reader = LineReader(longest) if items.framing == "lines" else sequence_reader(longest)
    texts = [*reader.feed(data), *reader.end()]
    return [_read(items, index, text) for index, text in enumerate(texts)]


def _texts(items: Items, body: Iterable[object]) -> Iterator[bytes]:
    for index, each in enumerate(body):
        yield _sent(items, index, each)


async def _texts_later(items: Items, body: AsyncIterable[object]) -> AsyncIterator[bytes]:
    index = 0
    async for each in body:
        yield _sent(items, index, each)
        index += 1


def _sent(items: Items, index: int, value: object) -> bytes:
    try:
        return _written(items, index, value)
    except Inexpressible as error:
        problem = f"`body` {error}"
    raise UnsafeValue(problem)


def _written(items: Items, index: int, value: object) -> bytes:
    problem = "is not of the declared type"
    try:
        text = json_text.write(items.data.kind.write(value))
        return line(text) if items.framing == "lines" else record(text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        at = ".".join(str(part) for part in first["loc"])
        problem = f"is not valid{f' at {at}' if at else ''}: {first['msg']}"
    except UnicodeEncodeError:
        problem = "has a lone surrogate"
    except (TypeError, ValueError):
        pass
    raise Inexpressible(f"at item {index} {problem}")


def _read(items: Items, index: int, text: bytes) -> object:
    try:
        return items.data.kind.decode(text)
    except json_text.JsonError as error:
        problem = f": {error}"
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        at = "/".join(str(part) for part in first["loc"])
        problem = f" does not fit its schema at /{at}: {first['msg']}"
    raise Inexpressible(f"item {index}{problem}")
