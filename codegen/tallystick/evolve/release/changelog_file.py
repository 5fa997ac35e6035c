"""The text of a CHANGELOG with one more entry: the newest first, what was there as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

_HEAD = """\
# Changelog

What changed in this package, the newest release first. The headings are those of Keep a Changelog;
the versions follow Semantic Versioning, and below 1.0.0 a breaking release counts the second number
up.
"""
_TITLE = re.compile(r"##\s+\[?(?P<title>[^\s\]]+)")
_FENCE = re.compile(r" {0,3}(```|~~~)")


def with_entry(text: str | None, entry: str) -> str:
    """``text`` with ``entry`` below its head, and below what it keeps under ``Unreleased``.

    Where the newest entry already is of that version, ``text`` itself.

    Args:
        text: what the file holds; None if there is none.
        entry: begins with a heading of the second level; ends with a line feed.
    """
    if text is None or not text.strip():
        return f"{_HEAD}\n{entry}"
    end = "\r\n" if "\r\n" in text else "\n"
    entry = entry.replace("\n", end)
    for at, title in _entries(text):
        if title.casefold() == "unreleased":
            continue
        if title == _version(entry):
            return text
        return f"{text[:at]}{entry}{end}{text[at:]}"
    return f"{text.rstrip()}{end}{end}{entry}"


def _entries(text: str) -> Iterator[tuple[int, str]]:
    """Where each heading of the second level begins, outside of blocks of code, and its first word."""
    at, fence = 0, ""
    for line in text.splitlines(keepends=True):
        opened = _FENCE.match(line)
        if opened and fence in ("", opened[1]):
            fence = "" if fence else opened[1]
        elif not fence and (heading := _TITLE.match(line)):
            yield at, heading["title"]
        at += len(line)


def _version(entry: str) -> str:
    found = _TITLE.match(entry)
    return found["title"] if found else ""
