"""The guard on the way to a server: every engine's requests pass it, and nothing goes around it."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..exchange import Answer, Exchange, NotReached, Request
from .ledger import Ledger
from .stopping import Stop

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "QUERY"})
"""Methods that change nothing (RFC 9110, 9.2.1; QUERY of OpenAPI 3.2)."""

_STALE = 0.05
"""Seconds for which the cost of removing things is not worked out again."""


@dataclass(slots=True)
class Guarded:
    """An exchange that sends what it may, and notes what was created.

    Args:
        inner: the way to the server.
        ledger: where is noted what was created and removed.
        read_only: whether only safe methods are sent; any other raises ``NotReached``.
        stop: puts off Ctrl-C until an answer is noted.
    """

    inner: Exchange
    ledger: Ledger
    read_only: bool = False
    stop: Stop = field(default_factory=Stop)
    _count: int = 0
    _seconds: float = 0.0
    _noting: threading.Lock = field(default_factory=threading.Lock)
    _cost: tuple[float, float] = (0.0, 0.0)

    def send(self, request: Request) -> Answer:
        """The answer to ``request``.

        Raises:
            NotReached: it is not sent, since only reading is allowed.
        """
        self._check(request)
        with self.stop:
            answer = self.inner.send(request)
            self._note(request, answer)
        return answer

    def send_all(self, requests: Sequence[Request]) -> tuple[Answer, ...]:
        """The answers to ``requests``, sent at the same time; all of them or none."""
        for each in requests:
            self._check(each)
        with self.stop:
            answers = self.inner.send_all(requests)
            for request, answer in zip(requests, answers, strict=True):
                self._note(request, answer)
        return answers

    def close(self) -> None:
        """Close the way to the server."""
        self.inner.close()

    def cost(self) -> float:
        """Seconds that it will take to remove what was created, as long as answers took so far."""
        now = time.monotonic()
        if now - self._cost[0] > _STALE:
            with self._noting:
                each = self._seconds / self._count if self._count else 0.0
                self._cost = now, 1.5 * each * self.ledger.removable
        return self._cost[1]

    def _check(self, request: Request) -> None:
        if self.read_only and request.method.upper() not in SAFE:
            raise NotReached(f"read-only: {request.method} is not sent")

    def _note(self, request: Request, answer: Answer) -> None:
        with self._noting:
            self._count += 1
            self._seconds += answer.seconds
            self.ledger.see(request, answer)
