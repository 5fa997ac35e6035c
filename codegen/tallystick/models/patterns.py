"""Patterns of ECMA-262 in the words of the engine that the models use (Rust's ``regex``)."""

from __future__ import annotations

from functools import cache

from pydantic_core import SchemaError, SchemaValidator, core_schema

# What both engines read alike, beside plain characters; everything else is not translated.
_KNOWN = frozenset("dDwWsSnrtfv.^$*+?()[]{}|/\\-")
_CLASSES = {"d": "0-9", "w": "A-Za-z0-9_"}
_NEGATED = {"D": "[^0-9]", "W": "[^A-Za-z0-9_]"}


@cache
def engine_pattern(pattern: str) -> str | None:
    """The expression that finds the same texts, or None if there is none for certain."""
    if "(?" in pattern.replace("(?:", "") or "[[" in pattern or "&&" in pattern:
        return None
    inside, position, parts = False, 0, list[str]()
    while position < len(pattern):
        char = pattern[position]
        if char == "\\":
            following = pattern[position + 1 : position + 2]
            if following not in _KNOWN or not following or (inside and following in _NEGATED):
                return None
            parts.append(_escape(following, inside))
            position += 2
            continue
        inside = char == "[" or (inside and char != "]")
        parts.append(char)
        position += 1
    translated = "".join(parts)
    return translated if _compiles(translated) else None


def _escape(char: str, inside: bool) -> str:
    if char in _CLASSES:
        return _CLASSES[char] if inside else f"[{_CLASSES[char]}]"
    return _NEGATED.get(char, f"\\{char}")


def _compiles(pattern: str) -> bool:
    try:
        SchemaValidator(core_schema.str_schema(pattern=pattern))
    except SchemaError:
        return False
    return True
