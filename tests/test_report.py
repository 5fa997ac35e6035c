"""What a run shows, on the terminal, as HTML and as JSON; and that nothing in it is live or secret."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from tallystick.errors import OutputError
from tallystick_contracts import mask as mask_module
from tallystick_contracts.exchange import Answer, Request
from tallystick_contracts.report import Mask, curl_line, print_report, write_report
from tallystick_contracts.report.html import report_html
from tallystick_contracts.verdicts import Finding, Law, Result, Standing, Step, Subject, Verdict

KEY = "k3y/with+odd=\"chars'"
MASK = Mask({KEY: "API_KEY"})
ORIGIN = "http://127.0.0.1:8080"
HOSTILE = "<script>alert(1)</script>\"'>\x1b]0;owned\x07\x1b[31m\u202e</style>{{ 7*7 }}"


def verdict(
    standing: Standing,
    law: Law = Law.NULL,
    operation: str = "POST /v1/things",
    *,
    rule: str = "null_is_refused",
    member: str = "",
    state: str = "",
    reason: str = "",
    finding: Finding | None = None,
) -> Verdict:
    return Verdict(
        rule, law, Subject(operation, "#/paths/x", member, state), standing, reason, finding
    )


def finding(text: str = "a sentence", key: str = KEY) -> Finding:
    request = Request(
        "POST",
        "/v1/things?q=%20",
        (("Authorization", f"Api-Key {key}"), ("Content-Type", "application/json")),
        json.dumps({"name": text}).encode(),
    )
    answer = Answer(
        200, (("x-echo", key), ("x-text", text)), json.dumps({"echo": [key, text]}).encode()
    )
    return Finding(f"expected {text}", f"observed {text}", (Step(request, answer),))


def result(*verdicts: Verdict, title: str = "Things", left_out: tuple[str, ...] = ()) -> Result:
    return Result(title, "d1ge57", ORIGIN, 7, verdicts, 12, 3.4, {"laws": 12}, left_out)


def terminal(run: Result, mask: Mask = MASK, width: int = 80, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    print_report(run, Console(file=stream, width=width, force_terminal=False), mask)
    stream.flush()
    return raw.getvalue().decode(encoding)


class Cells(HTMLParser):
    """The rows of the tables of a page, by the class of the table; and every tag and link."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tables: dict[str, list[list[str]]] = {}
        self.tags: list[str] = []
        self.links: list[str] = []
        self.attributes: list[str] = []
        self._rows: list[list[str]] | None = None
        self._in_cell = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "action")]
        if tag == "table":
            self._rows = self.tables.setdefault(dict(attrs).get("class") or "", [])
        elif tag == "tr" and self._rows is not None:
            self._rows.append([])
        elif tag in ("th", "td") and self._rows:
            self._rows[-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td"):
            self._in_cell = False

    def handle_data(self, data: str) -> None:
        if self._in_cell and self._rows:
            self._rows[-1][-1] += data.strip()


RUN = result(
    verdict(Standing.HELD, member="/size", state="null"),
    verdict(Standing.HELD, member="/size/unit", state="absent", law=Law.PRESENCE),
    verdict(Standing.BROKEN, member="/name", state="null", finding=finding()),
    verdict(Standing.BROKEN, member="/name", state="absent", finding=finding()),
    verdict(Standing.NOT_REACHED, Law.READS, reason="no thing could be created"),
    verdict(Standing.NOT_APPLICABLE, Law.UPDATES, "GET /v1/things", reason="no update"),
    left_out=("the stateful phase",),
)


# the terminal


def test_the_matrix_fits_80_columns_and_needs_no_colour() -> None:
    text = terminal(RUN)
    table = text.split("✓ held")[0]
    assert max(len(line) for line in table.splitlines()) <= 80
    assert re.search(r"POST /v1/things +✓1 +✗2 +\?1", text)
    assert "\x1b" not in text


def test_a_terminal_without_unicode_gets_ascii_marks() -> None:
    run = result(*(v for v in RUN.verdicts if v.finding is None))
    assert re.search(r"\+1 +\+1 +\?1", terminal(run, encoding="ascii"))


def test_one_cause_is_told_once_with_everything_that_showed_it() -> None:
    text = terminal(RUN)
    assert text.count("expected a sentence") == 1
    assert re.search(r" at +/name \(null\) *\n", text)
    assert re.search(r"also at +/name \(absent\) *\n", text)
    assert "#/paths/x" in text


def test_reasons_and_what_was_left_out_are_told() -> None:
    text = terminal(RUN)
    assert "no thing could be created" in text
    assert "left out: the stateful phase" in text


def test_the_last_line_sums_up() -> None:
    last = " ".join(terminal(RUN).split("\n\n")[-1].split())
    assert last == (
        "1 rule, 6 verdicts (2 held, 2 broken, 1 not applicable, 1 not reached), "
        "6 judgements, 12 requests, 3.4 s, seed 7"
    )


def test_terminal_sequences_of_a_server_are_escaped() -> None:
    broken = verdict(
        Standing.BROKEN, operation=HOSTILE, rule=HOSTILE, member=HOSTILE, finding=finding(HOSTILE)
    )
    open_one = verdict(Standing.NOT_REACHED, reason=HOSTILE)
    text = terminal(result(broken, open_one, title=HOSTILE, left_out=(HOSTILE,)))
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", text)
    assert "\\x1b" in text


# HTML


def test_the_page_has_the_matrix_of_operations_and_laws() -> None:
    rows = Cells(report_html(RUN, MASK)).tables["matrix"]
    assert rows[0] == ["operation", "presence", "null", "updates", "reads"]
    assert rows[1] == ["POST/v1/things", "✓1", "✗2", "", "?1"]
    assert rows[2] == ["GET/v1/things", "", "", "–", ""]  # noqa: RUF001


def test_the_page_has_a_map_of_members_and_states_with_children_below_parents() -> None:
    rows = Cells(report_html(RUN, MASK)).tables["map"]
    assert rows[0] == ["member", "absent", "null"]
    assert rows[1:] == [["size", "", "✓"], ["/size/unit", "✓", ""], ["name", "✗", "✗"]]


def test_the_page_loads_nothing() -> None:
    cells = Cells(report_html(RUN, MASK))
    assert all(link.startswith("#") for link in cells.links)
    assert not {"link", "img", "iframe", "object"} & set(cells.tags)
    assert "@import" not in report_html(RUN, MASK)


def test_markup_of_a_server_is_text() -> None:
    clean = Cells(report_html(RUN, MASK))
    broken = verdict(
        Standing.BROKEN,
        operation=HOSTILE,
        rule=HOSTILE,
        member=f"/{HOSTILE}",
        state=HOSTILE,
        finding=finding(HOSTILE),
    )
    open_one = verdict(Standing.NOT_REACHED, reason=HOSTILE)
    page = report_html(result(broken, open_one, title=HOSTILE, left_out=(HOSTILE,)), MASK)
    cells = Cells(page)
    assert cells.tags.count("script") == clean.tags.count("script") == 1
    assert set(cells.attributes) <= set(clean.attributes)
    assert "&lt;script&gt;" in page
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u202e]", page)


