"""JSON of a document as text that is safe to show: invisible characters escaped, long values cut."""

from __future__ import annotations

import json

from tallystick.document import Json


def one_line(value: Json, limit: int = 0) -> str:
    """``value`` as compact JSON; cut after ``limit`` characters, which then is told.

    What has no shape of its own (control, bidirectional and other invisible characters, halves of
    surrogate pairs) stands as the escapes of JSON.
    """
    text = _visible(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    return cut(text, limit)


def indented(value: Json) -> str:
    """``value`` as JSON for reading: short values on one line, others on several."""
    line = one_line(value)
    if len(line) <= 80:
        return line
    lines = json.dumps(value, ensure_ascii=False, indent=2).split("\n")
    return "\n".join(_visible(each) for each in lines)


def cut(text: str, limit: int) -> str:
    """``text``, or as much of it as ``limit`` characters hold and how many there were."""
    if not limit or len(text) <= limit:
        return text
    return f"{text[:limit]}… ({len(text):,} characters)"


def _visible(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in text)
