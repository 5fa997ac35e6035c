"""What an answer has that the document does not know: findings, and how they are told.

Exports: ``Drift``, ``Finding``, ``DriftWarning``, ``Trail``, ``trail_of``, ``tell``.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from .errors import printable
from .unknown import Unknown, is_unknown, unknown

__all__ = ["Drift", "DriftWarning", "Finding", "Path", "Trail", "tell", "trail_of"]

Drift: TypeAlias = Literal["strict", "report", "lenient"]
"""What happens to an answer that the document does not know: refused, kept and told, or kept."""

What: TypeAlias = Literal["value", "member", "variant"]

Path: TypeAlias = tuple[str | int, ...]

DIALS: tuple[Drift, ...] = ("strict", "report", "lenient")

_WORDS = {
    "value": "a value that its enum does not list",
    "member": "a member that its object does not declare",
    "variant": "a value that fits no variant of its union",
}
_MOST = 20
_ATTEMPTS = 5_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that has drifted."""

    what: What
    """An enum's value, a closed object's member, or a union's variant."""
    path: Path

    @property
    def pointer(self) -> str:
        """The JSON Pointer of the place in the answer (RFC 6901)."""
        parts = (str(each).replace("~", "~0").replace("/", "~1") for each in self.path)
        return "".join(f"/{part}" for part in parts)


class DriftWarning(UserWarning):
    """An answer has something that the document does not know; it was kept.

    Args:
        text: where and what; never the value.
        operation: method and path template.
        findings: the places, alike but for the index of items; ``pointer`` is the first.
    """

    def __init__(self, text: str, operation: str = "", findings: Sequence[Finding] = ()) -> None:
        super().__init__(text, operation, tuple(findings))
        self.text = text
        self.operation = operation
        self.findings = tuple(findings)

    @property
    def pointer(self) -> str:
        """The JSON Pointer of the first place."""
        return self.findings[0].pointer if self.findings else ""

    def __str__(self) -> str:
        return self.text


class TooMany(Exception):
    """A union in a union in a union: the branches to try have no end."""


@dataclass(slots=True)
class Trail:
    """A lenient reading on its way: where it stands and what it has kept.

    Args:
        allowed: the places that may drift beside the marked values; None: every place.
        wire: whether members have their names on the wire only.
    """

    allowed: frozenset[Path] | None = None
    wire: bool = True
    path: list[str | int] = field(default_factory=list[str | int])
    found: list[Finding] = field(default_factory=list[Finding])
    tries: list[list[Any]] = field(default_factory=list[list[Any]])
    """The branches of the unions that are being read, as far as they were tried."""
    attempts: int = 0

    @contextmanager
    def below(self) -> Generator[None]:
        """Inside, the last part of the path is set by whoever reads a member or item."""
        self.path.append(-1)
        try:
            yield
        finally:
            self.path.pop()

    @contextmanager
    def attempt(self, guess: bool = True) -> Generator[list[Finding]]:
        """What is found inside, which does not count yet.

        Args:
            guess: whether nothing says that this is the branch that is meant.
        """
        self.attempts += guess
        if self.attempts > _ATTEMPTS:
            raise TooMany
        outer, self.found = self.found, []
        try:
            yield self.found
        finally:
            self.found = outer

    def keep(self, what: What, value: object, *more: str | int) -> Unknown | None:
        """``value`` marked as unknown and noted, or None where it must not drift."""
        path = (*self.path, *more)
        marked = value if is_unknown(value) else unknown(value)
        if marked is None or not (is_unknown(value) or self._free(path)):
            return None
        self.found.append(Finding(what, path))
        return marked

    def member(self, value: object, *more: str | int) -> bool:
        """Whether an unknown member may stay; it is noted."""
        path = (*self.path, *more)
        if not (is_unknown(value) or self._free(path)):
            return False
        self.found.append(Finding("member", path))
        return True

    def kept(self) -> Iterator[Path]:
        """The places that have drifted or may."""
        yield from (each.path for each in self.found)
        yield from self.allowed or ()

    def _free(self, path: Path) -> bool:
        return self.allowed is None or path in self.allowed


def trail_of(drift: Drift) -> Trail | None:
    """What notes the findings in an answer; None where it is read strictly."""
    return None if drift == "strict" else Trail()


def tell(
    operation: str, status: int, found: Sequence[Finding], scrub: Callable[[str], str]
) -> None:
    """Warn of the findings in an answer, once for all items of an array.

    Args:
        operation: method and path template.
        scrub: masks credentials, which the name of a member may echo.
    """
    findings = [Finding(each.what, _masked(each.path, scrub)) for each in found]
    alike: dict[tuple[str, Path], list[Finding]] = {}
    for each in findings:
        path = tuple(0 if isinstance(part, int) else part for part in each.path)
        alike.setdefault((each.what, path), []).append(each)
    level = _outside()
    for at, group in enumerate(alike.values()):
        if at == _MOST:
            text = f"{operation}: the answer {status} has drifted at {len(alike) - at} more places"
            warnings.warn(DriftWarning(text, operation, findings), stacklevel=level)
            return
        first = group[0]
        text = (
            f"{operation}: the answer {status} has {_WORDS[first.what]} at {first.pointer or '/'}"
        )
        warnings.warn(DriftWarning(printable(text), operation, group), stacklevel=level)


def _masked(path: Path, scrub: Callable[[str], str]) -> Path:
    return tuple(scrub(part) if isinstance(part, str) else part for part in path)


def _outside() -> int:
    """How far up, seen from ``tell``, the caller of the package stands."""
    package = __name__.rpartition(".runtime.")[0]
    frame, level = sys._getframe(2), 2  # pyright: ignore[reportPrivateUsage]
    while frame.f_back is not None and frame.f_globals.get("__name__", "").startswith(package):
        frame, level = frame.f_back, level + 1
    return level