def test_a_run_without_a_verdict_is_no_success() -> None:
    assert "Nothing was tried" in report_html(result(), MASK)
    assert "The contract holds" in report_html(result(verdict(Standing.HELD)), MASK)


# the folder


def files(folder: Path) -> dict[str, bytes]:
    """Everything below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_folder_holds_every_format_and_two_files_for_each_finding(tmp_path: Path) -> None:
    path = write_report(RUN, tmp_path / "a" / "b", MASK)
    data = json.loads((path.parent / "report.json").read_text())
    identity = data["findings"][0]["id"]
    assert sorted(files(path.parent)) == [
        f"findings/{identity}.json",
        f"findings/test_{identity}.py",
        "junit.xml",
        "report.har",
        "report.html",
        "report.json",
        "report.sarif",
    ]
    assert data["run"]["seed"] == 7
    assert data["findings"][0]["steps"][0]["answer"]["status"] == 200
    assert [each["finding"] for each in data["verdicts"]] == [
        None,
        None,
        identity,
        identity,
        None,
        None,
    ]


def test_findings_of_an_earlier_run_are_removed_and_nothing_else(tmp_path: Path) -> None:
    write_report(RUN, tmp_path, MASK)
    (tmp_path / "findings" / "notes.json").write_text("{}")
    write_report(result(verdict(Standing.HELD)), tmp_path, MASK)
    assert [each.name for each in (tmp_path / "findings").iterdir()] == ["notes.json"]


def test_the_same_result_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in "ab":
        write_report(RUN, tmp_path / name, MASK)
    assert files(tmp_path / "a") == files(tmp_path / "b")


SPELLINGS = (
    KEY,
    json.dumps(KEY)[1:-1],
    "k3y%2Fwith%2Bodd%3D%22chars%27",
    "azN5L3dpdGgrb2RkPSJjaGFycyc=",
)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_byte_of_a_report_holds_a_secret(tmp_path: Path, spelling: str) -> None:
    text = f"before {spelling} after"
    told = Finding(
        text,
        text,
        (
            Step(
                Request("GET", f"/x?{text}", (("a", text),), text.encode()),
                Answer(200, (("b", text),), b"\xff" + text.encode()),
            ),
        ),
    )
    broken = verdict(
        Standing.BROKEN, operation=text, member=text, state=text, rule=text, finding=told
    )
    run = result(broken, verdict(Standing.NOT_REACHED, reason=text), title=text, left_out=(text,))
    write_report(run, tmp_path, MASK)
    printed = terminal(run, width=4000)
    for each in (*files(tmp_path).values(), printed.encode()):
        assert b"k3y" not in each.lower()
        assert b"azN5" not in each


def test_a_secret_spelled_with_json_escapes_is_found(tmp_path: Path) -> None:
    spelled = "".join(f"\\u{ord(char):04x}" for char in KEY)
    answer = Answer(200, (), b'{"key": "' + spelled.encode() + b'"}')
    told = Finding("a", "b", (Step(Request("GET", "/"), answer),))
    write_report(result(verdict(Standing.BROKEN, finding=told)), tmp_path, MASK)
    for content in files(tmp_path).values():
        assert spelled.encode() not in content
        assert b"k3y" not in content


def test_a_folder_that_cannot_be_made_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        write_report(RUN, tmp_path / "file" / "report", MASK)


def test_a_full_disk_leaves_the_old_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_report(RUN, tmp_path, MASK)
    before = files(tmp_path)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        write_report(result(), tmp_path, MASK)
    assert files(tmp_path) == before


# curl

STUB = r"""curl() {
  stdin=no
  for each in "$@"; do printf '%s\0' "$each" >> "$OUT/arguments"; [ "$each" = @- ] && stdin=yes; done
  if [ $stdin = yes ]; then cat > "$OUT/body"; fi
}
"""


def replay(line: str, folder: Path, **variables: str) -> tuple[list[str], bytes | None]:
    """The arguments that curl would see, and what it would read from standard input."""
    for name in ("arguments", "body"):
        (folder / name).unlink(missing_ok=True)
    env = {"OUT": str(folder), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **variables}
    shell = shutil.which("sh")
    assert shell is not None
    subprocess.run([shell, "-c", STUB + line], env=env, check=True, cwd=folder)
    arguments = (folder / "arguments").read_bytes().decode("utf-8", "surrogateescape")
    body = (folder / "body").read_bytes() if (folder / "body").exists() else None
    assert (
        sorted(each.name for each in folder.iterdir() if each.name not in ("arguments", "body"))
        == []
    )
    return arguments.split("\0")[:-1], body


def sent(line: str, folder: Path, **variables: str) -> bytes | None:
    arguments, piped = replay(line, folder, **variables)
    if "--data-raw" in arguments:
        return arguments[arguments.index("--data-raw") + 1].encode("utf-8", "surrogateescape")
    return piped


@settings(max_examples=60, deadline=None, derandomize=True)
@given(body=st.one_of(st.binary(), st.text().map(lambda text: text.encode("utf-8", "replace"))))
def test_a_curl_line_sends_exactly_the_bytes(
    body: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    line = curl_line(Request("POST", "/x", (), body), ORIGIN, Mask())
    assert sent(line, tmp_path_factory.mktemp("replay")) == body


@pytest.mark.parametrize(
    "text",
    [
        "@/etc/passwd",
        "'; touch marker; '",
        "$(touch marker)",
        "`touch marker`",
        "!!",
        "-x",
        "%s%n",
        "a\0b",
        "a\n",
        "",
    ],
)
def test_hostile_text_runs_nothing_and_arrives_whole(text: str, tmp_path: Path) -> None:
    line = curl_line(
        Request("POST", "/x", (("X-A", text.strip("\0\n")),), text.encode()), ORIGIN, Mask()
    )
    assert sent(line, tmp_path) == text.encode()


def test_a_secret_is_a_variable_that_replays(tmp_path: Path) -> None:
    body = b'{"a": "' + KEY.encode() + b'$x"}'
    request = Request("PUT", "/x", (("Authorization", f"Api-Key {KEY}"),), body)
    line = curl_line(request, ORIGIN, MASK)
    assert KEY not in line
    arguments, _ = replay(line, tmp_path, API_KEY=KEY)
    assert f"Authorization: Api-Key {KEY}" in arguments
    assert sent(line, tmp_path, API_KEY=KEY) == body


def test_a_secret_among_bytes_that_are_no_text_replays(tmp_path: Path) -> None:
    body = b"\x00\xff" + KEY.encode() + b"\n"
    line = curl_line(Request("PUT", "/x", (), body), ORIGIN, MASK)
    assert KEY not in line
    assert sent(line, tmp_path, API_KEY=KEY) == body


def test_the_line_asks_curl_to_change_nothing(tmp_path: Path) -> None:
    request = Request("HEAD", "/a/../b[1]", (("X-Empty", ""), ("Content-Length", "1")))
    arguments, _ = replay(curl_line(request, ORIGIN, Mask()), tmp_path)
    assert arguments == [
        "--head",
        "--globoff",
        "--path-as-is",
        ORIGIN + "/a/../b[1]",
        "-H",
        "X-Empty;",
    ]
    untyped = curl_line(Request("POST", "/", (), b"x"), ORIGIN, Mask())
    assert replay(untyped, tmp_path)[0][3:5] == ["-H", "Content-Type:"]


def test_a_server_in_process_has_no_address_so_the_line_asks_for_one(tmp_path: Path) -> None:
    line = curl_line(Request("GET", "/x"), "in process", Mask())
    assert replay(line, tmp_path, BASE_URL="http://h")[0] == ["-X", "GET", "http://h/x"]


def test_a_short_secret_is_masked_as_a_word_and_not_inside_words() -> None:
    mask = Mask({"k": "KEY"})
    assert mask.text("Api-Key k; unknown keys") == "Api-Key $KEY; unknown keys"
    assert mask.body(b'{"echo": "k", "kind": "ok"}') == b'{"echo": "$KEY", "kind": "ok"}'


def test_the_spellings_of_secrets_are_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    spelled = mask_module._spelled

    def counted(value: str) -> tuple[tuple[str, str], ...]:
        asked.append(value)
        return spelled(value)

    monkeypatch.setattr(mask_module, "_spelled", counted)
    secrets = {"a-secret-of-its-own": "OWN"}
    for _ in range(5):
        assert Mask(secrets).text("is a-secret-of-its-own") == "is $OWN"
        assert Mask(secrets).body(b'"a-secret-of-its-own"') == b'"$OWN"'
    assert asked == ["a-secret-of-its-own"]
    secrets["one-that-came-later"] = "LATER"
    assert Mask(secrets).text("one-that-came-later") == "$LATER"
