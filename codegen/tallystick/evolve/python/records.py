"""What a comparison of two generated packages says: which public names changed, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from ..records import Severity

PythonKind: TypeAlias = Literal["removed", "changed", "added", "deprecated"]
"""deprecated: it works as before, and says which name took its place."""

PYTHON_KINDS: tuple[PythonKind, ...] = ("removed", "changed", "deprecated", "added")
"""In the order in which they are told."""


@dataclass(frozen=True, slots=True)
class PythonChange:
    """One public name of the generated package that changed."""

    kind: PythonKind
    name: str
    """As people reach it: ``client.things.create``, ``models.Thing.size``, ``Client``."""
    before: str | None
    """Its text in the package before: a signature, an annotation; None where it was not there."""
    after: str | None
    """The same in the package now; of what is deprecated or gone, the name that took its place, if
    one did."""
    severity: Severity
    """breaking: code that was well fails, when it runs or when its types are checked. risky: it
    does neither, and may do something else. compatible: neither."""
    sentence: str
    """What changed, as a person would say it."""

    @property
    def id(self) -> str:
        """Its name in every format."""
        return f"{self.kind}:{self.name}"
