"""The changes of one comparison while it runs: equal ones of one shared component become one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic import MISSING

from tallystick.contract import Direction, Operation
from tallystick.document import Json

from ..kinds import KINDS, severities
from ..records import READERS, SEVERITIES, Change, Proof, Witness
from ..values.walk import Values
from .sampled import Sampled
from .words import SUBJECT, WHO, listed, named, told

_WITNESSES = 2
"""How many examples of one change are kept, of each contract."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One change at one operation; ``WHO`` in its sentence stands for the operation."""

    kind: str
    direction: Direction
    old: str | None
    new: str | None
    sentence: str
    where: str = ""
    operation: Operation | None = None
    subject: str = ""
    """What ``SUBJECT`` in the sentence stands for: equal changes of several are one."""
    before: Json | MISSING = MISSING
    after: Json | MISSING = MISSING
    witnesses: tuple[Witness, ...] = ()
    proof: Proof = "structure"

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from other changes."""
        return (self.kind, self.direction, self.old or "", self.new or "")


@dataclass(slots=True)
class Collection:
    """Two contracts, the comparison of their values, and the changes found so far."""

    old: Sampled
    new: Sampled
    values: Values
    drafts: list[Draft] = field(default_factory=list[Draft])
    notes: list[Draft] = field(default_factory=list[Draft])

    def add(self, draft: Draft) -> None:
        """A change of the contract."""
        self.drafts.append(draft)

    def note(self, draft: Draft) -> None:
        """What changes nothing that travels."""
        self.notes.append(draft)

    def order(self) -> dict[str, int]:
        """The place of each operation: as in the new document, those that went after all others."""
        new, old = self.new.contract, self.old.contract
        every = (*new.operations, *new.incoming, *old.operations, *old.incoming)
        names = dict.fromkeys(map(named, every))
        return {name: index for index, name in enumerate(names)}


def merged(drafts: Iterable[Draft]) -> list[Change]:
    """Each change once, with every operation that it touches."""
    groups: dict[tuple[str, ...], list[Draft]] = {}
    for draft in drafts:
        groups.setdefault(draft.key, []).append(draft)
    return [_change(group) for group in groups.values()]


def in_order(changes: Iterable[Change], order: dict[str, int]) -> tuple[Change, ...]:
    """The worst first, for clients before servers, then as in the document, the whole API first."""

    def place(change: Change) -> tuple[int, bool, int]:
        first = min((order.get(each, len(order)) for each in change.operations), default=-1)
        clients = (change.severity[each] for each in READERS if each != "server")
        return SEVERITIES.index(change.worst), change.worst not in clients, first

    return tuple(sorted(changes, key=place))


def _change(group: list[Draft]) -> Change:
    first = group[0]
    operations = tuple(dict.fromkeys(named(each.operation) for each in group if each.operation))
    subjects = list(dict.fromkeys(each.subject for each in group))
    words = told([each.operation for each in group if each.operation])
    sentence = first.sentence.replace(SUBJECT, listed(subjects, "or")).replace(WHO, words)
    more = len(dict.fromkeys(each.where for each in group)) - 1
    witnesses = _witnesses(group)
    return Change(
        kind=first.kind,
        direction=first.direction,
        old=first.old,
        new=first.new,
        operations=operations,
        severity=severities(KINDS[first.kind], first.direction),
        sentence=sentence,
        proof="witness" if witnesses else first.proof,
        before=first.before,
        after=first.after,
        witnesses=witnesses,
        where=first.where + (f" (and {more} more)" if more > 0 else ""),
    )


def _witnesses(group: list[Draft]) -> tuple[Witness, ...]:
    """The first few examples of each contract."""
    every = {repr(witness): witness for each in group for witness in each.witnesses}
    kept: list[Witness] = []
    for side in ("old", "new"):
        kept += [each for each in every.values() if each.valid_in == side][:_WITNESSES]
    return tuple(kept)
