"""A JSON body read strictly (RFC 8259): what two parsers could read differently is refused."""

from __future__ import annotations

import json
import math
from typing import NoReturn

from pydantic_core import to_json

from tallystick.document import Json

MAX_DEPTH = 200


def parse(content: bytes) -> Json:
    """The value of a body.

    Raises:
        ValueError: not UTF-8, not JSON, a member twice, a number that is not finite or too long,
            half of a surrogate pair, or nested deeper than 200 levels.
    """
    text = content.decode("utf-8")
    if text.startswith("\ufeff"):
        raise ValueError("a byte order mark")
    _check_depth(text)
    value: Json = _DECODER.decode(text)
    if "\\u" in text:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    return value


def text(value: Json) -> bytes:
    """A value as the bytes of a body."""
    return to_json(value)


def _check_depth(text: str) -> None:
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth, quoted, escaped = 0, False, False
    for char in text:
        if quoted:
            quoted = escaped or char != '"'
            escaped = char == "\\" and not escaped
        elif char == '"':
            quoted = True
        else:
            depth += (char in "[{") - (char in "]}")
        if depth > MAX_DEPTH:
            raise ValueError("nested too deep")


def _object(members: list[tuple[str, Json]]) -> dict[str, Json]:
    value = dict(members)
    if len(value) < len(members):
        raise ValueError("a member twice")
    return value


def _float(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise ValueError("a number out of range")
    return value


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=_float, parse_constant=_constant)
