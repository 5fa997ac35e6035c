"""Typed bodies as bytes and back, by media type: JSON, lines of it, a form, parts, or plain text."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterable

from . import forms, items, json_text, multipart
from .operation import Body, codec, essence, is_json
from .styles import Inexpressible

_UTF8 = frozenset({"", "utf-8", "utf8", "us-ascii"})
_LATIN1 = frozenset({"iso-8859-1", "latin-1", "latin1"})


def write(
    declared: Body, body: object
) -> tuple[bytes | Iterable[bytes] | AsyncIterable[bytes], str]:
    """A body of the declared kind as bytes, or as what gives them, with its media type.

    Raises:
        Inexpressible: the media type has no bytes for it.
        TypeError, ValueError, pydantic.ValidationError: it is not of the kind.
    """
    if declared.items is not None:
        return items.write(declared.items, body), declared.media_types[0]
    if declared.kind is None:
        raise TypeError("this body has no kind")
    media_type = declared.media_types[0]
    try:
        if codec(media_type) == "multipart":
            return multipart.write(declared, body)
        value = declared.kind.write(body)
        match codec(media_type):
            case "form":
                content = forms.write(declared.fields, value)
                declared.kind.read(forms.read(declared.fields, content))
                return content, media_type
            case "text":
                return text_bytes(value), with_charset(media_type)
            case _:
                json = next((each for each in declared.media_types if is_json(each)), None)
                return json_text.write(value), json or "application/json"
    except UnicodeEncodeError:
        raise Inexpressible("has a lone surrogate") from None


def read(declared: Body, given: str, data: bytes) -> object:
    """The value of a body that came with a media type.

    Raises:
        Inexpressible, JsonError: it cannot be read.
        pydantic.ValidationError: it is not of the declared kind.
    """
    if declared.items is not None:
        return items.read(declared.items, data)
    if declared.kind is None:
        return data
    match codec(declared.media_types[0]):
        case "multipart":
            return multipart.read(declared, given, data)
        case "form":
            return declared.kind.read(forms.read(declared.fields, data))
        case "text":
            return declared.kind.read(text_of(data, given))
        case _:
            return declared.kind.decode(data)


def text_bytes(value: object) -> bytes:
    """A text in UTF-8; raises ``Inexpressible`` for what is none."""
    if not isinstance(value, str):
        raise Inexpressible("is no text")
    return value.encode()


def text_of(data: bytes, media_type: str) -> str:
    """The text of bytes with this media type; raises ``Inexpressible`` where they are none."""
    given = charset(media_type)
    if given not in _UTF8 | _LATIN1:
        raise Inexpressible("is in a charset other than UTF-8")
    try:
        return data.decode("latin-1" if given in _LATIN1 else "utf-8")
    except UnicodeDecodeError:
        raise Inexpressible("is not UTF-8") from None


def with_charset(media_type: str) -> str:
    """A media type of text that says its charset (RFC 6657: else it would be US-ASCII)."""
    return media_type if charset(media_type) else f"{essence(media_type)}; charset=utf-8"


def charset(media_type: str) -> str:
    """The ``charset`` of a media type in lower case, or nothing."""
    for parameter in media_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"').lower()
    return ""
