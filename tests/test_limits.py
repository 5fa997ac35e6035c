"""Limits: those that a server sets with 429, the rate of a run, and its budget."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from email.utils import formatdate
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click import BadParameter

from tallystick.contract import Contract, build
from tallystick.document import load
from tallystick_contracts import target as target_module
from tallystick_contracts.cli.options import Rate
from tallystick_contracts.deep import deep
from tallystick_contracts.deep.within import wait_for_others
from tallystick_contracts.exchange import Answer, Request
from tallystick_contracts.probes.limits import wait_asked
from tallystick_contracts.probes.live import NotReached, OutOfTime
from tallystick_contracts.probes.sending import Sender
from tallystick_contracts.run import plan, run
from tallystick_contracts.sandbox import sandbox
from tallystick_contracts.target import Meter, Pace, Target, in_process
from tallystick_contracts.verdicts import Law, Standing

SHELVES = Path(__file__).parent / "sandbox_shelves.yaml"
KEY = "sesame-open-7"
ASK = Request("GET", "/")


def shelves() -> Contract:
    return build(load(SHELVES, []))


class Told:
    """An exchange that answers what it is told to, by the number of the request."""

    def __init__(self, answer: Callable[[int], Answer]) -> None:
        self.answer, self.asked = answer, 0

    def send(self, request: Request) -> Answer:
        self.asked += 1
        return self.answer(self.asked)

    def send_all(self, requests: Sequence[Request]) -> tuple[Answer, ...]:
        return tuple(map(self.send, requests))

    def close(self) -> None:
        return


def limited(after: str | None) -> Answer:
    return Answer(429, (("Retry-After", after),) if after is not None else ())


def sender(told: Told, budget: float | None = None, rate: float | None = None) -> Sender:
    return Sender(Target(told, "here", meter=Meter(budget), pace=Pace(rate)))


def test_a_limit_in_seconds_is_waited_for() -> None:
    told = Told(lambda n: limited("1") if n == 1 else Answer(200))
    started = time.monotonic()
    assert sender(told).answers([ASK])[0].status == 200
    assert time.monotonic() - started > 0.9


def test_what_the_budget_cuts_short_says_nothing_of_the_server() -> None:
    def late(_: int) -> Answer:
        time.sleep(0.05)
        return Answer(0, failure="no whole answer within 0.05 seconds")

    with pytest.raises(OutOfTime):
        sender(Told(late), budget=0.04).answers([ASK])
    assert sender(Told(late), budget=600.0).answers([ASK])[0].failure


def test_a_limit_until_a_date_is_waited_for() -> None:
    assert 5.0 < wait_asked(limited(formatdate(time.time() + 50, usegmt=True)), 0) <= 50.0
    assert wait_asked(limited("Fri, 31 Dec 1999 23:59:59 GMT"), 0) == 0.0


@pytest.mark.parametrize("after", [None, "soon", "-1", "1.5"])
def test_without_a_time_that_can_be_read_the_wait_grows(after: str | None) -> None:
    assert wait_asked(limited(after), 0) < wait_asked(limited(after), 2) < 10


def test_of_requests_sent_together_only_the_limited_ones_are_sent_again() -> None:
    told = Told(lambda n: limited("0") if n in (2, 4) else Answer(200 + n))
    answers = sender(told).answers([ASK, ASK, ASK])
    assert [each.status for each in answers] == [201, 205, 203]


def test_a_limit_beyond_the_budget_is_not_waited_for() -> None:
    started = time.monotonic()
    with pytest.raises(NotReached, match="rate-limited"):
        sender(Told(lambda _: limited("900")), budget=600.0).answers([ASK])
    assert time.monotonic() - started < 60


def test_a_limit_that_never_lifts_is_told_and_the_next_request_does_not_wait_for_it_again() -> None:
    told = Told(lambda _: limited("0"))
    trying = sender(told)
    with pytest.raises(NotReached, match="still 429"):
        trying.answers([ASK])
    told.answer = lambda _: limited("50")
    with pytest.raises(NotReached, match="rate-limited"):
        trying.answers([ASK])


def test_an_operation_whose_limit_never_lifts_is_not_reached_and_nothing_is_broken() -> None:
    app = sandbox(shelves(), key=KEY)

    async def strict(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["method"] == "POST":
            fields = [(b"retry-after", b"3600")]
            await send({"type": "http.response.start", "status": 429, "headers": fields})
            await send({"type": "http.response.body", "body": b""})
        else:
            await app(scope, receive, send)

    target = in_process(shelves(), strict, key=KEY)
    result = run(shelves(), target)
    target.close()
    assert result.broken == ()
    reasons = [v.reason for v in result.verdicts if v.standing is Standing.NOT_REACHED]
    assert any("rate-limited" in each for each in reasons)


@pytest.mark.parametrize("workers", [1, 4])
def test_a_server_with_a_limit_breaks_nothing_whatever_the_number_of_workers(workers: int) -> None:
    app = sandbox(shelves(), key=KEY)
    asked = 0

    async def bounded(scope: Any, receive: Any, send: Any) -> None:
        nonlocal asked
        asked += scope["type"] == "http"
        if scope["type"] == "http" and asked % 7 == 0:
            fields = [(b"retry-after", b"0")]
            await send({"type": "http.response.start", "status": 429, "headers": fields})
            await send({"type": "http.response.body", "body": b""})
        else:
            await app(scope, receive, send)

    target = in_process(shelves(), bounded, key=KEY)
    cases = plan(shelves())[::3]
    result = run(shelves(), target, cases=cases, workers=workers)
    target.close()
    assert result.broken == ()
    assert not any("rate-limited" in each.reason for each in result.verdicts)
    assert not any("429" in each.subject.state for each in result.verdicts)


def test_a_rate_lets_a_second_go_at_once_and_then_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(target_module, "time", SimpleNamespace(monotonic=lambda: 100.0))
    pace = Pace(20.0)
    assert max(pace.reserve() for _ in range(20)) <= 100.0
    assert [pace.reserve() for _ in range(3)] == pytest.approx([100.05, 100.1, 100.15])


def test_a_rate_is_kept_by_waiting() -> None:
    paced, started = sender(Told(lambda _: Answer(200)), rate=20.0), time.monotonic()
    for _ in range(30):
        paced.answers([ASK])
    assert time.monotonic() - started > 0.45


def test_a_rate_ends_with_the_budget() -> None:
    told = Told(lambda _: Answer(200))
    paced = sender(told, budget=0.5, rate=0.01)
    started = time.monotonic()
    with pytest.raises(OutOfTime):
        paced.answers([ASK, ASK])
    assert time.monotonic() - started < 60
    assert told.asked == 0


@pytest.mark.parametrize(("text", "rate"), [("20/s", 20.0), ("90/m", 1.5), ("3", 3.0)])
def test_a_rate_is_read(text: str, rate: float) -> None:
    assert Rate().convert(text, None, None) == rate


@pytest.mark.parametrize("text", ["fast", "0/s", "-1/s", "1/d"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(BadParameter, match="20/s"):
        Rate().convert(text, None, None)


# --- the budget --------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 4])
def test_a_slow_server_does_not_overrun_the_budget_and_what_was_not_tried_is_said(
    workers: int,
) -> None:
    app = sandbox(shelves(), key=KEY)

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.3)
        await app(scope, receive, send)

    target = in_process(shelves(), slow, key=KEY, budget=2.0)
    result = run(shelves(), target, workers=workers)
    target.close()
    # As many as fit, one after the other, and those that were on their way or clean up.
    assert target.meter.requests <= workers * (2.0 / 0.3 + 4)
    laws = {each.split(":")[0] for each in result.left_out}
    assert {Law.READS, Law.ROUTING} <= laws
    assert all("the budget was used up" in each for each in result.left_out)


def test_a_server_that_hangs_does_not_overrun_the_budget() -> None:
    async def hangs(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await asyncio.sleep(600)

    started = time.monotonic()
    target = in_process(shelves(), hangs, key=KEY, budget=1.0)
    result = run(shelves(), target)
    assert time.monotonic() - started < 60
    target.close()
    assert result.left_out


def test_the_deep_search_keeps_its_budget() -> None:
    app = sandbox(shelves(), key=KEY)

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.05)
        await app(scope, receive, send)

    target = in_process(shelves(), app, key=KEY)
    deep(shelves(), target, budget=60.0, examples=1)  # what is imported only once
    target.close()
    wait_for_others(60.0)
    target = in_process(shelves(), slow, key=KEY)
    found = deep(shelves(), target, budget=3.0)
    target.close()
    assert target.meter.requests <= 3.0 / 0.05 + 8
    assert any("budget" in each for each in found.left_out)
