"""The catalogue of known edits: true in itself, whole, and named one by one by a comparison."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from edits.documents import contract
from edits.judging import shown
from edits.naming import names_exactly
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
