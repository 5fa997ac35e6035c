"""What is to be released: major, minor, patch or none, for the wire and for the package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypeVar

from ..kinds import KINDS
from ..python.records import PythonChange
from ..records import Change, Comparison

T = TypeVar("T")

Level: TypeAlias = Literal["major", "minor", "patch", "none"]

LEVELS: tuple[Level, ...] = ("major", "minor", "patch", "none")
"""The greatest first."""

_ABSORBED = frozenset(
    {
        *("operation-moved", "parameter-moved", "parameter-style-changed"),
        *("parameter-media-type-changed", "encoding-changed", "body-media-type-removed"),
        *("server-removed", "server-changed"),
    }
)
"""What breaks a client of the old contract, and not the code that calls the package made anew: it
makes the same call, and the package sends what is asked for now."""


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


def verdict(
    comparison: Comparison,
    python: Sequence[PythonChange] | None = None,
    *,
    same_files: bool = False,
) -> Verdict:
    """What is to be released of a contract, and of the package that is made from it.

    Both are for clients: who implements the contract must follow each of its changes.

    Args:
        comparison: of the two contracts.
        python: the changes of the package; None if it was not made, then it is taken to change as
            the wire does.
        same_files: whether both packages are the same, byte by byte.
    """
    wire: list[tuple[Level, Change]] = [(wire_level(each), each) for each in comparison.changes]
    wire.extend(("patch", each) for each in comparison.notes)
    on_wire = _greatest(wire)
    because: list[Change | PythonChange] = [*_deciding(wire, on_wire)]
    if python is None or same_files:
        return Verdict(on_wire, on_wire if python is None else "none", tuple(because))
    package: list[tuple[Level, Change | PythonChange]] = [(package_level(p), p) for p in python]
    package.extend((_seen(each), each) for _, each in wire)
    of_package = _greatest(package, least="patch")
    told = {id(each) for each in because}
    more = [each for each in _deciding(package, of_package) if id(each) not in told]
    return Verdict(on_wire, of_package, (*because, *more))


def wire_level(change: Change) -> Level:
    """What one change of the contract alone comes to, for who talks HTTP.

    What is deprecated makes a minor release (Semantic Versioning 2.0.0, 7).
    """
    clients = {change.severity["typed client"], change.severity["hand-written client"]}
    if "breaking" in clients:
        return "major"
    if "risky" in clients or change.kind.endswith("-deprecated"):
        return "minor"
    return "patch" if KINDS[change.kind].effect == "noted" else "minor"


def package_level(change: PythonChange) -> Level:
    """What one change of the package's names alone comes to."""
    return "major" if change.severity == "breaking" else "minor"


def _seen(change: Change) -> Level:
    """What of a change of the contract reaches code that calls the package made anew.

    What else an answer may say, that package reads; where its types say so too, that is a change
    of Python. What a request may no longer say, it refuses.
    """
    if change.kind in _SEEN:
        return _SEEN[change.kind]
    severity = change.severity["typed client"]
    if severity == "risky" or change.kind.endswith("-deprecated"):
        return "minor"
    narrows = KINDS[change.kind].effect in ("narrowed", "changed")
    asked = change.direction != "response"
    hits = severity == "breaking" and narrows and asked and change.kind not in _ABSORBED
    return "major" if hits else "patch"


_SEEN: dict[str, Level] = {"operation-id-changed": "patch", "security-scheme-changed": "minor"}
"""Names that changed are a change of Python. The same argument takes a credential, which may be
another one."""


def _greatest(levels: Iterable[tuple[Level, object]], least: Level = "none") -> Level:
    found = [LEVELS.index(least), *(LEVELS.index(level) for level, _ in levels)]
    return LEVELS[min(found)]


def _deciding(levels: Iterable[tuple[Level, T]], decided: Level) -> Iterator[T]:
    return (each for level, each in levels if level == decided)
