"""Two excerpts side by side: which lines are alike, which are not, and what is folded away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal, TypeAlias

from .windows import windows
from .written import Line

Sort: TypeAlias = Literal["same", "changed"]
CONTEXT = 3
"""Lines alike that are shown before and after a line that is not."""
SHOWN = 12
"""Lines of a long run of changed ones that are not folded."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the two; None where a side has nothing beside the other."""

    sort: Sort
    old: Line | None
    new: Line | None


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that are shown, or folded away under a sentence."""

    rows: tuple[Row, ...]
    fold: str = ""


def blocks(old: Sequence[Line], new: Sequence[Line]) -> tuple[Block, ...]:
    """The lines of both, those that are alike in one row."""
    matcher = SequenceMatcher(
        None, [each.text for each in old], [each.text for each in new], autojunk=False
    )
    made = list[Block]()
    codes = matcher.get_opcodes()
    for number, (code, a, b, c, d) in enumerate(codes):
        sides = list(zip_longest(old[a:b], new[c:d]))
        if code == "equal":
            rows = [_row("same", *side) for side in sides]
            made += _alike(rows, first=number == 0, last=number == len(codes) - 1)
        else:
            made += _long([_row("changed", *side) for side in sides])
    return tuple(_joined(made))


def _alike(rows: list[Row], *, first: bool, last: bool) -> Iterator[Block]:
    """The key line of the excerpt always stands."""
    head = 1 if first else CONTEXT
    tail = 0 if last else CONTEXT
    if first and last:
        head = SHOWN
    hidden = rows[head : len(rows) - tail]
    if len(hidden) < 4:
        yield Block(tuple(rows))
        return
    yield Block(tuple(rows[:head]))
    yield Block(tuple(hidden), f"{len(hidden)} lines alike")
    yield Block(tuple(rows[len(rows) - tail :]))


def _long(rows: list[Row]) -> Iterator[Block]:
    if len(rows) < SHOWN + 6:
        yield Block(tuple(rows))
        return
    yield Block(tuple(rows[:SHOWN]))
    yield Block(tuple(rows[SHOWN:]), f"{len(rows) - SHOWN} more lines")


def _joined(made: Sequence[Block]) -> Iterator[Block]:
    """Blocks that are shown, one after the other, are one."""
    rows: tuple[Row, ...] = ()
    for block in made:
        if not block.fold:
            rows += block.rows
            continue
        if rows:
            yield Block(rows)
        rows = ()
        yield block
    if rows:
        yield Block(rows)


def _row(sort: Sort, old: Line | None, new: Line | None) -> Row:
    texts = (each.text if each else None for each in (old, new))
    before, after = windows(*texts)
    return Row(sort, _with(old, before), _with(new, after))


def _with(line: Line | None, text: str | None) -> Line | None:
    return line if line is None or text is None else replace(line, text=text)
