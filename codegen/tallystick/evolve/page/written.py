"""A node of a document as lines: in block style, each with its line in the file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from tallystick.document import ROOT, Document, Json, get, has, join, split
from tallystick.document.record import CODE_SAMPLES, Tokens

LINES = 160
"""The most lines that are taken of one node."""

# What nobody reads as anything but a text: no quotes needed to see that it is one.
_PLAIN = re.compile(r"[A-Za-z$/_][\w$./#{}~-]*(?: [\w$./{}~-][\w$./#{}~-]*)*|[0-9]+(?:\.[0-9]+){2}")
_WORDS = frozenset(
    {
        "true",
        "false",
        "null",
        "yes",
        "no",
        "on",
        "off",
        "True",
        "False",
        "Null",
        "TRUE",
        "FALSE",
        "NULL",
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line."""

    number: int
    """Where the file has it."""
    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """One node."""

    file: str
    line: int
    pointer: str
    lines: tuple[Line, ...]
    more: bool
    """Whether it is longer than that."""


def written(document: Document, pointer: str, named: Callable[[str], str] = str) -> Written | None:
    """The node at ``pointer`` below its own key, or None if the document has no such node.

    It is shown in YAML's block style whatever the file is in, so that two editions in different
    syntax can stand side by side, and in the terms of the document's own version. Code samples
    are left out. ``named``: how the name of a file is shown.
    """
    data: Mapping[str, Json] = document.written
    if not has(data, pointer):
        data = document.data
    if not has(data, pointer):
        return None
    tokens = split(pointer)
    every = _entry(get(data, pointer), tokens, 0, _label(data, tokens))
    taken = list(islice(every, LINES + 1))
    lines = tuple(Line(document.locator(at).line, text) for at, text in taken[:LINES])
    where = document.locator(tokens)
    return Written(named(where.file), where.line, pointer, lines, len(taken) > LINES)


def _label(data: Mapping[str, Json], tokens: Tokens) -> str:
    if not tokens:
        return ""
    parent = get(data, join(ROOT, *tokens[:-1]))
    return "-" if isinstance(parent, list) else f"{_text(tokens[-1])}:"


def _entry(node: Json, tokens: Tokens, depth: int, label: str) -> Iterator[tuple[Tokens, str]]:
    """A member or an item: its label and value on one line, or what it holds below."""
    start = "  " * depth + label
    if not (isinstance(node, dict | list) and node):
        yield tokens, f"{start} {_scalar(node)}"
        return
    if label == "-":
        # The first line of an item stands behind its dash.
        below = _below(node, tokens, depth + 1)
        at, first = next(below)
        yield at, start + " " + first.lstrip()
        yield from below
        return
    if label:
        yield tokens, start
    yield from _below(node, tokens, depth + 1 if label else depth)


def _below(
    node: dict[str, Json] | list[Json], tokens: Tokens, depth: int
) -> Iterator[tuple[Tokens, str]]:
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _entry(item, (*tokens, str(index)), depth, "-")
        return
    for key, value in node.items():
        if key not in CODE_SAMPLES or len(node) == 1:
            yield from _entry(value, (*tokens, key), depth, f"{_text(key)}:")


def _scalar(node: Json) -> str:
    return _text(node) if isinstance(node, str) else json.dumps(node, ensure_ascii=False)


def _text(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and text not in _WORDS and len(text) < 200
    return text if plain else json.dumps(text, ensure_ascii=False)
