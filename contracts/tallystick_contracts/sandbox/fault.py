"""A switchable fault: one step of the correct behaviour replaced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tallystick.contract import Contract

from ..verdicts import Law
from .world import Behaviour


@dataclass(frozen=True, slots=True)
class Need:
    """What a contract must have so that a fault can show."""

    text: str
    """``a create whose item can be read back``."""
    met: Callable[[Contract], bool] = field(repr=False)

    def __call__(self, contract: Contract) -> bool:
        """Whether the contract has it."""
        return self.met(contract)


def needs(text: str) -> Callable[[Callable[[Contract], bool]], Need]:
    """A predicate on contracts, with what it asks for in words."""
    return lambda met: Need(text, met)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that a server does wrong."""

    name: str
    """``null_refused``."""
    family: str
    sentence: str
    """What the server does, in one sentence."""
    breaks: frozenset[Law]
    """The laws by which a suite may name it; one is enough."""
    install: Callable[[Behaviour], Behaviour] = field(repr=False)
    """The correct behaviour made faulty."""
    applies: Callable[[Contract], bool] = field(repr=False)
    """Whether the contract has what it takes to show it."""

    @property
    def needs(self) -> str:
        """What a contract must have to show it, in words."""
        return self.applies.text if isinstance(self.applies, Need) else "a place where it can show"
