"""JSON values as the page shows them: laid out, shortened, with the place that matters marked."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tallystick.document import Json, split
from tallystick.document.from_json import positions
from tallystick.errors import DocumentError

LINES = 40
WIDTH = 240


@dataclass(frozen=True, slots=True)
class Marked:
    """One line of a value."""

    text: str
    marked: bool = False


def one_line(value: Json) -> str:
    """On one line, at most ``WIDTH`` characters."""
    return _cut(json.dumps(value, ensure_ascii=False))


def laid_out(value: Json, at: str) -> tuple[tuple[Marked, ...], bool]:
    """The value on several lines, and whether it has a node at ``at``; the lines of that are marked.

    Where there is no such node, the line that opens its nearest ancestor is. Of a long value the
    lines around the mark are shown.
    """
    text = json.dumps(value, indent=2, ensure_ascii=False)
    lines = text.split("\n")
    first, found = _line(text, at)
    last = _end(lines, first) if found else first
    start = max(0, min(first - LINES // 2, len(lines) - LINES))
    if first < LINES // 2:
        start = 0
    taken = lines[start : start + LINES]
    shown = [
        Marked(_cut(line), first <= start + number <= last) for number, line in enumerate(taken)
    ]
    before = [Marked(f"… {start} lines")] if start else []
    left = len(lines) - start - len(taken)
    return (*before, *shown, *([Marked(f"… {left} lines")] if left else [])), found


def _line(text: str, at: str) -> tuple[int, bool]:
    """The line, from 0, where the node at ``at`` or its nearest ancestor begins; which it is."""
    pointer = at if at.startswith("#") else f"#{at}"
    try:
        tokens = split(pointer)
    except DocumentError:
        tokens = ()
    table, length = positions(text), len(tokens)
    while tokens not in table:
        tokens = tokens[:-1]
    return table[tokens][0] - 1, len(tokens) == length


def _end(lines: list[str], first: int) -> int:
    """The line with the bracket that closes what was opened on line ``first``."""
    if not lines[first].endswith(("{", "[")):
        return first
    depth = _indent(lines[first])
    return next(at for at in range(first + 1, len(lines)) if _indent(lines[at]) == depth)


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _cut(text: str) -> str:
    left = len(text) - WIDTH
    return text if left <= 0 else f"{text[:WIDTH]} … {left:,} more characters"
