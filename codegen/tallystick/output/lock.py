"""The lock file that keeps two runs on one directory from interleaving."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from tallystick.errors import OutputError

if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def locked(place: Path, seconds: float) -> Generator[None]:
    """Hold the lock file ``place``; OutputError when another run holds it for ``seconds``.

    The system drops the lock of a dead process, so a lock file left behind stops nobody.
    """
    deadline = time.monotonic() + seconds
    while (descriptor := _try(place)) is None:
        if time.monotonic() >= deadline:
            what = f"another run is writing here (it holds {place})"
            raise OutputError(what, hint="wait until it has ended, then try again")
        time.sleep(0.02)
    try:
        yield
    finally:
        try:
            with suppress(OSError):
                os.unlink(place)
        finally:  # an interrupt here must not leave this process holding the lock
            os.close(descriptor)


def _try(place: Path) -> int | None:
    """The descriptor of the lock file when it is ours now, None when another run has it."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(place, flags, 0o644)
    try:
        _take(descriptor)
        # The last holder may have removed the file after we opened it: then it locks nothing.
        if os.path.samestat(os.fstat(descriptor), os.lstat(place)):
            return descriptor
    except (BlockingIOError, PermissionError, FileNotFoundError):
        pass
    except BaseException:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return None
