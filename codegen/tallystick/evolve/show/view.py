"""What of a comparison is shown, and to whom: the same for every format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from tallystick.contract import Contract
from tallystick.errors import Location

from ..python.records import PythonChange
from ..records import READERS, SEVERITIES, Change, Comparison, Reader, Severity
from ..release.verdict import Verdict

Worst: TypeAlias = Literal["breaking", "risky", "compatible", "none"]

CLIENTS: tuple[Reader, ...] = ("typed client", "hand-written client")
"""Whom a verdict is about unless somebody asks otherwise: whoever changes a document changes its
server too, and an operation that came is work for the server and harms no client."""


@dataclass(frozen=True, slots=True)
class View:
    """A comparison as it is shown."""

    comparison: Comparison
    readers: tuple[Reader, ...] = CLIENTS
    """Whom the verdict is about."""
    everything: bool = False
    """Whether notes are shown too, and each change by itself."""
    package: tuple[PythonChange, ...] | None = None
    """What changes for those who use the generated package; None where nobody looked."""
    release: Verdict | None = None
    """What is to be released; None where the packages were not compared."""
    folder: Path | None = None
    """Files below it are named relative to it."""

    def severity(self, change: Change) -> Severity:
        """How bad a change is for the worst of the readers that were asked for."""
        return worst_of(change.severity[each] for each in self.readers)

    @property
    def worst(self) -> Worst:
        """The severity of the worst change; ``none`` where there is no change."""
        changes = self.comparison.changes
        return worst_of(self.severity(each) for each in changes) if changes else "none"

    def of(self, severity: Severity) -> tuple[Change, ...]:
        """The changes of one severity, in the order of the comparison."""
        return tuple(c for c in self.comparison.changes if self.severity(c) == severity)

    @property
    def counts(self) -> Mapping[Reader, Counter[Severity]]:
        """How many changes of each severity there are for each reader."""
        changes = self.comparison.changes
        return {reader: Counter(c.severity[reader] for c in changes) for reader in READERS}

    def location(self, contract: Contract, pointer: str) -> Location:
        """Where the node at ``pointer`` was written."""
        found = contract.document.locate(pointer)
        return Location(self.file(found.file), found.line, found.column)

    def file(self, name: str) -> str:
        """The name of a file as it is shown."""
        path = Path(name)
        if self.folder is None or not path.is_relative_to(self.folder):
            return name
        return path.relative_to(self.folder).as_posix()


def worst_of(found: Iterable[Severity]) -> Severity:
    """The worst of some severities, of which there is at least one."""
    order = list(SEVERITIES)
    return order[min(order.index(each) for each in found)]


def met(view: View, fail_on: str) -> bool:
    """Whether the changes are as bad as ``fail_on``: ``breaking``, ``risky``, ``any`` or ``never``."""
    worst = view.worst
    if fail_on == "any":
        return worst != "none"
    return worst in {"breaking": ("breaking",), "risky": ("breaking", "risky")}.get(fail_on, ())
