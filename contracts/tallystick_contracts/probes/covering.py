"""Covering arrays: few rows in which every two factors meet in every pair of their levels."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from operator import add
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
        left = missing.left()
        found = [_row(factors, missing, left, source) for _ in range(CANDIDATES)]
        best = max(found, key=missing.covered)
        missing.remove(best)
        rows.append(best)
    return rows


Choice: TypeAlias = tuple[str, str]


class _Missing:
    """The pairs that no row has yet: for each choice the set of its partners, as bits."""

    def __init__(self, factors: Sequence[Factor]) -> None:
        self.choices = {f.name: [(f.name, level) for level in f.levels] for f in factors}
        every = [each for choices in self.choices.values() for each in choices]
        self.bit: dict[Choice, int] = {each: 1 << i for i, each in enumerate(every)}
        self.partners: dict[Choice, int] = dict.fromkeys(every, 0)
        self.inner: dict[Choice, list[Factor]] = {}
        """By choice, the factors that it makes active."""
        for factor in factors:
            for outer in factor.within:
                self.inner.setdefault(outer, []).append(factor)
        self.outer = {name for name, _ in self.inner}
        """The factors of which some level makes others active."""
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

    def left(self) -> dict[Choice, int]:
        """How many partners each choice has yet to meet."""
        return {each: partners.bit_count() for each, partners in self.partners.items()}

    def covered(self, row: Row) -> int:
        """How many new pairs a row has, twice."""
        bits = sum(self.bit[each] for each in row.items())
        return sum(self.gain(each, bits) for each in row.items())

    def remove(self, row: Row) -> None:
        """Note the pairs of a row as met."""
        bits = sum(self.bit[each] for each in row.items())
        for each in row.items():
            self.partners[each] &= ~bits

    def first(self, left: Mapping[Choice, int], source: random.Random) -> list[Choice]:
        """A pair to begin with: the choice with most left to meet, and one of its partners."""
        one = _best(left, left.values(), source)
        partners = self.partners[one]
        others = {each: count for each, count in left.items() if partners & self.bit[each]}
        return [one, _best(others, others.values(), source)]


def _best(choices: Iterable[Choice], counts: Collection[int], source: random.Random) -> Choice:
    """Any of those with the greatest count."""
    most = max(counts)
    best = [each for each, count in zip(choices, counts, strict=True) if count == most]
    return best[int(source.random() * len(best))]


def _row(
    factors: Sequence[Factor],
    missing: _Missing,
    left: Mapping[Choice, int],
    source: random.Random,
) -> Row:
    fixed = dict(missing.first(left, source))
    for factor in factors:
        if factor.name in fixed:
            fixed.update(factor.within)
    chosen, bits = dict(fixed), sum(missing.bit[each] for each in fixed.items())
    rest = [each for each in factors if each.name not in fixed]
    rest.sort(key=lambda each: (len(each.within), source.random()))
    for factor in rest:
        if any(chosen.get(name) != level for name, level in factor.within):
            continue
        choices = missing.choices[factor.name]
        gains = [missing.gain(each, bits) for each in choices]
        if factor.name in missing.outer:
            below = (_below(each, missing, left, bits) for each in choices)
            gains = list(map(add, gains, below))
        best = _best(choices, gains, source)
        chosen[factor.name] = best[1]
        bits |= missing.bit[best]
    return {each.name: chosen[each.name] for each in factors if each.name in chosen}


def _below(choice: Choice, missing: _Missing, left: Mapping[Choice, int], row: int) -> int:
    """What may be met by the factors that a choice makes active."""
    below = 0
    for factor in missing.inner.get(choice, ()):
        choices = missing.choices[factor.name]
        below += max(missing.gain(each, row) + (left[each] > 0) for each in choices)
    return below
