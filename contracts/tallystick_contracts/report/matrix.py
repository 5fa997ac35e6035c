"""Verdicts counted and grouped as every report shows them: by operation and law, by reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..verdicts import Law, Result, Standing, Verdict

WORST_FIRST = (Standing.BROKEN, Standing.NOT_REACHED, Standing.HELD, Standing.NOT_APPLICABLE)
SYMBOLS: Mapping[Standing, str] = {
    Standing.HELD: "✓",
    Standing.BROKEN: "✗",
    Standing.NOT_APPLICABLE: "\N{EN DASH}",
    Standing.NOT_REACHED: "?",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """How the verdicts of one operation and law, or one member and state, stand."""

    counts: Mapping[Standing, int]

    @property
    def standing(self) -> Standing | None:
        """The worst of them; None where nothing was judged."""
        return next((each for each in WORST_FIRST if self.counts.get(each)), None)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a number of verdicts of one law did not come to a judgement."""

    standing: Standing
    law: Law
    reason: str
    count: int


def cell(verdicts: Iterable[Verdict]) -> Cell:
    """These verdicts, counted by standing."""
    return Cell(Counter(each.standing for each in verdicts))


def operations(result: Result) -> tuple[str, ...]:
    """The operations that were judged, in the order of the run."""
    return tuple(dict.fromkeys(each.subject.operation for each in result.verdicts))


def matrix(result: Result) -> Mapping[tuple[str, Law], Cell]:
    """One cell for each operation and law."""
    grouped: dict[tuple[str, Law], list[Verdict]] = {}
    for each in result.verdicts:
        grouped.setdefault((each.subject.operation, each.law), []).append(each)
    return {key: cell(verdicts) for key, verdicts in grouped.items()}


def reasons(verdicts: Iterable[Verdict]) -> tuple[Reason, ...]:
    """Why verdicts are not applicable or not reached, the most frequent reason first."""
    open_ones = (Standing.NOT_REACHED, Standing.NOT_APPLICABLE)
    counted = Counter((v.standing, v.law, v.reason) for v in verdicts if v.standing in open_ones)
    found = [Reason(*key, count) for key, count in counted.items()]
    return tuple(sorted(found, key=lambda r: (open_ones.index(r.standing), -r.count)))


def place(member: str, state: str) -> str:
    """A member and its state in words: ``/settings/size (null)``."""
    if member and state:
        return f"{member} ({state})"
    return member or state


def summary(result: Result) -> str:
    """The run in one line."""
    counts = cell(result.verdicts).counts
    parts = [f"{counts.get(each, 0)} {each.value}" for each in Standing]
    rules = len({each.rule for each in result.verdicts})
    return (
        f"{_many(rules, 'rule')}, {_many(len(result.verdicts), 'verdict')} ({', '.join(parts)}), "
        f"{_many(sum(each.tried for each in result.verdicts), 'judgement')}, "
        f"{_many(result.requests, 'request')}, {result.seconds:.1f} s, seed {result.seed}"
    )


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
