"""What a contract allows: every sight of every operation, and the compiled nodes that tell them."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from tallystick.contract import (
    Contract,
    Media,
    Operation,
    Parameter,
    Property,
    Response,
    Schema,
)
from tallystick.document import Json, join

from .branches import Branches
from .nodes import Choice, Member, Node, Place
from .records import Kind, Sight, Way

_NULL = frozenset({"null"})
LIMIT = 100_000
"""Sights beyond which a schema is watched once for all operations that use it."""
_ANYTHING = 7
"""As many types as JSON has: a schema that says nothing of the type leaves no choice to watch."""


class TooMany(Exception):
    """A contract has more sights than can be kept for each operation of its own."""


@dataclass(slots=True)
class Answers:
    """What may be seen of the answers under one declared status."""

    status: int
    media: dict[str, int]
    """By media type, lower case, without parameters."""
    headers: dict[str, int]
    """By lower-case name."""
    body: Place | None


@dataclass(slots=True)
class Asked:
    """What may be seen of one parameter outside of the path, or of the values of one in it."""

    parameter: Parameter
    present: int | None
    absent: int | None
    values: Mapping[str, int]
    """By the text of the value."""


@dataclass(slots=True)
class Watched:
    """Everything that may be seen of one operation."""

    operation: Operation
    parameters: list[Asked]
    media: dict[str, int]
    bare: int | None
    """No body."""
    clothed: int | None
    """A body, where it may be left out."""
    body: Place | None
    answers: dict[str, Answers]
    """By declared status."""


@dataclass(slots=True)
class Allowed:
    """All sights, and for each operation what tells them."""

    sights: list[Sight]
    operations: dict[str, Watched]
    """By pointer."""


def allowed(contract: Contract, limit: int = LIMIT) -> Allowed:
    """Everything that can be seen of a contract, which depends on nothing else.

    A schema is watched for each operation that uses it, in each direction. Where that comes to
    more than ``limit`` sights, as in documents in which every schema leads to every other, it is
    watched once in each direction, under the first operation that uses it.
    """
    try:
        return _Compiler(contract, shared=False, limit=limit).compiled()
    except TooMany:
        return _Compiler(contract, shared=True).compiled()


@dataclass(frozen=True, slots=True)
class _Scope:
    """For whom a schema is being compiled."""

    way: Way
    operation: str
    status: str

    def sight(self, kind: Kind, pointer: str, place: str, what: str) -> Sight:
        return Sight(kind, self.way, self.operation, pointer, place, what, self.status)


@dataclass(slots=True)
class _Compiler:
    contract: Contract
    shared: bool
    limit: int | None = None
    sights: list[Sight] = field(default_factory=list[Sight])
    _branches: Branches = field(init=False)
    _nodes: dict[tuple[str, Way, str, bool], Node] = field(
        default_factory=dict[tuple[str, Way, str, bool], Node]
    )
    _places: dict[tuple[str, Way, str], Place] = field(
        default_factory=dict[tuple[str, Way, str], Place]
    )
    _todo: deque[tuple[_Scope, Schema, str, bool, Node]] = field(
        default_factory=deque[tuple[_Scope, Schema, str, bool, Node]]
    )

    def __post_init__(self) -> None:
        self._branches = Branches(self.contract)

    def compiled(self) -> Allowed:
        made: dict[str, Watched] = {}
        for operation in self.contract.operations:
            made[operation.pointer] = self._operation(operation)
            while self._todo:
                self._fill(*self._todo.popleft())
        return Allowed(self.sights, made)

    def _new(self, sight: Sight) -> int:
        self.sights.append(sight)
        if self.limit is not None and len(self.sights) > self.limit:
            raise TooMany
        return len(self.sights) - 1

    # --- operations ------------------------------------------------------------------------

    def _operation(self, operation: Operation) -> Watched:
        scope = _Scope("request", operation.key, "")
        body = operation.body
        optional = body is not None and not body.required
        pointer = body.pointer if body else ""
        media = body.json if body else None
        return Watched(
            operation,
            [self._parameter(scope, each) for each in operation.parameters],
            self._media(scope, body.content if body else ()),
            self._new(scope.sight(Kind.BODY, pointer, "", "absent")) if optional else None,
            self._new(scope.sight(Kind.BODY, pointer, "", "present")) if optional else None,
            self._place(scope, media.schema, "") if media and media.schema else None,
            {each.status: self._answers(operation, each) for each in operation.responses},
        )

    def _parameter(self, scope: _Scope, parameter: Parameter) -> Asked:
        place = f"{parameter.location} {parameter.name}"

        def new(what: str) -> int:
            return self._new(scope.sight(Kind.PARAMETER, parameter.pointer, place, what))

        # The parts of an exploded object stand under names of their own.
        core = self.contract.core(parameter.schema)
        free = not parameter.required and not ("object" in core.types and parameter.explode)
        words = core.enum if core.enum and len(core.enum) > 1 else ()
        return Asked(
            parameter,
            new("present") if free else None,
            new("absent") if free else None,
            {_text(word): new(_text(word)) for word in words if word is not None},
        )

    def _answers(self, operation: Operation, response: Response) -> Answers:
        scope = _Scope("answer", operation.key, response.status)
        pointer = join(operation.pointer, "responses", response.status)
        media = response.json
        return Answers(
            self._new(scope.sight(Kind.STATUS, pointer, "", response.status)),
            self._media(scope, response.content),
            {
                h.name.lower(): self._new(
                    scope.sight(Kind.HEADER, h.pointer, f"header {h.name}", "present")
                )
                for h in response.headers
            },
            self._place(scope, media.schema, "") if media and media.schema else None,
        )

    def _media(self, scope: _Scope, content: tuple[Media, ...]) -> dict[str, int]:
        """The media types, where there is a choice."""
        told = content if len(content) > 1 else ()
        return {
            _essence(each.media_type): self._new(
                scope.sight(Kind.MEDIA_TYPE, each.pointer, "", each.media_type)
            )
            for each in told
        }

    # --- schemas ---------------------------------------------------------------------------

    def _unit(self, scope: _Scope) -> str:
        return "" if self.shared else scope.operation

    def _place(self, scope: _Scope, pointer: str, place: str) -> Place:
        key = self._unit(scope), scope.way, pointer
        found = self._places.get(key)
        if found is None:
            schema = self.contract.schema(pointer)
            found = Place(self._node(scope, self.contract.core(pointer), place))
            if schema.nullable and schema.types != _NULL and len(schema.types) < _ANYTHING:
                found.null = self._new(scope.sight(Kind.NULL, pointer, place, "null"))
                found.some = self._new(scope.sight(Kind.NULL, pointer, place, "not null"))
            self._places[key] = found
        return found

    def _node(self, scope: _Scope, core: Schema, place: str, part: bool = False) -> Node:
        key = self._unit(scope), scope.way, core.pointer, part
        found = self._nodes.get(key)
        if found is None:
            found = self._nodes[key] = Node()
            self._todo.append((scope, core, place, part, found))
        return found

    def _fill(self, scope: _Scope, core: Schema, place: str, part: bool, node: Node) -> None:
        """Fill the node of a schema; ``part`` is one of ``allOf``, whose members its owner has."""
        self._values(scope, core, place, node)
        if not part:
            node.members = [
                self._member(scope, each, place)
                for each in core.properties
                if not (each.read_only if scope.way == "request" else each.write_only)
            ]
            node.names = frozenset(each.name for each in core.properties)
        if isinstance(core.additional, str):
            pointer = core.additional
            node.entry = self._new(scope.sight(Kind.ENTRY, pointer, f"{place}/*", "present"))
            node.entries = self._place(scope, pointer, f"{place}/*")
        if "array" in core.types and core.items is not None:
            self._array(scope, core, place, node)
        self._union(scope, core, place, node)
        for pointer in core.parts:
            node.parts.append(self._node(scope, self.contract.core(pointer), place, part=True))

    def _values(self, scope: _Scope, core: Schema, place: str, node: Node) -> None:
        words = core.enum or ()
        if not words and "boolean" in core.types and len(core.types) < _ANYTHING:
            words = () if core.branches else (False, True)
        told = [each for each in words if each is None or isinstance(each, str | int | float)]
        told = [each for each in told if each is not None]
        if len(told) < 2:
            return
        for word in told:
            sight = scope.sight(Kind.VALUE, core.pointer, place, _json(word))
            node.values[isinstance(word, bool), word] = self._new(sight)

    def _member(self, scope: _Scope, member: Property, place: str) -> Member:
        here = f"{place}/{member.name}"
        required = member.required_in("request" if scope.way == "request" else "response")
        present = absent = None
        if not required:
            present = self._new(scope.sight(Kind.MEMBER, member.pointer, here, "present"))
            absent = self._new(scope.sight(Kind.MEMBER, member.pointer, here, "absent"))
        return Member(member.name, present, absent, self._place(scope, member.pointer, here))

    def _array(self, scope: _Scope, core: Schema, place: str, node: Node) -> None:
        written = core.node
        least = written.get("minItems") if isinstance(written, Mapping) else None
        most = written.get("maxItems") if isinstance(written, Mapping) else None
        if not least and most != 0:
            node.empty = self._new(scope.sight(Kind.ARRAY, core.pointer, place, "empty"))
            node.filled = self._new(scope.sight(Kind.ARRAY, core.pointer, place, "not empty"))
        if core.items is not None:
            node.items = self._place(scope, core.items, f"{place}/*")

    def _union(self, scope: _Scope, core: Schema, place: str, node: Node) -> None:
        branches = [each for each in core.branches if self.contract.target(each).types != _NULL]
        tests = self._branches.tests(branches, scope.way)
        for pointer, fits in zip(branches, tests, strict=True):
            inner = self._node(scope, self.contract.core(pointer), place)
            if len(branches) == 1:
                node.parts.append(inner)
                continue
            schema = self.contract.schema(pointer)
            name = schema.ref.rpartition("/")[2] if schema.ref else pointer.rpartition("/")[2]
            sight = self._new(scope.sight(Kind.BRANCH, pointer, place, name))
            node.choices.append(Choice(sight, fits, inner))


def _essence(media_type: str) -> str:
    return media_type.split(";")[0].strip().lower()


def _text(value: Json) -> str:
    return value if isinstance(value, str) else _json(value)


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False)
