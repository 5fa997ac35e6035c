"""A path, and the text of a file, as a verb shows them."""

from __future__ import annotations

from pathlib import Path


def shown(path: Path) -> str:
    """A path as the reader would type it: relative to where the command runs, if below it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def current(path: Path) -> str:
    """The text that stands in ``path`` now; none if there is no such file, or it is no text."""
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
