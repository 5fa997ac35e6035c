"""The private event loop: one thread for all, quick to be asked, never idle while there is work."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tallystick.contract import build
from tallystick.document import load
from tallystick_contracts.exchange import AsgiExchange, Request
from tallystick_contracts.exchange.loop import Apart, Here
from tallystick_contracts.sandbox import sandbox

SPEC = Path(__file__).parent.parent / "spec"


@pytest.fixture
def runner() -> Iterator[Apart]:
    made = Apart()
    yield made
    made.close()


async def thread() -> int:
    return threading.get_ident()


def test_all_work_runs_in_one_thread(runner: Apart) -> None:
    found = [runner.run(thread()) for _ in range(3)]
    time.sleep(0.02)  # the loop runs on its own
    found.append(runner.run(thread()))
    other = threading.Thread(target=lambda: found.append(runner.run(thread())))
    other.start()
    other.join()
    assert len(set(found)) == 1
    assert found[0] != threading.get_ident()


def test_an_exception_of_the_work_is_raised_and_the_next_work_runs(runner: Apart) -> None:
    async def fails() -> None:
        raise LookupError("oh")

    with pytest.raises(LookupError, match="oh"):
        runner.run(fails())
    assert runner.run(asyncio.sleep(0, "well")) == "well"


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt])
def test_what_ends_a_loop_does_not_end_this_one(runner: Apart, error: type[BaseException]) -> None:
    async def fails() -> None:
        raise error

    async def group() -> str:
        task = asyncio.create_task(fails())
        await asyncio.wait([task])
        return type(task.exception()).__name__

    async def leave() -> None:
        kept.append(asyncio.create_task(fails()))

    kept: list[asyncio.Task[None]] = []
    with pytest.raises(error):
        runner.run(fails())
    assert runner.run(group()) == error.__name__
    runner.run(leave())
    time.sleep(0.02)  # it is raised while the loop runs on its own
    assert runner.run(asyncio.sleep(0, "well")) == "well"
    assert isinstance(kept[0].exception(), error)


def test_what_was_begun_goes_on_while_nobody_waits(runner: Apart) -> None:
    done = threading.Event()

    async def later() -> None:
        for _ in range(5):
            await asyncio.sleep(0.001)
        done.set()

    async def begin() -> asyncio.Task[None]:
        return asyncio.create_task(later())

    kept = runner.run(begin())
    assert done.wait(60)
    runner.run(asyncio.sleep(0))
    assert kept.done()


def test_a_second_thread_is_answered_while_the_first_one_waits(runner: Apart) -> None:
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


def test_many_threads_are_answered(runner: Apart) -> None:
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


def test_a_thread_with_a_loop_of_its_own_is_answered(runner: Apart) -> None:
    async def within() -> int:
        return runner.run(thread())

    assert asyncio.run(within()) != threading.get_ident()


def test_an_end_does_not_wait_for_what_never_ends() -> None:
    runner = Apart()

    async def begin() -> asyncio.Task[None]:
        return asyncio.create_task(asyncio.sleep(3600))

    kept = runner.run(begin())
    runner.close()
    assert kept.cancelled()
    assert runner.closed


def test_what_is_tied_to_no_thread_runs_in_the_one_that_asks() -> None:
    runner = Here()
    assert runner.run(thread()) == threading.get_ident()
    found: list[int] = []
    other = threading.Thread(target=lambda: found.append(runner.run(thread())))
    other.start()
    other.join()
    assert found == [other.ident]

    async def within() -> int:
        return runner.run(thread())

    assert asyncio.run(within()) != threading.get_ident()
    runner.close()
    assert runner.closed


def test_a_sandbox_is_run_by_the_thread_that_asks() -> None:
    contract = build(load(SPEC / "openapi.yaml", [SPEC / "overlay.yaml"]))
    exchange = AsgiExchange(sandbox(contract, key="k"))
    request = Request("GET", "/openapi.json")
    answers = [exchange.send(request), *exchange.send_all([request, request])]
    exchange.close()
    assert [each.status for each in answers] == [200, 200, 200]
    assert isinstance(exchange._runner, Here)


HANGS = """
import sys
from tallystick_contracts.exchange import AsgiExchange, Request

class Hangs:
    any_thread = {any_thread}
    hangs = True

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http" and self.hangs:
            {hang}
        elif scope["type"] == "http":
            await send({{"type": "http.response.start", "status": 200, "headers": []}})
            await send({{"type": "http.response.body"}})

app = Hangs()
exchange = AsgiExchange(app)
print("ready", flush=True)
try:
    {send}
except KeyboardInterrupt:
    print("interrupted", flush=True)
if app.any_thread:
    app.hangs = False
    print(*(exchange.send(Request("GET", "/")).status for _ in range(3)), flush=True)
    exchange.close()
"""
ONE = 'exchange.send(Request("GET", "/"))'
TWO = 'exchange.send_all([Request("GET", "/")] * 2)'


WAITS, SPINS = "import asyncio; await asyncio.sleep(3600)", "while True: pass"


@pytest.mark.parametrize(
    ("hang", "any_thread", "send"),
    [
        (WAITS, False, ONE),
        (WAITS, False, TWO),
        (SPINS, False, ONE),
        (SPINS, False, TWO),
        (WAITS, True, ONE),
        (WAITS, True, TWO),
        (SPINS, True, ONE),
    ],
)
def test_ctrl_c_is_heard_while_an_application_hangs(hang: str, any_thread: bool, send: str) -> None:
    code = HANGS.format(hang=hang, any_thread=any_thread, send=send)
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.2)
        os.kill(process.pid, signal.SIGINT)
        told, complained = process.communicate(timeout=60)
    assert told == "interrupted\n" + ("200 200 200\n" if any_thread else "")
    assert "Traceback" not in complained
