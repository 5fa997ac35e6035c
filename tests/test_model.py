"""The expected state of an item, computed from the contract."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tallystick.contract import Contract, build
from tallystick.document import load
from tallystick_contracts.probes.ground import ground
from tallystick_contracts.probes.meanings import Meanings
from tallystick_contracts.probes.model import Model, unmoved

SHELVES = Path(__file__).parent / "sandbox_shelves.yaml"


@pytest.fixture(scope="module")
def shelves() -> Contract:
    return build(load(SHELVES, []))


def model(contract: Contract, method: str, path: str) -> Model:
    operation = contract.find(method, path)
    assert operation is not None
    shape = ground(contract, 1).shape(operation)
    assert shape is not None
    return Model(contract, shape)


BEFORE: dict[str, Any] = {"name": "a", "tags": ["x"], "limit": 3, "note": "n"}


@pytest.mark.parametrize(
    ("body", "after", "why"),
    [
        ({"tags": ["y"]}, {"tags": ["y"]}, None),
        ({"tags": ["y"]}, {}, "sent"),
        ({"tags": ["y"]}, {"tags": ["x", "y"]}, "sent"),
        ({"tags": ["y"]}, {"tags": ["y"], "note": "other"}, "unsent"),
        ({"limit": None}, {"limit": None}, None),
        ({"limit": None}, {"limit": 10}, None),
        ({"limit": None}, {}, "null"),
        ({"limit": None}, {"limit": 0}, "null"),
        ({}, {}, None),
        ({}, {"limit": 4}, "unsent"),
    ],
)
def test_an_update_does_what_it_sends_and_nothing_else(
    shelves: Contract, body: dict[str, Any], after: dict[str, Any], why: str | None
) -> None:
    found = model(shelves, "PATCH", "/shelves/{name}").updated(BEFORE, body, {**BEFORE, **after})
    assert [each.why for each in found] == ([why] if why else [])


@pytest.mark.parametrize(
    ("body", "item", "why"),
    [
        ({"name": "a"}, {"name": "a", "tags": ["new"], "limit": 10}, None),
        ({"name": "a"}, {"name": "a", "tags": ["new"], "limit": None}, "default"),
        ({"name": "a", "limit": 0}, {"name": "a", "limit": 10}, "sent"),
        ({"name": "a", "limit": None}, {"name": "a", "limit": None}, None),
        ({"name": "a", "limit": None}, {"name": "a", "limit": 7}, "null"),
    ],
)
def test_a_new_item_shows_what_was_sent_and_its_defaults(
    shelves: Contract, body: dict[str, Any], item: dict[str, Any], why: str | None
) -> None:
    found = model(shelves, "POST", "/shelves").created(body, item)
    assert [each.why for each in found] == ([why] if why else [])


@pytest.mark.parametrize(("limit", "why"), [(3, None), (None, None), (10, None), (0, "null")])
def test_an_undeclared_null_leaves_or_clears_and_does_nothing_else(
    tmp_path: Path, limit: int | None, why: str | None
) -> None:
    text = SHELVES.read_text(encoding="utf-8").replace(", x-tallystick-null: cleared", "")
    (tmp_path / "undeclared.yaml").write_text(text, encoding="utf-8")
    contract = build(load(tmp_path / "undeclared.yaml", []))
    update = model(contract, "PATCH", "/shelves/{name}")
    found = update.updated(BEFORE, {"limit": None}, {**BEFORE, "limit": limit})
    assert [each.why for each in found] == ([why] if why else [])


def test_a_refused_request_changes_nothing() -> None:
    assert unmoved(BEFORE, dict(BEFORE)) == ()
    moved = unmoved(BEFORE, {**BEFORE, "limit": 4})
    assert [(each.place, each.wanted, each.seen) for each in moved] == [(("limit",), 3, 4)]


def test_a_default_left_out_of_an_answer_reads_as_the_default(shelves: Contract) -> None:
    schema = "#/components/schemas/Shelf"
    meanings = Meanings(shelves)
    told = meanings.reading(schema, {"name": "a", "extra": 1})
    assert told == {"name": "a", "tags": ["new"], "limit": 10, "note": "none"}
    assert meanings.reading(schema, {"name": "a", "limit": None, "note": "", "tags": []}) == {
        "name": "a",
        "limit": None,
        "note": "",
        "tags": [],
    }
