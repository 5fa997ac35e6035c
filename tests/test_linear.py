"""Answers to requests at one time fit some order of them, or they do not."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.document import Json
from tallystick_contracts.probes.linear import State, Write, linearizable, observed

A, B = ("a",), ("b",)
START: State = {A: 0, B: 0}
ONE, TWO = Write({A: 1, B: 1}), Write({A: 2, B: 2})


@pytest.mark.parametrize(
    ("end", "fits"),
    [((1, 1), True), ((2, 2), True), ((1, 2), False), ((0, 0), False), ((1, 0), False)],
)
def test_an_item_ends_as_one_order_leaves_it(end: tuple[int, int], fits: bool) -> None:
    assert linearizable(START, [ONE, TWO], [], dict(zip((A, B), end, strict=True))) is fits


@pytest.mark.parametrize(("read", "fits"), [((0, 0), True), ((1, 1), True), ((1, 0), False)])
def test_a_read_between_shows_a_whole_state(read: tuple[int, int], fits: bool) -> None:
    reads: list[State] = [dict(zip((A, B), read, strict=True))]
    assert linearizable(START, [ONE, TWO], reads, {A: 2, B: 2}) is fits


def test_updates_of_different_members_both_stand() -> None:
    writes = [Write({A: 1}), Write({B: 2})]
    assert linearizable(START, writes, [], {A: 1, B: 2})
    assert not linearizable(START, writes, [], {A: 1, B: 0})


def test_what_is_called_unchanged_changed_nothing() -> None:
    writes = [ONE, Write(ONE.sets, unchanged=True)]
    assert linearizable(START, writes, [], ONE.sets)
    assert not linearizable(START, [Write(ONE.sets, unchanged=True)], [], ONE.sets)


def test_one_is_not_true_and_a_double_may_be_an_integer() -> None:
    assert linearizable({}, [Write({A: 1})], [], {A: 1.0})
    assert not linearizable({}, [Write({A: 1})], [], {A: True})


@settings(deadline=None, max_examples=60)
@given(st.lists(st.dictionaries(st.sampled_from([A, B]), st.integers(0, 3)), max_size=4), st.data())
def test_every_history_of_a_correct_server_is_accepted(
    sets: list[dict[tuple[str, ...], Json]], data: st.DataObject
) -> None:
    order = data.draw(st.sampled_from(list(permutations(sets))))
    states: list[dict[tuple[str, ...], Json]] = [{A: 0, B: 0}]
    for each in order:
        states.append({**states[-1], **each})
    reads = data.draw(st.lists(st.sampled_from(states), max_size=3))
    assert linearizable(START, [Write(each) for each in sets], reads, states[-1])


def test_what_an_item_shows_is_taken_by_place() -> None:
    assert observed({"a": {"b": 1}}, [("a", "b")]) == {("a", "b"): 1}
