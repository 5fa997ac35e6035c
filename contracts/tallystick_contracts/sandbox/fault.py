"""A switchable fault: one step of the correct behaviour replaced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tallystick.contract import Contract

from ..verdicts import Law
from .world import Behaviour


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
