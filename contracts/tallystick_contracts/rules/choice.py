"""Which rules count in a run: those that are asked for, without those that are switched off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase

from tallystick.errors import UsageError

from ..verdicts import Law
from .catalogue import By, with_own

CLIENT = " (client)"
"""What stands behind the name of a rule that is broken through the generated client."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Rules chosen by shell patterns of their names, matched with their case."""

    only: tuple[str, ...] = ()
    """Without any, all."""
    without: tuple[str, ...] = ()
    """Switched off, whatever ``only`` says."""

    def admits(self, rule: str) -> bool:
        """Whether a rule of this name counts."""
        asked = not self.only or matches(rule.removesuffix(CLIENT), self.only)
        return asked and not self.refuses(rule)

    def refuses(self, rule: str) -> bool:
        """Whether a rule of this name is switched off, not merely left unasked."""
        return matches(rule.removesuffix(CLIENT), self.without)

    @property
    def off(self) -> tuple[str, ...]:
        """The names of the rules that do not count."""
        return tuple(name for name in with_own() if not self.admits(name))

    @property
    def laws(self) -> frozenset[Law]:
        """The laws of which some rule counts."""
        return frozenset(each.law for each in with_own().values() if self.admits(each.name))

    @property
    def searches(self) -> bool:
        """Whether drawn requests could break a rule that counts."""
        return any(
            self.admits(each.name)
            for each in with_own().values()
            if each.by in (By.ANSWERS, By.SCHEMATHESIS, By.HYPOTHESIS)
        )


EVERY = Choice()
"""No rule is switched off."""


def choice(only: Sequence[str], without: Sequence[str], configured: Sequence[str] = ()) -> Choice:
    """The rules that a command line and a configuration mean; own checks are loaded before.

    Args:
        only: the patterns of ``--rules``.
        without: those of ``--without``.
        configured: those of ``without-rules`` in ``[tool.tallystick]``.

    Raises:
        UsageError: a pattern is the name of no rule, or no rule is left.
    """
    known(only, "--rules")
    known(without, "--without")
    known(configured, "[tool.tallystick] without-rules")
    found = Choice(tuple(only), (*without, *configured))
    if not any(map(found.admits, with_own())):
        raise UsageError("every rule is switched off")
    return found


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether a name is one of those that shell patterns mean."""
    return any(fnmatchcase(name, each) for each in patterns)


def known(patterns: Iterable[str], where: str) -> None:
    """Refuse a pattern that is the name of no rule, named by where it stands.

    Raises:
        UsageError: there is one.
    """
    names = list(with_own())
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in names):
            near = get_close_matches(pattern, names, 1, 0.7)
            hint = f"perhaps {near[0]}" if near else "docs/rules lists them"
            raise UsageError(f"{where}: no rule is named {pattern!r}", hint=hint)
