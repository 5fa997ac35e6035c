"""What a server asks for with 429: how long to wait before it is asked again (RFC 6585, 4)."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime

from ..exchange import Answer

LIMITED = 429
TURNS = 6
"""How often a request is sent whose answer is 429."""
LONGEST = 60.0
"""Seconds of one wait beyond which a limit counts as one that does not lift."""
_UNSAID = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds to wait, by how often it was asked, where the answer does not say."""


def wait_asked(answer: Answer, turn: int) -> float:
    """Seconds to wait: as ``Retry-After`` says (RFC 9110, 10.2.3), else longer each turn.

    Infinite where that is longer than anybody waits.
    """
    said = answer.header("retry-after")
    seconds = None if said is None else _seconds(said.strip())
    if seconds is None:
        return _UNSAID[min(turn, len(_UNSAID) - 1)]
    return seconds if seconds <= LONGEST else float("inf")


def _seconds(text: str) -> float | None:
    """Delta-seconds or an HTTP-date, as seconds from now; None if it is neither."""
    if text.isascii() and text.isdigit():
        return float(text[:12])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None
