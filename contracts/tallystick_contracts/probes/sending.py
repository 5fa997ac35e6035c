"""Sending: within the budget and the rate, obeying a server that asks for patience, never for ever."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Sequence

from ..exchange import Answer, Request
from ..target import Target
from .limits import LIMITED, TURNS, wait_asked
from .live import Gone, NotReached, OutOfTime, Stopped

_GIVEN_UP = 10
"""Requests in a row without any answer after which the server counts as gone."""


class Sender:
    """Sends to one target and counts; any number of threads may use it at once.

    Args:
        target: the server, whose meter holds the budget and whose pace holds the rate.
        left: seconds that are left, in place of the meter's.
    """

    def __init__(self, target: Target, left: Callable[[], float] | None = None) -> None:
        self.target = target
        self._left = left or (lambda: target.meter.left)
        self._lock = threading.Lock()
        self._silence = 0
        self._not_before = 0.0
        self._limited = ""

    def answers(
        self, requests: Sequence[Request], stop: threading.Event | None = None
    ) -> tuple[Answer, ...]:
        """The answers to requests that are sent at the same time; none of them is a 429.

        Args:
            requests: what to send.
            stop: set when somebody wants no more requests.

        Raises:
            OutOfTime: the budget is used up.
            Gone: the server has left too many requests in a row unanswered.
            NotReached: the server's limit of requests does not lift within the time there is.
            Stopped: ``stop`` was set.
        """
        found: dict[int, Answer] = {}
        for turn in range(TURNS):
            missing = [n for n in range(len(requests)) if n not in found]
            answers = self._sent([requests[n] for n in missing], stop)
            self._notice(answers)
            asked = [each for each in answers if each.status == LIMITED]
            found |= {
                n: each for n, each in zip(missing, answers, strict=True) if each not in asked
            }
            if not asked:
                self._limited = ""
                return tuple(found[n] for n in range(len(requests)))
            self._postpone(asked, turn)
        self._limited = f"rate-limited: still 429 after {TURNS} times"
        raise NotReached(self._limited)

    def _sent(
        self, requests: Sequence[Request], stop: threading.Event | None
    ) -> tuple[Answer, ...]:
        self._wait_turn(len(requests), stop)
        exchange = self.target.exchange
        if len(requests) == 1:
            answers: tuple[Answer, ...] = (exchange.send(requests[0]),)
        else:
            answers = exchange.send_all(requests)
        with self._lock:
            self.target.meter.requests += len(requests)
        if self._left() <= 0 and any(each.failure for each in answers):
            raise OutOfTime  # the budget cut it short, which says nothing of the server
        return answers

    def _wait_turn(self, count: int, stop: threading.Event | None) -> None:
        """Until the server's limit has lifted and the rate allows it."""
        until = max(self._not_before, self.target.pace.reserve(count))
        while True:
            if stop is not None and stop.is_set():
                raise Stopped
            if self._left() <= 0:
                raise OutOfTime
            wait = min(until - time.monotonic(), self._left())
            if wait <= 0:
                return
            time.sleep(min(wait, 0.1))

    def _postpone(self, asked: Sequence[Answer], turn: int) -> None:
        """Nothing is sent before the limit lifts; where it will not in time, that is said."""
        wait = max(wait_asked(each, turn) for each in asked)
        # A limit that did not lift before is not waited for by every case again.
        never = math.isinf(wait) or wait > self._left()
        if never or (self._limited and turn == 0 and wait > 0):
            self._limited = self._limited or "rate-limited: for longer than there is time"
            raise NotReached(self._limited)
        self._not_before = max(self._not_before, time.monotonic() + wait)

    def _notice(self, answers: Sequence[Answer]) -> None:
        """Give up on a server that has left many requests in a row unanswered."""
        for answer in answers:
            self._silence = self._silence + 1 if answer.failure else 0
            if self._silence >= _GIVEN_UP:
                raise Gone(answer.failure)
