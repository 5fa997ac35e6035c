"""What goes through a sandbox: a call, a reply, an effect; and what is known of each operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pydantic import MISSING

from tallystick.contract import Media, Operation, Resource
from tallystick.document import Json
from tallystick.runtime.operation import Parameter as Wire

from ..lists import Query

Role: TypeAlias = Literal["create", "list", "retrieve", "update", "replace", "delete", "other"]


@dataclass(frozen=True, slots=True)
class Lookup:
    """A path parameter that must name something that exists."""

    parameter: str
    resource: Resource | None
    """The resource whose item it names; None for a thing that the contract cannot create."""
    given: frozenset[str]
    """The values that exist from the start; empty with no resource: any value does."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A parameter whose value is checked."""

    wire: Wire
    """How it travels."""
    schema: str


@dataclass(frozen=True, slots=True)
class Plan:
    """One operation with every decision taken that does not depend on a request."""

    operation: Operation
    role: Role
    resource: Resource | None
    status: int
    """Of the answer when all is well."""
    media: Media | None
    """Of that answer; None for one without a body."""
    body: str | None
    """The schema of the JSON request body."""
    stored: str | None
    """The schema in which the resource's items are kept: that of what a read answers with."""
    initial: frozenset[str]
    """The keys of the resource's items that exist from the start, under every parent."""
    lookups: tuple[Lookup, ...]
    """The things that must exist, outermost first; not the item that a create makes."""
    parameters: tuple[Checked, ...]
    query: Query
    """What may be asked of a list."""
    marks: Mapping[str, str]
    """What the style of a path parameter puts before its value, by name; most put nothing."""

    @property
    def remembers(self) -> bool:
        """Whether it updates something that nothing creates or reads, and tells whether it did."""
        told = self.operation.outcome is not None and self.body is not None
        return told and self.role == "other" and self.operation.method == "PATCH"


@dataclass(frozen=True, slots=True)
class Call:
    """One request, and what has been read of it so far."""

    method: str
    path: str
    """As sent, percent-encoded, without the query."""
    query: tuple[tuple[str, str], ...] = ()
    """As sent, percent-encoded."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """By lower-case name."""
    body: bytes = b""
    plan: Plan | None = None
    arguments: Mapping[str, str] = field(default_factory=dict[str, str])
    """The path parameters, decoded, without the marks of their styles."""
    value: Json | MISSING = MISSING
    """The JSON body."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer before it is bytes."""

    status: int
    value: Json | MISSING = MISSING
    """The JSON body; MISSING for none."""
    media_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    raw: bytes | None = None
    """A body that is not JSON."""


@dataclass(frozen=True, slots=True)
class Version:
    """One state of an item and the time from which it is seen (seconds since the epoch)."""

    since: float
    value: dict[str, Json]


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a collection, its states oldest first; none: it was deleted."""

    collection: str
    parents: tuple[str, ...]
    key: str
    versions: tuple[Version, ...]

    @property
    def latest(self) -> dict[str, Json]:
        """The state last accepted, seen or not."""
        return self.versions[-1].value

    def seen(self, now: float) -> dict[str, Json]:
        """The state that a read shows at ``now``."""
        past = [each for each in self.versions if each.since <= now]
        return (past or self.versions[:1])[-1].value


@dataclass(frozen=True, slots=True)
class Effect:
    """What a call comes to: its answer, and the items as they are from then on."""

    reply: Reply
    changes: tuple[Item, ...] = ()
