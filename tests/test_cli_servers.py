"""The verbs that need a server: bad servers, signals, ports, state, and their exit codes."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2
import pytest

from command_line import Line
from tallystick_contracts.cli.judge import exit_code
from tallystick_contracts.verdicts import Law, Result, Standing, Subject, Verdict

ROOT = Path(__file__).parent.parent
PATH = "/v1/models/abcd1234/environments"
KEY = {"Authorization": "Api-Key secret-key-1"}


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Line:
    monkeypatch.chdir(ROOT)
    return Line(capsys)


@pytest.fixture(autouse=True)
def _interruptible() -> Iterator[None]:
    """Ctrl-C reaches what is started here, also where the tests themselves run in the background.

    A shell starts such a job with SIGINT ignored, and every child inherits that.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


LIMIT = 120
"""Seconds after which a process counts as hanging."""


@contextmanager
def listening(behave: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server which does to every connection what ``behave`` says."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def loop() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    threading.Thread(target=met, args=(connection,), daemon=True).start()

        def met(connection: socket.socket) -> None:
            with suppress(OSError), connection:
                behave(connection)

        threading.Thread(target=loop, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def answers(text: bytes) -> Callable[[socket.socket], None]:
    """One and the same answer to every request."""

    def behave(connection: socket.socket) -> None:
        while connection.recv(65536):
            connection.sendall(text)

    return behave


def hangs(connection: socket.socket) -> None:
    time.sleep(600)


def closes(connection: socket.socket) -> None:
    connection.recv(10)


def drips(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X")
        time.sleep(0.05)


def promises_more(connection: socket.socket) -> None:
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nabc")


@pytest.mark.parametrize("behave", [hangs, closes, drips, promises_more])
def test_a_server_that_never_answers_could_not_be_tested(
    line: Line, behave: Callable[[socket.socket], None]
) -> None:
    with listening(behave) as url:
        started = time.monotonic()
        assert line("test", url, "--budget", "2s") == 2
        assert time.monotonic() - started < LIMIT
    assert "does not answer" in line.refused()


def test_nobody_at_the_address_is_one_line(line: Line) -> None:
    assert line("test", "http://127.0.0.1:1") == 2
    assert "http://127.0.0.1:1 does not answer" in line.refused()


def test_a_given_id_that_no_path_has_is_one_line(line: Line) -> None:
    assert line("test", "http://127.0.0.1:1", "--given", "modle_id=a") == 2
    refused = line.refused()
    assert "'modle_id'" in refused
    assert "model_id" in refused


def test_a_page_in_place_of_an_answer_breaks_the_contract(line: Line) -> None:
    page = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9\r\n\r\n<h1>Hi!\r\n"
    with listening(answers(page)) as url:
        assert line("test", url, "--budget", "3s", "--key", "secret-key-1") == 1
    assert "expected" in line.out
    assert "secret-key-1" not in line.out + line.err


def test_a_redirect_is_never_followed(line: Line) -> None:
    seen: list[bytes] = []

    def elsewhere(connection: socket.socket) -> None:
        seen.append(connection.recv(65536))

    with listening(elsewhere) as other:
        there = f"HTTP/1.1 307 Go\r\nLocation: {other}/\r\nContent-Length: 0\r\n\r\n".encode()
        with listening(answers(there)) as url:
            assert line("test", url, "--budget", "3s", "--key", "secret-key-1") in (1, 2)
    assert seen == []


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        ("http://example.com", "--allow-host example.com"),
        ("http://127.0.0.1@example.com", "user"),
        ("ftp://127.0.0.1", "http://"),
        ("nonsense", "MODULE:NAME"),
        ("no_such_module:app", "cannot be imported"),
        ("json:no_such_app", "no application named"),
    ],
)
def test_a_server_that_must_not_or_cannot_be_tested(line: Line, server: str, expected: str) -> None:
    assert line("test", server) == 2
    assert expected in line.refused()


def test_a_key_that_no_header_may_hold_is_not_quoted(line: Line) -> None:
    assert line("test", "http://127.0.0.1:1", "--key", "secret-key-1\n") == 2
    assert "secret-key-1" not in line.refused()


def test_an_application_in_this_process(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = f"""
from pathlib import Path
from tallystick.contract import build
from tallystick.document import load
from tallystick_contracts.sandbox import sandbox
root = Path({str(ROOT)!r})
contract = build(load(root / "spec/openapi.yaml", [root / "spec/overlay.yaml"]))
app = sandbox(contract, key="secret-key-1")
faulty = sandbox(contract, key="secret-key-1", faults=["sibling_reset"])
"""
    (tmp_path / "served_here.py").write_text(code)
    monkeypatch.syspath_prepend(tmp_path)
    report = tmp_path / "report"
    arguments = ["--key", "secret-key-1", "--rules", "other_*", "--report", report]
    assert line("test", "served_here:app", *arguments) == 0
    assert line("test", "served_here:faulty", *arguments) == 1
    assert "other_members_do_not_move" in line.out
    for file in filter(Path.is_file, report.rglob("*")):
        assert b"secret-key-1" not in file.read_bytes()


def test_a_report_that_cannot_be_written_is_one_line(line: Line, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    page = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
    with listening(answers(page)) as url:
        code = line("test", url, "--budget", "1s", "--report", tmp_path / "file")
    assert code == 2
    assert "the report cannot be written" in line.err
    assert "Traceback" not in line.err


def test_a_taken_port_is_one_line(line: Line) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert line("serve", "--port", taken.getsockname()[1]) == 2
    assert "is taken" in line.refused()


@pytest.mark.parametrize("fault", ["no_such_fault"])
def test_an_unknown_fault_is_one_line(line: Line, fault: str) -> None:
    assert line("serve", "--fault", fault, "--port", 0) == 2
    assert fault in line.refused()


def test_a_state_file_of_something_else_is_one_line(line: Line, tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    state.write_text("not a database, and long enough to be looked at as one" * 50)
    assert line("serve", "--state", state, "--port", 0) == 2
    assert "state.db" in line.refused()
    assert state.read_text().startswith("not a database")


@contextmanager
def started(*arguments: object) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """``tallystick serve`` in a process of its own, and its URL."""
    command = [sys.executable, "-m", "tallystick", "serve", "--port", "0", *map(str, arguments)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "BASETEN_API_KEY": "secret-key-1"}
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        found = re.search(r"http://\S+", process.stdout.readline())
        assert found, process.stderr and process.stderr.read()
        yield process, found[0]
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize(("stop", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 0)])
def test_serve_stops_when_told(stop: signal.Signals, code: int) -> None:
    with started() as (process, url):
        assert httpx2.get(f"{url}{PATH}").status_code == 401
        process.send_signal(stop)
        out, err = process.communicate(timeout=LIMIT)
    assert process.returncode == code
    assert "Traceback" not in out + err
    assert "secret-key-1" not in out + err


def test_serve_says_which_ids_exist() -> None:
    with started() as (process, _):
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(9)]  # the key, six operations, two ids
    assert any(each.startswith("{model_id} exists as abcd1234, ") for each in said)


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    with started("--state", state) as (process, url):
        made = httpx2.post(f"{url}{PATH}", json={"name": "a"}, headers=KEY)
        assert made.status_code == 200
        process.kill()
        process.wait()
    with started("--state", state) as (_, url):
        read = httpx2.get(f"{url}{PATH}/a", headers=KEY)
    assert read.json() == made.json()


WAITS = """
import sys, time
from tallystick_contracts import check

@check("It never ends.")
def waits_for_ever(call):
    call.send()
    print("waiting", file=sys.__stdout__, flush=True)
    time.sleep(3600)
"""


def waiting(folder: Path, *arguments: object) -> subprocess.Popen[str]:
    """``tallystick run``, in the middle of a check that does not end; ``folder`` holds its files."""
    scratch = folder / "tmp"
    scratch.mkdir()
    (folder / "checks_that_wait.py").write_text(WAITS)
    checks = ["--checks", "checks_that_wait", "--rules", "waits_for_ever"]
    path = os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))
    process = subprocess.Popen(
        [sys.executable, "-m", "tallystick", "run", *checks, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path, "TMPDIR": str(scratch)},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert any("waiting" in said for said in process.stdout), process.communicate()
    return process


def test_the_main_job_stops_at_ctrl_c_and_leaves_nothing_behind(tmp_path: Path) -> None:
    process = waiting(tmp_path, "--report", tmp_path / "report")
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=LIMIT)
    assert process.returncode == 130
    assert "Traceback" not in out + err
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    assert list((tmp_path / "tmp").iterdir()) == []


