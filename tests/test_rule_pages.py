"""Every rule has a page in docs/rules, and what the code knows of a rule stands there as the code has it.

``python tests/test_rule_pages.py`` writes the head of each page and the tables of the index anew.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tallystick_contracts.findings import severity_of
from tallystick_contracts.rules import RULES as LAWFUL
from tallystick_contracts.rules.catalogue import By, catalogue
from tallystick_contracts.sandbox import FAULTS
from tallystick_contracts.verdicts import Law

TESTS = Path(__file__).parent
PAGES = TESTS.parent / "docs" / "rules"
INDEX = PAGES / "README.md"
RULES = catalogue()
ACTIVE = {each.name: each for each in LAWFUL}
PARTS = ["What it promises", "How it is tried", "A fault that it finds", "How to switch it off"]
NAMED = {
    "sandbox": tomllib.loads((TESTS / "faults_found.toml").read_text(encoding="utf-8")),
    "hand-written bank": tomllib.loads((TESTS / "bank_found.toml").read_text(encoding="utf-8")),
}
FAULT = re.compile(r"\b([Ff])ault `(\w+)` of the\s+(sandbox|hand-written\s+bank)")
LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)")
TABLE = ["| rule | promise | severity |", "|---|---|---|"]


def head(name: str) -> str:
    """The beginning of a page: name, promise, and what the code knows of the rule."""
    rule = RULES[name]
    grade = severity_of(name, rule.law)
    return (
        f"# {name}\n\n{rule.promise}\n\n"
        f"Law: [{rule.law}](README.md#{rule.law}). "
        f"Severity: {grade.severity.word}, {grade.why}.\n{_tried(name, rule.by)}\n"
    )


def _tried(name: str, by: By) -> str:
    if by is By.ANSWERS:
        return "Judged on every answer of a run."
    if by is not By.LAWS:
        return f"Tried by {by}."
    return f"Tried {'beside other cases' if ACTIVE[name].apart else 'alone'}." + (
        " Not repeated to confirm it." if ACTIVE[name].once else ""
    )


def table(law: Law) -> list[str]:
    """The lines of the index that list the rules of a law."""
    rows = [
        f"| [{name}]({name}.md) | {rule.promise} | {severity_of(name, law).severity.word} |"
        for name, rule in RULES.items()
        if rule.law is law
    ]
    return [*TABLE, *rows]


def sections(text: str) -> dict[str, str]:
    """The text below each heading of the second level."""
    parts = re.split(r"^## (.*)\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def anchors(file: Path) -> set[str]:
    """The anchors of the headings of a page."""
    titles = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in titles}


def page(name: str) -> str:
    return (PAGES / f"{name}.md").read_text(encoding="utf-8")


def test_there_is_a_page_for_each_rule_and_none_beside() -> None:
    found = {each.stem for each in PAGES.glob("*.md")} - {"README"}
    assert sorted(found) == sorted(RULES)


@pytest.mark.parametrize("name", RULES)
def test_a_page_says_what_the_code_says(name: str) -> None:
    text = page(name)
    assert text.startswith(head(name))
    assert list(sections(text)) == PARTS
    assert f"`--without {name}`" in " ".join(sections(text)["How to switch it off"].split())


@pytest.mark.parametrize("name", RULES)
def test_a_page_is_short_and_has_something_to_say(name: str) -> None:
    text = page(name)
    assert 22 <= len(text.splitlines()) <= 60
    assert max(map(len, text.splitlines())) <= 130
    assert all(each.strip() for each in sections(text).values())
    shown = re.findall(r"```text\n(.*?)```", sections(text)["A fault that it finds"], re.DOTALL)
    assert len(shown) == 1
    assert re.search(r"^(expected|observed)  ", shown[0], re.MULTILINE)


@pytest.mark.parametrize("name", RULES)
def test_the_fault_of_a_page_is_found_by_its_rule(name: str) -> None:
    for begins, fault, bank in FAULT.findall(page(name)):
        named = NAMED[" ".join(bank.split())]
        assert fault in (FAULTS if bank == "sandbox" else named)
        if begins == "F":
            assert named[fault] == name


def links() -> Iterator[tuple[str, str, str]]:
    for file in sorted(PAGES.glob("*.md")):
        for target, anchor in LINK.findall(file.read_text(encoding="utf-8")):
            yield file.name, target, anchor


def test_every_link_leads_somewhere() -> None:
    for file, target, anchor in links():
        if target.startswith("https://"):
            continue
        there = PAGES / target if target else PAGES / file
        assert there.is_file(), (file, target)
        assert not anchor or anchor in anchors(there), (file, target, anchor)


def test_the_index_lists_every_rule_under_its_law() -> None:
    below = sections(INDEX.read_text(encoding="utf-8"))
    for law in Law:
        listed = [line for line in below[law.value].splitlines() if line.startswith("|")]
        assert listed == table(law)


def test_a_rule_that_names_a_fault_of_the_sandbox_shows_one() -> None:
    shown = {name for name in RULES if any(b == "F" for b, _, _ in FAULT.findall(page(name)))}
    assert set(NAMED["sandbox"].values()) <= shown


def test_the_wheel_holds_the_pages() -> None:
    project = tomllib.loads((TESTS.parent / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["force-include"] == {"docs/rules": "tallystick_contracts/rule_pages"}


def refresh() -> None:
    """Write the heads of the pages and the tables of the index anew."""
    for name in RULES:
        file = PAGES / f"{name}.md"
        if file.exists():
            _, mark, rest = file.read_text(encoding="utf-8").partition("\n## ")
            file.write_text(head(name) + mark + rest, encoding="utf-8")
    text = INDEX.read_text(encoding="utf-8")
    for law in Law:
        found = re.search(rf"(?s)\n## {law.value}\n(?:(?!\n## ).)*?((?:\|[^\n]*\n)+)", text)
        assert found is not None, law
        rows = "".join(f"{line}\n" for line in table(law))
        text = text[: found.start(1)] + rows + text[found.end(1) :]
    INDEX.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    refresh()
