"""What the two documents say at a change: side by side, as far up as they have to be seen."""

from __future__ import annotations

from dataclasses import dataclass

from ..records import Change
from ..show.view import View
from .levels import levels
from .rows import Block, blocks
from .written import Written, written

ROWS = 10_000
"""Rows of excerpts and examples on one page; changes after that are told in short."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Both documents at one change."""

    old: Written | None
    """None where the old document has nothing of it."""
    new: Written | None
    blocks: tuple[Block, ...]
    alike: bool
    """Nothing differs here: the change comes from what it refers to."""

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return sum(len(block.rows) for block in self.blocks)


class Excerpts:
    """The excerpts of one page, until it is full; each pair of places is read once."""

    def __init__(self, view: View) -> None:
        self._old, self._new = view.comparison.old.document, view.comparison.new.document
        self._file = view.file
        self._known = dict[tuple[str, str | None, str | None], Excerpt]()
        self._left = ROWS

    def of(self, change: Change, beside: int = 0) -> Excerpt | None:
        """Both documents at this change, or None if the page has no room left.

        ``beside``: how many rows the page shows with it.
        """
        if self._left <= 0:
            return None
        key = (change.kind, change.old, change.new)
        if key not in self._known:
            self._known[key] = self._read(change)
        excerpt = self._known[key]
        self._left -= excerpt.rows + beside
        return excerpt

    def _read(self, change: Change) -> Excerpt:
        first: Excerpt | None = None
        for place in levels(change, self._old.data, self._new.data):
            excerpt = self._pair(*place)
            if not excerpt.alike:
                return excerpt
            first = first or excerpt
        assert first is not None
        return first

    def _pair(self, old: str | None, new: str | None) -> Excerpt:
        before = written(self._old, old, self._file) if old is not None else None
        after = written(self._new, new, self._file) if new is not None else None
        lines = [each.lines if each else () for each in (before, after)]
        # Without the line of the key, which is another where something was renamed.
        texts = [[line.text for line in each[1:]] for each in lines]
        both = before is not None and after is not None
        return Excerpt(before, after, blocks(*lines), alike=both and texts[0] == texts[1])
