"""The record of a run's exchanges: when, what, how it ended, and who asked for it."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Entry:
    """One exchange, without headers and bodies."""

    number: int
    """Its place among all exchanges of the run, from 1."""
    at: float
    """Seconds from the start of the run until it was sent."""
    seconds: float
    """How long it took."""
    operation: str
    """The key of the operation that method and path name; empty where the contract has none."""
    method: str
    target: str
    """Path and query as sent; of a very long one the path or only the length."""
    status: int
    """0 where no answer came."""
    rule: str
    """The rule that asked for it; empty where it was no rule."""
    engine: str
    """``laws``, ``schemathesis``, ``hypothesis``, ``client``."""


@dataclass(frozen=True, slots=True)
class Total:
    """How often an operation was answered in one way."""

    operation: str
    status: int
    count: int


@dataclass(frozen=True, slots=True)
class Log:
    """The exchanges of a run, in the order in which they were answered."""

    entries: tuple[Entry, ...] = ()
    totals: tuple[Total, ...] = ()
    """Counts of all exchanges, also of those that no entry was kept of."""

    @property
    def count(self) -> int:
        """How many exchanges there were, whether or not an entry of them was kept."""
        return sum(each.count for each in self.totals)

    def then(self, later: Log, after: float = 0.0) -> Log:
        """This log and a later one, which began ``after`` seconds from the start of this."""
        moved = tuple(
            replace(each, number=each.number + self.count, at=each.at + after)
            for each in later.entries
        )
        counts = {(each.operation, each.status): each.count for each in self.totals}
        for each in later.totals:
            key = (each.operation, each.status)
            counts[key] = counts.get(key, 0) + each.count
        totals = tuple(Total(*key, count) for key, count in counts.items())
        return Log((*self.entries, *moved), totals)

    def by(self, engine: str) -> Log:
        """The same exchanges, said to be those of ``engine``."""
        return replace(self, entries=tuple(replace(each, engine=engine) for each in self.entries))
