"""What is to be released: major, minor, patch or none, for the wire and for the package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from .python_records import PythonChange
from .records import Change

Level: TypeAlias = Literal["major", "minor", "patch", "none"]

LEVELS: tuple[Level, ...] = ("major", "minor", "patch", "none")
"""The greatest first."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What two comparisons come to: of the contracts, and of the packages made from them."""

    wire: Level
    """For who talks HTTP: major breaks a client, minor adds or may mean something else, patch is
    texts alone, none is nothing."""
    package: Level
    """For who uses the generated package. Semantic versioning, as ``version.next_version`` reads
    it."""
    because: tuple[Change | PythonChange, ...]
    """The changes that decide: those which alone come to ``wire``, then those for ``package``."""
