"""A private event loop: in a thread of its own that is quick to be asked, or in the thread that asks.

The usual way into a running loop (a byte through a pipe, a turn of the selector) takes as long as a
small application. So the thread does not run the loop all the time: it waits for work at a queue,
and runs the loop as long as there is some; and, so that what an application does by itself goes on,
as soon as no work came for a moment.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any, TypeAlias, TypeVar, cast

T = TypeVar("T")

_IDLE = 0.005
"""Seconds without work after which the loop runs on its own."""
_SOON = 1.0
"""Seconds in which what is still going on ends when it is told to."""

Told: TypeAlias = "SimpleQueue[tuple[T | None, BaseException | None]]"
"""Where what comes of some work is put: what it returned, or what it raised."""
_Work: TypeAlias = "tuple[Coroutine[Any, Any, Any], Told[Any]]"


class Interrupted(Exception):
    """Work was told to stop; a task must not raise ``KeyboardInterrupt``, which ends its loop."""


class Here:
    """Runs coroutines in the thread that asks, one after the other: of what is tied to no thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._turn = threading.Lock()

    @property
    def closed(self) -> bool:
        """Whether nothing can be run any more."""
        return self._loop.is_closed()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What ``work`` returns or raises.

        Raises:
            KeyboardInterrupt: this thread was told to stop.
        """
        if _in_a_loop():
            with ThreadPoolExecutor(1) as other:
                return other.submit(self.run, work).result()
        with self._turn:
            try:
                return self._loop.run_until_complete(work)
            except Interrupted:
                raise KeyboardInterrupt from None

    def close(self) -> None:
        """End the loop."""
        self._loop.close()


def _in_a_loop() -> bool:
    """Whether this thread runs an event loop, which can run no other one."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


class Apart:
    """Runs coroutines to their end, all in one thread, for any number of threads."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._inbox: SimpleQueue[_Work | None] = SimpleQueue()
        """What is to be run; None for nothing more."""
        self._tasks: dict[Told[Any], asyncio.Task[None]] = {}
        """What is being run; the loop itself does not keep it."""
        self._running = self._ended = False
        """Whether whoever puts something into the inbox has to call the loop; and the end."""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    @property
    def closed(self) -> bool:
        """Whether nothing can be run any more."""
        return self._loop.is_closed()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What ``work`` returns or raises."""
        told: Told[T] = SimpleQueue()
        self._put((work, told))
        found, error = told.get()
        if error is not None:
            raise error
        return cast(T, found)

    def close(self) -> None:
        """End what is still going on, and the loop."""
        self.run(self._end_all())
        self._put(None)
        self._thread.join()
        self._loop.close()

    def _put(self, work: _Work | None) -> None:
        self._inbox.put(work)
        if self._running:
            self._loop.call_soon_threadsafe(self._take)

    # --- in the thread of the loop --------------------------------------------------------------

    def _run(self) -> None:
        while not self._ended:
            if not self._tasks:
                self._wait()
            self._running = True  # from here on the loop is called; what was put before is taken
            self._take()
            # A task of the application that raises these ends the turn of the loop, and keeps them.
            with suppress(SystemExit, KeyboardInterrupt):
                self._loop.run_forever()
            self._running = False

    def _wait(self) -> None:
        """Until there is work, or none came for a moment."""
        with suppress(Empty):
            self._begin(self._inbox.get(timeout=_IDLE))

    def _take(self) -> None:
        with suppress(Empty):
            while True:
                self._begin(self._inbox.get_nowait())

    def _begin(self, work: _Work | None) -> None:
        if work is None:
            self._ended = True
            self._loop.stop()
        else:
            self._tasks[work[1]] = self._loop.create_task(self._whole(*work))

    async def _whole(self, work: Coroutine[Any, Any, T], told: Told[T]) -> None:
        """Some work; with the last there is the loop stops: a callback would take it another turn."""
        try:
            told.put((await work, None))
        except BaseException as error:  # noqa: BLE001  # raised again where it is waited for
            told.put((None, error))
        finally:
            del self._tasks[told]
            if not self._tasks:
                self._loop.stop()

    async def _end_all(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for each in others:
            each.cancel()
        if others:
            await asyncio.wait(others, timeout=_SOON)
