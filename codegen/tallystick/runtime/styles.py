"""Parameter values as text and back: every style of OpenAPI 3.1, 4.8.12.2 and 4.8.12.3.

A value becomes pieces of text, each escaped for its place, joined by what no escaped text holds;
so a text is split before it is unescaped. Where 3.1.0 and RFC 6570 differ, RFC 6570 and 3.1.1
decide: ``label`` without ``explode`` joins by commas, and brackets and pipes are percent-encoded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import quote

from .json_text import Json
from .operation import Deep, Parameter

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_LONGEST = 400

Escape = Callable[[str], str]
Pairs = list[tuple[str, str]]

_STYLES = {
    "path": ("simple", "label", "matrix"),
    "query": ("form", "spaceDelimited", "pipeDelimited", "deepObject"),
    "header": ("simple",),
    "cookie": ("form", "cookie"),
    "querystring": (),
}
_BETWEEN = {"spaceDelimited": "%20", "pipeDelimited": "%7C"}
"""What stands between the parts of one query value; else it is a comma."""
_BETWEEN_READ = {"spaceDelimited": re.compile(r"%20|\+"), "pipeDelimited": re.compile(r"%7[Cc]|\|")}


class Inexpressible(ValueError):
    """The style has no text for this value."""


def supported(style: str, location: str, types: frozenset[str]) -> bool:
    """Whether some value of these JSON types can be written in this style at this place."""
    return style in _STYLES[location] and (style != "deepObject" or "object" in types)


def undefined(style: str, location: str, explode: bool, types: frozenset[str]) -> str | None:
    """What the specification leaves open for a supported style, and what is done; or None."""
    parts = types & {"array", "object"}
    if style == "deepObject" and not explode:
        return "deepObject without explode is not defined: written as with it"
    if style == "deepObject" and types - {"object", "null"}:
        return "deepObject is defined for objects alone: another value raises UnsafeValue"
    if style in _BETWEEN and explode:
        return f"{style} with explode is not defined: written as form"
    if location == "cookie" and style == "form" and explode and parts:
        return "form joins by '&', which is no cookie: each part is a cookie of its own"
    return None


_COOKIE = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*")


def cookie_text(text: str) -> str:
    """A text of the style ``cookie``, which escapes nothing (OpenAPI 3.2, 4.12.6; RFC 6265, 4.1.1).

    Raises:
        Inexpressible: no cookie may hold it.
    """
    if _COOKIE.fullmatch(text):
        return text
    raise Inexpressible("has a character that no cookie may hold: give it escaped")


def leaf(value: Json) -> str:
    """A value without parts as text; null is the word."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | str):
        return str(value)
    if isinstance(value, int):
        # Python neither writes nor reads an integer of thousands of digits.
        if value.bit_length() > 3 * _LONGEST:
            raise Inexpressible("is a number of too many digits")
        return str(value)
    raise Inexpressible("a nested array or object has no text in this style")


def read_leaf(text: str, types: frozenset[str]) -> Json:
    """The value that a text stands for where these JSON types are admitted."""
    if text == "null" and "null" in types:
        return None
    if text in ("true", "false") and "boolean" in types:
        return text == "true"
    numeric = types & {"integer", "number"}
    if numeric and len(text) < _LONGEST and (found := _NUMBER.fullmatch(text)):
        return float(text) if found[2] or found[3] else int(text)
    return text


def write_text(parameter: Parameter, value: Json, escape: Escape) -> str:
    """A value in a path segment or a header field: ``simple``, ``label`` or ``matrix``."""
    if parameter.style == "simple":
        return _joined(value, escape, ",", parameter.explode)
    if isinstance(value, list | dict) and not value:
        raise Inexpressible(f"is empty, for which the style `{parameter.style}` has no text")
    if parameter.style == "label":
        between = "." if parameter.explode else ","
        return "." + _joined(value, escape, between, parameter.explode)
    pairs = write_pairs(parameter, value, escape)
    return "".join(f";{name}={text}" if text else f";{name}" for name, text in pairs)


