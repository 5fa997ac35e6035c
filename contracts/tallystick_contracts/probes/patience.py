"""How long to wait for an update to be seen, learned from how long updates took so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from tallystick.contract import Operation

SLOW = 0.02
"""Seconds beyond which a server counts as one that takes its time."""

KNOWN = 20
"""Updates seen of an operation after which it is known how long they take."""

LONG, NEVER_SEEN = 3.0, 5.0
"""Seconds after which an update counts as lost where others were quick, or where the whole budget
was waited in vain before."""

GIVEN_UP = 3
"""Updates not seen after the whole budget, with none seen before, after which no more is awaited."""


@dataclass(slots=True)
class Patience:
    """What is known of the time that updates take, by operation.

    Args:
        budget: seconds to wait at most, in place of the contract's.
    """

    budget: float | None
    _lag: dict[str, float] = field(default_factory=dict[str, float])
    _vain: dict[str, int] = field(default_factory=dict[str, int])
    _count: dict[str, int] = field(default_factory=dict[str, int])
    _asked: set[str] = field(default_factory=set[str])

    def seen(self, operation: Operation, seconds: float) -> None:
        """An update was visible after this time."""
        self._lag[operation.pointer] = max(self._lag.get(operation.pointer, 0.0), seconds)
        self._count[operation.pointer] = self._count.get(operation.pointer, 0) + 1

    def missed(self, operation: Operation) -> None:
        """An update was given all the time there is, and was not seen."""
        self._vain[operation.pointer] = self._vain.get(operation.pointer, 0) + 1

    def in_vain(self, operation: Operation) -> bool:
        """Whether no update was ever seen, though some were given all the time there is."""
        never = operation.pointer not in self._lag
        return never and self._vain.get(operation.pointer, 0) >= GIVEN_UP

    def wonders(self, operation: Operation) -> bool:
        """Whether a few quick updates more would shorten the wait for one that seems lost."""
        return (
            operation.poll is not None
            and not self.knows(operation)
            and not self._vain.get(operation.pointer)
            and operation.pointer not in self._asked
        )

    def knows(self, operation: Operation) -> bool:
        """Whether many updates were seen, or one that took its time."""
        lag, count = self._lag.get(operation.pointer, 0.0), self._count.get(operation.pointer, 0)
        return count >= KNOWN or lag > SLOW

    def asked(self, operation: Operation) -> None:
        """Somebody is finding out; nobody needs to any more."""
        self._asked.add(operation.pointer)

    def still(self, operation: Operation) -> float:
        """Seconds within which something that must not move would have moved."""
        lag = self._lag.get(operation.pointer, 0.0)
        return 2 * lag if lag > SLOW else 0.0

    def until_seen(self, operation: Operation, *, confirming: bool) -> float:
        """Seconds to wait for an update.

        Before a fault is confirmed: a few times as long as updates took. On confirmation the whole
        budget, or far longer than any of many updates took; but not again and again, since a fault
        that loses updates would make a run as long as all those budgets.
        """
        if operation.poll is None:
            return 0.0
        budget = self.budget or operation.poll.budget
        lag = self._lag.get(operation.pointer)
        vain = self._vain.get(operation.pointer, 0)
        if lag is None and vain >= GIVEN_UP:
            return 0.0
        usual = min(budget, 1.0) if lag is None else min(budget, max(SLOW, 8 * lag))
        if not confirming:
            return usual
        if lag is None:
            return budget if vain == 0 else min(budget, NEVER_SEEN)
        if vain:
            return usual
        known = self._count[operation.pointer] >= KNOWN
        return min(budget, max(LONG, 100 * lag)) if known else budget
