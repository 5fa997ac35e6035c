"""The shortest part of a sequence that still shows a fault (delta debugging)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def shortest(
    whole: Sequence[T], shows: Callable[[Sequence[T]], bool], attempts: int = 60
) -> list[T]:
    """A part of ``whole``, in order, of which no smaller piece can be left out.

    Args:
        whole: a sequence that shows the fault.
        shows: whether a part of it shows the fault too.
        attempts: how often to ask; what was reached by then is returned.

    Halves are left out first, then ever smaller pieces (Zeller's ddmin, complements only).
    """
    kept, size = list(whole), max(1, len(whole) // 2)
    while kept and attempts > 0:
        start, removed = 0, False
        while start < len(kept) and attempts > 0:
            part = kept[:start] + kept[start + size :]
            attempts -= 1
            if part and shows(part):
                kept, removed = part, True
            else:
                start += size
        if size == 1 and not removed:
            break
        size = size if removed and size == 1 else max(1, size // 2)
    return kept
