"""``tallystick rules`` lists what the suite promises, and prints the page of one rule."""

from __future__ import annotations

import io
import json
from pathlib import Path

import click
import pytest
from rich.console import Console

from tallystick.errors import UsageError
from tallystick_contracts.cli.rules import rules
from tallystick_contracts.findings import causes
from tallystick_contracts.report import Mask, print_report, write_report
from tallystick_contracts.report.sarif import sarif
from tallystick_contracts.rules import pages
from tallystick_contracts.rules.catalogue import catalogue
from tallystick_contracts.rules.choice import CLIENT
from tallystick_contracts.verdicts import Finding, Law, Result, Standing, Subject, Verdict


def said(capsys: pytest.CaptureFixture[str], *names: str) -> str:
    assert isinstance(rules, click.Command)
    rules.main(list(names), standalone_mode=False)
    return capsys.readouterr().out


def test_every_rule_is_listed_under_its_law(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys).splitlines()
    assert [line for line in lines if not line.startswith(" ")] == [law.value for law in Law]
    told = {line.split(":")[0].strip() for line in lines if line.startswith(" ")}
    assert told == set(catalogue())


def test_a_pattern_lists_what_it_matches(capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "null_is_*").splitlines()
    assert lines[0] == "null"
    assert all(line.startswith("  null_is_") for line in lines[1:])


def test_one_name_prints_its_page(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "falsy_is_not_absent")
    assert text.startswith("# falsy_is_not_absent\n")
    assert "](" not in text


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(UsageError, match="no rule is named 'reads_repaet'; perhaps reads_repeat"):
        rules.main(["reads_repaet"], standalone_mode=False)


def test_a_rule_behind_the_client_has_the_page_of_the_rule() -> None:
    assert pages.page("reads_repeat" + CLIENT) == pages.page("reads_repeat") != ""
    assert pages.page("of_nobody") == ""


@pytest.mark.parametrize(
    ("declared", "address"),
    [
        (["Documentation, https://docs.example/"], "https://docs.example/rules/reads_repeat.md"),
        (["Source, https://code.example"], ""),
        (None, ""),
    ],
)
def test_a_page_has_an_address_where_the_project_declares_one(
    monkeypatch: pytest.MonkeyPatch, declared: list[str] | None, address: str
) -> None:
    class Metadata:
        def get_all(self, name: str) -> list[str] | None:
            assert name == "Project-URL"
            return declared

    def metadata(name: str) -> Metadata:
        return Metadata()

    monkeypatch.setattr(pages, "metadata", metadata)
    assert pages.address("reads_repeat") == address
    assert pages.address("of_nobody") == ""


@pytest.mark.parametrize(("rule", "has"), [("reads_repeat", True), ("of_nobody", False)])
def test_sarif_holds_the_page(rule: str, has: bool) -> None:
    subject = Subject("GET /things", "#/paths/~1things/get")
    finding = Finding("It is so.", "It is not so.", ())
    verdict = Verdict(rule, Law.READS, subject, Standing.BROKEN, finding=finding)
    result = Result(
        title="T", digest="", target="", seed=1, verdicts=(verdict,), requests=0, seconds=0
    )
    log = json.loads(sarif(result, causes(result), Mask()))
    told = log["runs"][0]["tool"]["driver"]["rules"][0]
    assert told["helpUri"] == f"urn:tallystick:rule:{rule}"
    assert told["help"].get("markdown", "").startswith(f"# {rule}\n") is has
    assert told["help"]["text"] == (f"tallystick rules {rule}" if has else "It is so.")


def test_the_reports_lead_to_the_page(tmp_path: Path) -> None:
    subject = Subject("GET /things", "#/paths/~1things/get")
    finding = Finding("It is so.", "It is not so.", ())
    rule = "reads_repeat" + CLIENT
    verdict = Verdict(rule, Law.READS, subject, Standing.BROKEN, finding=finding)
    result = Result(
        title="T", digest="", target="", seed=1, verdicts=(verdict,), requests=0, seconds=0
    )
    write_report(result, tmp_path, Mask())
    html = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<dd>tallystick rules reads_repeat</dd>" in html
    screen = Console(file=io.StringIO(), width=200)
    print_report(result, screen, Mask())
    assert isinstance(screen.file, io.StringIO)
    assert "what a rule promises: tallystick rules reads_repeat\n" in screen.file.getvalue()
