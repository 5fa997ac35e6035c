"""What takes its time, within a time: read from a thread, and left behind when that is over."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from .relay import OutOfTime

T = TypeVar("T")


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

    threading.Thread(target=read, daemon=True, name="tallystick-deep").start()
    while True:
        try:
            word = words.get(timeout=max(0.01, min(0.2, left())))
        except queue.Empty:
            if left() <= 0:
                raise OutOfTime("the budget is spent") from None
            continue
        if word.error is not None:
            raise word.error
        if word.ended:
            return
        if word.item is not None:
            yield word.item
