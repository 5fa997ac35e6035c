"""Text of a document within Markdown, as GitHub reads it, where it stays the text that it is."""

from __future__ import annotations

import re
from collections.abc import Callable

from tallystick.errors import printable

_SPECIAL = re.compile(r"[\\`*_\[\]<>&|~$]|:(?=[\w+-]+:)")
_APART = "&#8203;"
"""A space of no width, which no rule of links, mentions or references looks through."""
_LINKED = re.compile(
    r"(@|\b(?:https?|ftp|mailto|xmpp)(?=:)|\bwww(?=\.)|\bGH(?=-)|#(?=\d))", re.IGNORECASE
)


def escaped(text: str) -> str:
    """``text`` within a line, with nothing in it that is read as Markdown, HTML, mention or link."""
    parts = _LINKED.split(printable(text))
    marked = (_SPECIAL.sub(_plain, part) for part in parts)
    return "".join(f"{part}{_APART}" if index % 2 else part for index, part in enumerate(marked))


def _plain(match: re.Match[str]) -> str:
    return f"\\{match[0]}" if match[0] not in "<>&|" else f"&#{ord(match[0])};"


def code(text: str) -> str:
    """``text`` as a span of code, in which nothing is read; not for tables."""
    plain = printable(text)
    fence = "`" * (1 + _longest_run(plain))
    space = " " if plain.startswith("`") or plain.endswith("`") or not plain.strip() else ""
    return f"{fence}{space}{plain}{space}{fence}"


def cell(text: str) -> str:
    """``text`` as a span of code in a table, where not even code holds a bar safely."""
    return escaped(text) if "|" in text else code(text)


def prose(text: str, span: Callable[[str], str] = code) -> str:
    """A sentence of ours within a line: what it has between backticks is code.

    Args:
        text: the sentence.
        span: how code is written; ``cell`` for a table.
    """
    parts = text.split("`")
    if len(parts) % 2 == 0:
        return escaped(text)
    marked = (span(part) if i % 2 and part else escaped(part) for i, part in enumerate(parts))
    return "".join(marked)


def fenced(text: str, language: str) -> str:
    """``text`` as a block of code, whatever backticks are in it."""
    fence = "`" * max(3, 1 + _longest_run(text))
    return f"{fence}{language}\n{text}\n{fence}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
