"""Sending again what was not answered for a reason that lies outside the request."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from ..exchange import Answer, Request
from .limits import wait_asked

_ELSEWHERE = (502, 503, 504)
"""Statuses that speak of a gateway or of load, not of the request (RFC 9110, 15.6.3 to 15.6.5)."""
_TRIES = 2
_PAUSE = 0.02
"""Seconds before the second try, where the server does not say when."""
_SLOW = 5.0
"""Seconds after which a missing answer is a matter of time, and is not waited for again."""
_LONGEST = 10.0
"""Seconds of ``Retry-After`` that are waited for at most."""


def passing(answer: Answer) -> bool:
    """Whether the same request may well be answered when it is sent again."""
    lost = bool(answer.failure) and not answer.crashed and answer.seconds < _SLOW
    return lost or answer.status in _ELSEWHERE


def sent_again(
    request: Request, first: Answer, send: Callable[[Request], Answer], left: Callable[[], float]
) -> Answer:
    """The answer that came in the end, with a note that it did not come at once.

    Args:
        request: what was sent.
        first: what came; it is ``passing``.
        send: sends once.
        left: seconds that there are.
    """
    for turn in range(_TRIES):
        wait = wait_asked(first, turn) if first.header("retry-after") else _PAUSE * turn
        if wait > min(left(), _LONGEST):
            return first
        time.sleep(wait)
        answer = send(request)
        if not passing(answer) and not answer.crashed:
            return replace(answer, flaky=first.failure or f"the answer was {first.status}")
    return first
