"""Sending: within the budget, obeying a server that asks for patience, giving up on one that is gone."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

from ..exchange import Answer, Request
from ..target import Target
from .live import Gone, OutOfTime

RETRY_AFTER_CAP = 10.0
"""Seconds beyond which a ``Retry-After`` is not obeyed but reported."""
_GIVEN_UP = 10
"""Requests in a row without any answer after which the server counts as gone."""


class Sender:
    """Sends to one target and counts.

    Args:
        target: the server, whose meter holds the budget.
    """

    def __init__(self, target: Target) -> None:
        self.target = target
        self._silence = 0

    def answers(self, requests: Sequence[Request]) -> tuple[Answer, ...]:
        """The answers to requests that are sent at the same time.

        Raises:
            OutOfTime: the budget is used up.
            Gone: the server has left too many requests in a row unanswered.
        """
        attempts = 3
        while True:
            if self.target.meter.left <= 0:
                raise OutOfTime
            exchange = self.target.exchange
            if len(requests) == 1:
                answers: tuple[Answer, ...] = (exchange.send(requests[0]),)
            else:
                answers = exchange.send_all(requests)
            self.target.meter.requests += len(requests)
            self._notice(answers)
            pause, attempts = _pause(answers), attempts - 1
            if pause is None or not attempts:
                return answers
            time.sleep(max(0.0, min(pause, self.target.meter.left)))

    def _notice(self, answers: Sequence[Answer]) -> None:
        """Give up on a server that has left many requests in a row unanswered."""
        for answer in answers:
            self._silence = self._silence + 1 if answer.failure else 0
            if self._silence >= _GIVEN_UP:
                raise Gone(answer.failure)


def _pause(answers: Sequence[Answer]) -> float | None:
    """Seconds to wait before trying again, where a server asks for it (RFC 6585, 4)."""
    asked = [each.header("retry-after") for each in answers if each.status == 429]
    seconds = [float(text) for text in asked if text is not None and text.isdigit()]
    wait = max(seconds, default=None)
    return wait if wait is not None and wait <= RETRY_AFTER_CAP and math.isfinite(wait) else None
