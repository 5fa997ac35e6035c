"""A way to a server that records what goes over it, within bounds."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TypeAlias

from tallystick.contract import Contract

from .log import Entry, Log, Total
from .paths import Paths
from .records import Answer, Exchange, Request

KEPT = 20_000
"""Entries that are kept of a run; of a longer one every second, every fourth, ... exchange."""
LONGEST = 1000
"""Characters of a target that are kept."""

_Kept: TypeAlias = tuple[int, float, float, str, str, str, int, str, str]
"""The fields of an entry."""
_RULE: ContextVar[str] = ContextVar("rule", default="")


@contextmanager
def asked_by(rule: str) -> Generator[None]:
    """Within, exchanges of this thread or task are recorded as asked for by ``rule``."""
    token = _RULE.set(rule)
    try:
        yield
    finally:
        _RULE.reset(token)


@dataclass(slots=True)
class Recorder:
    """Collects the exchanges of one run, from any number of threads.

    Args:
        contract: whose operations the requests are for.
        started: the start of the run, as ``time.monotonic`` tells it.
        kept: how many entries to keep at most.
    """

    contract: Contract
    started: float
    kept: int = KEPT
    _paths: Paths = field(init=False)
    _entries: list[_Kept] = field(default_factory=list[_Kept])
    _counts: Counter[tuple[str, int]] = field(default_factory=Counter[tuple[str, int]])
    _sent: int = 0
    _stride: int = 1
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._paths = Paths(self.contract)

    def over(self, exchange: Exchange, engine: str) -> RecordedExchange:
        """``exchange``, with everything sent over it recorded as sent by ``engine``."""
        return RecordedExchange(exchange, self, engine)

    def add(self, request: Request, answer: Answer, began: float, engine: str) -> None:
        """Record one exchange that began at ``began``."""
        operation = self._paths.operation(request.method, request.target)
        rule = _RULE.get()
        with self._lock:
            self._sent += 1
            self._counts[operation, answer.status] += 1
            if (self._sent - 1) % self._stride:
                return
            # Plain and small: no body is kept, and a record of it is made when somebody asks.
            self._entries.append(
                (
                    self._sent,
                    began - self.started,
                    answer.seconds,
                    operation,
                    request.method,
                    _brief(request.target),
                    answer.status,
                    rule,
                    engine,
                )
            )
            if len(self._entries) >= self.kept:
                self._entries, self._stride = self._entries[::2], self._stride * 2

    def log(self) -> Log:
        """What was recorded so far."""
        with self._lock:
            totals = tuple(Total(*key, count) for key, count in self._counts.items())
            return Log(tuple(_entry(each) for each in self._entries), totals)


class RecordedExchange:
    """An exchange in front of another one, which tells a recorder."""

    def __init__(self, exchange: Exchange, recorder: Recorder, engine: str) -> None:
        self._exchange, self._recorder, self._engine = exchange, recorder, engine

    def send(self, request: Request) -> Answer:
        """The answer to ``request``."""
        began = time.monotonic()
        answer = self._exchange.send(request)
        self._recorder.add(request, answer, began, self._engine)
        return answer

    def send_all(self, requests: Sequence[Request]) -> tuple[Answer, ...]:
        """The answers to ``requests``, sent at the same time."""
        began = time.monotonic()
        answers = self._exchange.send_all(requests)
        for request, answer in zip(requests, answers, strict=True):
            self._recorder.add(request, answer, began, self._engine)
        return answers

    def close(self) -> None:
        """Close the exchange behind."""
        self._exchange.close()


def _entry(kept: _Kept) -> Entry:
    number, at, seconds = kept[:3]
    return Entry(number, round(at, 6), round(seconds, 6), *kept[3:])


def _brief(target: str) -> str:
    """``target``, or of a long one what cannot be cut inside a secret: its path, or its length."""
    if len(target) <= LONGEST:
        return target
    path = target.partition("?")[0]
    return f"{path}?…" if len(path) <= LONGEST else f"({len(target)} characters)"
