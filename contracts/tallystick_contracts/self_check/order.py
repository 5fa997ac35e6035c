"""In which order the cases of a plan are tried for a fault, so that most are found by few requests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..rules import Case
from ..verdicts import Law

_FIRST = 40
"""Requests of the first part; each later one has twice as many."""
_HEAVY = 25
"""Requests of a case that comes after the first light one of each rule."""


def parts(plan: Sequence[Case], laws: frozenset[Law], costs: Sequence[int]) -> Iterator[list[Case]]:
    """The plan in parts that grow, each to be tried only if those before found nothing.

    The laws by which the fault may be named come first; of each rule on each operation one case,
    then one from the middle of its members and states, then two between, and so on.

    Args:
        plan: every case, in its own order, which a part keeps.
        laws: of the fault.
        costs: how many requests each case took on the correct sandbox.
    """
    ranks = _ranks(plan)

    def late(number: int) -> tuple[bool, int, int]:
        heavy = costs[number] > _HEAVY
        return plan[number].rule.law not in laws, ranks[number] + heavy, number

    size, part, cost = _FIRST, list[int](), 0
    for number in sorted(range(len(plan)), key=late):
        part.append(number)
        cost += costs[number]
        if cost >= size:
            yield [plan[each] for each in sorted(part)]
            size, part, cost = size * 2, [], 0
    if part:
        yield [plan[each] for each in sorted(part)]


def _ranks(plan: Sequence[Case]) -> dict[int, int]:
    """By number of a case, how late it comes among those of its rule and operation."""
    grouped: dict[tuple[str, str], list[int]] = {}
    for number, case in enumerate(plan):
        grouped.setdefault((case.rule.name, case.spot.subject.operation), []).append(number)
    ranks: dict[int, int] = {}
    for numbers in grouped.values():
        for rank, index in enumerate(_spread(len(numbers))):
            ranks[numbers[index]] = rank
    return ranks


def _spread(count: int) -> list[int]:
    """The numbers below ``count``, each as far as can be from those before: 0, 1/2, 1/4, 3/4."""
    bits = max(1, (count - 1).bit_length())
    mirrored = (int(format(n, f"0{bits}b")[::-1], 2) for n in range(2**bits))
    return [each for each in mirrored if each < count]
