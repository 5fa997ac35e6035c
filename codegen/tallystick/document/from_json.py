"""Strict JSON text (RFC 8259) to plain data, with the position of every node."""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NoReturn, cast

from tallystick.document import limits
from tallystick.document.pointer import ROOT, Json, join
from tallystick.document.record import Tokens
from tallystick.errors import DocumentError, Location

# Possessive: a string of many megabytes leaves nothing to backtrack into. One without an end takes
# in all that is left: else each quote in it would be tried as the start of another.
_STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)'
_BRACKETS = re.compile(rf'(?:[^"\[\]{{}}]++|{_STRING})*+([\[\]{{}}]|\Z)', re.DOTALL)
_LEVELS = {"[": 1, "{": 1, "]": -1, "}": -1, "": 0}  # nothing: the end of the text
_NODES = re.compile(
    rf'(?:({_STRING})\s*:\s*)?({_STRING}|[\[{{]|[^\s\[\]{{}}:,"]++)|([\]}}])', re.DOTALL
)
"""The start of a node, behind its key if it has one; or the end of the one that is open."""
_TOKENS = re.compile(rf"{_STRING}|[\[\]{{}}:,]|[^\s\[\]{{}}:,\"]++", re.DOTALL)
# A candidate only: it may be half of a pair, or stand behind an escaped backslash.
_SURROGATE = re.compile("[\ud800-\udfff]|" + r"\\u[dD][89a-fA-F]")


class NotJsonError(DocumentError):
    """The text breaks the syntax of JSON."""


def parse_json(text: str, name: str) -> Json:
    """The data of ``text``.

    Raises:
        DocumentError: not JSON, a duplicate key, a number that is too long or not finite,
            too deep or too many nodes.
    """
    _check_weight(text, name)
    reader = _Reader(name)
    try:
        data = cast(Json, reader.decoder().decode(text))
    except json.JSONDecodeError as error:
        where = Location(name, error.lineno, error.colno)
        raise NotJsonError(f"not JSON: {error.msg}", where=where) from None
    if reader.has_duplicates:
        _refuse_duplicate(text, name)
    _refuse_surrogates(text, data, name)
    return data


def positions(text: str) -> dict[Tokens, tuple[int, int]]:
    """Line and column, from 1, of every node of valid JSON ``text``; of two equal keys the first."""
    starts = _line_starts(text)
    table: dict[Tokens, tuple[int, int]] = {}
    for tokens, offset in _places(text):
        table.setdefault(tokens, _line_column(starts, offset))
    return table


class _Reader:
    """The hooks of the standard decoder, which notes what the standard would let pass."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.has_duplicates = False

    def decoder(self) -> json.JSONDecoder:
        return json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_int=self._integer,
            parse_float=self._number,
            parse_constant=self._constant,
        )

    def _object(self, pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        data = dict(pairs)
        self.has_duplicates |= len(data) < len(pairs)
        return data

    def _integer(self, text: str) -> int:
        if len(text) > limits.MAX_DIGITS:
            raise limits.refuse_digits(self.name)
        return int(text)

    def _number(self, text: str) -> float:
        if len(text) > limits.MAX_DIGITS:
            raise limits.refuse_digits(self.name)
        number = float(text)
        if not math.isfinite(number):
            self._constant(text)
        return number

    def _constant(self, text: str) -> NoReturn:
        raise limits.refuse_not_finite(self.name, text)


def _check_weight(text: str, name: str) -> None:
    """Depth and number of nodes before the decoder, which recurses, sees the text."""
    rough = text.count(",") + text.count("[") + text.count("{")
    if rough > limits.MAX_NODES and sum(1 for _ in _TOKENS.finditer(text)) > 2 * limits.MAX_NODES:
        raise limits.refuse_nodes(name)
    depth = 0
    for match in _BRACKETS.finditer(text):
        depth += _LEVELS[match[1]]
        if depth > limits.MAX_DEPTH:
            place = _line_column(_line_starts(text), match.start(1))
            raise limits.refuse_depth(Location(name, *place))


def _refuse_duplicate(text: str, name: str) -> NoReturn:
    seen: set[Tokens] = set()
    for tokens, offset in _places(text):
        if tokens in seen:
            place = _line_column(_line_starts(text), offset)
            raise duplicate(tokens, Location(name, *place))
        seen.add(tokens)
    raise DocumentError("a duplicate key", where=Location(name, 1))


def _refuse_surrogates(text: str, data: Json, name: str) -> None:
    candidate = _SURROGATE.search(text)
    if candidate is None:
        return
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        place = _line_column(_line_starts(text), candidate.start())
        what = "a lone surrogate, which is no character"
        raise DocumentError(what, where=Location(name, *place)) from None


def duplicate(tokens: Tokens, where: Location) -> DocumentError:
    """The error for a key that stands twice in one mapping."""
    return DocumentError(
        f"the key {tokens[-1]!r} stands here for the second time",
        where=where,
        pointer=join(ROOT, *tokens[:-1]),
        hint="remove one of the two",
    )


def _places(text: str) -> Iterator[tuple[Tokens, int]]:
    """Each node's path and the offset where it, or the key before it, starts."""
    above: Tokens = ()
    """The path of the array or object, whose next item or member is looked at."""
    holders: list[tuple[Tokens, int]] = []
    """What is around it; with the index reached in it."""
    index = 0
    for match in _NODES.finditer(text):
        key, value, end = match.groups()
        if end:
            above, index = holders.pop()
            continue
        if key is None:
            here = (*above, str(index)) if holders else ()
            index += 1
        else:
            here = (*above, str(json.loads(key)) if "\\" in key else key[1:-1])
        yield here, match.start()
        if value in "[{":
            holders.append((above, index))
            above, index = here, 0


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]


def _line_column(starts: list[int], offset: int) -> tuple[int, int]:
    line = bisect_right(starts, offset)
    return line, offset - starts[line - 1] + 1
