"""The private event loop: run by whoever waits, kept going by a thread while nobody does."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from tallystick_contracts.exchange.loop import Runner


@pytest.fixture
def runner() -> Iterator[Runner]:
    made = Runner()
    yield made
    made.close()


async def thread() -> int:
    return threading.get_ident()


def test_work_runs_in_the_thread_that_waits_for_it(runner: Runner) -> None:
    assert runner.run(thread()) == threading.get_ident()


def test_an_exception_of_the_work_is_raised_and_the_next_work_runs(runner: Runner) -> None:
    async def fails() -> None:
        raise LookupError("oh")

    with pytest.raises(LookupError, match="oh"):
        runner.run(fails())
    assert runner.run(thread()) == threading.get_ident()


def test_what_was_begun_goes_on_while_nobody_waits(runner: Runner) -> None:
    done = threading.Event()

    async def later() -> None:
        for _ in range(5):
            await asyncio.sleep(0.001)
        done.set()

    async def begin() -> asyncio.Task[None]:
        return asyncio.create_task(later())

    kept = runner.run(begin())
    assert done.wait(60)
    assert runner.run(thread()) == threading.get_ident()
    assert kept.done()


def test_a_second_thread_is_answered_while_the_first_one_waits(runner: Runner) -> None:
    answered = threading.Event()

    async def wait() -> bool:
        while not answered.is_set():
            await asyncio.sleep(0.001)
        return True

    def ask() -> None:
        runner.run(asyncio.sleep(0))
        answered.set()

    other = threading.Thread(target=ask)
    other.start()
    assert runner.run(wait())
    other.join()
    assert runner.run(thread()) != threading.get_ident()  # the keeper runs it for good


def test_many_threads_are_answered(runner: Runner) -> None:
    found: list[int] = []

    async def one(number: int) -> int:
        await asyncio.sleep(0.001)
        return number

    def ask(number: int) -> None:
        found.extend(runner.run(one(number)) for _ in range(20))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(found) == sorted(list(range(8)) * 20)


def test_a_thread_with_a_loop_of_its_own_is_answered(runner: Runner) -> None:
    async def within() -> int:
        return runner.run(thread())

    assert asyncio.run(within()) != threading.get_ident()


def test_an_end_does_not_wait_for_what_never_ends() -> None:
    runner = Runner()

    async def begin() -> asyncio.Task[None]:
        return asyncio.create_task(asyncio.sleep(3600))

    kept = runner.run(begin())
    runner.close()
    assert kept.cancelled()
    assert runner.closed


HANGS = """
import sys
from tallystick_contracts.exchange import AsgiExchange, Request

async def hangs(scope, receive, send):
    if scope["type"] == "http":
        {hang}

exchange = AsgiExchange(hangs)
print("ready", flush=True)
try:
    exchange.send(Request("GET", "/"))
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.parametrize(
    "hang",
    ["import asyncio; await asyncio.sleep(3600)", "while True: pass"],
    ids=["waits", "spins"],
)
def test_ctrl_c_is_heard_while_an_application_hangs(hang: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HANGS.format(hang=hang)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.2)
        os.kill(process.pid, signal.SIGINT)
        told, _ = process.communicate(timeout=60)
    assert told == "interrupted\n"


class Late:
    """A lock that a thread which waits for it comes to late, as on a busy machine."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def acquire(self, blocking: bool = True) -> bool:
        if blocking:
            time.sleep(0.05)
        return self._lock.acquire(blocking)

    def release(self) -> None:
        self._lock.release()


@pytest.mark.parametrize("shared", [False, True])
def test_the_keeper_leaves_the_loop_to_whoever_waits_for_it(shared: bool) -> None:
    runner = Runner()
    runner._turn = Late()  # type: ignore[assignment]
    found: list[int] = []

    def work() -> None:
        for _ in range(3):
            runner.run(asyncio.sleep(0))
            time.sleep(0.02)  # the keeper takes the loop
            if shared:
                threading.Timer(0.01, runner._shared.set).start()
            found.append(runner.run(thread()))

    owner = threading.Thread(target=work, daemon=True)
    owner.start()
    owner.join(60)
    assert len(found) == 3
    runner.close()
