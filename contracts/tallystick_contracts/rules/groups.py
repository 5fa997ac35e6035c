"""Cases put into groups: within a group they share items and run in order, groups do not interfere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..probes.ground import Ground
from . import RULES
from .rule import Case

_PLACES = {each.name: number for number, each in enumerate(RULES)}

Numbered = tuple[int, Case]
"""A case and its place among those that are tried."""


@dataclass(frozen=True, slots=True)
class Group:
    """Cases which are tried one after the other on a part of the bench of their own."""

    name: str
    apart: bool
    """Whether other groups may be tried at the same time."""
    cases: tuple[Numbered, ...]


def groups(ground: Ground, cases: Sequence[Case]) -> list[Group]:
    """The groups of some cases: the same whatever the order of the cases.

    The cases of one member of one body are together, since they try the same bodies; the others by
    operation and law.
    """
    found: dict[str, list[Numbered]] = {}
    for number, case in enumerate(cases):
        found.setdefault(name_of(case), []).append((number, case))
    return [
        Group(name, _apart(ground, every[0][1]), tuple(_in_order(ground, every)))
        for name, every in found.items()
    ]


def _apart(ground: Ground, case: Case) -> bool:
    return case.rule.apart and not ground.stands_alone(case.spot.operation)


def name_of(case: Case) -> str:
    """The name of the group of a case; the names of created things come from it."""
    spot = case.spot
    what = f"member {spot.place}" if spot.member is not None else f"law {case.rule.law}"
    return f"{spot.operation.key} {what}{'' if case.rule.apart else ' alone'}"


def _in_order(ground: Ground, cases: Iterable[Numbered]) -> list[Numbered]:
    return sorted(cases, key=lambda each: _rank(ground, each[1]))


def _rank(ground: Ground, case: Case) -> tuple[int, str, int, int, str, str]:
    """The place of a case in the plan, told without the plan."""
    spot, rule = case.spot, case.rule
    states = ground.states.of(spot.member) if spot.member is not None else ()
    names = [each.name for each in states]
    state = names.index(spot.state) if spot.state in names else len(names)
    place = _PLACES.get(rule.name, len(_PLACES))
    return place, spot.place, state, spot.order, spot.state, spot.pointer
