"""The ledger as records, and its text."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from functools import cache

from tallystick.models import Standing

STANDINGS: tuple[Standing, ...] = ("enforced", "represented", "approximated", "ignored")


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one keyword."""

    pointer: str
    """The keyword itself, which a document may leave out where it would say something else."""
    standing: Standing
    reason: str

    @property
    def weaker(self) -> bool:
        """Whether the package promises less than the document."""
        return self.standing in ("approximated", "ignored")


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every keyword of a document, in the order in which it was written."""

    source: str
    entries: tuple[Entry, ...]

    @property
    def totals(self) -> dict[Standing, int]:
        """How many keywords stand how."""
        counted = Counter(entry.standing for entry in self.entries)
        return {standing: counted[standing] for standing in STANDINGS}

    def of(self, *standings: Standing) -> tuple[Entry, ...]:
        """The entries of these standings."""
        return tuple(entry for entry in self.entries if entry.standing in standings)

    @property
    def weaker(self) -> tuple[Entry, ...]:
        """Where the package promises less than the document: what ``--strict`` fails on."""
        return tuple(entry for entry in self.entries if entry.weaker)

    def summary(self) -> str:
        """One line: how many keywords stand how."""
        counts = ", ".join(f"{count} {standing}" for standing, count in self.totals.items())
        return f"ledger: {counts}"

    def to_json(self) -> str:
        """The text of ``ledger.json``: the same for the same contract, one entry a line."""
        lines = ",\n".join(
            f'{{"at": {json.dumps(each.pointer)}, {_told(each.standing, each.reason)}}}'
            for each in self.entries
        )
        entries = f"[\n{lines}\n]" if lines else "[]"
        head = f'"document": {json.dumps(self.source)},\n"totals": {json.dumps(self.totals)}'
        return f'{{\n{head},\n"keywords": {entries}\n}}\n'


@cache
def _told(standing: Standing, reason: str) -> str:
    return f'"is": {json.dumps(standing)}, "why": {json.dumps(reason)}'
