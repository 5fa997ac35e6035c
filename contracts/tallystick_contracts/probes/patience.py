"""How long to wait for an update to be seen, learned from how long updates took so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from tallystick.contract import Operation

SLOW = 0.02
"""Seconds beyond which a server counts as one that takes its time."""

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

    def seen(self, operation: Operation, seconds: float) -> None:
        """An update was visible after this time."""
        self._lag[operation.pointer] = max(self._lag.get(operation.pointer, 0.0), seconds)

    def missed(self, operation: Operation) -> None:
        """An update was given all the time there is, and was not seen."""
        self._vain[operation.pointer] = self._vain.get(operation.pointer, 0) + 1

    def in_vain(self, operation: Operation) -> bool:
        """Whether no update was ever seen, though some were given all the time there is."""
        never = operation.pointer not in self._lag
        return never and self._vain.get(operation.pointer, 0) >= GIVEN_UP

    def still(self, operation: Operation) -> float:
        """Seconds within which something that must not move would have moved."""
        lag = self._lag.get(operation.pointer, 0.0)
        return 2 * lag if lag > SLOW else 0.0

    def until_seen(self, operation: Operation, *, confirming: bool) -> float:
        """Seconds to wait for an update.

        Before a fault is confirmed: a few times as long as updates took. On confirmation the whole
        budget; but not again and again where updates are known to be quicker.
        """
        if operation.poll is None:
            return 0.0
        budget = self.budget or operation.poll.budget
        lag = self._lag.get(operation.pointer)
        vain = self._vain.get(operation.pointer, 0)
        if lag is None and vain >= GIVEN_UP:
            return 0.0
        usual = min(budget, 1.0) if lag is None else min(budget, max(SLOW, 8 * lag))
        return budget if confirming and vain < (GIVEN_UP if lag is None else 1) else usual
