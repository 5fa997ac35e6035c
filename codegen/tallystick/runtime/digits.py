"""Numbers with more digits than a float holds: they stay floats, and keep what they came as.

Exports: ``Digits``. It is made by the JSON reader where a float would lose something, and written
as it came. ``Decimal(number.text)`` has the exact value.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from decimal import Decimal
from typing import Self, TypeAlias

__all__ = ["Digits", "exact", "has_digits", "long", "rounded", "written"]

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

_LONG = re.compile(rb"[0-9.]{16}|[eE][+-]?[0-9]{3}")


class Digits(float):
    """A number that a float rounds, with the text that it came as."""

    text: str
    made = False
    """Whether there is any in this process: only then is it looked for in what is written."""

    def __new__(cls, text: str) -> Self:
        """The number that ``text``, a number of JSON, stands for."""
        number = super().__new__(cls, text)
        number.text = text
        Digits.made = True
        return number

    def __getnewargs__(self) -> tuple[str]:  # type: ignore[override]
        """For copies and pickles."""
        return (self.text,)


def long(data: bytes) -> bool:
    """Whether a JSON text may hold a number which a float rounds."""
    return _LONG.search(data) is not None


def exact(text: str) -> float:
    """The number in ``text`` as a float, or as ``Digits`` where that loses something."""
    number = float(text)
    return number if Decimal(repr(number)) == Decimal(text) else Digits(text)


def has_digits(value: Json) -> bool:
    """Whether such a number is in ``value``."""
    return Digits.made and any(isinstance(each, Digits) for each in _all(value))


def written(value: Json) -> str:
    """``value`` as JSON text, numbers as they came."""
    mark = secrets.token_hex(8)

    def marked(here: Json) -> Json:
        if isinstance(here, Digits):
            return f"{mark}{here.text}{mark}"
        if isinstance(here, dict):
            return {key: marked(item) for key, item in here.items()}
        return [marked(item) for item in here] if isinstance(here, list) else here

    text = json.dumps(marked(value), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace(f'"{mark}', "").replace(f'{mark}"', "")


def rounded(value: Json) -> Json:
    """``value`` with plain floats, for those who take no other."""
    return _rounded(value) if has_digits(value) else value


def _rounded(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return float(value) if isinstance(value, Digits) else value


def _all(value: Json) -> Iterator[Json]:
    yield value
    if isinstance(value, dict):
        for each in value.values():
            yield from _all(each)
    elif isinstance(value, list):
        for each in value:
            yield from _all(each)
