"""The earlier editions of the vendored contract: each says what its page shows, and no more.

What changed since stands in `history/`, as text and as JSON. To accept what is told now, run the
tests with TALLYSTICK_ACCEPT=1 and read the diff.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from tallystick.contract import Contract, build
from tallystick.document import ROOT as TOP
from tallystick.document import Json, get, join, load, split
from tallystick.evolve import Comparison
from tallystick.evolve.compare import compare
from tallystick.evolve.show import View, diff_json, text_lines

SPEC = Path(__file__).parent.parent / "spec"
HISTORY = SPEC / "history"
LOCK: dict[str, Any] = json.loads((HISTORY / "statements.lock").read_text())
GOLDEN = Path(__file__).parent / "history"
ACCEPT = bool(os.environ.get("TALLYSTICK_ACCEPT"))
EXAMPLE = re.compile(r'(?:"(?P<name>\w+)": )?(?P<value>.*?),?')


@dataclass(frozen=True)
class Edition:
    """An edition, and the page that it was taken from."""

    document: Path
    silent: Path
    page: Path
    sha256: str
    statements: dict[str, list[int] | str]

    @property
    def lines(self) -> list[str]:
        return self.page.read_text().split("\n")

    @property
    def contract(self) -> Contract:
        return build(load(self.document, [self.silent]))


def _edition(entry: dict[str, Any]) -> Edition:
    files = HISTORY / entry["document"], HISTORY / entry["silent"], SPEC / "pages" / entry["page"]
    return Edition(*files, entry["sha256"], entry["statements"])


EDITIONS = [_edition(each) for each in LOCK["editions"]]
each_edition = pytest.mark.parametrize("edition", EDITIONS, ids=lambda each: each.document.stem)


@each_edition
def test_an_edition_names_the_page_it_was_taken_from(edition: Edition) -> None:
    assert hashlib.sha256(edition.page.read_bytes()).hexdigest() == edition.sha256


def test_each_file_of_the_history_stands_in_the_lock() -> None:
    files = {each.name for edition in EDITIONS for each in (edition.document, edition.silent)}
    assert files == {each.name for each in HISTORY.glob("[0-9]*-environments.*")}


@each_edition
def test_each_statement_of_an_edition_has_its_lines(edition: Edition) -> None:
    made = dict(_leaves(dict(load(edition.document).vendored), TOP))
    assert {each for each in made if _stated(edition, each)} == set(made)
    assert not [each for each in edition.statements if not any(m.startswith(each) for m in made)]


@each_edition
def test_the_lines_of_a_statement_say_it(edition: Edition) -> None:
    wrong: list[str] = []
    for pointer, value in _leaves(dict(load(edition.document).vendored), TOP):
        cited = edition.statements.get(pointer)
        if isinstance(cited, list):
            found = [edition.lines[number - 1] for number in cited]
            if not any(_says(line, split(pointer), value) for line in found):
                wrong.append(f"{pointer}: {value!r} is not in {found}")
    assert not wrong


@each_edition
def test_the_samples_of_a_page_are_valid_in_its_edition(edition: Edition) -> None:
    for contract in (build(load(edition.document)), edition.contract):
        request, answer = _schemas(contract)
        samples = list(_samples(edition))
        assert len(samples) == 4  # each page prints its two samples twice
        for sample in samples:
            schema = answer if "created_at" in sample else request
            errors = jsonschema_rs.validator_for(schema, validate_formats=True).iter_errors(sample)
            assert not [str(error) for error in errors]


@each_edition
def test_the_examples_of_an_edition_are_the_samples_of_its_page(edition: Edition) -> None:
    examples = [
        each
        for pointer, each in _examples(dict(load(edition.document).vendored), TOP)
        if split(pointer)[-1] == "example"
    ]
    assert examples == list(_samples(edition))[:2]


@each_edition
def test_the_operation_of_an_edition_is_still_there(edition: Edition) -> None:
    today = build(load(SPEC / "openapi.yaml"))
    now = {(each.method, each.path) for each in today.operations}
    then = {(each.method, each.path) for each in edition.contract.operations}
    assert len(then) == 1
    assert then <= now


@each_edition
def test_what_an_edition_assumes_is_said_today(edition: Edition) -> None:
    """A member that a page says nothing of has the presence and the null that it has today."""
    old, new = edition.contract, build(load(SPEC / "openapi.yaml"))
    for pointer, schema in old.schemas.items():
        today = new.schemas.get(pointer)
        if today is None or not re.fullmatch(r"#/components/schemas/\w+", pointer):
            continue
        now = {each.name: each for each in today.properties}
        for member in schema.properties:
            if member.name in now:
                other = now[member.name]
                nulls = old.schema(member.pointer).nullable, new.schema(other.pointer).nullable
                assert (member.required, nulls[0]) == (other.required, nulls[1])


def compared(edition: Edition) -> Comparison:
    return compare(edition.contract, build(load(SPEC / "openapi.yaml")))


@each_edition
def test_what_changed_since_an_edition_is_told(edition: Edition) -> None:
    view = View(compared(edition), folder=SPEC.parent)
    text = "".join(f"{line.plain}\n" for line in text_lines(view))
    for name, told in (
        (f"{edition.document.stem}.txt", text),
        (f"{edition.document.stem}.json", diff_json(view)),
    ):
        if ACCEPT:
            (GOLDEN / name).write_text(told, encoding="utf-8")
        assert told == (GOLDEN / name).read_text(encoding="utf-8")


def test_the_member_that_moved_is_seen_and_its_old_place_is_accepted_and_ignored() -> None:
    changes = compared(EDITIONS[1]).changes
    asked, told = (
        next(each for each in changes if each.kind == "member-moved" and each.direction == way)
        for way in ("request", "response")
    )
    for each in (asked, told):
        assert each.old
        assert each.new
        assert split(each.old)[-1] == split(each.new)[-1] == "promotion_cleanup_strategy"
        assert "RollingDeployConfigV1" in each.old
        assert "PromotionSettingsV1" in each.new
    assert "accepted and ignored" in asked.sentence
    assert "breaking" not in asked.severity["typed client"]


def _stated(edition: Edition, pointer: str) -> bool:
    return pointer in edition.statements or any(
        pointer.startswith(each + "/") for each in edition.statements if each.endswith("/example")
    )


def _leaves(node: Json, pointer: str) -> Iterator[tuple[str, Json]]:
    """Everything that the document says, each once; an empty list says something too."""
    children = _children(node)
    if not children:
        yield pointer, node
    for key, child in children:
        yield from _leaves(child, join(pointer, key))


def _examples(node: Json, pointer: str) -> Iterator[tuple[str, Json]]:
    for key, child in _children(node):
        if key == "example":
            yield join(pointer, key), child
        else:
            yield from _examples(child, join(pointer, key))


def _children(node: Json) -> list[tuple[str, Json]]:
    if isinstance(node, dict):
        return list(node.items())
    return [(str(at), child) for at, child in enumerate(node)] if isinstance(node, list) else []


def _says(line: str, tokens: tuple[str, ...], value: Json) -> bool:
    """Whether a line of a page says this about the node at ``tokens``."""
    keyword = next(each for each in reversed(tokens) if not each.isdigit())
    if keyword in ("type", "$ref", "default", "examples") and "schemas" in tokens:
        return _shows(line, tokens, keyword, value)
    if keyword in ("enum", "description", "title", "url"):
        return str(value) in line
    if keyword == "format":
        return bool(re.search(r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"', line))
    if keyword == "ApiKeyAuth":  # a scheme without scopes
        return "Api-Key" in line
    words = {"apiKey": "'Api-Key'", "header": "header", "path": "{"}
    return words.get(str(value), str(value)) in line or line.endswith(("{", "}'{"))


def _shows(line: str, tokens: tuple[str, ...], keyword: str, value: Json) -> bool:
    """Whether a line of a sample, or an example in a field table, is a value like this."""
    matched = EXAMPLE.fullmatch(line)
    assert matched
    if line.endswith("}'{"):  # the end of one sample and the beginning of the next
        return value == "object" or keyword == "$ref"
    member = tokens[tokens.index("properties") + 1] if "properties" in tokens else None
    if matched["name"] and member and matched["name"] != member:
        return False
    shown = matched["value"].rpartition(" ")[2]
    if keyword in ("default", "examples"):
        return shown == json.dumps(value)
    if keyword == "$ref" or value == "object":
        return shown.endswith("{") or line == "Show child attributes"
    if value == "array":
        return shown == "["
    if value == "null":
        return shown == "null" or "If null" in line
    kinds = {"string": str, "integer": int, "boolean": bool}
    return shown != "null" and type(json.loads(shown)) is kinds[str(value)]


def _samples(edition: Edition) -> Iterator[Any]:
    """The bodies that a page prints whole: those that begin an object with its name."""
    text = edition.page.read_text()
    for matched in re.finditer(r'\{\n"name": "(staging|<string>)"', text):
        sample, _ = json.JSONDecoder().raw_decode(text, matched.start())
        yield sample


def _schemas(contract: Contract) -> tuple[Any, Any]:
    (operation,) = contract.operations
    assert operation.body
    data = contract.document.data
    media = operation.body.content[0], operation.responses[0].content[0]
    request, answer = (get(data, join(each.pointer, "schema")) for each in media)
    assert isinstance(request, dict)
    assert isinstance(answer, dict)
    shared = {"components": data["components"]}
    return {**request, **shared}, {**answer, **shared}
