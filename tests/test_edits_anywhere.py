"""A property: one known edit anywhere in a document is named, that one, and nothing else."""

from __future__ import annotations

import json
import os
import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edits.alike_documents import a_schema, component_renamed, order_of_things, reference_inlined
from edits.documents import contract
from edits.grammar import edits
from edits.judging import shown
from edits.naming import names_exactly, told
from edits.places import Spotted
from edits.records import ValueEdit
from tallystick.evolve import READERS, SEVERITIES, Comparison, Reader
from tallystick.evolve.compare import compare

_COUNT = int(os.environ.get("TALLYSTICK_EDITS", "60"))
"""How many edits are drawn for each test."""


_drawn = settings(
    max_examples=_COUNT,
    deadline=None,
    derandomize=_COUNT == 60,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.nested_given],
)


@_drawn
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


_OTHERWISE = (a_schema, a_schema, component_renamed, reference_inlined, order_of_things)


@_drawn
@given(edits(), st.integers(0, 9999))
def test_an_edit_of_a_document_that_is_written_otherwise_is_named_alone(
    drawn: tuple[ValueEdit, Spotted], seed: int
) -> None:
    """Pointers are others then; and where a reference was inlined, one change is two."""
    edit, place = drawn
    chance = random.Random(seed)
    other = json.loads(json.dumps(place.document(edit.after)))
    for rewrite in chance.choices(_OTHERWISE, k=3):
        rewrite(other, chance)
    before, after = contract(place.document(edit.before)), contract(other)
    for named, said in (
        (place.named(edit), compare(before, after)),
        (place.named(edit, back=True), compare(after, before)),
    ):
        assert {each.kind for each in said.changes} == {named.kind}, told(said)
        directions = sorted(each.direction for each in said.changes)
        both = named.direction == "both" and directions == ["request", "response"]
        assert both or directions == [named.direction], told(said)
        worst = {reader: min(_ranks(said, reader)) for reader in READERS}
        assert worst == {each: SEVERITIES.index(named.severity[each]) for each in READERS}


def _ranks(said: Comparison, reader: Reader) -> list[int]:
    return [SEVERITIES.index(each.severity[reader]) for each in said.changes]
