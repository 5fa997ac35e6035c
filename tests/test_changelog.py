"""The entry that a release has in the CHANGELOG of the generated package, and where it is put."""

from __future__ import annotations

import copy
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from editions import DOCUMENT, files, member, named, renamed_member, shelves
from tallystick.contract import Contract, build
from tallystick.document import load
from tallystick.evolve import (
    KINDS,
    Change,
    Comparison,
    Direction,
    PythonChange,
    Witness,
    severities,
)
from tallystick.evolve.python.api import python_changes
from tallystick.evolve.records import Spot
from tallystick.evolve.release.changelog import changelog_entry
from tallystick.evolve.release.changelog_file import with_entry
from tallystick.evolve.release.verdict import verdict
from tallystick.generate import generate
from tallystick.output import check, write, write_file

DAY = date(2026, 11, 21)
GOLDEN = Path(__file__).parent / "changelog" / "entry.md"


def edited(data: Any) -> Any:
    data["paths"].pop("/shelves/{id}")
    renamed_member(data)
    shelves(data, "get")["parameters"].append(named("sort", required=True))
    member(data, "Shelf", "note")["type"] = ["string", "null"]
    member(data, "Shelf", "state")["enum"].append("broken")
    member(data, "NewShelf", "name").update(maxLength=9)
    shelves(data, "post")["deprecated"] = True
    data["paths"]["/racks"] = {"get": {"responses": {"204": {"description": ""}}}}
    return data


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    path: Path = tmp_path_factory.mktemp("changelog") / "api.json"
    path.write_text(json.dumps(DOCUMENT))
    return build(load(path, []))


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> tuple[PythonChange, ...]:
    folder = tmp_path_factory.mktemp("packages")
    old = files(json.dumps(DOCUMENT), "", folder)
    new = files(json.dumps(edited(copy.deepcopy(DOCUMENT))), old["names.lock"], folder)
    return python_changes(old, new)


def change(
    kind: str, sentence: str, where: str, direction: Direction = "request", **more: Any
) -> Change:
    whom = severities(KINDS[kind], direction)
    at = f"#/components/schemas/{'/properties/'.join(where.split('.'))}" if "." in where else None
    touched = () if at else (where,)
    return Change(
        kind, direction, at, at, touched, whom, sentence, "structure", where=where, **more
    )


SENT = Witness(Spot("POST /shelves", "request body", "request"), {"name": "aaaaaaaaaa"}, "/", "old")
CHANGES = (
    change("operation-removed", "DELETE /shelves/{id} is gone", "DELETE /shelves/{id}"),
    change(
        "bound-narrowed",
        "`maxLength` of `name` is `9` now, there was none",
        "NewShelf.name",
        witnesses=(SENT,),
    ),
    change(
        "required-parameter-added",
        "`sort` in the query of GET /shelves must be given now",
        "GET /shelves",
    ),
    change("null-admitted", "`note` may be null now", "Shelf.note", "response"),
    change("enum-value-added", '`state` may be `"broken"` now', "Shelf.state", "response"),
    change("enum-value-removed", '`state` is `"odd"` no longer', "Shelf.state", "response"),
    change("enum-value-removed", '`state` is `"odd"` no longer', "NewShelf.state", "response"),
    change("type-added", "`size` may be a string now", "Shelf.size", "both"),
    change("security-added", "a credential is asked for now", "POST /shelves"),
    change("default-changed", "absent means `2` for `width` now", "NewShelf.width"),
    change("operation-deprecated", "POST /shelves is deprecated now", "POST /shelves"),
    change("operation-added", "GET /racks is new", "GET /racks"),
)
NOTES = (change("description-changed", "a description is another", "GET /shelves", "both"),)


def test_an_entry_as_it_stands(contract: Contract, python: tuple[PythonChange, ...]) -> None:
    both = Comparison(contract, contract, CHANGES, NOTES)
    made = changelog_entry("2.0.0", DAY, both, python, verdict(both, python))
    assert made == GOLDEN.read_text(encoding="utf-8")


def test_every_kind_has_a_line(contract: Contract) -> None:
    for kind in KINDS:
        for direction in ("request", "response", "both"):
            both = Comparison(
                contract, contract, (change(kind, "It differs", "GET /a", direction),)
            )
            made = changelog_entry("1.0.1", DAY, both, (), verdict(both, ()))
            assert made.count("\n- ") == 1


