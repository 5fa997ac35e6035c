"""Covering arrays: few rows in which every two factors meet in every pair of their levels."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import TypeAlias

Row: TypeAlias = Mapping[str, str]
"""The level of each active factor, by the factor's name."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing that varies."""

    name: str
    levels: tuple[str, ...]
    within: tuple[tuple[str, str], ...] = ()
    """The factors and levels, outermost first, without which this one is not active."""


CANDIDATES = 6
"""Rows tried for each one kept."""


def pairwise(factors: Sequence[Factor], source: random.Random, limit: int = 200) -> list[Row]:
    """Rows that cover every pair of levels of every two factors that can be active together.

    Args:
        factors: an outer factor before the ones within it.
        source: breaks ties; the same source gives the same rows.
        limit: rows after which no more are made.

    Greedy (as in AETG): of several rows, each begun with a pair that no row has and filled factor
    by factor with the level that meets most new ones, the one that covers most is kept.
    """
    missing = _Missing(factors)
    rows: list[Row] = []
    while missing and len(rows) < limit:
        found = [_row(factors, missing, source) for _ in range(CANDIDATES)]
        best = max(found, key=missing.covered)
        missing.remove(best)
        rows.append(best)
    return rows


Choice: TypeAlias = tuple[str, str]


class _Missing:
    """The pairs that no row has yet: for each choice the set of its partners, as bits."""

    def __init__(self, factors: Sequence[Factor]) -> None:
        choices = [(factor.name, level) for factor in factors for level in factor.levels]
        self.bit: dict[Choice, int] = {each: 1 << i for i, each in enumerate(choices)}
        self.partners: dict[Choice, int] = dict.fromkeys(choices, 0)
        self.inner: dict[Choice, list[Factor]] = {}
        """By choice, the factors that it makes active."""
        for factor in factors:
            for outer in factor.within:
                self.inner.setdefault(outer, []).append(factor)
        for one, other in combinations(factors, 2):
            for left, right in product(one.levels, other.levels):
                both = {one.name: left, other.name: right}
                needed = (*one.within, *other.within)
                if all(both.get(name, level) == level for name, level in needed):
                    self.partners[one.name, left] |= self.bit[other.name, right]
                    self.partners[other.name, right] |= self.bit[one.name, left]

    def __bool__(self) -> bool:
        return any(self.partners.values())

    def gain(self, choice: Choice, row: int) -> int:
        """How many new pairs a choice makes with those in ``row``."""
        return (self.partners[choice] & row).bit_count()

    def left(self, choice: Choice) -> int:
        """How many partners a choice has yet to meet."""
        return self.partners[choice].bit_count()

    def covered(self, row: Row) -> int:
        """How many new pairs a row has, twice."""
        bits = sum(self.bit[each] for each in row.items())
        return sum(self.gain(each, bits) for each in row.items())

    def remove(self, row: Row) -> None:
        """Note the pairs of a row as met."""
        bits = sum(self.bit[each] for each in row.items())
        for each in row.items():
            self.partners[each] &= ~bits

    def first(self, source: random.Random) -> list[Choice]:
        """A pair to begin with: the choice with most left to meet, and one of its partners."""
        choices = list(self.bit)
        source.shuffle(choices)
        one = max(choices, key=self.left)
        others = [each for each in choices if self.partners[one] & self.bit[each]]
        return [one, max(others, key=self.left)]


def _row(factors: Sequence[Factor], missing: _Missing, source: random.Random) -> Row:
    fixed = dict(missing.first(source))
    for factor in factors:
        if factor.name in fixed:
            fixed.update(factor.within)
    chosen, bits = dict(fixed), sum(missing.bit[each] for each in fixed.items())
    rest = [each for each in factors if each.name not in fixed]
    source.shuffle(rest)
    rest.sort(key=lambda each: len(each.within))
    for factor in rest:
        if any(chosen.get(name) != level for name, level in factor.within):
            continue
        levels = [(factor.name, level) for level in factor.levels]
        source.shuffle(levels)
        best = max(levels, key=lambda c: missing.gain(c, bits) + _below(c, missing, bits))
        chosen[factor.name] = best[1]
        bits |= missing.bit[best]
    return {each.name: chosen[each.name] for each in factors if each.name in chosen}


def _below(choice: Choice, missing: _Missing, row: int) -> int:
    """What may be met by the factors that a choice makes active."""
    return sum(
        max(
            missing.gain((each.name, level), row) + (missing.left((each.name, level)) > 0)
            for level in each.levels
        )
        for each in missing.inner.get(choice, ())
    )
