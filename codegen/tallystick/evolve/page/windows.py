"""Long texts shortened; of two, so that what differs is still seen."""

from __future__ import annotations

WIDTH = 240
"""Characters that are shown."""
_BEFORE = 60


def cut(text: str) -> str:
    """At most ``WIDTH`` characters, and whether there are more."""
    return _window(text, 0)


def windows(old: str | None, new: str | None) -> tuple[str | None, str | None]:
    """The same part of both, which begins shortly before the first difference."""
    start = _start(old, new) if old and new else 0
    return _window(old, start) if old else old, _window(new, start) if new else new


def _start(old: str, new: str) -> int:
    if max(len(old), len(new)) <= WIDTH or old == new:
        return 0
    pairs = enumerate(zip(old, new, strict=False))
    differs = next((at for at, (a, b) in pairs if a != b), min(len(old), len(new)))
    return 0 if differs < WIDTH - _BEFORE else differs - _BEFORE


def _window(text: str, start: int) -> str:
    if not start and len(text) <= WIDTH:
        return text
    indent = text[: len(text) - len(text.lstrip(" "))] if start else ""
    before = f"{indent}… " if start else ""
    after = " …" if len(text) > start + WIDTH else ""
    return f"{before}{text[start : start + WIDTH]}{after}"