def test_nothing_is_said_where_nothing_changed(contract: Contract) -> None:
    both = Comparison(contract, contract, ())
    made = changelog_entry("1.0.1", DAY, both, (), verdict(both, ()))
    assert made == (
        "## 1.0.1 - 2026-11-21\n\n"
        "For the package a release of texts and repairs, for the API no change.\n"
    )


@given(st.text(alphabet="`<>[](){}#*_|\\\"'@!-\n\r\u2028\u202ehttps://x ", max_size=30))
def test_no_text_of_a_document_is_read_as_markdown(contract: Contract, text: str) -> None:
    hostile = change("enum-value-added", f"`a` may be `{text}` now", "Shelf.state")
    renamed = PythonChange(
        "changed", "models.A.b", "str", repr(text), "breaking", f"models.A.b is {text} now"
    )
    both = Comparison(contract, contract, (hostile,))
    made = changelog_entry("1.0.1", DAY, both, (renamed,), verdict(both, (renamed,)))
    tokens = MarkdownIt("commonmark").parse(made)
    kinds = {inner.type for each in tokens for inner in (each, *(each.children or ()))}
    assert kinds <= {
        *("heading_open", "heading_close", "paragraph_open", "paragraph_close", "inline", "text"),
        *("bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close"),
        *("strong_open", "strong_close", "code_inline"),
    }
    assert [each.type for each in tokens].count("list_item_open") == 2
    assert [each.type for each in tokens].count("heading_open") == 2
    assert "\u202e" not in made


ENTRY = "## 2.0.0 - 2026-11-21\n\nIt changed.\n"


def test_the_first_entry_makes_the_file() -> None:
    made = with_entry(None, ENTRY)
    assert made.startswith("# Changelog\n\n")
    assert made.endswith(f"\n\n{ENTRY}")
    assert with_entry("\n", ENTRY) == made


def test_the_newest_stands_first_and_the_rest_as_it_was() -> None:
    first = with_entry(None, "## 1.0.0 - 2026-01-01\n\nNew.\n")
    second = with_entry(first, ENTRY)
    head, _, _ = first.partition("## 1.0.0")
    assert second == first.replace("## 1.0.0", f"{ENTRY}\n## 1.0.0")
    assert second.startswith(head)


def test_an_entry_of_the_same_version_stays() -> None:
    once = with_entry(None, ENTRY)
    assert with_entry(once, "## 2.0.0 - 2027-01-01\n\nOther.\n") == once


def test_what_is_unreleased_stays_above() -> None:
    text = "# Ours\n\n## [Unreleased]\n\n- a\n\n## [1.0.0] - 2026-01-01\n\n- b\n"
    assert with_entry(text, ENTRY) == text.replace("## [1.0.0]", f"{ENTRY}\n## [1.0.0]")
    only = "# Ours\n\n## [Unreleased]\n\n- a\n"
    assert with_entry(only, ENTRY) == f"{only}\n{ENTRY}"


def test_a_heading_in_a_block_of_code_is_none() -> None:
    text = "# Ours\n\n```\n## 9.9.9\n```\n\n## 1.0.0\n"
    assert with_entry(text, ENTRY) == text.replace("## 1.0.0", f"{ENTRY}\n## 1.0.0")


def test_the_ends_of_lines_are_those_of_the_file() -> None:
    made = with_entry("# Ours\r\n\r\n## 1.0.0\r\n", ENTRY)
    assert made.count("\n") == made.count("\r\n")


def test_the_file_is_the_reader_s_own(tmp_path: Path) -> None:
    spec = tmp_path / "api.json"
    spec.write_text(json.dumps(DOCUMENT))
    package = generate(spec, package="shelves")
    output = tmp_path / "out"
    write(package.files, output)
    written = with_entry(None, ENTRY)
    write_file(output / "CHANGELOG.md", written)
    assert check(package.files, output) == ()
    fewer = {path: text for path, text in package.files.items() if path != "README.md"}
    write(fewer, output)
    assert not (output / "README.md").exists()
    assert (output / "CHANGELOG.md").read_text() == written
