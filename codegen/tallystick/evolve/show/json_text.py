"""JSON of a document as text that is safe to show: invisible characters escaped, long values cut."""

from __future__ import annotations

import json

from tallystick.document import Json, split


def one_line(value: Json, limit: int = 0) -> str:
    """``value`` as compact JSON; cut after ``limit`` characters, which then is told.

    What has no shape of its own (control, bidirectional and other invisible characters, halves of
    surrogate pairs) stands as the escapes of JSON.
    """
    text = _visible(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    return cut(text, limit)


def focused(value: Json, at: str, limit: int) -> str:
    """``value`` on one line; where that is too long, what stands at the pointer ``at``, and ``…``."""
    text = one_line(value)
    if len(text) <= limit:
        return text
    kept = _focused(value, split(f"#{at.removeprefix('#')}"))
    return kept if len(kept) <= limit else f"{kept[:limit]}… ({len(text):,} characters)"


def _focused(value: Json, tokens: tuple[str, ...]) -> str:
    token = tokens[0] if tokens else None
    if isinstance(value, dict) and token in value:
        more = ",…" if len(value) > 1 else ""
        return f"{{{one_line(token)}:{_focused(value[token], tokens[1:])}{more}}}"
    if isinstance(value, list) and token is not None and token.isdecimal():
        index = int(token)
        if index < len(value):
            before, after = "…," if index else "", ",…" if index + 1 < len(value) else ""
            return f"[{before}{_focused(value[index], tokens[1:])}{after}]"
    return one_line(value)


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
