"""What a project knows to be lost, so that ``--strict`` does not fail on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tallystick.ledger.records import Entry, Ledger


@dataclass(frozen=True, slots=True)
class Allowed:
    """One entry of an allow-list. In both patterns ``*`` stands for any text."""

    keyword: str
    """Which keywords: ``x-*``."""
    at: str
    """Which objects, by JSON Pointer: ``#/components/schemas/*``."""
    reason: str

    def __str__(self) -> str:
        return f'{{keyword = "{self.keyword}", at = "{self.at}"}}'

    def covers(self, entry: Entry) -> bool:
        """Whether this is about ``entry``."""
        place, _, token = entry.pointer.rpartition("/")
        keyword = token.replace("~1", "/").replace("~0", "~")
        return _matches(self.keyword, keyword) and _matches(self.at, place)


def judged(
    book: Ledger, allowed: Sequence[Allowed]
) -> tuple[tuple[Entry, ...], tuple[Allowed, ...]]:
    """What is lost and not allowed, and what is allowed and not lost."""
    used: set[Allowed] = set()
    left: list[Entry] = []
    for entry in book.weaker:
        covering = [each for each in allowed if each.covers(entry)]
        used.update(covering)
        if not covering:
            left.append(entry)
    return tuple(left), tuple(each for each in allowed if each not in used)


def _matches(pattern: str, text: str) -> bool:
    return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text, re.DOTALL) is not None
