"""The catalogue of edits of what is no schema: each named there and back, and every kind is in it."""

from __future__ import annotations

import pytest

from edits.documents import contract
from edits.judging import shown
from edits.naming import names_exactly, told
from edits.values import VALUE_EDITS
from edits.wire import WIRE_EDITS, WireEdit, patched
from tallystick.evolve import KINDS
from tallystick.evolve.compare import compare
from tallystick.evolve.kinds import NOTED


def test_every_kind_of_change_is_in_the_catalogue() -> None:
    found = {name for edit in VALUE_EDITS for name in (edit.kind, edit.back)}
    found |= {name for edit in WIRE_EDITS for name in (edit.kind, edit.back)}
    assert set(KINDS) - NOTED - found == set()
    assert found - set(KINDS) == set()


@pytest.mark.parametrize("edit", WIRE_EDITS, ids=lambda edit: edit.name)
def test_an_edit_is_named_there_and_back(edit: WireEdit) -> None:
    before, after = map(contract, edit.documents())
    there, back = compare(before, after), compare(after, before)
    names_exactly(there, edit.named())
    names_exactly(back, edit.named(back=True))
    shown(there)
    shown(back)
    assert compare(after, after).changes == ()


def test_a_number_is_one_text_by_its_style_and_as_json() -> None:
    number = {"type": "integer"}
    plain = {"name": "limit", "in": "query", "schema": number}
    as_json = {"name": "limit", "in": "query", "content": {"application/json": {"schema": number}}}
    before, after = (
        contract(patched({"#/paths/~1things/get/parameters/0": each})) for each in (plain, as_json)
    )
    said = compare(before, after)
    assert said.changes == (), told(said)
