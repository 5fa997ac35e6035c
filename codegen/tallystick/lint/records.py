"""What a lint is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, Literal, TypeAlias, TypeVar

from ..errors import Location

Severity: TypeAlias = Literal["error", "warning", "info"]
"""``error``: the document breaks a law. ``warning``: a trap for its users. ``info``: advice."""

Judged = TypeVar("Judged")


@dataclass(frozen=True, slots=True)
class Spot:
    """One place that a lint objects to."""

    pointer: str
    what: str
    """One sentence, without a closing full stop."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that a lint objects to, ready to be shown."""

    id: str
    severity: Severity
    where: Location
    pointer: str
    what: str
    """One sentence, without a closing full stop."""
    hint: str
    """What the author of the document can do."""


@dataclass(frozen=True, slots=True)
class Lint(Generic[Judged]):
    """One lint: what it looks for, why, and the function that finds it."""

    id: str
    severity: Severity
    what: str
    """What it objects to, in one sentence."""
    why: str
    """What happens to those who use the document."""
    mend: str
    """The hint of each of its findings."""
    check: Callable[[Judged], Iterator[Spot]]
