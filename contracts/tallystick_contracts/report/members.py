"""The verdicts of one operation as a map: members of the body by the states they were tried in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..verdicts import Verdict

WHOLE = "(whole)"
"""The row or column of a verdict on the body, or on no state in particular."""


@dataclass(frozen=True, slots=True)
class State:
    """One cell: what was judged of a member in a state."""

    name: str
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One member, with one cell for each state of the map."""

    path: str
    depth: int
    states: tuple[State, ...]


def map_of(verdicts: Iterable[Verdict]) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """The states, in the order of the run, and one row a member; members stand below their parent."""
    placed = [each for each in verdicts if each.subject.member or each.subject.state]
    grouped: dict[tuple[str, str], list[Verdict]] = {}
    for each in placed:
        key = (each.subject.member or WHOLE, each.subject.state or WHOLE)
        grouped.setdefault(key, []).append(each)
    states = tuple(
        sorted({state for _, state in grouped}, key=_order(state for _, state in grouped))
    )
    members = _nested(tuple(dict.fromkeys(member for member, _ in grouped)))
    rows = tuple(
        Row(
            path,
            max(0, path.count("/") - 1),
            tuple(State(state, tuple(grouped.get((path, state), ()))) for state in states),
        )
        for path in members
    )
    return states, rows


_COMMON = ("absent", "null", "default", "zero", "false", "empty")


class _Order:
    """Sort key of states: the presence states first, then as the run had them."""

    def __init__(self, seen: dict[str, int]) -> None:
        self.seen = seen

    def __call__(self, state: str) -> tuple[int, int]:
        first = _COMMON.index(state) if state in _COMMON else len(_COMMON)
        return first, self.seen[state]


def _order(states: Iterable[str]) -> _Order:
    return _Order({state: place for place, state in enumerate(dict.fromkeys(states))})


def _nested(members: tuple[str, ...]) -> list[str]:
    """Each member after its parent, siblings in the order of the run."""
    place = {member: number for number, member in enumerate(members)}

    def key(member: str) -> tuple[int, ...]:
        parts = member.split("/")
        above = ("/".join(parts[: length + 1]) for length in range(1, len(parts)))
        first = [min((place[m] for m in members if _within(m, up)), default=0) for up in above]
        return (0 if member == WHOLE else 1, *first)

    return sorted(members, key=key)


def _within(member: str, above: str) -> bool:
    return member == above or member.startswith(above + "/")
