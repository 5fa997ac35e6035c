"""What was seen of a contract, in words: a line, a list for the terminal, sections for a page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ..observed import Kind, Observation, Sight, Unseen, Way


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that was never seen."""

    operation: str
    what: str
    """``answer 200: /settings/size null``."""
    reason: str
    more: int
    """How many others stand within it, or under the same answer or operation."""
    pointer: str


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of thing, in one direction."""

    title: str
    """``answer: null``."""
    seen: int
    total: int
    rows: tuple[Row, ...]


def seen_line(observation: Observation) -> str:
    """The figure on one line."""
    shares = (f"{s.way} {s.kind} {s.seen}/{s.total}" for s in observation.shares if s.total)
    figure = f"observed {observation.percent:.1f} % of what the contract allows"
    counts = f"{observation.seen} of {observation.total}"
    return f"{figure} ({counts}): {', '.join(shares)}" if observation.total else figure


def unseen(observation: Observation) -> tuple[Section, ...]:
    """For each kind and direction the figure and what was never seen.

    What stands within something unseen is counted there, not listed.
    """
    rows: dict[tuple[Kind, Way], list[Row]] = {}
    for each, more in _folded(observation):
        rows.setdefault((each.sight.kind, each.sight.way), []).append(_row(each, more))
    return tuple(
        Section(
            f"{share.way}: {share.kind}",
            share.seen,
            share.total,
            tuple(rows.get((share.kind, share.way), ())),
        )
        for share in observation.shares
    )


def never_lines(observation: Observation) -> Iterator[str]:
    """Every row as a line, by operation."""
    by_operation: dict[str, list[Row]] = {}
    for each, more in _folded(observation):
        by_operation.setdefault(each.sight.operation, []).append(_row(each, more))
    for operation, rows in by_operation.items():
        yield operation
        for row in rows:
            rest = f" (and {row.more} within it)" if row.more else ""
            yield f"  {row.what}: {row.reason}{rest}"


def _row(unseen: Unseen, more: int) -> Row:
    sight = unseen.sight
    where = f"answer {sight.status}" if sight.way == "answer" else "request"
    plain = (Kind.NULL, Kind.MEMBER, Kind.HEADER, Kind.PARAMETER, Kind.STATUS)
    kind = "" if sight.kind in plain else str(sight.kind)
    what = "" if sight.kind is Kind.STATUS else sight.what
    said = " ".join(each for each in (where, sight.place, kind, what) if each)
    if unseen.under == _OPERATION:
        said = "the operation"
    return Row(sight.operation, said, unseen.reason, more, sight.pointer)


_OPERATION = "operation"
_Where = tuple[str, str, str, str]


def _folded(observation: Observation) -> list[tuple[Unseen, int]]:
    """Each outermost thing, with how many others are unseen only because it is."""
    counts = Counter(_under(each) for each in observation.never if each.under)
    heads: dict[_Where, tuple[Unseen, int]] = {}
    for each in observation.never:
        own = _under(each) if each.under == _OPERATION else _own(each.sight)
        if own not in heads and each.under in ("", _OPERATION):
            less = 1 if each.under else 0
            heads[own] = each, counts[own] - less if less or _opens(each.sight) else 0
    return list(heads.values())


def _under(unseen: Unseen) -> _Where:
    sight = unseen.sight
    if unseen.under == _OPERATION:
        return sight.operation, "", "", _OPERATION
    return sight.operation, sight.way, sight.status, unseen.under


def _own(sight: Sight) -> _Where:
    """Where things are counted that are unseen only because ``sight`` is."""
    if sight.kind is Kind.STATUS:
        return sight.operation, sight.way, sight.status, f"answer {sight.status}"
    inner = f"{sight.place}/*" if sight.kind is Kind.ARRAY else sight.place
    own = inner if _opens(sight) else f"{sight.place} {sight.kind} {sight.what} {sight.pointer}"
    return sight.operation, sight.way, sight.status, own


def _opens(sight: Sight) -> bool:
    return sight.kind is Kind.STATUS or sight.what in ("present", "not null", "not empty")
