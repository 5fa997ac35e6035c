"""Linearizability: whether answers to requests sent at one time fit some order of them.

A history is small: writes that were accepted, reads, and what was read at the end. It is
linearizable (Herlihy and Wing, 1990) if there is an order of the writes in which every read shows
the state that some point of it has, and the end shows the last state. All requests overlap, so that
every order respects real time; all orders are tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import TypeAlias

from pydantic import MISSING

from tallystick.document import Json

from .places import Path, at, same

State: TypeAlias = Mapping[Path, Json | MISSING]
"""What an item shows at the places in question."""

MOST = 6
"""Writes beyond which orders are no longer tried."""


@dataclass(frozen=True, slots=True)
class Write:
    """An update that was accepted: what it sets, and whether its answer says that nothing changed."""

    sets: State
    unchanged: bool = False


def observed(shown: Json | MISSING, places: Sequence[Path]) -> State:
    """What an item shows at these places."""
    return {place: at(shown, place) for place in places}


def alike(one: State, other: State) -> bool:
    """Whether two states show the same at every place that both have."""
    return all(same(one[place], other[place]) for place in one if place in other)


def linearizable(
    start: State, writes: Sequence[Write], reads: Sequence[State], end: State | None
) -> bool:
    """Whether some order of ``writes`` explains every read and the state at the end.

    Args:
        start: before any of it.
        writes: all sent at one time; at most ``MOST`` are put in order.
        reads: answered while the writes were.
        end: read after all of them; None where it is not known.
    """
    return any(
        _explains(states, order, reads, end)
        for order in permutations(writes[:MOST])
        for states in [list(_states(start, order))]
    )


def _states(start: State, order: Sequence[Write]) -> Iterator[State]:
    state = dict(start)
    yield dict(state)
    for write in order:
        state.update(write.sets)
        yield dict(state)


def _explains(
    states: list[State], order: Sequence[Write], reads: Sequence[State], end: State | None
) -> bool:
    if end is not None and not alike(states[-1], end):
        return False
    for before, write in zip(states, order, strict=False):
        if write.unchanged and not alike(write.sets, before):
            return False
    return all(any(alike(state, read) for state in states) for read in reads)
