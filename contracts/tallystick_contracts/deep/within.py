"""What takes its time, within a time: read from a thread, and left behind when that is over."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar
from weakref import WeakSet

from .relay import OutOfTime

T = TypeVar("T")

_MOMENT = 0.3
"""Seconds in which most that is left behind ends."""
_STARTED: WeakSet[threading.Thread] = WeakSet()


def wait_for_others(seconds: float = 10.0) -> None:
    """Wait until what an earlier search left behind has ended.

    Two searches at once would disturb each other: Hypothesis sets the recursion limit of the
    process, and Python 3.11 cannot compile while it is changed.
    """
    until = time.monotonic() + seconds
    for thread in list(_STARTED):
        thread.join(max(0.0, until - time.monotonic()))


def left_behind() -> bool:
    """Whether a search that is over still runs in its thread."""
    return any(thread.is_alive() for thread in _STARTED)


@dataclass(frozen=True, slots=True)
class _Word(Generic[T]):
    item: T | None = None
    error: BaseException | None = None
    ended: bool = False


def within(items: Iterable[T], left: Callable[[], float]) -> Iterator[T]:
    """The items, as long as there is time.

    Drawing and shrinking send nothing for seconds, so no limit on requests ends them. The thread
    is a daemon, so are those that it starts; it ends by itself at its next request.

    Args:
        items: read in a thread of their own; what they raise is raised here.
        left: seconds that are left.

    Raises:
        OutOfTime: the time was over before the items were.
    """
    words: queue.SimpleQueue[_Word[T]] = queue.SimpleQueue()

    def read() -> None:
        error: BaseException | None = None
        try:
            for item in items:
                words.put(_Word(item))
        except BaseException as caught:  # noqa: BLE001  # raised again where the items are wanted
            error = caught
        words.put(_Word(error=error, ended=True))

    thread = threading.Thread(target=read, daemon=True, name="tallystick-deep")
    _STARTED.add(thread)
    thread.start()
    while True:
        try:
            word = words.get(timeout=max(0.01, min(0.2, left())))
        except queue.Empty:
            if left() <= 0:
                thread.join(_MOMENT)
                raise OutOfTime("the budget is spent") from None
            continue
        if word.error is not None:
            raise word.error
        if word.ended:
            return
        if word.item is not None:
            yield word.item
