"""What a run may do to a server: hosts, redirects, safe methods, what it created and left behind."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from rich.console import Console

from tallystick.contract import Contract, build
from tallystick.document import load
from tallystick.errors import UsageError
from tallystick_contracts.cli.judge import Effort, exit_code, judge
from tallystick_contracts.deep import deep
from tallystick_contracts.exchange import Answer, HttpExchange, NotReached, Request
from tallystick_contracts.probes.cleaning import clean
from tallystick_contracts.probes.ground import ground
from tallystick_contracts.report import Mask, print_report
from tallystick_contracts.report.html import report_html
from tallystick_contracts.rules import Case
from tallystick_contracts.run import plan, run
from tallystick_contracts.safety import Guarded, Ledger, Stop, addresses, permitted
from tallystick_contracts.sandbox import sandbox
from tallystick_contracts.target import Meter, Target, at_url, in_process
from tallystick_contracts.verdicts import Standing

KEY = "sesame-open-7"
HERE = Path(__file__).parent


@cache
def shelves() -> Contract:
    return build(load(HERE / "safety_shelves.yaml", []))


# --- hosts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1",
        "http://127.9.9.9",
        "http://[::1]:1",
        "http://[::ffff:127.0.0.1]",
        "http://localhost",
        "http://LOCALHOST.:80",
        "http://api.localhost",
    ],
)
def test_this_machine_needs_no_leave(url: str) -> None:
    permitted(url, [])


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1",
        "http://169.254.169.254/latest",
        "http://0.0.0.0:80",
        "http://[::]:80",
        "http://0",
        "http://2130706433",
        "http://0x7f000001",
        "http://0177.0.0.1",
        "http://127.1",
        "http://[fe80::1]",
        "http://[::ffff:10.0.0.1]",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://127.0.0.1@example.com",
        "http://localhost:80@example.com",
        "http://example.com\\@127.0.0.1",
        "http://127.0.0.1\\.example.com",
        "http://127.0.0.1\t.example.com",
        "http://ex\u0430mple.com",
        "http://",
        "//example.com",
        "http://[::1",
    ],
)
def test_any_other_host_is_refused_however_it_is_written(url: str) -> None:
    with pytest.raises(UsageError):
        permitted(url, [])


def test_a_named_host_is_taken_in_any_case_and_with_a_dot_and_no_other() -> None:
    permitted("https://API.Example.com./v1", ["api.example.com"])
    permitted("http://[2001:db8::1]:80", ["[2001:db8::1]"])
    with pytest.raises(UsageError, match=r"--allow-host evil\.example"):
        permitted("http://evil.example", ["api.example.com"])


@pytest.mark.parametrize("allowed", ["", "http://a.example", "a.example/x", "u@a.example"])
def test_what_is_allowed_must_be_a_host(allowed: str) -> None:
    with pytest.raises(UsageError, match="is no host"):
        permitted("http://127.0.0.1", [allowed])


def test_a_name_that_is_here_and_elsewhere_is_elsewhere() -> None:
    def both(host: str, port: int) -> Sequence[str]:
        return ("127.0.0.1", "203.0.113.5")

    with pytest.raises(UsageError, match=r"203\.0\.113\.5"):
        addresses("localhost", 80, resolve=both)
    assert addresses("api.example", 80, ["api.example"], resolve=both) == (
        "127.0.0.1",
        "203.0.113.5",
    )


def test_a_name_without_an_address_is_said_to_have_none() -> None:
    with pytest.raises(UsageError, match="no address"):
        addresses("localhost", 80, resolve=lambda host, port: ())


class _Server:
    """A server on loopback that answers by a function and notes the host asked for."""

    def __init__(self, answer: Callable[[str], tuple[int, dict[str, str]]]) -> None:
        self.seen: list[tuple[str, str]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.seen.append((self.headers["Host"], self.path))
                status, fields = answer(self.path)
                self.send_response(status)
                for name, value in {"Content-Length": "0", **fields}.items():
                    self.send_header(name, value)
                self.end_headers()

            do_POST = do_DELETE = do_PUT = do_PATCH = do_HEAD = do_OPTIONS = do_TRACE = do_GET

            def log_message(self, format: str, *args: object) -> None: ...

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def test_a_name_is_resolved_once_and_the_address_that_was_checked_is_the_one_reached() -> None:
    server = _Server(lambda path: (200, {}))
    asked: list[str] = []

    def rebound(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ("127.0.0.1",) if len(asked) == 1 else ("203.0.113.5",)

    exchange = HttpExchange(f"http://rebound.localhost:{server.port}/base", dial=rebound)
    try:
        assert [exchange.send(Request("GET", "/x")).status for _ in range(3)] == [200] * 3
    finally:
        exchange.close()
        server.close()
    assert asked == ["rebound.localhost"]
    assert server.seen == [(f"rebound.localhost:{server.port}", "/base/x")] * 3


def test_the_next_address_is_tried_where_the_first_takes_no_connection() -> None:
    server = _Server(lambda path: (200, {}))
    exchange = HttpExchange(
        f"http://localhost:{server.port}", dial=lambda host, port: ("127.0.0.9", "127.0.0.1")
    )
    try:
        assert exchange.send(Request("GET", "/")).status == 200
    finally:
        exchange.close()
        server.close()


def test_a_name_that_turns_out_to_be_elsewhere_gets_no_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        "tallystick_contracts.safety.hosts._resolved", lambda host, port: ("203.0.113.5",)
    )
    target = at_url(shelves(), "http://localhost:1")
    answer = target.exchange.send(Request("GET", "/"))
    target.close()
    assert "is not this machine" in answer.failure


def test_no_engine_follows_a_redirect_to_another_host() -> None:
    elsewhere = _Server(lambda path: (200, {}))
    away = f"http://127.0.0.1:{elsewhere.port}/taken"
    server = _Server(lambda path: (307, {"Location": away}))
    target = at_url(shelves(), f"http://127.0.0.1:{server.port}", key=KEY, budget=10.0)
    try:
        run(shelves(), target)
        deep(shelves(), target, budget=3.0, examples=2)
    finally:
        target.close()
        server.close()
        elsewhere.close()
    assert len(server.seen) > 20
    assert elsewhere.seen == []
    assert not any(path == "/taken" for _, path in server.seen)


# --- reading only ------------------------------------------------------------------------------


class Noted:
    """A way to a server that notes what went there."""

    def __init__(self, inner: Target) -> None:
        assert isinstance(inner.exchange, Guarded)
        self._inner = inner.exchange.inner
        self.sent: list[Request] = []
        self.before: Callable[[Request], Answer | None] = lambda request: None
        inner.exchange.inner = self

    def send(self, request: Request) -> Answer:
        self.sent.append(request)
        return self.before(request) or self._inner.send(request)

    def send_all(self, requests: Sequence[Request]) -> tuple[Answer, ...]:
        return tuple(map(self.send, requests))

    def close(self) -> None:
        self._inner.close()

    def paths(self, method: str) -> list[str]:
        return [each.target for each in self.sent if each.method == method]


def reading(**more: object) -> tuple[Target, Noted]:
    app = sandbox(shelves(), key=KEY)
    target = in_process(shelves(), app, key=KEY, read_only=True, **more)  # type: ignore[arg-type]
    return target, Noted(target)


def test_read_only_sends_safe_methods_only_from_every_engine() -> None:
    target, noted = reading(given={"name": ["x"], "shelf_name": ["y"]}, budget=24.0)
    result = judge(shelves(), target, Effort(1, 24.0, workers=1))
    target.close()
    assert {each.method for each in noted.sent} <= {"GET", "HEAD", "OPTIONS", "QUERY"}
    assert noted.sent
    assert result.engines.get("schemathesis")
    reasons = {v.reason for v in result.verdicts if v.standing is Standing.NOT_REACHED}
    assert "read-only: POST is not sent" in reasons
    assert not result.broken
    assert result.requests == len(noted.sent)


def test_a_read_only_run_that_holds_is_a_success_though_most_was_not_tried() -> None:
    target, _ = reading(given={"name": ["x"], "shelf_name": ["y"]})
    result = run(shelves(), target)
    target.close()
    counts = [each.standing for each in result.verdicts]
    assert counts.count(Standing.NOT_REACHED) > counts.count(Standing.HELD) > 0
    unread = replace(
        result,
        verdicts=tuple(
            each
            for each in result.verdicts
            if each.reason.startswith("read-only") or each.standing is Standing.HELD
        ),
    )
    assert exit_code(unread) == 0


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "post"])
def test_the_guard_lets_no_other_method_pass_alone_or_among_others(method: str) -> None:
    target, noted = reading()
    with pytest.raises(NotReached, match="read-only"):
        target.exchange.send(Request(method, "/shelves"))
    with pytest.raises(NotReached, match="read-only"):
        target.exchange.send_all([Request("GET", "/shelves/x"), Request(method, "/shelves")])
    target.close()
    assert noted.sent == []


# --- what was created --------------------------------------------------------------------------


def posted(path: str, name: str, status: int = 201) -> tuple[Request, Answer]:
    body = json.dumps({"name": name}).encode()
    return Request("POST", path, body=body), Answer(status, body=body)


def paths(ledger: Ledger) -> list[str]:
    return [each.path for each in ledger.outstanding()]


def test_children_come_before_their_parents_and_the_newest_first() -> None:
    ledger = Ledger(shelves())
    for path, name in (("/shelves", "a"), ("/shelves/a/books", "x"), ("/shelves", "b")):
        ledger.see(*posted(path, name))
    assert paths(ledger) == ["/shelves/a/books/x", "/shelves/b", "/shelves/a"]


def test_what_a_delete_took_and_what_is_gone_is_there_no_more() -> None:
    ledger = Ledger(shelves())
    for name in ("a b", "c", "d"):
        ledger.see(*posted("/shelves", name))
    ledger.see(Request("DELETE", "/shelves/a%20b"), Answer(204))
    ledger.see(Request("GET", "/shelves/c"), Answer(404))
    ledger.see(Request("DELETE", "/shelves/d"), Answer(409))
    assert paths(ledger) == ["/shelves/d"]


def test_an_id_is_the_answers_then_the_requests_then_the_locations() -> None:
    ledger = Ledger(shelves())
    body = b'{"name": "asked"}'
    ledger.see(Request("POST", "/shelves", body=body), Answer(201, body=b'{"name": "given"}'))
    ledger.see(Request("POST", "/shelves", body=body), Answer(201))
    ledger.see(
        Request("POST", "/shelves"), Answer(201, (("Location", "http://h/base/shelves/l%20x"),))
    )
    assert paths(ledger) == ["/shelves/l%20x", "/shelves/asked", "/shelves/given"]


def test_what_was_there_before_is_never_ours() -> None:
    ledger = Ledger(shelves(), {"name": ("known",)})
    ledger.see(*posted("/shelves", "known", 200))
    ledger.see(Request("GET", "/shelves/seen"), Answer(200, body=b'{"name": "seen"}'))
    ledger.see(*posted("/shelves", "seen", 200))
    ledger.see(*posted("/shelves", "refused", 409))
    assert paths(ledger) == []


def test_an_item_without_an_id_or_a_delete_is_listed_with_the_reason() -> None:
    ledger = Ledger(shelves())
    ledger.see(Request("POST", "/shelves"), Answer(201))
    ledger.see(*posted("/notes", "n"))
    told = {(each.path, each.reason) for each in ledger.leftovers()}
    assert told == {
        ("/shelves", "its id is not known"),
        ("/notes/n", "the contract has no delete"),
    }


def writing(**more: object) -> tuple[Target, Noted]:
    app = sandbox(shelves(), key=KEY)
    target = in_process(shelves(), app, key=KEY, **more)  # type: ignore[arg-type]
    return target, Noted(target)


def there(target: Target, path: str) -> bool:
    scheme = next(iter(target.credentials.values()))
    return target.exchange.send(Request("GET", path, (("X-Key", scheme),))).accepted


def test_every_engine_leaves_only_what_has_no_delete() -> None:
    target, noted = writing()
    result = run(shelves(), target)
    assert {each.operation for each in result.residue} == {"POST /notes"}
    assert {each.reason for each in result.residue} == {"the contract has no delete"}
    assert result.removed > 5
    found = deep(shelves(), target, budget=8.0, examples=5)
    assert target.ledger is not None
    assert target.ledger.removable == 0
    assert len(found.residue) > len(result.residue)
    assert {each.operation for each in found.residue} == {"POST /notes"}
    last = [each.method for each in noted.sent][-1]
    target.close()
    assert last == "DELETE"


def test_deletes_are_not_judged_and_a_refused_one_is_listed_with_the_answer() -> None:
    target, noted = writing()
    cases = [each for each in _plan() if each.rule.name == "a_whole_item_can_be_read_back"]
    refused = Answer(409, (("content-type", "text/html"),), b"<no>")
    noted.before = lambda request: refused if request.method == "DELETE" else None
    result = run(shelves(), target, cases=cases)
    target.close()
    assert not result.broken
    reasons = {each.reason for each in result.residue if "/shelves" in each.path}
    assert reasons == {"DELETE was answered 409"}


def test_what_is_refused_because_of_another_is_tried_again_after_that() -> None:
    target, noted = writing()
    for name in ("first", "second"):
        target.exchange.send(_create(target, "/shelves", name))
    seen: list[str] = []

    def needed(request: Request) -> Answer | None:
        if request.method != "DELETE":
            return None
        seen.append(request.target)
        return Answer(409) if request.target.endswith("second") and len(seen) < 2 else None

    noted.before = needed
    assert clean(ground(shelves(), 1), target) == ()
    target.close()
    assert seen == ["/shelves/second", "/shelves/first", "/shelves/second"]


def test_a_create_without_an_answer_is_looked_for_and_never_removed() -> None:
    target, noted = writing()
    lost = Answer(0, failure="the server closed the connection")
    for name in ("there", "nowhere"):
        request = _create(target, "/shelves", name)
        if name == "there":
            noted._inner.send(request)
        noted.before = lambda request: lost
        target.exchange.send(request)
        noted.before = lambda request: None
    left = clean(ground(shelves(), 1), target)
    target.close()
    assert [(each.path, each.reason) for each in left] == [
        ("/shelves/there", "its create got no whole answer, and it is there")
    ]
    assert noted.paths("DELETE") == []


def _plan() -> list[Case]:
    return plan(shelves())


def _create(target: Target, path: str, name: str) -> Request:
    credential = next(iter(target.credentials.values()))
    fields = (("X-Key", credential), ("Content-Type", "application/json"))
    return Request("POST", path, fields, json.dumps({"name": name}).encode())


# --- runs that end early -----------------------------------------------------------------------


def test_a_run_that_was_stopped_has_cleaned_up() -> None:
    target, _ = writing()

    def stop(done: int, total: int, label: str) -> None:
        if done == 20:
            raise KeyboardInterrupt

    result = run(shelves(), target, on_progress=stop)
    target.close()
    assert result.interrupted
    assert result.removed > 0
    assert all(each.operation == "POST /notes" for each in result.residue)


def test_a_second_stop_ends_the_cleaning_and_what_is_left_is_told() -> None:
    target, noted = writing()

    def again(request: Request) -> Answer | None:
        if request.method == "DELETE" and cleaning:
            raise KeyboardInterrupt
        return None

    cleaning: list[bool] = []
    noted.before = again

    def stop(done: int, total: int, label: str) -> None:
        if done == 20:
            cleaning.append(True)
            raise KeyboardInterrupt

    result = run(shelves(), target, on_progress=stop)
    target.close()
    assert result.interrupted
    assert "removing was stopped" in {each.reason for each in result.residue}


def test_a_stop_during_the_deep_search_cleans_up_too() -> None:
    target, noted = writing()
    sent = 0

    def stop(request: Request) -> Answer | None:
        nonlocal sent
        sent += 1
        if sent == 40:
            os.kill(os.getpid(), signal.SIGINT)
        return None

    noted.before = stop
    with target.stop.listening(), pytest.raises(KeyboardInterrupt):
        deep(shelves(), target, budget=20.0, examples=20)
    assert target.ledger is not None
    assert target.ledger.removable == 0
    target.close()


def test_a_budget_that_ran_out_leaves_time_to_clean_up() -> None:
    target, noted = writing(budget=1.5)

    def slow(request: Request) -> None:
        threading.Event().wait(0.01)

    noted.before = slow
    result = run(shelves(), target)
    target.close()
    assert result.left_out
    assert result.seconds < 2.0
    assert all(each.operation == "POST /notes" for each in result.residue)


def test_of_a_server_that_died_everything_is_listed() -> None:
    target, noted = writing()

    def dead(request: Request) -> Answer | None:
        return Answer(0, failure="the server cannot be reached") if len(noted.sent) > 60 else None

    noted.before = dead
    result = run(shelves(), target)
    target.close()
    assert result.left_out
    reasons = {each.reason for each in result.residue if each.operation == "POST /shelves"}
    assert any("the server cannot be reached" in each for each in reasons)


def test_a_limit_that_does_not_lift_ends_the_cleaning_and_what_is_left_is_told() -> None:
    target, noted = writing()
    target.exchange.send(_create(target, "/shelves", "first"))
    wait = Answer(429, (("retry-after", "9999"),))
    noted.before = lambda request: wait if request.method == "DELETE" else None
    left = clean(ground(shelves(), 1), target)
    target.close()
    assert [each.path for each in left] == ["/shelves/first"]
    assert "rate-limited" in left[0].reason


def test_the_reserve_is_never_more_than_a_share_of_the_budget() -> None:
    meter = Meter(10.0)
    meter.reserve = lambda: 100.0
    assert 8.9 < meter.left <= 9.0
    with meter.closing():
        assert 9.9 < meter.left <= 10.0
    late = Meter(-1.0)
    with late.closing():
        assert 0 < late.left <= 0.5
        first = late.left
    assert late.left < 0
    time.sleep(0.01)
    with late.closing():
        assert late.left < first  # not half a second more for each that cleans up
    early = Meter(1.0)
    with early.closing():
        assert 0.9 < early.left <= 1.0


def test_an_interruption_waits_for_the_answer_under_way_and_the_next_does_not() -> None:
    stop, done = Stop(), False
    with stop.listening(), pytest.raises(KeyboardInterrupt), stop:  # noqa: PT012
        os.kill(os.getpid(), signal.SIGINT)
        done = True
    assert done
    assert stop.heard
    second = False
    with stop.listening(), pytest.raises(KeyboardInterrupt), stop:  # noqa: PT012
        os.kill(os.getpid(), signal.SIGINT)
        second = True
    assert not second


# --- told --------------------------------------------------------------------------------------


def test_what_is_left_is_on_the_terminal_in_json_and_in_html_and_masked() -> None:
    target, _ = writing()
    result = run(shelves(), target, cases=_plan()[:60])
    target.close()
    left = replace(result.residue[0], path=f"/notes/{KEY}")
    result = replace(result, residue=(left, *result.residue))
    mask = Mask(target.secrets)
    console = Console(record=True, width=120, file=open(os.devnull, "w"))  # noqa: SIM115
    print_report(result, console, mask)
    from tallystick_contracts.report.as_json import report_json

    for text in (console.export_text(), report_html(result, mask), report_json(result, (), mask)):
        assert "POST /notes" in text
        assert "the contract has no delete" in text
        assert KEY not in text