def test_the_main_job_on_a_document_of_ones_own(line: Line, tmp_path: Path) -> None:
    spec = ROOT / "tests" / "cases" / "presence" / "openapi.yaml"
    assert line("run", spec, "--budget", "6s", "--report", tmp_path / "report") == 0, line.out
    assert "POST /boxes" in line.out
    assert (tmp_path / "report" / "report.html").is_file()


@pytest.mark.parametrize("verb", ["lint", "run"])
def test_ctrl_c_at_the_very_start_is_one_line(verb: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-X", "importtime", "-m", "tallystick", verb],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    # Python tells of each module when it is imported: this is the first that our code asks for.
    assert any("tallystick.errors" in told for told in process.stderr)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=LIMIT)
    assert "Traceback" not in out + err
    assert process.returncode in (130, -signal.SIGINT)


def test_to_be_told_to_stop_is_to_be_interrupted(tmp_path: Path) -> None:
    spec = ROOT / "tests" / "cases" / "presence" / "openapi.yaml"
    process = waiting(tmp_path, spec, "--report", tmp_path / "report")
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=LIMIT)
    assert "Traceback" not in out + err
    # Where it hits code that runs from a text (dataclasses do), CPython itself ends by the signal,
    # which a shell calls 130 as well.
    assert process.returncode in (130, -signal.SIGINT)
    assert list((tmp_path / "tmp").iterdir()) == []


def test_the_main_job_leaves_nothing_where_it_runs_and_says_nothing_beside(tmp_path: Path) -> None:
    spec = ROOT / "tests" / "cases" / "presence" / "openapi.yaml"
    done = subprocess.run(
        [sys.executable, "-m", "tallystick", "run", str(spec), "--budget", "9s"],
        cwd=tmp_path,
        text=True,
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert [each.name for each in tmp_path.iterdir()] == ["reports"]


@pytest.mark.parametrize(
    ("held", "broken", "untried", "code"),
    [(3, 0, 1, 0), (1, 0, 3, 2), (0, 0, 0, 2), (1, 1, 9, 1), (0, 0, 5, 2)],
)
def test_what_could_mostly_not_be_tried_proves_nothing(
    held: int, broken: int, untried: int, code: int
) -> None:
    subject = Subject("GET /a", "#/paths/~1a/get")
    standings = {Standing.HELD: held, Standing.BROKEN: broken, Standing.NOT_REACHED: untried}
    verdicts = tuple(
        Verdict("a_rule", Law.READS, subject, standing)
        for standing, count in standings.items()
        for _ in range(count)
    )
    result = Result("T", "0", "http://127.0.0.1:1", 1, verdicts, len(verdicts), 0.1)
    assert exit_code(result) == code