def read_text(parameter: Parameter, text: str, unescape: Escape) -> Json:
    """The value of such a text; raises ``Inexpressible`` where it is none."""
    if parameter.style == "simple":
        return _read_joined(parameter, text.split(",") if text else [], text, unescape)
    mark = "." if parameter.style == "label" else ";"
    if not text.startswith(mark):
        raise Inexpressible(f"must begin with {mark!r}")
    text = text[1:]
    if parameter.style == "label":
        between = "." if parameter.explode else ","
        return _read_joined(parameter, text.split(between) if text else [], text, unescape)
    pairs = [(name, value) for name, _, value in (part.partition("=") for part in text.split(";"))]
    if parameter.explode and "object" in parameter.types and not _named(parameter, pairs, unescape):
        return _members(parameter, pairs, unescape)
    try:
        if len(_named(parameter, pairs, unescape)) == len(pairs):
            return _read_named(parameter, pairs, unescape)
    except KeyError:
        pass
    raise Inexpressible(f"must be {mark}{parameter.name}=...")


def write_pairs(parameter: Parameter, value: Json, escape: Escape) -> Pairs:
    """A value as escaped name and value pairs of a query, of cookies or of a form."""
    name, escape_value = escape(parameter.name), _value_escape(parameter, value, escape)
    if parameter.style == "deepObject":
        return _deep(parameter, value, escape, escape_value)
    if parameter.explode and isinstance(value, list):
        return [(name, escape_value(leaf(each))) for each in value]
    if parameter.explode and isinstance(value, dict):
        return [(escape(key), escape_value(leaf(each))) for key, each in value.items()]
    between = _BETWEEN.get(parameter.style, ",")
    return [(name, _joined(value, escape_value, between, explode=False))]


def read_pairs(parameter: Parameter, pairs: Sequence[tuple[str, str]], unescape: Escape) -> Json:
    """The value that the pairs of a query or of cookies hold for a parameter.

    Raises:
        KeyError: it is absent.
        Inexpressible: it stands twice and is no array, or has nested members.
    """
    if parameter.style == "deepObject":
        return _read_deep(parameter, pairs, unescape)
    if parameter.explode and "object" in parameter.types:
        mine = [(k, v) for k, v in pairs if unescape(k) in parameter.members]
        if mine:
            return _members(parameter, mine, unescape)
    return _read_named(parameter, pairs, unescape)


def claims(parameter: Parameter, name: str) -> bool:
    """Whether a pair of this unescaped name is read as (a part of) the parameter."""
    if parameter.style == "deepObject" and not parameter.json:
        return name.startswith(f"{parameter.name}[")
    parts = parameter.explode and "object" in parameter.types and not parameter.json
    return name == parameter.name or (parts and name in parameter.members)


