"""The mutation score of a contract: which faults count, which are caught, what is said of the rest."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from textwrap import dedent

import pytest

from command_line import Line
from tallystick.contract import Contract, build
from tallystick.document import load, parse
from tallystick.document.lift import lift
from tallystick_contracts.cli.self_check import lines
from tallystick_contracts.dry import questions
from tallystick_contracts.run import plan
from tallystick_contracts.sandbox import FAULTS
from tallystick_contracts.self_check import Score, Trial, score
from tallystick_contracts.self_check.order import parts
from tallystick_contracts.verdicts import Law

ROOT = Path(__file__).parent.parent
SPEC = ROOT / "spec"
NOTES = """
openapi: 3.1.0
info: {title: Notes, version: '1'}
paths:
  /notes:
    post:
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}
      responses: {'201': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Note'}}}}}
components:
  schemas:
    Note:
      type: object
      required: [text]
      properties: {text: {type: string}, size: {type: integer, minimum: 0}}
"""
"""A document without any read."""


@cache
def vendored() -> Contract:
    return build(load(SPEC / "openapi.yaml", [SPEC / "overlay.yaml"]))


@cache
def notes() -> Contract:
    return build(lift(parse(NOTES, "notes.yaml")))


@cache
def scored() -> Score:
    return score(notes(), workers=1)


def test_a_part_holds_every_case_once_the_likeliest_first() -> None:
    cases = plan(vendored())
    found = list(parts(cases, frozenset({Law.NULL}), [4] * len(cases)))
    told = [id(case) for part in found for case in part]
    assert sorted(told) == sorted(id(case) for case in cases)
    assert {case.rule.law for case in found[0]} == {Law.NULL}
    assert len({case.spot.operation.key for case in found[0]}) > 1
    assert [len(part) for part in found[:3]] == [10, 20, 40]


def test_a_case_of_many_requests_comes_after_a_light_one_of_each_rule() -> None:
    cases = [case for case in plan(vendored()) if case.rule.law is Law.NULL]
    light, heavy = [10] * len(cases), [100, *([10] * (len(cases) - 1))]
    first = [next(parts(cases, frozenset({Law.NULL}), costs)) for costs in (light, heavy)]
    assert [any(case is cases[0] for case in part) for part in first] == [True, False]


@pytest.mark.parametrize("name", ["null_overwrites", "unknown_accepted", "deleted_stays"])
def test_a_fault_that_cannot_show_is_skipped_with_what_it_needs(name: str) -> None:
    skipped = {each.fault: each.reason for each in scored().skipped}
    assert skipped[name] == f"it needs {FAULTS[name].needs}"


def test_the_note_that_a_fault_needs_is_named() -> None:
    assert "x-tallystick-null" in FAULTS["null_overwrites"].needs
    assert "x-tallystick-outcome" in FAULTS["unchanged_lied"].needs
    assert "x-tallystick-reserved" in FAULTS["reserved_created"].needs


def test_faults_whose_predicate_is_met_are_tried_and_no_others() -> None:
    tried = {each.fault for each in scored().trials}
    assert tried == {name for name, fault in FAULTS.items() if fault.applies(notes())}
    assert tried.isdisjoint(each.fault for each in scored().skipped)


def test_without_a_read_what_answers_show_is_caught_and_named() -> None:
    caught = {each.fault: each.rule for each in scored().trials if each.caught}
    assert caught["status_undeclared"] == "statuses_are_declared"
    assert caught["required_left_out"] == "required_members_are_answered"
    assert scored().caught == len(caught)
    assert scored().false_alarms == ()


def test_a_missed_fault_is_listed_with_the_note_that_may_show_it() -> None:
    missed = Trial("f1", "null requests", "Null is eaten.", frozenset({Law.NULL}))
    caught = Trial("f2", "null requests", "Null.", frozenset({Law.NULL}), "null_is", Law.NULL, 3)
    found = Score("T", (missed, caught), (), ("a_rule",), 1.0)
    assert (found.caught, found.percent, found.missed) == (1, 50.0, (missed,))
    asked = questions(open_null())
    told = "\n".join(lines(found, asked))
    assert "null requests   1 of 2" in told
    assert "f1 (null requests): Null is eaten.\n" in told
    assert (
        "an overlay may show it: x-tallystick-null at $.components.schemas.A.properties.n" in told
    )
    assert "broken without a fault too: a_rule" in told
    assert "no overlay note would show it" in "\n".join(lines(found, ()))


def open_null() -> Contract:
    text = """
    openapi: 3.1.0
    info: {title: T, version: '1'}
    paths:
      /a/{id}:
        parameters: [{name: id, in: path, required: true, schema: {type: string}}]
        get: {responses: {'200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}}
        patch:
          requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
          responses: {'200': {description: ok}}
    components:
      schemas: {A: {type: object, properties: {id: {type: string}, n: {type: [string, 'null']}}}}
    """
    return build(lift(parse(dedent(text), "t.yaml")))


def test_two_processes_find_what_one_does() -> None:
    some = [FAULTS[name] for name in ("required_left_out", "answer_wrapped", "status_undeclared")]
    one, two = (score(notes(), workers=n, faults=some) for n in (1, 2))
    assert [(each.fault, each.rule, each.requests) for each in one.trials] == [
        (each.fault, each.rule, each.requests) for each in two.trials
    ]


TRIED = ("null_overwrites", "update_lost", "defaults_sent", "key_begins", "allow_left_out")


@cache
def caught_on_vendored() -> dict[str, Trial]:
    """By name the trials of some faults, after one look at the correct server."""
    found = score(vendored(), workers=1, faults=[FAULTS[name] for name in TRIED])
    return {each.fault: each for each in found.trials}


@pytest.mark.parametrize("name", TRIED)
def test_faults_of_the_vendored_contract_are_caught_by_a_law_of_theirs(name: str) -> None:
    trial = caught_on_vendored()[name]
    assert trial.law in trial.laws


@pytest.fixture
def line(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Line:
    monkeypatch.chdir(ROOT)
    return Line(capsys)


def test_the_command_line_prints_families_missed_and_skipped(line: Line, tmp_path: Path) -> None:
    spec = tmp_path / "notes.yaml"
    spec.write_text(dedent(NOTES))
    words = ("test", "--self-check", "--spec", spec)
    assert line(*words) == 0
    assert line.out.startswith("Notes: the suite catches ")
    assert "not counted, since they cannot show in this document" in line.out
    code = 0 if scored().percent == 100 else 1
    assert line(*words, "--format", "json", "--fail-under", "100") == code
    told = json.loads(line.out)
    assert told["caught"] == scored().caught


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "no SERVER was named"),
        (("--dry", "--self-check"), "two things"),
        (("http://127.0.0.1:1", "--dry"), "asks no server"),
    ],
)
def test_a_mode_and_a_server_exclude_each_other(
    line: Line, words: tuple[str, ...], said: str
) -> None:
    assert line("test", *words) != 0
    assert said in line.refused()


def test_a_document_in_which_nothing_can_go_wrong_is_refused(line: Line, tmp_path: Path) -> None:
    spec = tmp_path / "empty.yaml"
    spec.write_text("openapi: 3.1.0\ninfo: {title: Empty, version: '1'}\npaths: {}\n")
    assert line("test", "--self-check", "--spec", spec) != 0
    assert "no fault of the bank can show in Empty" in line.refused()
