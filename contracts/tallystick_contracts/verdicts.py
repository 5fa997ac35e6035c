"""What the suite says: one verdict for each rule and subject, and the finding behind a broken one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tallystick.document import Json

from .exchange import Answer, Log, Request
from .observed import Observation
from .safety import Leftover


class Law(StrEnum):
    """The promises of a contract, in the order of the matrix; each rule belongs to one."""

    PRESENCE = "presence"
    NULL = "null"
    DEFAULTS = "defaults"
    CLOSEDNESS = "closedness"
    TYPES = "types"
    ANSWERS = "answers"
    UPDATES = "updates"
    READS = "reads"
    REFUSALS = "refusals"
    CREDENTIALS = "credentials"
    ROUTING = "routing"


class Standing(StrEnum):
    """What became of a rule on one subject."""

    HELD = "held"
    BROKEN = "broken"
    NOT_APPLICABLE = "not applicable"
    """The contract promises nothing here; the reason says why."""
    NOT_REACHED = "not reached"
    """It could not be tried; the reason says what was in the way. Never the same as held."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a rule is tried on: an operation, and perhaps one member of its body in one state."""

    operation: str
    """``POST /v1/things``."""
    pointer: str
    """The JSON Pointer of the clause in the document."""
    member: str = ""
    """The place in the body as a JSON Pointer without ``#``: ``/settings/size``; ``*`` for an item."""
    state: str = ""
    """``absent``, ``null``, ``default``, ``zero``, ``wrong type: string``, ``unknown sibling``, ..."""


@dataclass(frozen=True, slots=True)
class Step:
    """One exchange of a finding."""

    request: Request
    answer: Answer


class Kind(StrEnum):
    """What a claim looks at."""

    STATUS = "status"
    """The status is one of ``value``: codes, or classes such as ``4XX``."""
    EQUALS = "equals"
    """At ``path`` stands ``value``; with ``*`` in the path, the items of ``value`` one by one."""
    ONE_OF = "one_of"
    """At ``path`` stands one of ``value``, or nothing."""
    NONE_OF = "none_of"
    """At ``path`` stands none of ``value``."""
    SAME = "same"
    """At ``path`` stands what step ``of`` answered at ``of_path``."""
    FITS = "fits"
    """What stands at ``path`` fits the JSON Schema ``value``."""
    LENGTH = "length"
    """At ``path`` stands an array of ``value`` items."""
    LISTED = "listed"
    """Of the items of the answer's list exactly one has ``value`` at ``path``."""
    UNLISTED = "unlisted"
    """No item of the answer's list has ``value`` at ``path``."""
    CHANGED = "changed"
    """At ``path`` stands something other than what step ``of`` answered at ``of_path``."""
    LISTED_SAME = "listed_same"
    """That item, the one with ``value`` at ``path``, has at ``of_path`` what step ``of`` answered."""
    MEDIA_TYPE = "media_type"
    """The media type is one of ``value``."""
    ALLOW = "allow"
    """The header field ``Allow`` names all of ``value``."""
    ACCEPTED = "accepted"
    """Of the steps sent at the same time exactly ``value`` are answered with 2xx."""
    SECRECY = "secrecy"
    """The answer holds no credential."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What the contract says of one answer of a finding: data, so that anybody can check it."""

    kind: Kind
    step: int = -1
    """Which answer, as an index of a sequence; the last one is -1."""
    path: tuple[str, ...] = ()
    """Member names from the top of the answer's body; ``*`` for every item of an array."""
    value: Json = None
    of: int = -1
    of_path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault, told so that it can be mended."""

    expectation: str
    """One sentence: what the contract promises."""
    observation: str
    """One sentence: what the server did."""
    steps: tuple[Step, ...]
    """The shortest exchange that shows it, in order; the last one is the offending answer."""
    claims: tuple[Claim, ...] = ()
    """The expectation as data: all hold on a server without the fault, one at least does not here."""
    together: int = 0
    """How many of the steps were sent at the same time: up to the last one that is no read, or, where
    all of these are reads, the last ones."""
    seen: int = 1
    """How often the fault was seen, of ``tries`` times that it was tried."""
    tries: int = 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement of one rule on one subject."""

    rule: str
    """The rule's name, its promise: ``absent_means_default``."""
    law: Law
    subject: Subject
    standing: Standing
    reason: str = ""
    finding: Finding | None = None
    tried: int = 1
    """How many exchanges judged it."""


@dataclass(frozen=True, slots=True)
class Result:
    """A whole run."""

    title: str
    """The title of the document."""
    digest: str
    target: str
    seed: int
    verdicts: tuple[Verdict, ...]
    requests: int
    seconds: float
    engines: Mapping[str, int] = field(default_factory=dict[str, int])
    """How many requests each part sent: ``laws``, ``schemathesis``, ``hypothesis``."""
    left_out: tuple[str, ...] = ()
    """What the budget did not allow, one sentence each."""
    residue: tuple[Leftover, ...] = ()
    """What was created on the server and is still there."""
    removed: int = 0
    """How many items were created and removed again when the run was over."""
    interrupted: bool = False
    """Whether somebody stopped the run; the verdicts are those reached until then."""
    observed: Observation | None = None
    """What was seen of everything that the contract allows, where somebody looked on."""
    log: Log = field(default_factory=Log, repr=False)
    """The exchanges of the run."""
    switched_off: tuple[str, ...] = ()
    """The rules that do not count, by name."""

    @property
    def broken(self) -> tuple[Verdict, ...]:
        """The verdicts that found a fault."""
        return tuple(each for each in self.verdicts if each.standing is Standing.BROKEN)

    @property
    def holds(self) -> bool:
        """Whether something was tried and nothing was broken."""
        tried = any(each.standing is Standing.HELD for each in self.verdicts)
        return tried and not self.broken
