"""What can be seen of a contract, and how much of it a run saw: plain records."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias

Way: TypeAlias = Literal["request", "answer"]


class Kind(StrEnum):
    """What sort of choice the contract leaves, in the order in which it is told."""

    STATUS = "status"
    MEDIA_TYPE = "media type"
    HEADER = "header"
    PARAMETER = "parameter"
    BODY = "body"
    MEMBER = "optional member"
    NULL = "null"
    ARRAY = "array"
    VALUE = "value"
    """Of an enum, or of a boolean."""
    BRANCH = "union branch"
    ENTRY = "map entry"
    """A member that only ``additionalProperties`` describes."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One thing that the contract allows, and that a run sees or does not."""

    kind: Kind
    way: Way
    operation: str
    """``POST /v1/things``."""
    pointer: str
    """The JSON Pointer of the clause that allows it."""
    place: str
    """Where: ``/settings/size`` in the body (``*`` for an item), ``query limit``, ``header ETag``."""
    what: str
    """``absent``, ``present``, ``null``, ``not null``, ``empty``, ``not empty``, or a value as JSON."""
    status: str = ""
    """The declared status of the answer in which it stands; empty in a request."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """A sight that no exchange of the run showed, and why that may be."""

    sight: Sight
    reason: str
    under: str = ""
    """Of what it is only a part: the place around it, ``answer 403``, or ``operation``."""


@dataclass(frozen=True, slots=True)
class Share:
    """How much of one kind was seen."""

    kind: Kind
    way: Way
    seen: int
    total: int


@dataclass(frozen=True, slots=True)
class Observation:
    """What a run saw of everything that the contract allows."""

    shares: tuple[Share, ...]
    never: tuple[Unseen, ...]

    @property
    def seen(self) -> int:
        """How many sights were seen."""
        return sum(each.seen for each in self.shares)

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(each.total for each in self.shares)

    @property
    def percent(self) -> float:
        """Of a hundred; a contract that leaves no choice is seen whole."""
        return 100.0 * self.seen / self.total if self.total else 100.0
