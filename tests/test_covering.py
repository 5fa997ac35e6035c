"""Covering arrays hold every pair; a sequence is shrunk to what shows the fault."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick_contracts.probes.covering import Factor, pairwise
from tallystick_contracts.probes.shrinking import shortest

LEVELS = ("absent", "null", "value", "falsy")


def factors(sizes: list[int], inner: int) -> list[Factor]:
    found = [Factor(f"f{index}", LEVELS[:size]) for index, size in enumerate(sizes)]
    found.append(Factor("group", ("absent", "given")))
    found += [Factor(f"g{index}", LEVELS, (("group", "given"),)) for index in range(inner)]
    return found


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(1, 4), max_size=6), st.integers(0, 3), st.integers(0, 9))
def test_every_pair_of_levels_that_can_meet_meets_in_some_row(
    sizes: list[int], inner: int, seed: int
) -> None:
    every = factors(sizes, inner)
    rows = pairwise(every, random.Random(seed))
    for one, other in combinations(every, 2):
        for left, right in product(one.levels, other.levels):
            both = {one.name: left, other.name: right}
            needed = (*one.within, *other.within)
            if all(both.get(name, level) == level for name, level in needed):
                assert any(both.items() <= row.items() for row in rows), both


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 4), st.integers(0, 9))
def test_a_member_stands_in_a_row_only_where_its_object_does(inner: int, seed: int) -> None:
    for row in pairwise(factors([2, 2], inner), random.Random(seed)):
        assert any(name.startswith("g") and name != "group" for name in row) <= (
            row["group"] == "given"
        )


def test_seven_members_in_three_states_need_few_rows() -> None:
    every = [Factor(f"f{index}", LEVELS[:3]) for index in range(7)]
    assert len(pairwise(every, random.Random(1))) <= 17


def test_the_same_source_gives_the_same_rows() -> None:
    every = factors([3, 4, 2], 3)
    assert pairwise(every, random.Random(5)) == pairwise(every, random.Random(5))


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 30), min_size=3, max_size=20, unique=True), st.data())
def test_of_a_sequence_only_what_shows_the_fault_is_left(
    whole: list[int], data: st.DataObject
) -> None:
    needed = data.draw(st.lists(st.sampled_from(whole), min_size=1, max_size=2, unique=True))
    found = shortest(whole, lambda part: set(needed) <= set(part), attempts=500)
    assert found == [each for each in whole if each in needed]


def test_shrinking_asks_no_more_than_it_may() -> None:
    asked: list[int] = []

    def never(part: Sequence[int]) -> bool:
        asked.append(len(part))
        return False

    shortest(range(100), never, attempts=10)
    assert len(asked) == 10
