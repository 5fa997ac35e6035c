"""The safe reader: a file or a text, not to be trusted, becomes a Document."""

from __future__ import annotations

import codecs
import os
import stat
from collections.abc import Callable
from pathlib import Path

from tallystick.document import from_json, from_yaml
from tallystick.document.limits import MAX_BYTES
from tallystick.document.pointer import Json
from tallystick.document.record import Document, Tokens
from tallystick.errors import DocumentError, Location

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def read(path: str | Path) -> Document:
    """The document in the file at ``path``.

    Raises:
        DocumentError: the file cannot be read, is no regular file or too large, or ``parse``
            refuses what it says.
    """
    return parse(read_bytes(path), str(path))


def read_bytes(path: str | Path) -> bytes:
    """The bytes of a regular file of at most 32 MiB; anything else is a DocumentError."""
    try:
        # Not blocking: a FIFO would otherwise wait for its writer.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError) as error:
        raise DocumentError(f"cannot be read: {_reason(error)}", where=str(path)) from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise DocumentError("is no regular file", where=str(path), hint="name a file")
    try:
        with os.fdopen(handle, "rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise DocumentError(f"cannot be read: {_reason(error)}", where=str(path)) from None
    if len(content) > MAX_BYTES:
        raise _too_large(str(path))
    return content


def parse(text: str | bytes, name: str) -> Document:
    """The document in ``text``, called ``name`` in messages.

    Text that starts with ``{`` is strict JSON, any other is YAML 1.2 in the core schema; text
    that is called ``.yaml`` or ``.yml``, and is no JSON after all, is YAML too.

    Raises:
        DocumentError: the text is too large, no UTF-8 or UTF-16, neither JSON nor YAML, holds
            what JSON data cannot be, or is no mapping at the top.
    """
    decoded = decode(text, name) if isinstance(text, bytes) else text
    if len(decoded) > MAX_BYTES:
        raise _too_large(name)
    is_json = decoded.lstrip(" \t\r\n").startswith("{")
    try:
        data = (from_json.parse_json if is_json else from_yaml.parse_yaml)(decoded, name)
    except from_json.NotJsonError:
        if not name.lower().endswith((".yaml", ".yml")):
            raise
        is_json, data = False, from_yaml.parse_yaml(decoded, name)
    scan = from_json.positions if is_json else from_yaml.positions
    positions = Positions(name, decoded, scan)
    if not isinstance(data, dict):
        raise DocumentError(
            f"{_kind(data)} where a mapping is expected",
            where=positions.locate(()),
            hint="a document starts with 'openapi: 3.1.0' or the like",
        )
    return Document(name, data, positions.locate, data)


def decode(content: bytes, name: str) -> str:
    """``content`` as text: UTF-8, or UTF-16 with a byte order mark.

    Raises:
        DocumentError: it is neither; the message names the line of the first bad byte.
    """
    encoding, mark = next(
        ((encoding, mark) for mark, encoding in _MARKS if content.startswith(mark)), ("utf-8", b"")
    )
    body = content[len(mark) :]
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        line = body[: error.start].decode(encoding, "replace").count("\n") + 1
        what = f"not {encoding.upper()}: {error.reason}"
        raise DocumentError(what, where=Location(name, line), hint="save it as UTF-8") from None


class Positions:
    """Where the nodes of one text stand, worked out when first asked for."""

    def __init__(
        self, name: str, text: str, scan: Callable[[str], dict[Tokens, tuple[int, int]]]
    ) -> None:
        self._name = name
        self._text = text
        self._scan = scan
        self._table: dict[Tokens, tuple[int, int]] | None = None

    def locate(self, tokens: Tokens) -> Location:
        """The place of the node at ``tokens``, or of its nearest ancestor."""
        if self._table is None:
            self._table = self._scan(self._text)
        while tokens and tokens not in self._table:
            tokens = tokens[:-1]
        return Location(self._name, *self._table.get(tokens, (1, 1)))


def _kind(data: Json) -> str:
    if data is None:
        return "nothing"
    return "a list" if isinstance(data, list) else "a single value"


def _reason(error: OSError | ValueError) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)


def _too_large(name: str) -> DocumentError:
    return DocumentError(f"larger than {MAX_BYTES // 1024 // 1024} MiB", where=name)
