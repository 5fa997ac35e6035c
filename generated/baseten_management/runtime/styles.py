"""Parameter values as text and back: the styles ``simple`` and ``form`` (OpenAPI 3.1, 4.8.12.2).

A value becomes pieces of text first; the caller joins and escapes them for its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from .json_text import Json
from .operation import Parameter

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")

Escape = Callable[[str], str]
Pairs = list[tuple[str, str]]


class Inexpressible(ValueError):
    """The style has no text for this value."""


def supported(style: str, location: str, explode: bool, types: frozenset[str]) -> bool:
    """Whether values of these JSON types can be written in this style at this place."""
    if location == "cookie":
        return style == "form" and not types & {"array", "object"}
    if location == "query":
        return style == "form"
    return style == "simple"


def leaf(value: Json) -> str:
    """A value without parts as text; null is the word."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | str):
        return str(value)
    raise Inexpressible("a nested array or object has no text in this style")


def read_leaf(text: str, types: frozenset[str]) -> Json:
    """The value that a text stands for where these JSON types are admitted."""
    if text == "null" and "null" in types:
        return None
    if text in ("true", "false") and "boolean" in types:
        return text == "true"
    numeric = types & {"integer", "number"}
    if numeric and len(text) < 400 and (found := _NUMBER.fullmatch(text)):
        return float(text) if found[2] or found[3] else int(text)
    return text


def delimited(parameter: Parameter, value: Json, escape: Escape) -> str:
    """A value as one text, its parts delimited by commas (RFC 6570, 3.2.2)."""
    if isinstance(value, list):
        return ",".join(escape(leaf(each)) for each in value)
    if isinstance(value, dict):
        join = "=" if parameter.explode else ","
        return ",".join(f"{escape(k)}{join}{escape(leaf(v))}" for k, v in value.items())
    return escape(leaf(value))


def read_delimited(parameter: Parameter, text: str, unescape: Escape) -> Json:
    """The value of a comma-delimited text."""
    parts = text.split(",") if text else []
    if "array" in parameter.types and (len(parts) != 1 or "string" not in parameter.types):
        return [read_leaf(unescape(part), parameter.items) for part in parts]
    if "object" in parameter.types and "string" not in parameter.types:
        return _members(parameter, _split(parts, parameter.explode), unescape)
    return read_leaf(unescape(text), parameter.types)


def form_pairs(parameter: Parameter, value: Json, escape: Escape) -> Pairs:
    """A value as name and value pairs of a query, escaped."""
    name = escape(parameter.name)
    if parameter.explode and isinstance(value, list):
        return [(name, escape(leaf(each))) for each in value]
    if parameter.explode and isinstance(value, dict):
        return [(escape(key), escape(leaf(each))) for key, each in value.items()]
    return [(name, delimited(_plain(parameter), value, escape))]


def read_form(parameter: Parameter, pairs: Sequence[tuple[str, str]], unescape: Escape) -> Json:
    """The value that the pairs of a query hold for a parameter.

    Raises:
        KeyError: it is absent.
        Inexpressible: it stands twice and is no array.
    """
    if parameter.explode and "object" in parameter.types:
        mine = [(k, v) for k, v in pairs if unescape(k) in parameter.members]
        if not mine:
            raise KeyError(parameter.name)
        return _members(parameter, mine, unescape)
    found = [text for name, text in pairs if unescape(name) == parameter.name]
    if not found:
        raise KeyError(parameter.name)
    many = parameter.explode and "array" in parameter.types
    if many and (len(found) > 1 or "string" not in parameter.types):
        return [read_leaf(unescape(text), parameter.items) for text in found]
    if len(found) > 1:
        raise Inexpressible("it stands twice")
    return read_delimited(_plain(parameter), found[0], unescape)


def alike(left: Json, right: Json) -> bool:
    """Whether two values have the same text: ``"1"`` and ``1`` do, ``"null"`` and null do not."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(alike, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(alike(left[key], right[key]) for key in left)
    if isinstance(left, list | dict) or isinstance(right, list | dict):
        return False
    return (left is None) == (right is None) and leaf(left) == leaf(right)


def _plain(parameter: Parameter) -> Parameter:
    return Parameter(
        parameter.name,
        parameter.argument,
        parameter.location,
        parameter.kind,
        types=parameter.types,
        items=parameter.items,
        members=parameter.members,
    )


def _split(parts: list[str], explode: bool) -> Pairs:
    if explode:
        return [(key, text) for key, _, text in (part.partition("=") for part in parts)]
    if len(parts) % 2:
        raise Inexpressible("an object needs a value for each name")
    return list(zip(parts[::2], parts[1::2], strict=True))


def _members(parameter: Parameter, pairs: Pairs, unescape: Escape) -> Json:
    found: dict[str, Json] = {}
    for raw, text in pairs:
        name = unescape(raw)
        if name in found:
            raise Inexpressible(f"the member {name!r} stands twice")
        found[name] = read_leaf(unescape(text), parameter.members.get(name, parameter.items))
    return found
