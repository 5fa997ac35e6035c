"""What a run left on the server, in a few lines of plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tallystick.errors import printable

from ..mask import Mask
from ..safety import Leftover

PATHS = 10
"""Paths that are named for one operation and reason; the rest is counted."""


def residue_lines(residue: Sequence[Leftover], mask: Mask, paths: int = PATHS) -> Iterator[str]:
    """One line for each operation and reason, one for each path below it; secrets masked."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for each in residue:
        grouped.setdefault((each.operation, each.reason), []).append(each.path)
    if residue:
        noun = "item" if len(residue) == 1 else "items"
        yield f"left on the server: {len(residue)} {noun}"
    for (operation, reason), found in grouped.items():
        yield _clean(f"  {len(found)} of {operation}: {reason}", mask)
        named = list(dict.fromkeys(found))
        for path in named[:paths]:
            yield _clean(f"    {path}", mask)
        if len(named) > paths:
            yield f"    and {len(named) - paths} more"


def _clean(line: str, mask: Mask) -> str:
    return printable(mask.text(line))
