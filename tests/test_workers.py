"""Any number of workers, in any order of the cases, sends the same requests; only the time differs."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tallystick.contract import Contract, build
from tallystick.document import load
from tallystick_contracts.exchange import Answer, AsgiExchange, Exchange, Request
from tallystick_contracts.probes.crew import crew, hands
from tallystick_contracts.rules import Case
from tallystick_contracts.run import plan, run
from tallystick_contracts.sandbox import sandbox
from tallystick_contracts.target import IN_PROCESS, Meter, Target, in_process
from tallystick_contracts.verdicts import Law, Result, Standing

SPEC = Path(__file__).parent.parent / "spec"
KEY = "sesame-open-7"


@cache
def vendored() -> Contract:
    return build(load(SPEC / "openapi.yaml", [SPEC / "overlay.yaml"]))


@cache
def some(every: int = 4) -> tuple[Case, ...]:
    return tuple(plan(vendored()))[::every]


class Counted:
    """An exchange that remembers every request."""

    def __init__(self, inner: Exchange) -> None:
        self.inner, self.sent, self.lock = inner, Counter[Request](), threading.Lock()

    def send(self, request: Request) -> Answer:
        return self.send_all([request])[0]

    def send_all(self, requests: Sequence[Request]) -> tuple[Answer, ...]:
        with self.lock:
            self.sent.update(requests)
        return self.inner.send_all(requests)

    def close(self) -> None:
        self.inner.close()


def sent(
    cases: Sequence[Case], workers: int, faults: tuple[str, ...] = ()
) -> tuple[Counter[Request], Result]:
    app = sandbox(vendored(), key=KEY, faults=faults)
    target = in_process(vendored(), app, key=KEY, poll_budget=0.15)
    counted = Counted(target.exchange)
    try:
        result = run(vendored(), replace(target, exchange=counted), cases=cases, workers=workers)
    finally:
        target.close()
    return counted.sent, result


def told(result: Result) -> Counter[tuple[str, str, str, str, Standing]]:
    return Counter(
        (v.rule, v.subject.operation, v.subject.member, v.subject.state, v.standing)
        for v in result.verdicts
    )


def test_one_worker_and_four_send_the_same_requests_names_included_in_any_order() -> None:
    alone, one = sent(some(), 1)
    together, four = sent(some(), 4)
    assert alone == together
    assert told(one) == told(four)
    shuffled = list(some())
    random.Random(5).shuffle(shuffled)
    assert sent(shuffled, 4)[0] == alone


def test_the_verdicts_come_in_the_order_of_the_cases() -> None:
    _, result = sent(some(20), 4)
    rules = [case.rule.name for case in some(20)]
    assert [each.rule for each in result.verdicts][: len(rules)] == rules


@pytest.mark.parametrize("fault", ["zero_as_absent", "sibling_reset"])
def test_a_fault_is_told_the_same_with_more_workers(fault: str) -> None:
    updates = [each for each in some(2) if each.rule.law in (Law.UPDATES, Law.DEFAULTS)]
    _, one = sent(updates, 1, (fault,))
    _, four = sent(updates, 4, (fault,))
    assert one.broken
    assert {v.rule for v in one.broken} == {v.rule for v in four.broken}


def lifeless(app: Any) -> Any:
    """The application without a lifespan."""

    async def served(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await app(scope, receive, send)

    return served


def test_more_workers_hide_the_time_that_a_server_takes() -> None:
    app = sandbox(vendored(), key=KEY)
    cases = [each for each in some(24) if each.rule.apart]

    def at_once(workers: int) -> int:
        """The most requests that were inside the server at one time."""
        inside, most = 0, 0

        async def slow(scope: Any, receive: Any, send: Any) -> None:
            nonlocal inside, most
            inside += 1
            most = max(most, inside)
            try:
                await asyncio.sleep(0.01)
                await app(scope, receive, send)
            finally:
                inside -= 1

        target = in_process(vendored(), lifeless(slow), key=KEY)
        try:
            assert run(vendored(), target, cases=cases, workers=workers).broken == ()
        finally:
            target.close()
        return most

    assert at_once(1) == 1
    assert at_once(8) >= 4


class Timed:
    """An exchange that answers in so many seconds, it says."""

    def __init__(self, *seconds: float) -> None:
        self.seconds = list(seconds)

    def send(self, request: Request) -> Answer:
        return Answer(200, seconds=self.seconds.pop())

    def send_all(self, requests: Sequence[Request]) -> tuple[Answer, ...]:
        return tuple(map(self.send, requests))

    def close(self) -> None:
        return


@pytest.mark.parametrize(
    ("seconds", "name", "workers"),
    [
        ((0.001, 0.9, 0.9), IN_PROCESS, 1),
        ((0.001, 0.9, 0.9), "http://127.0.0.1:8000", 2),
        ((0.012, 0.014, 0.013), IN_PROCESS, 3),
        ((0.1, 0.1, 0.3), "http://127.0.0.1:8000", 8),
    ],
)
def test_as_many_workers_are_chosen_as_hide_the_latency(
    seconds: tuple[float, ...], name: str, workers: int
) -> None:
    assert hands(Target(Timed(*seconds), name)) == workers


def test_the_requests_that_tell_how_many_workers_are_counted_and_logged() -> None:
    counted = Counted(AsgiExchange(sandbox(vendored(), key=KEY)))
    target = Target(counted, "here", poll_budget=0.15)
    result = run(vendored(), target, cases=some(400), workers=None)
    target.close()
    assert counted.sent[Request("GET", "/")] == 3
    assert result.requests == result.log.count == counted.sent.total()


def test_a_server_that_cannot_be_asked_gets_one_worker() -> None:
    assert hands(Target(Timed(9.0, 9.0, 9.0), "here", meter=Meter(0.0))) == 1


def test_rules_that_do_not_say_otherwise_run_alone() -> None:
    def judge(lab: Any, spot: Any) -> Any:
        raise AssertionError

    from tallystick_contracts.rules import Rule

    assert not Rule("a", Law.READS, "A.", lambda _: (), judge).apart


def test_an_interrupt_with_workers_ends_at_once_with_what_there_is() -> None:
    app = sandbox(vendored(), key=KEY)

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.02)
        await app(scope, receive, send)

    interrupted = 0.0

    def stop(done: int, total: int, label: str) -> None:
        nonlocal interrupted
        if done == 10:
            interrupted = time.monotonic()
            raise KeyboardInterrupt

    target = in_process(vendored(), slow, key=KEY)
    result = run(vendored(), target, cases=some(), workers=4, on_progress=stop)
    assert time.monotonic() - interrupted < 60
    target.close()
    assert result.interrupted
    assert len([v for v in result.verdicts if v.tried]) >= 10
    assert any("interrupted" in each for each in result.left_out)


def test_what_one_of_a_crew_raises_ends_the_others() -> None:
    begun: list[int] = []

    def work(job: int, stop: threading.Event) -> Iterator[int]:
        begun.append(job)
        if job == 2:
            raise ValueError("no")
        stop.wait(60)
        yield job

    with pytest.raises(ValueError, match="no"):
        list(crew(range(50), work, 3))
    assert sorted(begun) == [0, 1, 2]
