"""Ctrl-C between two exchanges: an answer under way is waited for, so that what it made is known."""

from __future__ import annotations

import signal
import threading
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType


class Stop:
    """Puts off the first interruption until the exchange under way is whole.

    ``with stop:`` is one exchange of the main thread. Without ``listening`` nothing changes.
    """

    def __init__(self) -> None:
        self._busy = 0
        self._asked = False
        self.heard = False
        """Whether the run was told to stop; from then on, being told again is heard at once."""

    @contextmanager
    def listening(self) -> Generator[None]:
        """Take SIGINT and SIGTERM in this block; both are ``KeyboardInterrupt``, the second at once."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
        try:
            for each in before:
                signal.signal(each, self._hear)
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler if handler is not None else signal.SIG_DFL)

    def _hear(self, signum: int, frame: FrameType | None) -> None:
        first, self.heard = not self.heard, True
        self._asked = first and self._busy > 0
        if self._asked:
            return
        raise KeyboardInterrupt

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            self._busy += 1

    def __exit__(self, *exception: object) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        self._busy -= 1
        if self._asked and not self._busy:
            self._asked = False
            raise KeyboardInterrupt
