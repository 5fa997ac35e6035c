"""Rules can be chosen and switched off by name, and what is switched off is always told."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from command_line import Line
from tallystick.config import configuration
from tallystick.contract import Contract, build
from tallystick.document import load
from tallystick.errors import UsageError
from tallystick_contracts.cli.judge import Effort, judge
from tallystick_contracts.dry import rehearse
from tallystick_contracts.report import Mask, print_report, write_report
from tallystick_contracts.rules.catalogue import catalogue, with_own
from tallystick_contracts.rules.choice import EVERY, Choice, choice
from tallystick_contracts.run import run
from tallystick_contracts.sandbox import FAULTS, sandbox
from tallystick_contracts.self_check import score
from tallystick_contracts.target import Target, in_process
from tallystick_contracts.verdicts import Law, Result

SHELVES = Path(__file__).parent / "sandbox_shelves.yaml"
KEY = "sesame-open-7"


@pytest.fixture(scope="module")
def contract() -> Contract:
    return build(load(SHELVES, []))


def target(contract: Contract, *faults: str) -> Target:
    app = sandbox(contract, key=KEY, faults=faults)
    return in_process(contract, app, key=KEY, poll_budget=0.15)


def tried(contract: Contract, chosen: Choice, *faults: str) -> Result:
    server = target(contract, *faults)
    try:
        return run(contract, server, choice=chosen)
    finally:
        server.close()


def printed(result: Result) -> str:
    console = Console(file=io.StringIO(), width=400)
    print_report(result, console, Mask())
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_without_a_pattern_every_rule_counts() -> None:
    assert EVERY.off == ()
    assert EVERY.laws == frozenset(Law)


def test_a_pattern_switches_off_what_it_matches() -> None:
    assert Choice(without=("null_*",)).off == tuple(
        name for name in catalogue() if name.startswith("null_")
    )


def test_a_pattern_asks_for_what_it_matches_and_for_nothing_else() -> None:
    chosen = Choice(only=("null_*",), without=("null_i*", "null_means_*"))
    assert set(catalogue()) - set(chosen.off) == {"null_follows_its_convention"}


def test_a_rule_is_switched_off_behind_the_client_too() -> None:
    assert not Choice(without=("reads_repeat",)).admits("reads_repeat (client)")


@pytest.mark.parametrize(
    ("only", "without", "configured", "where"),
    [
        (["nul_*"], [], [], "--rules"),
        ([], ["nul_*"], [], "--without"),
        ([], [], ["nul_*"], "without-rules"),
    ],
)
def test_a_pattern_that_matches_no_rule_is_refused(
    only: list[str], without: list[str], configured: list[str], where: str
) -> None:
    with pytest.raises(UsageError, match=r"no rule is named 'nul_\*'") as caught:
        choice(only, without, configured)
    assert where in str(caught.value)


def test_a_name_with_a_slip_is_told_the_nearest_one() -> None:
    with pytest.raises(UsageError) as caught:
        choice([], ["read_repeat"])
    assert caught.value.hint == "perhaps reads_repeat"


def test_a_choice_that_leaves_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match="every rule is switched off"):
        choice([], ["*"])


def test_a_run_tries_what_is_chosen_and_says_what_is_not(contract: Contract) -> None:
    result = tried(contract, Choice(only=("null_is_refused_elsewhere",)))
    assert {each.rule for each in result.verdicts} <= {
        "null_is_refused_elsewhere",
        "no_rule_applies",
    }
    assert {each.law for each in result.verdicts} == {Law.NULL}
    assert set(result.switched_off) == set(with_own()) - {"null_is_refused_elsewhere"}


def test_a_passive_rule_is_switched_off_too(contract: Contract) -> None:
    fault, asked = "number_as_text", ("operations_succeed", "bodies_fit_*")
    assert {each.rule for each in tried(contract, Choice(asked), fault).broken} == {
        "bodies_fit_their_schema"
    }
    result = tried(contract, Choice(asked, ("bodies_fit_*",)), fault)
    assert {each.rule for each in result.verdicts} <= {"operations_succeed", "no_rule_applies"}
    assert "bodies_fit_their_schema" in result.switched_off


def test_a_case_that_shows_a_rule_broken_which_is_off_finds_nothing(contract: Contract) -> None:
    fault, case, shown = "absent_nulled", "members_of_an_update_*", "other_members_do_not_move"
    broken = tried(contract, Choice((case, shown)), fault).broken
    assert shown in {each.rule for each in broken}
    result = tried(contract, Choice((case, shown), (shown,)), fault)
    assert not result.broken
    reasons = [each.reason for each in result.verdicts]
    assert f"it shows {shown} broken, which is switched off" in reasons


def test_a_case_that_was_asked_for_by_name_tells_what_it_finds_as_its_own(
    contract: Contract,
) -> None:
    case = "members_of_an_update_do_not_meddle"
    result = tried(contract, Choice((case,)), "absent_nulled")
    assert {each.rule for each in result.broken} == {case}


def test_what_is_off_is_one_line_at_the_end(contract: Contract) -> None:
    few = tried(contract, Choice(only=("null_*",), without=("null_is_*",)))
    assert f"switched off: {len(few.switched_off)} of {len(with_own())} rules" in printed(few)
    one = replace(few, switched_off=("reads_repeat",))
    assert [line for line in printed(one).splitlines() if "switched off" in line] == [
        f"switched off: reads_repeat (1 of {len(with_own())} rules)"
    ]
    assert "switched off" not in printed(replace(few, switched_off=()))


def test_what_is_off_is_in_the_reports(contract: Contract, tmp_path: Path) -> None:
    result = tried(contract, Choice(("null_is_refused_elsewhere",)))
    write_report(result, tmp_path, Mask())
    data = json.loads((tmp_path / "report.json").read_text())
    assert data["run"]["switched_off"] == list(result.switched_off)
    assert "reads_repeat" in (tmp_path / "report.html").read_text()


def test_the_deep_search_keeps_to_the_choice(contract: Contract) -> None:
    server = target(contract, "status_undeclared")
    chosen = Choice(only=("statuses_are_declared", "null_*"), without=("statuses_*",))
    try:
        result = judge(contract, server, Effort(1, 20), choice=chosen)
    finally:
        server.close()
    assert {each.law for each in result.verdicts} == {Law.NULL}
    assert set(result.engines) == {"laws"}


def test_the_project_switches_rules_off(tmp_path: Path) -> None:
    text = '[tool.tallystick]\nwithout-rules = ["reads_repeat", "null_*"]\n'
    (tmp_path / "pyproject.toml").write_text(text)
    assert configuration(tmp_path).without_rules == ("reads_repeat", "null_*")


@pytest.mark.parametrize("option", ["--rules", "--without"])
def test_an_unknown_rule_on_the_command_line_is_one_line(
    capsys: pytest.CaptureFixture[str], option: str
) -> None:
    line = Line(capsys)
    assert line("test", "http://127.0.0.1:1", "--spec", SHELVES, option, "nul_*") == 2
    assert f"{option}: no rule is named 'nul_*'" in line.refused()


def test_an_unknown_rule_of_the_project_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.tallystick]\nwithout-rules = ["nul_*"]\n')
    monkeypatch.chdir(tmp_path)
    line = Line(capsys)
    assert line("test", "http://127.0.0.1:1", "--spec", SHELVES) == 2
    assert "without-rules: no rule is named 'nul_*'" in line.refused()


def test_the_command_line_tries_what_it_names(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "served.py").write_text(
        "from pathlib import Path\n"
        "from tallystick.contract import build\n"
        "from tallystick.document import load\n"
        "from tallystick_contracts.sandbox import sandbox\n"
        f"app = sandbox(build(load(Path({str(SHELVES)!r}), [])), key={KEY!r})\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    line = Line(capsys)
    names = ("--rules", "null_*", "--without", "null_follows_*")
    code = line("test", "served:app", "--spec", SHELVES, "--key", KEY, "--report", "r", *names)
    assert code == 0, line.out + line.err
    told = json.loads(Path("r/report.json").read_text())
    assert {each["rule"] for each in told["verdicts"]} <= {
        "null_in_a_create_follows_its_convention",
        "null_is_accepted_where_admitted",
        "null_is_refused_elsewhere",
        "no_rule_applies",
    }
    assert "null_follows_its_convention" in told["run"]["switched_off"]
    assert "switched off: " in line.out


def test_a_rehearsal_keeps_to_the_choice(contract: Contract) -> None:
    found = rehearse(contract, choice=Choice(("null_*",)))
    rules = {each.rule for each in found.rows if each.cases}
    assert rules
    assert all(each.startswith("null_") for each in rules)


def test_a_self_check_counts_only_what_is_chosen(contract: Contract) -> None:
    faults = [FAULTS["null_refused"]]
    caught = score(contract, workers=1, faults=faults, choice=Choice(("null_*",)))
    missed = score(contract, workers=1, faults=faults, choice=Choice(("undeclared_*",)))
    assert (caught.caught, missed.caught) == (1, 0)


def test_a_dry_run_tells_what_is_off(capsys: pytest.CaptureFixture[str]) -> None:
    line = Line(capsys)
    assert line("test", "--dry", "--spec", SHELVES, "--without", "reads_repeat") == 0
    assert "switched off: reads_repeat (1 of " in line.out


def test_the_sentence_on_an_empty_update_names_no_member(contract: Contract) -> None:
    rule = "an_empty_update_changes_nothing"
    result = tried(contract, Choice((rule,)), "absent_nulled")
    assert {each.finding.expectation for each in result.broken if each.finding} == {
        "An empty update changes nothing."
    }
