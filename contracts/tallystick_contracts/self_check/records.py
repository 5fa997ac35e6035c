"""What a self-check found: one trial for each fault that can show, one reason for each other."""

from __future__ import annotations

from dataclasses import dataclass

from ..verdicts import Law


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of one fault."""

    fault: str
    family: str
    sentence: str
    """What the server does wrong."""
    laws: frozenset[Law]
    """By which it may be named."""
    rule: str = ""
    """The rule that found it; empty if none did."""
    law: Law | None = None
    requests: int = 0
    seconds: float = 0.0

    @property
    def caught(self) -> bool:
        """Whether the suite would have failed."""
        return bool(self.rule)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A fault that cannot show in this document."""

    fault: str
    family: str
    sentence: str
    reason: str
    """What the document has not."""


@dataclass(frozen=True, slots=True)
class Score:
    """The result of a self-check."""

    title: str
    trials: tuple[Trial, ...]
    skipped: tuple[Skipped, ...]
    false_alarms: tuple[str, ...]
    """Rules that are broken on the correct sandbox too; what they find does not count."""
    seconds: float

    @property
    def caught(self) -> int:
        """How many faults were found."""
        return sum(each.caught for each in self.trials)

    @property
    def percent(self) -> float:
        """Of a hundred; with no fault to find there is nothing to prove."""
        return 100.0 * self.caught / len(self.trials) if self.trials else 0.0

    @property
    def missed(self) -> tuple[Trial, ...]:
        """The faults that no rule found."""
        return tuple(each for each in self.trials if not each.caught)
