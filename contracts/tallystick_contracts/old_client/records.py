"""What is told of an old client: by operation, how its calls went and what troubles it meets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..verdicts import Step

Kind: TypeAlias = Literal[
    "refused", "unreadable", "different", "may be refused", "may be unreadable"
]
"""refused: the server takes a request no longer. unreadable: the client raises on an answer.
different: the client gives back a value, and an old promise about it is broken. Those that may be
are examples of the comparison, which the client sends or cannot read; no call met one."""
_MAY_BE = frozenset({"may be refused", "may be unreadable"})


@dataclass(frozen=True, slots=True)
class Trouble:
    """One way in which the old client fails, with the shortest exchange that shows it."""

    kind: Kind
    sentence: str
    steps: tuple[Step, ...]
    """In order; the last one is the offending answer."""
    seen: int = 1
    """How many calls showed it."""


@dataclass(frozen=True, slots=True)
class Use:
    """What users of the old client see of one operation."""

    operation: str
    """``POST /v1/things``."""
    name: str
    """How Python calls it: ``things.create``."""
    calls: int
    """How often its method was called."""
    taken: int
    """How many of the calls the server took."""
    troubles: tuple[Trouble, ...]

    @property
    def fails(self) -> bool:
        """Whether a call did not go as it did before."""
        return any(each.kind not in _MAY_BE for each in self.troubles)

    @property
    def works(self) -> bool:
        """Whether calls were taken, every one went as it did before, and none is known to fail."""
        return bool(self.taken) and not self.troubles


@dataclass(frozen=True, slots=True)
class Uses:
    """What users of the old client see."""

    operations: tuple[Use, ...]
    """Every operation of the old contract, in its order."""
    calls: int
    seconds: float
    left_out: tuple[str, ...]
    """What the budget did not allow."""
    interrupted: bool = False
