"""A crew: some work done by several threads at once, told step by step, ended at once."""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from ..exchange import Request
from ..target import IN_PROCESS, Target
from .live import Gone, NotReached, OutOfTime, Stopped
from .sending import Sender

Job = TypeVar("Job")
Told = TypeVar("Told")

_SOON = 1.0
"""Seconds in which threads end that were asked to; one in the middle of an exchange is left."""


@dataclass(frozen=True, slots=True)
class _Word(Generic[Told]):
    """What a thread says: a step, or its end, by an exception perhaps."""

    told: Told | None = None
    error: BaseException | None = None
    ended: bool = False


MOST = 8
"""Workers that are chosen at most: a server should not take a run for an attack."""
_BUSY = 0.004
"""Seconds in which one worker keeps one processor busy: below, more workers only wait for it."""


def hands(target: Target) -> int:
    """As many workers as hide the time that the server takes to answer three requests.

    One in this process, where both take turns anyway, and where nothing answers; elsewhere two at
    least: one works out what to send while the other waits.
    """
    sender, ask = Sender(target), [Request("GET", "/")]
    try:
        quickest = min(sender.answers(ask)[0].seconds for _ in range(3))
    except (Gone, NotReached, OutOfTime):
        return 1
    least = 1 if target.name == IN_PROCESS else 2
    return max(least, min(MOST, round(quickest / _BUSY)))


def crew(
    jobs: Iterable[Job],
    work: Callable[[Job, threading.Event], Iterator[Told]],
    workers: int,
) -> Generator[Told]:
    """What ``work`` tells of each job, as it comes; the first exception ends everything.

    Args:
        jobs: what there is to do.
        work: does one job; its event is set when it should end.
        workers: how many threads; with one the work is done here.
    """
    waiting, stop = deque(jobs), threading.Event()
    if workers <= 1 or len(waiting) <= 1:
        for job in waiting:
            yield from work(job, stop)
        return
    words: queue.SimpleQueue[_Word[Told]] = queue.SimpleQueue()
    threads = [
        threading.Thread(target=_labour, args=(waiting, work, stop, words), daemon=True)
        for _ in range(min(workers, len(waiting)))
    ]
    for each in threads:
        each.start()
    try:
        yield from _heard(words, len(threads))
    finally:
        # A daemon thread that waits for a slow answer sends nothing more after it.
        stop.set()
        deadline = time.monotonic() + _SOON
        for each in threads:
            each.join(max(0.0, deadline - time.monotonic()))


def _labour(
    waiting: deque[Job],
    work: Callable[[Job, threading.Event], Iterator[Told]],
    stop: threading.Event,
    words: queue.SimpleQueue[_Word[Told]],
) -> None:
    error: BaseException | None = None
    try:
        while not stop.is_set():
            try:
                job = waiting.popleft()
            except IndexError:
                break
            for each in work(job, stop):
                words.put(_Word(each))
    except Stopped:
        pass
    except BaseException as caught:  # noqa: BLE001  # raised again where the crew was called
        error = caught
    words.put(_Word(error=error, ended=True))


def _heard(words: queue.SimpleQueue[_Word[Told]], running: int) -> Generator[Told]:
    while running:
        try:
            word = words.get(timeout=0.2)  # a wait without end would not hear Ctrl-C
        except queue.Empty:
            continue
        if word.error is not None:
            raise word.error
        running -= word.ended
        if word.told is not None:
            yield word.told
