"""Where a key of a TOML text is written, which the reader of the standard library does not tell."""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from collections.abc import Sequence
from functools import partial
from typing import cast


def place(text: str, path: Sequence[str | int]) -> tuple[int, int] | None:
    """Line and column, from 1, of the statement that first says something at ``path``.

    A key stands in the first statement with which the text, read up to there, has it: so keys that
    are quoted, dotted, in a header, or inside a value of several lines are found too.

    Args:
        text: TOML that can be read.
        path: keys, and indices of lists, from the root.
    """
    lines = [f"{each}\n" for each in text.split("\n")]
    has = partial(_has, lines, path)
    last = bisect_left(range(len(lines) + 1), True, key=has)
    if last > len(lines):
        return None
    first = _whole(lines, last - 1)[0]
    return first + 1, len(lines[first]) - len(lines[first].lstrip()) + 1


def _has(lines: Sequence[str], path: Sequence[str | int], count: int) -> bool:
    node = _whole(lines, count)[1]
    for token in path:
        if isinstance(node, dict) and token in node:
            node = cast("dict[str | int, object]", node)[token]
        elif (
            isinstance(node, list)
            and isinstance(token, int)
            and token < len(cast("list[object]", node))
        ):
            node = cast("list[object]", node)[token]
        else:
            return False
    return True


def _whole(lines: Sequence[str], count: int) -> tuple[int, object]:
    """The most lines up to ``count`` that end with a statement, and what they say."""
    while count:
        try:
            return count, tomllib.loads("".join(lines[:count]))
        except tomllib.TOMLDecodeError:
            count -= 1
    return 0, {}
