"""The verdicts of one operation as a map: members of the body by the states they were tried in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..probes.states import NOT_IN_ENUM
from ..verdicts import Verdict

WHOLE = "(whole)"
"""The row or column of a verdict on the body, or on no state in particular."""

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "absent": ("absent",),
    "null": ("null",),
    "default": ("default",),
    "falsy": ("zero", "false", "empty string", "empty array", "empty object"),
    "value": ("value", "example", "other value", "true", "minimal", "full"),
    "enum": ("enum",),
    "boundary": ("minimum", "maximum", "longest"),
    "beyond": (
        "below the minimum",
        "above the maximum",
        "no multiple",
        "too short",
        "too long",
        "too few items",
        "too many items",
    ),
    "integral float": ("integral float",),
    "wrong type": ("wrong type",),
    "no enum value": NOT_IN_ENUM,
    "unknown sibling": ("unknown sibling",),
    "answer": (),
    "other": (),
}
_COLUMN_OF = {state: column for column, states in _COLUMNS.items() for state in states}
_OWN = 3
"""Members from which on a state without a column of its own gets one."""
_DETAIL = re.compile(r":.*| \d+$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class State:
    """One cell: what was judged of a member in the states of a column."""

    name: str
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One member, with one cell for each column of the map."""

    path: str
    depth: int
    states: tuple[State, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """What was judged of the members of one operation's body, and of the request as a whole."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    whole: tuple[State, ...]
    """States of the whole request that no member was tried in: ``wrong key``."""


def column_of(state: str) -> str:
    """The column of a state: ``wrong type: array`` in ``wrong type``, ``200`` in ``answer``."""
    plain = _DETAIL.sub("", state)
    if plain.isdecimal():
        return "answer"
    return _COLUMN_OF.get(plain, plain) or WHOLE


def map_of(verdicts: Iterable[Verdict]) -> Map:
    """The map, columns in a fixed order first; members stand below their parent."""
    placed = [each for each in verdicts if each.subject.member or each.subject.state]
    few = _few(placed)
    grouped: dict[tuple[str, str], list[Verdict]] = {}
    for each in placed:
        member, column = each.subject.member or WHOLE, column_of(each.subject.state)
        column = "other" if column in few and member != WHOLE else column
        grouped.setdefault((member, column), []).append(each)
    columns = _ordered(column for member, column in grouped if member != WHOLE)
    members = dict.fromkeys(m for m, column in grouped if m != WHOLE or column in columns)
    rows = tuple(_row(path, columns, grouped) for path in _nested(tuple(members)))
    apart = [(c, own) for (m, c), own in grouped.items() if m == WHOLE and c not in columns]
    return Map(columns, rows, tuple(State(column, tuple(own)) for column, own in apart))


def _few(verdicts: Iterable[Verdict]) -> set[str]:
    """The columns that only few members would have a cell in."""
    members: dict[str, set[str]] = {}
    for each in verdicts:
        members.setdefault(column_of(each.subject.state), set()).add(each.subject.member)
    return {each for each, own in members.items() if each not in _COLUMNS and len(own) < _OWN}


def _row(
    path: str, columns: tuple[str, ...], grouped: Mapping[tuple[str, str], list[Verdict]]
) -> Row:
    states = tuple(State(each, tuple(grouped.get((path, each), ()))) for each in columns)
    return Row(path, max(0, path.count("/") - 1), states)


def _ordered(columns: Iterable[str]) -> tuple[str, ...]:
    """The known columns in their order, then the others in that of the run."""
    seen = tuple(dict.fromkeys(columns))
    known = tuple(each for each in _COLUMNS if each in seen)
    return known + tuple(each for each in seen if each not in _COLUMNS)


def _nested(members: tuple[str, ...]) -> list[str]:
    """Each member after its parent, siblings in the order of the run."""
    first: dict[str, int] = {}
    for number, member in enumerate(members):
        for above in _above(member):
            first.setdefault(above, number)

    def key(member: str) -> tuple[int, ...]:
        return (0 if member == WHOLE else 1, *(first[above] for above in _above(member)))

    return sorted(members, key=key)


def _above(member: str) -> list[str]:
    """The member and all that it stands in, the outermost first."""
    parts = member.split("/")
    return ["/".join(parts[: length + 1]) for length in range(1, len(parts))]
