"""Which branch of a union a value means that fits none of them: told by constants, else by count.

Exports: ``Told``, ``Try``, ``chosen``, ``told``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from .drift import Finding
from .presence import Model

__all__ = ["Literals", "Told", "Try", "certain", "chosen", "json_kind", "literals", "told"]

Literals: TypeAlias = Mapping[str, frozenset[tuple[str, Any]]]
"""The values of the members that list theirs, by the name on the wire, each with its JSON type."""


@dataclass(frozen=True, slots=True)
class Told:
    """What tells one branch of a union.

    Attributes:
        own: members with one value, and those below; another value is another branch.
        tags: members whose values no other branch shares.
        sure: those of them which every branch has.
    """

    own: Literals
    tags: frozenset[str]
    sure: frozenset[str]

    def means(self, value: object) -> bool | None:
        """Whether ``value`` is of this branch, as far as its members tell."""
        if not isinstance(value, dict):
            return None
        given = cast("dict[str, object]", value)
        fits = {name: _key(given[name]) in own for name, own in self.own.items() if name in given}
        if not all(fits.values()):
            return False
        return True if fits.keys() & self.tags else None


@dataclass(frozen=True, slots=True)
class Try:
    """A branch that was tried: what ``Told`` says, and the value with its findings if it fits."""

    means: bool | None
    fits: bool = False
    made: object = None
    found: Sequence[Finding] = ()


def told(branches: Sequence[Literals]) -> list[Told]:
    """What tells each branch from the others."""
    names = {name for branch in branches for name in branch}
    tags = frozenset(name for name in names if _apart([b[name] for b in branches if name in b]))
    sure = frozenset(name for name in tags if all(name in branch for branch in branches))
    return [
        Told(
            {name: own for name, own in branch.items() if name in tags or len(own) == 1},
            tags & branch.keys(),
            sure,
        )
        for branch in branches
    ]


def certain(signs: Sequence[Told], value: object) -> bool:
    """Whether a tag that every branch has says which one is meant: no other can fit."""
    if not isinstance(value, dict):
        return False
    given = cast("dict[str, object]", value)
    return any(each.sure & given.keys() and each.means(given) for each in signs)


def chosen(tries: Sequence[Try]) -> Try | None:
    """The branch that is meant; None where there is none, or more than one.

    Of those that a tag names, else of those that nothing excludes, the one with the fewest findings.
    """
    named = [each for each in tries if each.means]
    fit = [each for each in named or tries if each.fits]
    fewest = min((len(each.found) for each in fit), default=0)
    best = [each for each in fit if len(each.found) == fewest]
    if len(best) > 1 and any(isinstance(each.made, Model) for each in best):
        return None
    return best[0] if best else None


def named(tries: Sequence[Try]) -> bool:
    """Whether a tag names a branch: then no other thing can be meant."""
    return any(each.means for each in tries)


def json_kind(value: object) -> str:
    """The JSON type of a scalar."""
    match value:
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case _:
            return "other"


def literals(values: Sequence[object]) -> frozenset[tuple[str, Any]]:
    """Values that JSON can tell apart: ``1`` is no ``true``."""
    return frozenset(_key(each) for each in values)


def _key(value: object) -> tuple[str, Any]:
    kind = json_kind(value)
    return kind, None if kind == "other" else value


def _apart(sets: Sequence[frozenset[tuple[str, Any]]]) -> bool:
    return len(sets) > 1 and len(frozenset[tuple[str, Any]]().union(*sets)) == sum(map(len, sets))