def alike(left: Json, right: Json) -> bool:
    """Whether two values have the same text: ``"1"`` and ``1`` do, ``"null"`` and null do not."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(alike, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(alike(left[key], right[key]) for key in left)
    if isinstance(left, list | dict) or isinstance(right, list | dict):
        return False
    return (left is None) == (right is None) and leaf(left) == leaf(right)


def _value_escape(parameter: Parameter, value: Json, escape: Escape) -> Escape:
    """``escape``, or with ``allowReserved`` what leaves the characters that a query may hold.

    What would end or split a pair stays escaped: ``# [ ] & = +``, and a delimiting comma.
    """
    if not parameter.allow_reserved or parameter.location != "query":
        return escape
    delimiting = not parameter.explode and isinstance(value, list | dict)
    safe = "!$'()*/:;?@" if delimiting else "!$'()*/:;?@,"
    return lambda text: quote(text, safe=safe, errors="strict")


def _joined(value: Json, escape: Escape, between: str, explode: bool) -> str:
    """A value as one text (RFC 6570, 3.2.2 to 3.2.7)."""
    if isinstance(value, list):
        return between.join(escape(leaf(each)) for each in value)
    if isinstance(value, dict):
        equals = "=" if explode else between
        return between.join(f"{escape(k)}{equals}{escape(leaf(v))}" for k, v in value.items())
    return escape(leaf(value))


def _read_joined(parameter: Parameter, parts: list[str], text: str, unescape: Escape) -> Json:
    types = parameter.types
    if text == "null" and _null_alone(parameter):
        return None
    if "array" in types and (len(parts) != 1 or "string" not in types):
        return [read_leaf(unescape(part), parameter.items) for part in parts]
    if "object" in types and (len(parts) > 1 or "string" not in types):
        return _members(parameter, _split(parts, parameter.explode), unescape)
    return read_leaf(unescape(text), types)


def _null_alone(parameter: Parameter) -> bool:
    """Whether the text ``null`` is null, not an array of one item."""
    several = "array" in parameter.types and parameter.items & {"string", "null"}
    return "null" in parameter.types and not several


def _named(parameter: Parameter, pairs: Sequence[tuple[str, str]], unescape: Escape) -> list[str]:
    return [text for name, text in pairs if unescape(name) == parameter.name]


def _read_named(parameter: Parameter, pairs: Sequence[tuple[str, str]], unescape: Escape) -> Json:
    found = _named(parameter, pairs, unescape)
    if not found:
        raise KeyError(parameter.name)
    if parameter.explode and "array" in parameter.types:
        if len(found) > 1 or "string" not in parameter.types:
            if found == ["null"] and _null_alone(parameter):
                return None
            return [read_leaf(unescape(text), parameter.items) for text in found]
        return read_leaf(unescape(found[0]), parameter.types)
    if len(found) > 1:
        raise Inexpressible("it stands twice")
    text = found[0]
    if parameter.explode:
        return read_leaf(unescape(text), parameter.types)
    between = _BETWEEN_READ.get(parameter.style)
    parts = text.split(",") if between is None else between.split(text)
    return _read_joined(parameter, parts if text else [], text, unescape)


def _deep(parameter: Parameter, value: Json, escape: Escape, escape_value: Escape) -> Pairs:
    if not isinstance(value, dict):
        raise Inexpressible("is no object, and the style `deepObject` writes objects alone")
    return [
        (escape(name), escape_value(leaf(each)))
        for name, each in _deep_names(_levels(parameter), parameter.name, value)
    ]


def _deep_names(level: Deep, start: str, value: dict[str, Json]) -> Iterator[tuple[str, Json]]:
    """Each value in an object with its name; what may be an object is looked into."""
    for key, each in value.items():
        if "[" in key or "]" in key:
            raise Inexpressible(f"has a member {key!r}, whose brackets the style would misread")
        name, below = f"{start}[{key}]", level.below(key)
        if isinstance(each, dict) and below is not None:
            yield from _deep_names(below, name, each)
        else:
            yield name, each


def _levels(parameter: Parameter) -> Deep:
    return parameter.deep or Deep(parameter.members, parameter.items)


_KEYS = re.compile(r"(\[[^\[\]]*\])+")


def _read_deep(parameter: Parameter, pairs: Sequence[tuple[str, str]], unescape: Escape) -> Json:
    start = len(parameter.name)
    mine = [(name, text) for raw, text in pairs if claims(parameter, name := unescape(raw))]
    if not mine:
        raise KeyError(parameter.name)
    found: dict[str, Json] = {}
    for name, text in mine:
        if not _KEYS.fullmatch(name, start):
            raise Inexpressible(f"must be {parameter.name}[member]=...")
        *path, last = name[start + 1 : -1].split("][")
        level, held = _levels(parameter), found
        for key in path:
            below, inner = level.below(key), held.setdefault(key, {})
            if below is None or not isinstance(inner, dict):
                raise Inexpressible(f"has no object at {name!r}")
            level, held = below, inner
        if last in held:
            raise Inexpressible(f"the member {name!r} stands twice")
        held[last] = read_leaf(unescape(text), level.members.get(last, level.items))
    return found


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
