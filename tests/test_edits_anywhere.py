"""A property: one known edit anywhere in a document is named, that one, and nothing else."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, given, settings

from edits.documents import contract
from edits.grammar import edits
from edits.judging import shown
from edits.naming import names_exactly, told
from edits.places import Spotted
from edits.records import ValueEdit
from tallystick.evolve.compare import compare

_COUNT = int(os.environ.get("TALLYSTICK_EDITS", "60"))
"""How many edits are drawn."""


@settings(
    max_examples=_COUNT,
    deadline=None,
    derandomize=_COUNT == 60,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.nested_given],
)
@given(edits())
def test_an_edit_anywhere_is_named_and_nothing_else(drawn: tuple[ValueEdit, Spotted]) -> None:
    edit, place = drawn
    before, after = contract(place.document(edit.before)), contract(place.document(edit.after))
    there, back = compare(before, after), compare(after, before)
    names_exactly(there, place.named(edit))
    names_exactly(back, place.named(edit, back=True))
    shown(there)
    shown(back)
    for each in (before, after):
        same = compare(each, each)
        assert same.changes == (), told(same)
        assert same.notes == ()
