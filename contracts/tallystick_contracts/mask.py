"""Secrets replaced by the name of a shell variable, found by their value and never by a name.

The same value travels in several spellings: as it stands, percent-encoded, escaped in JSON, in
base64. Each spelling has its own variable, so that a line which uses it replays.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import lru_cache
from typing import AnyStr, TypeVar, cast
from urllib.parse import quote, quote_plus

from tallystick.document import Json

Record = TypeVar("Record")

_LONG = 8
"""Characters from which on a secret is found inside words too."""


@dataclass(frozen=True, slots=True)
class Mask:
    """The known secrets: value to the name of the environment variable that holds it."""

    secrets: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    names: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """Values that are no secrets and have a variable all the same: nothing is derived from them."""

    def pieces(self, text: str) -> tuple[tuple[str, str], ...]:
        """``text`` cut at its secrets: ``(literal, variable)`` pairs, the last without a variable."""
        known = self._spellings()
        if not known.texts:
            return ((text, ""),)
        found: list[tuple[str, str]] = []
        rest = 0
        for match in known.in_text.finditer(text):
            found.append((text[rest : match.start()], known.texts[match.group()]))
            rest = match.end()
        return (*found, (text[rest:], ""))

    def text(self, text: str) -> str:
        """``text`` with ``$VARIABLE`` where a secret stood."""
        return "".join(f"{lit}${var}" if var else lit for lit, var in self.pieces(text))

    def body(self, body: bytes) -> bytes:
        """``body`` with ``$VARIABLE`` where a secret stood, in any JSON spelling of it too."""
        known = self._spellings()
        if not known.texts:
            return body
        masked = known.in_bytes.sub(lambda match: known.octets[match.group()], body)
        return self._unescaped(masked)

    def _unescaped(self, body: bytes) -> bytes:
        """JSON text may spell any character as ``\\uXXXX``; then the body is written anew."""
        if not self.secrets or b"\\" not in body:
            return body
        try:
            plain = json.dumps(json.loads(body), ensure_ascii=False)
        except (ValueError, RecursionError):
            return body
        masked = self.text(plain)
        return body if masked == plain else masked.encode("utf-8", "surrogatepass")

    def record(self, record: Record) -> Record:
        """A copy of a frozen record in which every text and body is masked, at any depth."""
        return cast(Record, self._masked(record))

    def _masked(self, value: object) -> object:
        if isinstance(value, bytes):
            return self.body(value)
        if type(value) is str:
            return self.text(value)
        if isinstance(value, tuple):
            return tuple(self._masked(item) for item in cast(tuple[object, ...], value))
        if isinstance(value, list):
            return [self._masked(item) for item in cast(list[object], value)]
        if isinstance(value, Mapping):
            items = cast(Mapping[str, object], value).items()
            return {self.text(key): self._masked(item) for key, item in items}
        if is_dataclass(value) and not isinstance(value, type):
            kept = {each.name: self._masked(getattr(value, each.name)) for each in fields(value)}
            return replace(value, **kept)
        return value

    def revealed(self) -> Mapping[str, str]:
        """What each variable stands for, its other spellings included: to send it again."""
        table: dict[str, str] = {}
        for value, variable in self.secrets.items():
            for suffix, spelled in _spelled(value):
                table.setdefault(variable + suffix, spelled)
        return table

    def _spellings(self) -> _Spellings:
        return _spellings(tuple(self.secrets.items()), tuple(self.names.items()))


@dataclass(frozen=True, slots=True)
class _Spellings:
    """Every spelling of some secrets, and how they are found."""

    texts: Mapping[str, str] = field(repr=False)
    """By spelling the variable."""
    octets: Mapping[bytes, bytes] = field(repr=False)
    """The same in bytes, with the dollar sign."""
    in_text: re.Pattern[str] = field(repr=False)
    in_bytes: re.Pattern[bytes] = field(repr=False)


@lru_cache(maxsize=16)
def _spellings(
    secrets: tuple[tuple[str, str], ...], names: tuple[tuple[str, str], ...]
) -> _Spellings:
    """The spellings of secrets, each with its variable; worked out once, since every text asks."""
    table: dict[str, str] = {}
    found = [(variable, _spelled(value)) for value, variable in secrets]
    found += [(variable, _plainly(value)) for value, variable in names]
    for variable, spellings in found:
        for suffix, spelled in spellings:
            if spelled:
                table.setdefault(spelled, variable + suffix)
    octets = {
        value.encode("utf-8", "surrogateescape"): b"$" + variable.encode()
        for value, variable in table.items()
    }
    in_text = re.compile("|".join(_alone(value) for value in _longest_first(table)))
    in_bytes = re.compile(b"|".join(_alone(value) for value in _longest_first(octets)))
    return _Spellings(table, octets, in_text, in_bytes)


def _spelled(value: str) -> tuple[tuple[str, str], ...]:
    return (*_plainly(value), *_derived(value))


def _plainly(value: str) -> tuple[tuple[str, str], ...]:
    octets = value.encode("utf-8", "surrogateescape")
    escaped: Json = value
    return (
        ("", value),
        ("_URLENCODED", quote(octets, safe="")),
        ("_URLENCODED", quote(octets)),
        ("_FORMENCODED", quote_plus(octets)),
        ("_JSON", json.dumps(escaped)[1:-1]),
        ("_JSON", json.dumps(escaped, ensure_ascii=False)[1:-1]),
        ("_BASE64", base64.b64encode(octets).decode() if len(octets) >= 3 else ""),
    )


def _derived(value: str) -> tuple[tuple[str, str], ...]:
    """Wrong keys that the suite makes of a right one, which would tell it to everybody.

    Of a short key they would be found in every other word.
    """
    if len(value) < _LONG:
        return ()
    return (
        ("_CUT_SHORT", value[:-1]),
        ("_OTHER_CASE", value.swapcase()),
        ("_REVERSED", value[::-1]),
    )


def _longest_first(values: Iterable[AnyStr]) -> list[AnyStr]:
    return sorted(values, key=len, reverse=True)


def _alone(value: AnyStr) -> AnyStr:
    """A pattern of one spelling; a short one counts as a word of its own only.

    The key ``k`` of a local server must not be found in every word of the report.
    """
    pattern = re.escape(value)
    if len(value) >= _LONG:
        return pattern
    if isinstance(pattern, bytes):
        return rb"(?<!\w)" + pattern + rb"(?!\w)"
    return rf"(?<!\w){pattern}(?!\w)"
