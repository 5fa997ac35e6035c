"""Exchanges drawn as ticks on a strip of time: paths for SVG, bounded by the pixels, not the run."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..exchange import Entry

WIDTH = 800
"""Steps of time that a strip tells apart."""
LANES = {"failed": 6, "refused": 15, "other": 15, "accepted": 24}
"""By kind of answer, how far from the top its ticks begin; position says what colour says."""
TICK = 8
MARKED = 5
"""The height of the marks of findings, at the top."""
HEIGHT = 33
_DENSE = (1, 4)
"""Up to how many exchanges at one step a tick is faint, and medium."""


@dataclass(frozen=True, slots=True)
class Ticks:
    """The ticks of one kind and density."""

    kind: str
    density: int
    """0 faint, 1 medium, 2 full."""
    path: str
    """The ``d`` of an SVG path."""


def kind_of(status: int) -> str:
    """``accepted`` (2xx), ``refused`` (4xx), ``failed`` (5xx or no answer), ``other``."""
    if status == 0 or status >= 500:
        return "failed"
    return {2: "accepted", 4: "refused"}.get(status // 100, "other")


def ticks(
    entries: Iterable[Entry], seconds: float, marked: Callable[[Entry], bool]
) -> tuple[Ticks, ...]:
    """The strip of some exchanges.

    Args:
        entries: which.
        seconds: what the whole width stands for.
        marked: which of them are part of a finding.
    """
    counts: dict[str, Counter[int]] = {}
    for each in entries:
        where = step(each.at, seconds)
        counts.setdefault(kind_of(each.status), Counter())[where] += 1
        if marked(each):
            counts.setdefault("marked", Counter())[where] += 1
    return tuple(
        Ticks(kind, density, path)
        for kind, found in sorted(counts.items())
        for density in range(3)
        if (path := _path(kind, density, found))
    )


def step(at: float, seconds: float) -> int:
    """Where on the strip a time stands."""
    return min(WIDTH - 1, int(min(at / seconds, 1.0) * WIDTH)) if seconds > 0 else 0


def axis(seconds: float) -> tuple[tuple[int, str], ...]:
    """Round times with their places: ``(200, "0.5 s")``."""
    if seconds <= 0:
        return ()
    rough = seconds / 6
    power = 10.0 ** math.floor(math.log10(rough))
    unit = next(power * each for each in (1, 2, 5, 10) if power * each >= rough)
    times = (unit * number for number in range(1, int(seconds / unit) + 1))
    return tuple((step(each, seconds), f"{each:g} s") for each in times if each < seconds * 0.97)


def _path(kind: str, density: int, found: Counter[int]) -> str:
    top, height = (0, MARKED) if kind == "marked" else (LANES[kind], TICK)
    low = _DENSE[density - 1] if density else 0
    high = _DENSE[density] if density < len(_DENSE) else math.inf
    places = sorted(where for where, count in found.items() if low < count <= high)
    return "".join(f"M{where} {top}v{height}" for where in places)
