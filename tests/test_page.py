"""The parts of the report page, each without a browser: strips, tables, bounds, escapes."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.contract import build
from tallystick.document import load
from tallystick_contracts.exchange import Answer, Entry, Log, Request, Total
from tallystick_contracts.findings import causes
from tallystick_contracts.observed import Kind, Observation, Share, Sight, Unseen
from tallystick_contracts.report import Mask
from tallystick_contracts.report.found import CARD_LIMIT, found
from tallystick_contracts.report.html import report_html
from tallystick_contracts.report.island import ROWS, escaped, island
from tallystick_contracts.report.listings import LIMIT, listings
from tallystick_contracts.report.members import column_of, map_of
from tallystick_contracts.report.page import page
from tallystick_contracts.report.strips import WIDTH, axis, kind_of, step, ticks
from tallystick_contracts.report.timeline import latencies, timeline
from tallystick_contracts.run import run
from tallystick_contracts.safety import Leftover
from tallystick_contracts.sandbox import sandbox
from tallystick_contracts.target import in_process
from tallystick_contracts.verdicts import Finding, Law, Result, Standing, Step, Subject, Verdict

SPEC = Path(__file__).parent.parent / "spec"
KEY = "k3y-that-nobody-knows"


def entry(
    number: int = 1,
    at: float = 0.0,
    seconds: float = 0.001,
    status: int = 200,
    operation: str = "GET /x",
    target: str = "/x",
) -> Entry:
    return Entry(number, at, seconds, operation, "GET", target, status, "a_rule", "laws")


def verdict(
    member: str = "",
    state: str = "",
    standing: Standing = Standing.HELD,
    *,
    rule: str = "a_rule",
    operation: str = "POST /x",
    steps: tuple[Step, ...] = (),
    reason: str = "",
) -> Verdict:
    subject = Subject(operation, "#/paths", member, state)
    finding = Finding("e", "o", steps) if standing is Standing.BROKEN else None
    return Verdict(rule, Law.NULL, subject, standing, reason, finding)


def result(*verdicts: Verdict, log: Log | None = None, left_out: tuple[str, ...] = ()) -> Result:
    return Result("T", "d", "in process", 1, verdicts, 1, 1.0, left_out=left_out, log=log or Log())


def nothing(_: Entry) -> str:
    return ""


# the map of members and states


@pytest.mark.parametrize(
    ("state", "column"),
    [
        ("absent", "absent"),
        ("zero", "falsy"),
        ("empty object", "falsy"),
        ("wrong type: array", "wrong type"),
        ("enum: a: b", "enum"),
        ("other value 2", "value"),
        ("maximum", "boundary"),
        ("above the maximum", "beyond"),
        ("415", "answer"),
        ("something new", "something new"),
        ("something new: its detail", "something new"),
        ("", "(whole)"),
    ],
)
def test_states_of_a_kind_share_a_column(state: str, column: str) -> None:
    assert column_of(state) == column


def test_columns_stand_in_a_fixed_order_and_new_ones_at_the_end() -> None:
    states = ("novel", "wrong type: array", "zero", "null", "absent")
    found = map_of(verdict(member, each) for each in states for member in ("/a", "/b", "/c"))
    assert found.columns == ("absent", "null", "falsy", "wrong type", "novel")


def test_states_of_few_members_share_a_column() -> None:
    found = map_of(verdict("/a", state) for state in ("accents", "null", "letter case"))
    assert found.columns == ("null", "other")
    assert [each.subject.state for each in found.rows[0].states[1].verdicts] == [
        "accents",
        "letter case",
    ]


def test_members_stand_below_their_parents_wherever_the_run_tried_them() -> None:
    tried = ("/b/c", "/a", "/b", "/b/c/d", "/a/x")
    found = map_of(verdict(member, "null") for member in tried)
    assert [(row.path, row.depth) for row in found.rows] == [
        ("/b", 0),
        ("/b/c", 1),
        ("/b/c/d", 2),
        ("/a", 0),
        ("/a/x", 1),
    ]


def test_states_of_the_whole_request_make_no_empty_columns() -> None:
    found = map_of([verdict("/a", "null"), verdict("", "wrong key"), verdict("", "null")])
    assert found.columns == ("null",)
    assert [row.path for row in found.rows] == ["(whole)", "/a"]
    assert [each.name for each in found.whole] == ["wrong key"]


def test_a_cell_leads_to_its_finding_or_to_the_reason() -> None:
    run = result(
        verdict("/a", "null", Standing.BROKEN),
        verdict("/a", "zero", Standing.NOT_REACHED, reason="gone"),
        verdict("/a", "absent"),
    )
    (section,) = page(run, Mask()).sections
    hrefs = dict(zip(section.states, (mark.href for mark in section.members[0].marks), strict=True))
    card = page(run, Mask()).found.cards[0]
    assert hrefs == {
        "absent": "",
        "null": f"#{card.anchor}",
        "falsy": f"#{section.reasons[0].anchor}",
    }


# findings


def broken(count: int, steps: tuple[Step, ...] = ()) -> tuple[Verdict, ...]:
    return tuple(
        verdict(
            f"/m{n}", "null", Standing.BROKEN, operation=f"POST /x{n}", rule=f"r{n}", steps=steps
        )
        for n in range(count)
    )


def test_the_id_of_a_finding_is_the_same_in_every_run_and_no_other_has_it() -> None:
    first, second = (found(result(*broken(3)), Mask()).cards for _ in range(2))
    assert [each.anchor for each in first] == [each.anchor for each in second]
    assert len({each.anchor for each in first}) == 3


def test_of_very_many_findings_the_first_are_told_and_the_rest_is_counted() -> None:
    told = found(result(*broken(CARD_LIMIT + 5)), Mask())
    assert (len(told.cards), told.more, told.count) == (CARD_LIMIT, 5, CARD_LIMIT + 5)


def test_exchanges_of_all_findings_together_are_bounded() -> None:
    body = json.dumps(["x" * 4000]).encode()
    steps = tuple(Step(Request("POST", "/x", (), body), Answer(200, (), body)) for _ in range(20))
    run = result(*broken(120, steps))
    assert len(report_html(run, Mask())) < 6_000_000
    first, *_, last = found(run, Mask()).cards
    assert first.messages
    assert not last.messages
    assert last.expectation == "e"


def test_a_finding_says_how_to_send_it_again_and_shows_its_test() -> None:
    steps = (Step(Request("POST", "/x?k=" + KEY), Answer(500)),)
    told = causes(result(*broken(1, steps)))
    tests = {told[0].id: "def test_it():\n    assert '</script>'\n\x1b"}
    (card,) = found(result(), Mask({KEY: "API_KEY"}), told, tests).cards
    assert card.anchor == f"finding-{told[0].id}"
    assert card.replay == f'tallystick replay findings/{told[0].id}.json "$BASE_URL"'
    assert KEY not in card.curl[0]
    assert card.test.splitlines() == ["def test_it():", "    assert '</script>'", "\\x1b"]
    assert "assert &#39;&lt;/script&gt;" in report_html(result(), Mask(), told, tests)


def test_a_cause_is_told_once_with_every_cell_that_shows_it_leading_there() -> None:
    verdicts = [verdict(f"/m{n}", "null", Standing.BROKEN) for n in range(3)]
    made = page(result(*verdicts), Mask())
    (card,) = made.found.cards
    assert len(card.others) == 2
    (section,) = made.sections
    assert {row.marks[0].href for row in section.members} == {f"#{card.anchor}"}


# strips


def test_a_tick_stands_where_its_time_is_in_the_lane_of_its_answer() -> None:
    made = ticks([entry(at=5.0), entry(at=5.0, status=404)], 10.0, lambda _: False)
    assert [(each.kind, each.path) for each in made] == [
        ("accepted", "M400 24v8"),
        ("refused", "M400 15v8"),
    ]


@pytest.mark.parametrize(
    ("status", "kind"),
    [(0, "failed"), (500, "failed"), (204, "accepted"), (418, "refused"), (302, "other")],
)
def test_answers_are_of_four_kinds(status: int, kind: str) -> None:
    assert kind_of(status) == kind


def test_a_strip_is_bounded_by_its_pixels() -> None:
    entries = [entry(at=number / 1000, status=404) for number in range(50_000)]
    made = ticks(entries, 50.0, lambda _: True)
    assert sum(len(each.path) for each in made) < 2 * WIDTH * 12
    assert {each.density for each in made} == {2}


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_every_time_stands_on_the_strip(at: float, seconds: float) -> None:
    assert 0 <= step(at, seconds) < WIDTH


@pytest.mark.parametrize(
    ("seconds", "texts"),
    [
        (0.0, []),
        (0.05, ["0.01 s", "0.02 s", "0.03 s", "0.04 s"]),
        (92.0, ["20 s", "40 s", "60 s", "80 s"]),
    ],
)
def test_the_axis_has_a_few_round_times(seconds: float, texts: list[str]) -> None:
    assert [text for _, text in axis(seconds)] == texts


# the timeline


def test_latencies_are_those_of_the_nearest_rank() -> None:
    assert latencies([entry(seconds=n / 1000) for n in range(1, 101)]) == ("50.0", "95.0", "100")
    assert latencies([entry(seconds=0.00012)]) == ("0.12", "0.12", "0.12")
    assert latencies([]) == ("", "", "")


def test_there_is_a_strip_for_all_and_for_each_operation_the_busiest_first() -> None:
    entries = (entry(1), entry(2, operation="PUT /y"), entry(3, operation="", status=404))
    totals = (Total("GET /x", 200, 4), Total("PUT /y", 200, 9), Total("", 404, 20))
    made = timeline(Log(entries, totals), {}, Mask())
    assert [("".join(each.path), each.count) for each in made.strips] == [
        ("all requests", "33"),
        ("/y", "9"),
        ("/x", "4"),
        ("no operation of the contract", "20"),
    ]
    assert (made.count, made.kept) == (33, 3)


def test_the_slowest_come_first() -> None:
    entries = tuple(entry(n, seconds=n % 7 / 10, target=f"/{n}") for n in range(1, 50))
    made = timeline(Log(entries, (Total("GET /x", 200, 49),)), {}, Mask())
    assert [each.duration for each in made.slowest[:3]] == ["600", "600", "600"]
    assert len(made.slowest) == 20


def test_an_exchange_of_a_finding_is_told_by_the_last_that_is_like_it() -> None:
    entries = (entry(1), entry(2), entry(3, status=404))
    made = timeline(
        Log(entries, (Total("GET /x", 200, 3),)), {("GET", "/x", 200): "finding-1"}, Mask()
    )
    assert [(each.number, each.finding) for each in made.in_findings] == [("2", "finding-1")]


def test_a_secret_in_a_target_or_a_rule_is_masked() -> None:
    entries = (entry(target=f"/x?key={KEY}"),)
    run = result(verdict(), log=Log(entries, (Total("GET /x", 200, 1),)))
    text = report_html(run, Mask({KEY: "API_KEY"}))
    assert KEY not in text
    assert "$API_KEY" in text


# the island


@given(st.text())
def test_no_text_closes_the_script_element_and_all_come_back(text: str) -> None:
    rows, _ = island([entry(target=text)], nothing, str)
    assert not re.search(r"[<>&]|[^\x20-\x7e]", rows)
    data = json.loads(rows)
    assert data["texts"][data["rows"][0][4]] == text


def test_escaped_json_is_the_same_json() -> None:
    assert json.loads(escaped(json.dumps("</script><!--&"))) == "</script><!--&"


def test_a_long_log_is_thinned_but_for_what_failed_or_is_in_a_finding() -> None:
    entries = [entry(n, status=500 if n % 100 == 0 else 200) for n in range(1, 4 * ROWS)]
    rows, listed = island(entries, lambda each: "f" if each.number == 4321 else "", str)
    numbers = [row[0] for row in json.loads(rows)["rows"]]
    assert listed == len(numbers) == ROWS
    assert numbers == sorted(set(numbers))
    assert {4321, *range(100, 4 * ROWS, 100)} <= set(numbers)
    assert numbers[-1] > 4 * ROWS - 10


# lists


def test_a_list_is_a_section_with_its_count_and_bounded() -> None:
    (made,) = listings(result(left_out=tuple(f"line {n}" for n in range(LIMIT + 7))))
    assert (made.count, len(made.groups[0].lines), made.groups[0].more) == (LIMIT + 7, LIMIT, 7)
    assert listings(result()) == ()


def test_what_is_left_on_the_server_is_a_list_by_operation_and_reason() -> None:
    left = (Leftover("POST /x", "/x/1", "no delete"), Leftover("POST /x", "/x/2\x1b", "no delete"))
    run = Result("T", "d", "x", 1, (verdict(),), 1, 1.0, residue=left)
    (made,) = page(run, Mask()).listings
    assert made.anchor == "residue"
    assert [(each.title, [line.text for line in each.lines]) for each in made.groups] == [
        ("POST /x: no delete", ["/x/1", "/x/2\\x1b"])
    ]


def test_what_was_never_seen_is_a_list_by_kind_with_its_share() -> None:
    sight = Sight(Kind.NULL, "answer", "GET /x", "#/a", "/a", "null", "200")
    seen = Observation((Share(Kind.NULL, "answer", 3, 4),), (Unseen(sight, "never answered"),))
    run = Result("T", "d", "x", 1, (verdict(),), 1, 1.0, observed=seen)
    (made,) = page(run, Mask()).listings
    assert made.lead == "Observed 75.0 % of what the contract allows (3 of 4)."
    (told,) = made.groups
    assert (told.title, told.done, told.total) == ("answer: null", 3, 4)
    assert told.lines[0].operation == "GET /x"
    assert told.lines[0].text.startswith("GET /x answer 200 /a")
    assert 'value="3"' in report_html(run, Mask())


# the whole page


def test_the_policy_names_the_one_style_and_the_one_script_by_their_hash() -> None:
    text = report_html(result(verdict()), Mask())
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    for tag in ("style", "script"):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy[1]
    assert "unsafe" not in policy[1]
    assert policy[1].startswith("default-src 'none';")
    assert not re.search(r"\son\w+=|\sstyle=", text.partition("<body>")[2].partition("<script>")[0])


def test_a_run_that_was_stopped_is_not_said_to_hold() -> None:
    stopped = Result("T", "d", "x", 1, (verdict(),), 1, 1.0, interrupted=True)
    assert page(stopped, Mask()).verdict.startswith("Stopped before the end")


def test_the_page_of_the_vendored_contract_is_small() -> None:
    contract = build(load(SPEC / "openapi.yaml", [SPEC / "overlay.yaml"]))
    target = in_process(contract, sandbox(contract, key=KEY), key=KEY, poll_budget=0.1)
    made = run(contract, target)
    target.close()
    text = report_html(made, Mask(target.secrets))
    assert len(text.encode()) < 1_000_000
    assert KEY not in text
    assert text.count('class="strip"') == 2 + len(contract.operations)
