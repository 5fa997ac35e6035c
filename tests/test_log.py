"""The record of a run's exchanges: what it keeps, what it counts, how two become one."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

from tallystick.contract import Contract, build
from tallystick.contract.paths import template
from tallystick.document import load
from tallystick_contracts.exchange import (
    Answer,
    Entry,
    Log,
    Recorder,
    Request,
    Total,
    asked_by,
)
from tallystick_contracts.exchange.paths import Paths
from tallystick_contracts.run import plan, run
from tallystick_contracts.sandbox import sandbox
from tallystick_contracts.target import in_process

DOCUMENT = Path(__file__).parent / "sandbox_shelves.yaml"


def contract() -> Contract:
    return build(load(DOCUMENT, []))


class Echo:
    """Answers 200 to everything, in no time."""

    def send(self, request: Request) -> Answer:
        return Answer(200, seconds=0.25)

    def send_all(self, requests: Sequence[Request]) -> tuple[Answer, ...]:
        return tuple(self.send(each) for each in requests)

    def close(self) -> None:
        return


def recorder(kept: int = 1000) -> Recorder:
    return Recorder(contract(), time.monotonic(), kept)


def test_an_entry_tells_what_was_sent_how_it_ended_and_who_asked() -> None:
    noted = recorder()
    exchange = noted.over(Echo(), "laws")
    with asked_by("some_rule"):
        exchange.send(Request("GET", "/shelves/s1?x=1"))
    exchange.send_all([Request("GET", "/nowhere"), Request("GET", "/shelves")])
    first, second, third = noted.log().entries
    assert (first.number, first.operation, first.target, first.status) == (
        1,
        "GET /shelves/{name}",
        "/shelves/s1?x=1",
        200,
    )
    assert (first.rule, first.engine, first.seconds) == ("some_rule", "laws", 0.25)
    assert (second.operation, second.rule, second.number) == ("", "", 2)
    assert third.operation == "GET /shelves"
    assert 0 <= first.at <= second.at < 5


def test_of_a_long_run_entries_are_thinned_over_all_of_it_and_all_are_counted() -> None:
    noted = recorder(kept=100)
    exchange = noted.over(Echo(), "laws")
    for _ in range(1001):
        exchange.send(Request("GET", "/shelves"))
    log = noted.log()
    numbers = [each.number for each in log.entries]
    assert 50 <= len(numbers) <= 100
    assert {later - earlier for earlier, later in pairwise(numbers)} == {16}
    assert numbers[-1] > 980
    assert log.totals == (Total("GET /shelves", 200, 1001),)
    assert log.count == 1001


def test_a_rule_asks_in_its_own_thread_only() -> None:
    noted = recorder()
    exchange = noted.over(Echo(), "laws")

    def ask(number: int) -> None:
        with asked_by(f"rule{number}"):
            exchange.send(Request("GET", f"/shelves/{number}"))

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(ask, range(40)))
    entries = noted.log().entries
    assert len(entries) == 40
    assert all(each.target == f"/shelves/{each.rule[4:]}" for each in entries)


def test_a_very_long_target_is_cut_where_no_secret_can_be_cut() -> None:
    noted = recorder()
    exchange = noted.over(Echo(), "laws")
    exchange.send(Request("GET", "/shelves?key=" + "k" * 2000))
    exchange.send(Request("GET", "/shelves/" + "k" * 2000))
    assert [each.target for each in noted.log().entries] == ["/shelves?…", "(2009 characters)"]


def entry(number: int, at: float) -> Entry:
    return Entry(number, at, 0.1, "GET /x", "GET", "/x", 200, "", "laws")


def test_two_logs_become_one_that_counts_on() -> None:
    first = Log((entry(1, 0.5),), (Total("GET /x", 200, 3),))
    later = Log((entry(1, 0.25),), (Total("GET /x", 200, 1), Total("", 404, 2)))
    both = first.then(later.by("client"), 10.0)
    assert [(each.number, each.at, each.engine) for each in both.entries] == [
        (1, 0.5, "laws"),
        (4, 10.25, "client"),
    ]
    assert both.totals == (Total("GET /x", 200, 4), Total("", 404, 2))


def test_the_concrete_path_is_found_before_the_template() -> None:
    paths = Paths(contract())
    assert paths.operation("GET", "/shelves") == "GET /shelves"
    assert paths.operation("GET", "/shelves/a%2Fb?q=/") == "GET /shelves/{name}"
    assert paths.operation("BREW", "/shelves") == ""
    assert paths.operation("GET", "/shelves/") == ""
    found = paths.find("GET", "/shelves/a%2Fb")
    assert found is not None
    assert found.path == "/shelves/{name}"


def test_a_template_tells_its_parameters_as_they_were_sent() -> None:
    found = template("/a/{b}.{c}/d").fullmatch("/a/x%2Fy.z/d")
    assert found is not None
    assert found.groups() == ("x%2Fy", "z")
    assert template("/a/{b}").fullmatch("/a/b/c") is None


def test_a_run_records_every_request_that_it_counts() -> None:
    target = in_process(contract(), sandbox(contract(), key="k3y"), key="k3y")
    cases = plan(contract())[:30]
    result = run(contract(), target, cases=cases)
    target.close()
    assert result.log.count == result.requests > 30
    assert [each.number for each in result.log.entries] == list(range(1, result.requests + 1))
    assert {each.rule for each in result.log.entries} - {""} <= {each.rule.name for each in cases}
    assert {each.engine for each in result.log.entries} == {"laws"}
