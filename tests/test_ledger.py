"""The ledger: every keyword of every schema once, with what the types make of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tallystick.cli import run, tallystick
from tallystick.contract import Contract, build
from tallystick.document import bundle, load, parse
from tallystick.ledger import STANDINGS, Ledger, ledger
from tallystick.models import print_models

ROOT = Path(__file__).parents[1]


def read(document: str) -> tuple[Contract, Ledger]:
    contract = build(load(ROOT / document, []))
    return contract, ledger(contract, print_models(contract))


@pytest.fixture(scope="module")
def hard() -> Ledger:
    return read("tests/models/hard.yaml")[1]


def standing(book: Ledger, pointer: str) -> tuple[str, str]:
    (entry,) = [each for each in book.entries if each.pointer == pointer]
    return entry.standing, entry.reason


@pytest.mark.parametrize("document", ["spec/openapi.yaml", "tests/models/hard.yaml"])
def test_every_keyword_has_one_entry(document: str) -> None:
    contract, book = read(document)
    pointers = [each.pointer for each in book.entries]
    assert len(pointers) == len(set(pointers))
    expected = {
        f"{schema.pointer}/{keyword.replace('~', '~0').replace('/', '~1')}"
        for schema in contract.schemas.values()
        if not isinstance(schema.node, bool)
        for keyword in schema.node
    }
    assert expected <= set(pointers)


def test_the_vendored_contract_loses_nothing() -> None:
    book = read("spec/openapi.yaml")[1]
    assert book.weaker == ()
    assert book.totals["approximated"] == 0


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("#/components/schemas/Presence/properties/rd/default", "represented"),
        ("#/components/schemas/Presence/properties/rd/type", "enforced"),
        ("#/components/schemas/Refused/properties/bad/default", "ignored"),
        ("#/components/schemas/Never/properties/no", "enforced"),
        ("#/components/schemas/Scalars/properties/json", "enforced"),
        ("#/components/schemas/Awkward/description", "represented"),
        ("#/components/schemas/Scalars/properties/word/pattern", "enforced"),
        ("#/components/schemas/Typed/additionalProperties", "enforced"),
    ],
)
def test_a_keyword_stands_as_the_types_hold_it(hard: Ledger, pointer: str, expected: str) -> None:
    assert standing(hard, pointer)[0] == expected


def test_an_annotation_is_no_loss() -> None:
    book = book_of("A: {type: string, format: odd, description: d, readOnly: true}")
    assert [each.pointer for each in book.weaker] == ["#/components/schemas/A/format"]


def test_totals_count_every_entry(hard: Ledger) -> None:
    assert list(hard.totals) == list(STANDINGS)
    assert sum(hard.totals.values()) == len(hard.entries)


def test_its_text_is_the_same_each_time_and_is_json(hard: Ledger) -> None:
    again = read("tests/models/hard.yaml")[1]
    assert again.to_json() == hard.to_json()
    data = json.loads(hard.to_json())
    assert data["totals"] == hard.totals
    assert [each["at"] for each in data["keywords"]] == [each.pointer for each in hard.entries]


def book_of(*schemas: str) -> Ledger:
    listed = "\n".join(f"    {each}" for each in schemas)
    head = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n"
    text = f"{head}{listed}\n"
    contract = build(bundle(parse(text, "api.yaml")))
    return ledger(contract, print_models(contract))


def test_what_references_are_resolved_by_stands_in_the_ledger_all_the_same() -> None:
    book = book_of(
        "B: {$id: 'https://a.example/b', $anchor: b, type: object}",
        "C: {$dynamicAnchor: d, items: {$dynamicRef: '#d'}}",
        "D: {$ref: 'https://a.example/b#b'}",
    )
    reason = "references are resolved by it"
    for keyword in ("B/$id", "B/$anchor", "C/$dynamicAnchor"):
        assert standing(book, f"#/components/schemas/{keyword}") == ("represented", reason)
    found = standing(book, "#/components/schemas/C/items/$dynamicRef")
    assert found == ("enforced", reason)


def test_a_dynamic_reference_that_leads_nowhere_is_left_out_alone() -> None:
    book = book_of(
        "A: {type: object, properties: {a: {$dynamicRef: '#none'}, b: {type: string}}}",
        "B: {$dynamicRef: '#none', type: object, minProperties: 1}",
    )
    for pointer in ("A/properties/a/$dynamicRef", "B/$dynamicRef"):
        found = standing(book, f"#/components/schemas/{pointer}")
        assert found == ("ignored", "no schema has an anchor of this name: any value is valid")
    assert standing(book, "#/components/schemas/A/properties/b/type")[0] == "enforced"
    assert standing(book, "#/components/schemas/B/minProperties")[0] == "enforced"


def test_a_class_that_no_operation_uses_is_held_all_the_same() -> None:
    book = book_of("A: {type: object, properties: {b: {type: string}}}")
    assert standing(book, "#/components/schemas/A/properties") == (
        "enforced",
        "members of the class",
    )


def test_a_dialect_by_which_keywords_may_mean_something_else_is_told() -> None:
    book = book_of(
        "A: {$schema: 'https://a.example/own', type: string}",
        "B: {$schema: 'https://json-schema.org/draft/2020-12/schema', type: string}",
    )
    assert [each.pointer for each in book.weaker] == ["#/components/schemas/A/$schema"]


# --- the allow-list

_LAX = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "paths": {},
    "components": {
        "schemas": {
            "A": {"type": "string", "x-a": 1, "x-b": 2},
            "B/C": {"type": "string", "x-a": 1},
        }
    },
}


def strict(folder: Path, allow: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    (folder / "a.json").write_text(json.dumps(_LAX))
    (folder / "pyproject.toml").write_text(
        f'[tool.tallystick]\nspec = "a.json"\noutput = "out"\npackage = "pkg"\n{allow}'
    )
    code = run(lambda: tallystick(["generate", "--strict"], standalone_mode=False))
    return code, capsys.readouterr().err.splitlines()


def allow(keyword: str, at: str) -> str:
    return f'[[tool.tallystick.allow]]\nkeyword = "{keyword}"\nat = "{at}"\nreason = "known"\n'


_LOST = "ignored: an extension of a vendor, whose meaning we do not know"


@pytest.mark.parametrize(
    ("allowed", "lines"),
    [
        (
            "",
            [
                f"#/components/schemas/A/x-a: {_LOST} (and 1 more of x-a)",
                f"#/components/schemas/A/x-b: {_LOST}",
            ],
        ),
        (allow("x-*", "*"), []),
        (allow("x-a", "#/components/schemas/*") + allow("x-b", "#/components/schemas/A"), []),
        (
            allow("x-a", "#/components/schemas/A"),
            [
                f"#/components/schemas/A/x-b: {_LOST}",
                f"#/components/schemas/B~1C/x-a: {_LOST}",
            ],
        ),
        (
            allow("x-*", "*") + allow("format", "#/p*"),
            [
                'pyproject.toml: nothing is lost that {keyword = "format", at = "#/p*"} allows: remove it'
            ],
        ),
        (
            allow("x-*", "*") + allow("type", "*"),
            [
                'pyproject.toml: nothing is lost that {keyword = "type", at = "*"} allows: remove it',
            ],
        ),
    ],
)
def test_strict_fails_on_what_is_lost_and_on_what_is_allowed_in_vain(
    allowed: str,
    lines: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert strict(tmp_path, allowed, capsys) == (int(bool(lines)), lines)


@pytest.mark.parametrize(
    "entry",
    ['keyword = "a"', 'keyword = "a"\nreason = ""', 'keyword = "a"\nreason = "b"\nwhere = "c"'],
)
def test_an_allowed_loss_needs_a_reason(
    entry: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    code, lines = strict(tmp_path, f"[[tool.tallystick.allow]]\n{entry}\n", capsys)
    assert (code, len(lines)) == (2, 1)
    assert "tool.tallystick.allow.0" in lines[0]


def test_the_list_is_about_the_document_of_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    strict(tmp_path, allow("type", "*"), capsys)
    plain = {**_LAX, "components": {}}
    (tmp_path / "other.json").write_text(json.dumps(plain))
    arguments = ["generate", "other.json", "-o", "o", "--package", "pkg", "--strict"]
    assert run(lambda: tallystick(arguments, standalone_mode=False)) == 0
    capsys.readouterr()
