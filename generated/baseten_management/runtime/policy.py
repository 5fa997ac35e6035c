"""How long a call may take, how often it is tried and how much it may bring: pure decisions."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from time import time

MAX_BODY = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Timeout:
    """Limits in seconds. ``total`` is for the whole call: retries, pauses and the body."""

    connect: float = 5.0
    read: float = 30.0
    total: float = 120.0

    def __post_init__(self) -> None:
        for name in ("connect", "read", "total"):
            seconds = getattr(self, name)
            if not 0 < seconds < float("inf"):
                raise ValueError(f"`timeout`: {name} must be a finite number of seconds above zero")

    @classmethod
    def of(cls, timeout: Timeout | float) -> Timeout:
        """A timeout as given; a number is the total."""
        if isinstance(timeout, Timeout):
            return timeout
        return cls(min(5.0, timeout), min(30.0, timeout), timeout)


_RETRIED = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Retries:
    """When a call is sent again: only idempotent methods, and only after no or a refusing answer.

    A connection that could not be made is tried again for every method: nothing was sent.
    """

    attempts: int = 3
    """How often a request is sent at most."""
    pause: float = 0.5
    """Seconds before the second attempt; twice that before the third; with jitter."""
    longest: float = 10.0
    """No pause is longer, whatever ``Retry-After`` says: then the answer stands."""
    jitter: Callable[[], float] = field(default=random.random, repr=False)

    def after(self, attempt: int, headers: Mapping[str, str]) -> float | None:
        """Seconds to pause after this attempt (from 1), or None to give up."""
        if attempt >= self.attempts:
            return None
        asked = _retry_after(headers.get("retry-after"))
        if asked is not None and asked > self.longest:
            return None
        spread = min(self.longest, self.pause * 2.0 ** (attempt - 1)) * (0.5 + self.jitter() / 2)
        return min(self.longest, max(asked or 0.0, spread))

    def retried(self, status: int) -> bool:
        """Whether an answer with this status asks to come again."""
        return status in _RETRIED


def _retry_after(text: str | None) -> float | None:
    """Seconds of ``Retry-After`` (RFC 9110, 10.2.3); None where it is absent or says nothing."""
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time())
    except (ValueError, TypeError, OverflowError):
        return None


DEFAULT_TIMEOUT = Timeout()
DEFAULT_RETRIES = Retries()
