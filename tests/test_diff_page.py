"""The list of all kinds of change in docs/diff.md is what the code knows.

``python tests/test_diff_page.py`` writes it anew.
"""

from __future__ import annotations

from pathlib import Path

from comparisons import comparison
from tallystick.evolve import KINDS, READERS, Change, Direction, Kind, severities
from tallystick.evolve.show import View
from tallystick.evolve.show.words import whom

PAGE = Path(__file__).parent.parent / "docs" / "diff.md"
HEAD = "| kind | what changed | in a request | in an answer |\n|---|---|---|---|\n"


def table() -> str:
    """The list of all kinds, in the order of the code."""
    rows = (
        f"| `{kind.name}` | {kind.says} | {grade(kind, 'request')} | {grade(kind, 'response')} |\n"
        for kind in KINDS.values()
    )
    return HEAD + "".join(rows)


def grade(kind: Kind, direction: Direction) -> str:
    """How bad a kind is in one direction, in the words of the text format."""
    found = severities(kind, direction)
    return whom(Change(kind.name, direction, None, None, (), found, "", "structure"), VIEW)


VIEW = View(comparison(), readers=READERS)


def page() -> str:
    """The page as it should be: its prose, and the list of today."""
    return PAGE.read_text(encoding="utf-8").partition(HEAD)[0] + table()


def test_the_page_lists_every_kind_as_the_code_has_it() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python tests/test_diff_page.py"


def test_a_kind_is_graded_in_words() -> None:
    assert grade(KINDS["member-required"], "request") == "breaking for clients"
    assert grade(KINDS["member-required"], "response") == "breaking for servers"
    assert grade(KINDS["default-changed"], "request") == "risky"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
