"""What the two documents say at a change: side by side, as far up as they have to be seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tallystick.document import Json, get, has, split

from ..records import Change
from ..show.view import View
from .rows import Block, blocks
from .written import Written, written

ROWS = 10_000
"""Rows of excerpts and examples on one page; changes after that are told in short."""
LEVELS = 3
"""How far up a difference is looked for where a place is alike in both documents."""


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
        self._known = dict[tuple[str | None, str | None], Excerpt]()
        self._left = ROWS

    def of(self, change: Change, beside: int = 0) -> Excerpt | None:
        """Both documents at this change, or None if the page has no room left.

        ``beside``: how many rows the page shows with it.
        """
        if self._left <= 0:
            return None
        key = (change.old, change.new)
        if key not in self._known:
            self._known[key] = self._read(*key)
        excerpt = self._known[key]
        self._left -= excerpt.rows + beside
        return excerpt

    def _read(self, old: str | None, new: str | None) -> Excerpt:
        first: Excerpt | None = None
        for place in self._ways(old, new):
            excerpt = self._pair(*place)
            first = first or excerpt
            if not excerpt.alike:
                return excerpt
        assert first is not None
        return first

    def _ways(self, old: str | None, new: str | None) -> Iterator[tuple[str | None, str | None]]:
        """The place itself, or what holds it if it is a single value; then further up."""
        if old is None or new is None:
            yield old, new
            return
        old, new = _level(old, new)
        single = not (_is_object(self._old.data, old) and _is_object(self._new.data, new))
        levels = [(old, new)]
        while len(levels) < LEVELS + single and not (_is_whole(old) or _is_whole(new)):
            old, new = _above(old), _above(new)
            levels.append((old, new))
        yield from levels[1:] if single and len(levels) > 1 else levels

    def _pair(self, old: str | None, new: str | None) -> Excerpt:
        before = written(self._old, old, self._file) if old is not None else None
        after = written(self._new, new, self._file) if new is not None else None
        lines = [each.lines if each else () for each in (before, after)]
        # Without the line of the key, which is another where something was renamed.
        texts = [[line.text for line in each[1:]] for each in lines]
        both = before is not None and after is not None
        return Excerpt(before, after, blocks(*lines), alike=both and texts[0] == texts[1])


def _is_object(data: Json, pointer: str) -> bool:
    return has(data, pointer) and isinstance(get(data, pointer), dict)


def _is_whole(pointer: str) -> bool:
    """Whether what is above holds things of many names, or the whole document."""
    tokens = split(pointer)
    return len(tokens) <= {"components": 3, "paths": 2, "webhooks": 2}.get("".join(tokens[:1]), 1)


def _level(old: str, new: str) -> tuple[str, str]:
    """The two pointers at the same depth, where one leads little deeper."""
    deeper = old.count("/") - new.count("/")
    for _ in range(deeper if 0 < deeper < 3 else 0):
        old = _above(old)
    for _ in range(-deeper if -3 < deeper < 0 else 0):
        new = _above(new)
    return old, new


def _above(pointer: str) -> str:
    above, _, _ = pointer.rpartition("/")
    return above or "#"
