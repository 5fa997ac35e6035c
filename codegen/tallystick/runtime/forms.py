"""Bodies of ``application/x-www-form-urlencoded``: an object as fields, and fields as an object.

Each member is written as its encoding says (OpenAPI 3.1, 4.8.15): by a style, or as JSON where it
is an object or an array of objects. An object that is not read back the same is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, unquote_to_bytes

from . import json_text
from .json_text import Json
from .operation import Parameter
from .styles import (
    Inexpressible,
    Pairs,
    alike,
    claims,
    read_pairs,
    write_pairs,
)


def write(fields: Sequence[Parameter], value: Json) -> bytes:
    """An object as a form.

    Raises:
        Inexpressible: it is no object, or no form would be read back as the same object.
    """
    if not isinstance(value, dict):
        raise Inexpressible("only an object can be a form")
    declared = {each.name: each for each in fields}
    pairs: Pairs = []
    for name, member in value.items():
        field = declared.get(name)
        written = _undeclared(name, member) if field is None else _written(field, member)
        if not written:
            raise Inexpressible(
                f"the member {name!r} is empty, which a form cannot tell from absent"
            )
        pairs += written
    text = "&".join(f"{name}={member}" for name, member in pairs)
    if not alike(read(fields, text.encode()), value):
        raise Inexpressible("a member cannot be written so that it is read back the same")
    return text.encode()


def read(fields: Sequence[Parameter], data: bytes) -> dict[str, Json]:
    """The object that a form stands for.

    Raises:
        Inexpressible: it is none; a member stands twice, or is no UTF-8 or no JSON.
    """
    problem = ""
    found: dict[str, Json] = {}
    try:
        parts = (part.partition("=") for part in data.decode("ascii").split("&") if part)
        pairs = [(name, text) for name, _, text in parts]
        for field in fields:
            mine = [pair for pair in pairs if claims(field, _unescape(pair[0]))]
            if mine:
                found[field.name] = _value(field, mine)
        for raw, text in pairs:
            name = _unescape(raw)
            if any(claims(field, name) for field in fields):
                continue
            if name in found:
                raise Inexpressible(f"the member {name!r} stands twice")
            found[name] = _unescape(text)
    except UnicodeDecodeError:
        problem = "is not UTF-8, percent-encoded"
    except KeyError as error:
        problem = f"the member {error} is not in its style"
    except json_text.JsonError as error:
        problem = f"a member is {error}"
    if problem:
        raise Inexpressible(problem)
    return found


def _escape(text: str) -> str:
    return quote(text, safe="", errors="strict")


def _unescape(text: str) -> str:
    return unquote_to_bytes(text.replace("+", " ")).decode("utf-8")


def _undeclared(name: str, value: Json) -> Pairs:
    """A member that no field declares: text, as it is read."""
    if not isinstance(value, str):
        raise Inexpressible(f"the member {name!r} is not declared, and no text")
    return [(_escape(name), _escape(value))]


def _written(field: Parameter, value: Json) -> Pairs:
    if not field.json:
        return write_pairs(field, value, _escape)
    several = value if isinstance(value, list) and field.explode else [value]
    return [(_escape(field.name), _escape(json_text.write(each).decode())) for each in several]


def _value(field: Parameter, pairs: Pairs) -> Json:
    if not field.json:
        return read_pairs(field, pairs, _unescape)
    texts = [_unescape(text) for _, text in pairs]
    values = [json_text.read(text.encode()) for text in texts]
    if field.explode and "array" in field.types:
        alone = values == [None] and "null" in field.types and "null" not in field.items
        return None if alone else values
    if len(values) > 1:
        raise Inexpressible(f"the member {field.name!r} stands twice")
    return values[0]
