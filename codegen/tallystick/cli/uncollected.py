"""Work on a large document with the garbage collector at rest."""

from __future__ import annotations

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Generator[None]:
    """No search for cycles meanwhile: next to nothing becomes free, and each object is looked at
    again and again, which takes a fifth of the time of a large document."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
