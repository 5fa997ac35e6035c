"""Values that the document does not know, as JSON data of their own kind that keep that mark.

Exports: ``Unknown``, ``is_unknown``, ``unknown``. A lenient client gives them where an enum has grown
or a union has a new variant: they compare, print and travel as the plain data they are, survive
copies and pickles, and may be sent back, which the same data made by the caller may not.
"""

from __future__ import annotations

from typing import TypeAlias, cast

from typing_extensions import TypeIs

from .digits import Digits
from .json_text import Json

__all__ = ["Unknown", "is_unknown", "plain", "unknown"]


class UnknownText(str):
    """A string."""

    __slots__ = ()


class UnknownInteger(int):
    """An integer."""

    __slots__ = ()


class UnknownNumber(float):
    """A number that is no integer to Python."""

    __slots__ = ()


class UnknownDigits(Digits):
    """A number with more digits than a float holds."""


class UnknownObject(dict[str, Json]):
    """An object."""

    __slots__ = ()


class UnknownArray(list[Json]):
    """An array."""

    __slots__ = ()


Unknown: TypeAlias = (
    UnknownText | UnknownInteger | UnknownNumber | UnknownDigits | UnknownObject | UnknownArray
)

_KINDS = (
    UnknownText, UnknownInteger, UnknownNumber, UnknownDigits, UnknownObject, UnknownArray,
)  # fmt: skip


def is_unknown(value: object) -> TypeIs[Unknown]:
    """Whether a value came from a server and is one that the document does not know."""
    return isinstance(value, _KINDS)


def unknown(value: object) -> Unknown | None:
    """``value`` with the mark; None for null and booleans, of which there are no unknown ones."""
    match value:
        case None | bool():
            return None
        case str():
            return UnknownText(value)
        case int():
            return UnknownInteger(value)
        case Digits():
            return UnknownDigits(value.text)
        case float():
            return UnknownNumber(value)
        case dict():
            return UnknownObject(cast("dict[str, Json]", value))
        case list():
            return UnknownArray(cast("list[Json]", value))
        case _:
            return None


def plain(value: Json) -> Json:
    """JSON data without marks."""
    match value:
        case dict():
            return {key: plain(item) for key, item in value.items()}
        case list():
            return [plain(item) for item in value]
        case UnknownText():
            return str(value)
        case UnknownInteger():
            return int(value)
        case UnknownDigits():
            return Digits(value.text)
        case UnknownNumber():
            return float(value)
        case _:
            return value
