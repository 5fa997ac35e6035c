"""Bodies of ``multipart/form-data`` (RFC 7578): the members of an object as parts, and back.

A file is a part with its own media type; an object, and each item of an array of objects, is JSON;
everything else is text. Names are escaped as browsers do: a quote, CR and LF as ``%22 %0D %0A``.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from pydantic import TypeAdapter

from . import json_text
from .files import File
from .json_text import Json
from .operation import Body, Kind, Parameter, admits
from .presence import Model, Reading, present, to_json
from .styles import Inexpressible, alike, leaf, read_leaf

_MOST_PARTS = 10_000
_ESCAPED = {'"': "%22", "\r": "%0D", "\n": "%0A"}
_UNESCAPED = {text: char for char, text in _ESCAPED.items()}
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_PARAMETER = re.compile(r';[ \t]*([A-Za-z*]+)[ \t]*=[ \t]*(?:"([^"]*)"|([^";\s]*))[ \t]*')
_OURS = ("content-disposition", "content-type", "content-transfer-encoding")
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=?-]{1,70}")


_TEXT = Kind(lambda: TypeAdapter(str))


@dataclass(frozen=True, slots=True)
class Part:
    """One part: a member, or one item of it."""

    name: str
    content: bytes
    file_name: str | None = None
    media_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


def write(declared: Body, body: object) -> tuple[bytes, str]:
    """An object as a multipart body, with its media type.

    Raises:
        Inexpressible: it is no object, or no parts would be read back as the same object.
        TypeError, ValueError: a member is neither JSON nor a file.
        pydantic.ValidationError: it is not of the declared kind.
    """
    parts: list[Part] = []
    texts: dict[str, Json] = {}
    for name, member in _members(body):
        files = _files(member)
        if files is None:
            texts[name] = to_json(member)
            made = _texts(declared, name, texts[name])
        else:
            made = [_file(declared, name, each) for each in files]
        if not made:
            raise Inexpressible(
                f"the member {name!r} is empty, which parts cannot tell from absent"
            )
        parts += made
    found = _read(declared, parts)
    if declared.kind is not None:
        declared.kind.read(cast("Json", found))
    if any(not alike(cast("Json", found.get(name)), value) for name, value in texts.items()):
        raise Inexpressible("a member cannot be written so that it is read back the same")
    heads = [_head(part) for part in parts]
    boundary = secrets.token_hex(16)
    while any(boundary.encode() in part.content for part in parts):
        boundary = secrets.token_hex(16)
    mark = f"--{boundary}".encode()
    lines = [
        b"%s\r\n%s\r\n%s\r\n" % (mark, h, p.content) for h, p in zip(heads, parts, strict=True)
    ]
    return b"".join([*lines, mark, b"--\r\n"]), f"multipart/form-data; boundary={boundary}"


def read(declared: Body, media_type: str, data: bytes) -> object:
    """The value of a multipart body; a file is a ``File``.

    Raises:
        Inexpressible, JsonError: it is malformed, or a member is.
        pydantic.ValidationError: it is not of the declared kind.
    """
    given = {
        name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(media_type)
    }
    boundary = given.get("boundary", "")
    if not _BOUNDARY.fullmatch(boundary):
        raise Inexpressible("has no boundary")
    found = _read(declared, _split(data, boundary.encode()))
    return found if declared.kind is None else declared.kind.read(cast("Json", found))


def _members(body: object) -> list[tuple[str, object]]:
    if isinstance(body, Reading):
        raise TypeError(f"{type(body).__name__} is a reading; send the model that it reads")
    if isinstance(body, Model):
        return list(present(body))
    if isinstance(body, dict):
        return list(cast("dict[str, object]", body).items())
    raise Inexpressible("only an object can be a multipart body")


def _files(member: object) -> list[bytes | File] | None:
    """The files of a member; None where it is none, nor a list of them."""
    items = cast("list[object]", member) if isinstance(member, list) else [member]
    files = [each for each in items if isinstance(each, bytes | File)]
    return files if files and len(files) == len(items) else None


def _file(declared: Body, name: str, given: bytes | File) -> Part:
    file = File(given, name) if isinstance(given, bytes) else given
    kinds = declared.part_types.get(name, "application/octet-stream").split(",")
    usual = kinds[0].strip() if "*" not in kinds[0] else "application/octet-stream"
    return Part(name, file.content, file.name, file.media_type or usual, file.headers)


def _texts(declared: Body, name: str, value: Json) -> list[Part]:
    known = next((each for each in declared.fields if each.name == name), None)
    if name in declared.files:
        raise Inexpressible(f"the member {name!r} must be bytes or a File")
    if known is None and not isinstance(value, str):
        raise Inexpressible(f"the member {name!r} is not declared, and no text")
    values = value if isinstance(value, list) else [value]
    if known is not None and known.json:
        return [Part(name, json_text.write(v), None, "application/json") for v in values]
    return [Part(name, leaf(each).encode(), None, declared.part_types.get(name)) for each in values]


def _read(declared: Body, parts: Sequence[Part]) -> dict[str, object]:
    known = {each.name: each for each in declared.fields}
    grouped: dict[str, list[Part]] = {}
    for part in parts:
        grouped.setdefault(part.name, []).append(part)
    return {
        name: _value(known.get(name, _undeclared(name)), several, declared)
        for name, several in grouped.items()
    }


def _undeclared(name: str) -> Parameter:
    return Parameter(name, name, "query", _TEXT, types=frozenset({"string"}))


def _value(known: Parameter, parts: list[Part], declared: Body) -> object:
    values = [_one(known, part, declared) for part in parts]
    if "array" in known.types:
        null = values == [None] and "null" in known.types and "null" not in known.items
        return None if null else values
    if len(values) > 1:
        raise Inexpressible(f"the member {known.name!r} stands twice")
    return values[0]


def _one(known: Parameter, part: Part, declared: Body) -> object:
    wanted = declared.part_types.get(known.name)
    given = part.media_type or "text/plain"
    if wanted and not any(admits(each, given) for each in wanted.split(",")):
        raise Inexpressible(f"the part {known.name!r} must be {wanted}")
    if known.name in declared.files:
        return File(part.content, part.file_name, part.media_type, part.headers)
    if known.json:
        return json_text.read(part.content)
    try:
        text = part.content.decode("utf-8")
    except UnicodeDecodeError:
        raise Inexpressible(f"the part {known.name!r} is not UTF-8") from None
    if "array" not in known.types:
        return read_leaf(text, known.types)
    several = known.items & {"string", "null"}
    return None if text == "null" and not several else read_leaf(text, known.items)


def _head(part: Part) -> bytes:
    lines = [f'Content-Disposition: form-data; name="{_escaped(part.name)}"']
    if part.file_name is not None:
        lines[0] += f'; filename="{_escaped(part.file_name)}"'
    fields = [*part.headers.items()]
    if any(name.lower() in _OURS for name, _ in fields):
        raise Inexpressible("a File has a header which its other members say")
    if part.media_type is not None:
        fields.append(("Content-Type", part.media_type))
    for name, text in fields:
        if not _TOKEN.fullmatch(name):
            raise Inexpressible(f"a part has the header name {name!r}")
        if not text.isascii() or not text.isprintable() or text != text.strip():
            raise Inexpressible(f"a part has a {name} that no header field may hold")
        lines.append(f"{name}: {text}")
    return "".join(f"{line}\r\n" for line in lines).encode()


def _escaped(name: str) -> str:
    text = "".join(_ESCAPED.get(char, char) for char in name)
    if any(ord(char) < 32 or ord(char) == 127 for char in text):
        raise Inexpressible("a part or file name has a control character")
    if _unescaped(text) != name:
        raise Inexpressible("a part or file name has %22, %0D or %0A, which stand for other ones")
    return text


def _unescaped(text: str) -> str:
    return re.sub("%22|%0D|%0A", lambda found: _UNESCAPED[found[0]], text)


def _split(data: bytes, boundary: bytes) -> list[Part]:
    pieces = (b"\r\n" + data).split(b"\r\n--" + boundary, _MOST_PARTS + 1)
    if len(pieces) < 2 or not pieces[-1].startswith(b"--"):
        raise Inexpressible(f"does not end with its boundary, or has over {_MOST_PARTS} parts")
    return [_part(piece) for piece in pieces[1:-1]]


def _part(piece: bytes) -> Part:
    start, _, rest = piece.partition(b"\r\n")
    head, blank, content = rest.partition(b"\r\n\r\n")
    if start.strip(b" \t") or not blank:
        raise Inexpressible("has a malformed part")
    try:
        lines = head.decode("utf-8").split("\r\n")
    except UnicodeDecodeError:
        raise Inexpressible("has a part whose head is not UTF-8") from None
    fields = {
        n.strip().lower(): v.strip(" \t") for n, _, v in (line.partition(":") for line in lines)
    }
    if len(fields) < len(lines):
        raise Inexpressible("has a part with a field twice")
    kind, mark, text = fields.pop("content-disposition", "").partition(";")
    found = {n.lower(): q or p for n, q, p in _PARAMETER.findall(mark + text)}
    if kind.strip().lower() != "form-data" or "name" not in found:
        raise Inexpressible("has a part without a name")
    if fields.pop("content-transfer-encoding", "binary").lower() not in ("7bit", "8bit", "binary"):
        raise Inexpressible("has a part with a Content-Transfer-Encoding (RFC 7578, 4.7)")
    file_name = found.get("filename")
    return Part(
        _unescaped(found["name"]),
        content,
        None if file_name is None else _unescaped(file_name),
        fields.pop("content-type", None),
        fields,
    )
