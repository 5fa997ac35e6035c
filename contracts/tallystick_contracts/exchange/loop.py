"""A private event loop that whoever waits for it runs: no way to another thread and back.

Such a way costs as much as a small application takes to answer. A keeper, a thread, runs the loop
while nobody waits for it, so that what an application does by itself goes on; and for good as soon
as a second thread asks for it, or one that runs an event loop itself.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Coroutine
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")

_IDLE = 0.005
"""Seconds after which the keeper takes a loop that nobody runs."""
_SOON = 1.0
"""Seconds in which what is still going on ends when it is told to."""


class Runner:
    """Runs coroutines to their end in one loop, for any number of threads."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._owner: int | None = None
        """The only thread that asked so far."""
        self._turn = threading.Lock()
        """Held by the thread that runs the loop."""
        self._runs, self._wanted = 0, False
        """How often the owner ran it, and whether it does or is about to."""
        self._shared, self._ended = threading.Event(), False
        """Whether the keeper runs the loop for good, and its end."""
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    @property
    def closed(self) -> bool:
        """Whether nothing can be run any more."""
        return self._loop.is_closed()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What ``work`` returns or raises.

        Raises:
            KeyboardInterrupt: this thread was told to stop.
        """
        me = threading.get_ident()
        self._owner = self._owner or me
        if self._owner != me or self._shared.is_set() or _in_a_loop():
            return self._there(work)
        return self._here(work)

    def close(self) -> None:
        """End what is still going on, and the loop."""
        self.run(self._end_all())
        self._ended = True
        self._shared.set()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._keeper.join()
        self._loop.close()

    # --- in the thread that asks ----------------------------------------------------------------

    def _here(self, work: Coroutine[Any, Any, T]) -> T:
        self._runs += 1
        self._wanted = True
        try:
            if not self._turn.acquire(blocking=False):
                self._loop.call_soon_threadsafe(self._loop.stop)
                self._turn.acquire()
            try:
                task = self._loop.create_task(self._last(work))
                while not task.done():
                    self._loop.run_forever()
            finally:
                self._turn.release()
        finally:
            self._wanted = False
        return task.result()

    async def _last(self, work: Coroutine[Any, Any, T]) -> T:
        """``work``, with which the loop stops: a callback would take another turn of the loop."""
        try:
            return await work
        finally:
            self._loop.stop()

    # --- in the keeper --------------------------------------------------------------------------

    def _there(self, work: Coroutine[Any, Any, T]) -> T:
        self._shared.set()
        # What asyncio has for this takes as long as a small application.
        done: SimpleQueue[asyncio.Task[T]] = SimpleQueue()
        self._loop.call_soon_threadsafe(self._start, work, done)
        return done.get().result()

    def _start(self, work: Coroutine[Any, Any, T], done: SimpleQueue[asyncio.Task[T]]) -> None:
        task = self._loop.create_task(work)
        self._tasks.add(task)  # the loop itself does not keep it
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(done.put)

    def _keep(self) -> None:
        before = 0
        while not self._ended:
            shared = self._shared.wait(_IDLE)
            idle, before = self._runs == before, self._runs
            if self._wanted:  # by a thread that may come to it late
                time.sleep(_IDLE if shared else 0)
            elif (shared or idle) and self._turn.acquire(blocking=False):
                try:
                    self._loop.run_forever()
                finally:
                    self._turn.release()

    async def _end_all(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for each in others:
            each.cancel()
        if others:
            await asyncio.wait(others, timeout=_SOON)


def _in_a_loop() -> bool:
    """Whether this thread runs an event loop, which can run no other one."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
