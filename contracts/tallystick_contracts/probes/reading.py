"""The bench as far as it reads: an item until its answer satisfies, an update until it is seen."""

from __future__ import annotations

import time
from collections.abc import Callable

from pydantic import MISSING

from tallystick.contract import Operation
from tallystick.document import Json

from ..exchange import Answer
from ..target import Target
from ..verdicts import Step
from .ground import Ground
from .live import Live
from .patience import Patience
from .wire import Observe, Wire


class Reader(Wire):
    """What is read of one server, with as much patience as it takes."""

    def __init__(self, ground: Ground, target: Target, observe: Observe) -> None:
        super().__init__(ground, target, observe)
        self.patience = Patience(target.poll_budget)
        self._fresh = 0

    @property
    def is_fresh(self) -> bool:
        """Whether a case is being tried again with nothing shared."""
        return self._fresh > 0

    def read(
        self,
        live: Live,
        until: Callable[[Answer], bool] = lambda _: True,
        patience: float = 0.0,
    ) -> Step | None:
        """Read an item until its answer satisfies, or for ``patience`` seconds; None without a read."""
        operation = self._operation(live.resource.retrieve)
        if operation is None:
            return None
        request = self.request(operation, live.path)
        started, pause = time.monotonic(), 0.01
        while True:
            step = self.send(operation, request, live.steps)
            left = started + patience - time.monotonic()
            if until(step.answer) or left <= 0:
                break
            time.sleep(max(0.0, min(pause, left, self.target.meter.left)))
            pause = min(pause * 1.5, 1.0)
        live.shown = self._item(live, step.answer) if step.answer.accepted else MISSING
        live.last = step
        return step

    def _item(self, live: Live, answer: Answer) -> Json | MISSING:
        """What stands still of the item that a read tells; MISSING if it has no declared member.

        What is wrong with such an answer is judged once, with the answers.
        """
        return self.ground.standing(live.resource.collection, answer.body)

    def read_until(
        self, live: Live, operation: Operation, satisfied: Callable[[Json | MISSING], bool]
    ) -> tuple[Step | None, bool]:
        """Read until an update is visible, within the poll budget of the operation.

        Before a fault is confirmed only as long as updates took so far; on confirmation the whole
        budget, once for an operation.
        """
        started = time.monotonic()
        answered, reads = False, 0

        def done(answer: Answer) -> bool:
            nonlocal answered, reads
            value = self._item(live, answer)
            answered, reads = answer.accepted and satisfied(value), reads + 1
            # An answer that shows no item at all will not come to show it.
            return answered or (answer.accepted and value is MISSING)

        wait = self.patience.until_seen(operation, confirming=self.is_fresh)
        step = self.read(live, done, wait)
        if answered:
            self.patience.seen(operation, time.monotonic() - started if reads > 1 else 0.0)
        elif self.is_fresh and step is not None:
            self.patience.missed(operation)
        return step, answered

    def settle(
        self, live: Live, operation: Operation, moved: Callable[[Json | MISSING], bool]
    ) -> Step | None:
        """Read when nothing should change: as long as updates took so far, or until it moves."""
        wait = self.patience.still(operation)
        return self.read(
            live, lambda answer: answer.accepted and moved(self._item(live, answer)), wait
        )

    def in_vain(self, operation: Operation) -> bool:
        """Whether updates of this operation are known to have no effect; not while confirming."""
        return not self.is_fresh and self.patience.in_vain(operation)
