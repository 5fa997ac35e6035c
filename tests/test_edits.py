"""The catalogue of known edits: true in itself, whole, and named one by one by a comparison."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from edits.documents import CREATE, SCHEMAS, contract, document, json_body
from edits.judging import shown
from edits.naming import names_exactly, told
from edits.places import LAYERS, Spotted
from edits.records import Node, ValueEdit
from edits.values import VALUE_EDITS
from tallystick.evolve.compare import compare

_LAYER = {layer.name: layer for layer in LAYERS}
_BESIDE: Node = {"type": "boolean"}


def _fits(schema: Node, value: Any) -> bool:
    return jsonschema_rs.validator_for(schema, validate_formats=True).is_valid(value)


@pytest.mark.parametrize("edit", VALUE_EDITS, ids=lambda edit: edit.name)
def test_values_go_and_come_as_the_catalogue_says(edit: ValueEdit) -> None:
    for value in edit.gone:
        assert _fits(edit.before, value)
        assert not _fits(edit.after, value)
    for value in edit.came:
        assert not _fits(edit.before, value)
        assert _fits(edit.after, value)


def _places(edit: ValueEdit) -> list[Spotted]:
    inner = (_LAYER["optional member"],) if "optional" in edit.fits else ()
    others = (_BESIDE,) * len(inner)
    every = [Spotted(spot, inner, others) for spot in ("request", "response", "both", "parameter")]
    return [place for place in every if place.takes(edit)]


_TRIED = [(edit, place) for edit in VALUE_EDITS for place in _places(edit)]


@pytest.mark.parametrize(
    ("edit", "place"), _TRIED, ids=[f"{edit.name} ({place.spot})" for edit, place in _TRIED]
)
def test_an_edit_is_named_there_and_back(edit: ValueEdit, place: Spotted) -> None:
    before, after = contract(place.document(edit.before)), contract(place.document(edit.after))
    there, back = compare(before, after), compare(after, before)
    names_exactly(there, place.named(edit))
    names_exactly(back, place.named(edit, back=True))
    shown(there)
    shown(back)


_CLEANUP: Node = {"type": "string", "enum": ["KEEP", "DROP"]}


_PART: Node = {"$ref": "#/components/schemas/Part"}


def _strategies(moved: bool) -> Node:
    """A member that stands beside a component or in it; another request has the component alone."""
    inside = {"other": {"type": "integer"}, **({"cleanup": _CLEANUP} if moved else {})}
    beside = {"part": _PART, **({} if moved else {"cleanup": _CLEANUP})}
    body = {"type": "object", "properties": beside}
    made = document("request", body, {"Part": {"type": "object", "properties": inside}})
    wrapped = {"type": "object", "properties": {"inner": {"type": "object", "properties": beside}}}
    alone = {"type": "object", "properties": {"part": _PART}}
    for path, schema in (("/wrapped", wrapped), ("/parts", alone)):
        answers = {"204": {"description": "done"}}
        posted = {"requestBody": {"content": json_body(schema)}, "responses": answers}
        made["paths"][path] = {"post": posted}
    return made


def test_a_move_takes_nothing_from_where_nothing_moved() -> None:
    said = compare(contract(_strategies(moved=False)), contract(_strategies(moved=True)))
    found = {(each.kind, each.operations) for each in said.changes}
    assert found == {
        ("member-moved", (CREATE,)),
        ("member-moved", ("POST /wrapped",)),
        ("member-added", ("POST /parts",)),
    }, told(said)


def test_a_change_behind_two_references_is_seen() -> None:
    parts = ({"type": "integer"}, {"type": "integer", "minimum": 1})
    old, new = (
        contract(document("request", _PART, {"Part": {"$ref": f"{SCHEMAS}/End"}, "End": each}))
        for each in parts
    )
    assert [each.kind for each in compare(old, new).changes] == ["bound-narrowed"]


def test_two_values_of_one_enum_are_two_changes() -> None:
    lists = ({"enum": ["a"]}, {"enum": ["a", "b", "c"]})
    old, new = (contract(document("request", each)) for each in lists)
    changes = compare(old, new).changes
    assert [each.kind for each in changes] == ["enum-value-added"] * 2
    assert len({each.id for each in changes}) == 2
