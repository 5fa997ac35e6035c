"""What a comparison of two contracts says: changes, whom each breaks, and what shows it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pydantic import MISSING

from tallystick.contract import Contract, Direction
from tallystick.document import Json

__all__ = [
    "READERS",
    "SEVERITIES",
    "Change",
    "Comparison",
    "Direction",
    "Proof",
    "Reader",
    "Severity",
    "Spot",
    "Witness",
]

Reader: TypeAlias = Literal["typed client", "hand-written client", "server"]
"""Who wrote something against the old contract and meets the new one.

The typed client was generated from the old document: it sends what that admits, and decodes
exactly. The hand-written client sends the same, and reads only the members that it knows of. The
server implements the old contract and is asked to claim the new one.
"""
Severity: TypeAlias = Literal["breaking", "risky", "compatible"]
"""breaking: an exchange that was well fails. risky: none fails, and some mean something else, or
a careless reader fails. compatible: neither."""
Proof: TypeAlias = Literal["witness", "structure", "search"]
"""witness: an example shows it. structure: the two value sets were compared whole. search: no
counter-example in the stated number of tries."""

READERS: tuple[Reader, ...] = ("typed client", "hand-written client", "server")
SEVERITIES: tuple[Severity, ...] = ("breaking", "risky", "compatible")
"""The worst first."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where values travel: one body, parameter or header of one operation."""

    operation: str
    """``POST /v1/things``, as the new document has it, or as the old one where it is gone."""
    part: str
    """``request body application/json``, ``answer 200 application/json``, ``query parameter limit``."""
    direction: Direction


@dataclass(frozen=True, slots=True)
class Witness:
    """One value that one contract admits and the other refuses, checked by the validator."""

    spot: Spot
    value: Json
    at: str
    """JSON Pointer into the value: what of it the other contract refuses."""
    valid_in: Literal["old", "new"]

    @property
    def claim(self) -> str:
        """What it shows, in words."""
        return _CLAIMS[self.spot.direction == "response", self.valid_in]


_CLAIMS = {
    (False, "old"): "this request was valid and will be refused",
    (False, "new"): "this request will be valid, and a server of the old contract refuses it",
    (True, "old"): "this answer was valid, and the new contract does not admit it",
    (True, "new"): "this answer will be valid, and a client of the old contract cannot decode it",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the contract."""

    kind: str
    """A key of ``KINDS``."""
    direction: Direction
    old: str | None
    """JSON Pointer into the old document; None where it has nothing of it."""
    new: str | None
    """JSON Pointer into the new document."""
    operations: tuple[str, ...]
    """Whom it touches, in document order; empty where it concerns the whole API."""
    severity: Mapping[Reader, Severity]
    sentence: str
    """What changed, as a person would say it."""
    proof: Proof
    before: Json | MISSING = MISSING
    after: Json | MISSING = MISSING
    tries: int = 0
    """How many values were tried in vain, where an example was looked for: a change that has one for
    one direction of its effect may have none for the other."""
    witnesses: tuple[Witness, ...] = ()
    where: str = ""
    """The place in words: ``POST /v1/things, request body, settings.size``."""

    name: str = ""
    """The member that it is about, where the pointers do not tell."""

    @property
    def id(self) -> str:
        """Its name in every format: the same as long as the kind, the places and the values are."""
        values = [None if v is MISSING else [v] for v in (self.before, self.after)]
        said = json.dumps([self.old, self.new, self.name, *values], sort_keys=True)
        return f"{self.kind}-{self.direction}-{hashlib.sha256(said.encode()).hexdigest()[:10]}"

    @property
    def worst(self) -> Severity:
        """For its worst reader."""
        return min(self.severity.values(), key=SEVERITIES.index)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two contracts, and every change from the one to the other."""

    old: Contract = field(repr=False)
    new: Contract = field(repr=False)
    changes: tuple[Change, ...]
    """Of the contract: the worst first, then in document order."""
    notes: tuple[Change, ...] = ()
    """What changes nothing that travels: texts, examples, names of schemas, order."""
