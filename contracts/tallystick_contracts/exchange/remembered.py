"""What is worked out once for equal bodies: most answers of a run repeat an earlier one."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")

_SHORT = 16 * 1024
"""Octets of a body that counts as short."""
_MANY, _FEW = 512, 8
"""For how many short bodies, and for how many others, something is remembered."""


def remembered(make: Callable[[str, bytes], T]) -> Callable[[str, bytes], T]:
    """``make``, asked once for the same name and an equal body; what it gives is not to be changed."""
    of_short, of_long = lru_cache(maxsize=_MANY)(make), lru_cache(maxsize=_FEW)(make)

    def made(name: str, body: bytes) -> T:
        return of_short(name, body) if len(body) <= _SHORT else of_long(name, body)

    return made
