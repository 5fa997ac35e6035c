"""A text of limited length, which says what found no room in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

_WORDS = 400
"""Characters kept free for the words on what was left out."""


@dataclass(slots=True)
class Sheet:
    """The text so far, of at most ``limit`` characters."""

    limit: int
    parts: list[str] = field(default_factory=list[str])
    length: int = 0
    left_out: list[str] = field(default_factory=list[str])

    def put(self, text: str) -> None:
        """Add ``text``."""
        self.parts.append(text)
        self.length += len(text)

    def block(self, what: str, start: str, items: Sequence[str], end: str = "") -> None:
        """Add a beginning, as many of ``items`` as there is room for, and an end; or nothing."""
        taken, length = 0, self.length + len(start) + len(end)
        while taken < len(items) and length + len(items[taken]) <= self.limit - _WORDS:
            length += len(items[taken])
            taken += 1
        if taken:
            self.put("".join((start, *items[:taken], end)))
        if taken < len(items):
            self.left_out.append(f"{len(items) - taken} of {len(items)} {what}")

    def text(self) -> str:
        """The whole."""
        if not self.left_out:
            return "".join(self.parts)
        words = f"\nLeft out, for length: {'; '.join(self.left_out)}.\n"
        return "".join((*self.parts, words))
