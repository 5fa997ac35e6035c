"""What cannot be told from a document, and the overlay note that would decide each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tallystick.contract import Contract, Operation, Parameter, Property, Resource
from tallystick.document import Json, get, join

from ..probes.ground import Ground, Shape, ground
from ..verdicts import Law
from .fragment import action, target

_SAME = re.compile(r"un_?changed|same|no_?op|no_?change|not_?modified", re.IGNORECASE)
_BUDGET = 30
"""Seconds that are proposed for an asynchronous update."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that the document leaves open."""

    note: str
    """``x-tallystick-null``, ..., or ``get`` and ``responses`` for a plain overlay action."""
    pointer: str
    """Of the node in which the note stands."""
    target: str
    """The same as JSONPath."""
    update: Json
    """What the overlay action writes there: a proposal."""
    sentence: str
    """What cannot be told."""
    choice: str
    """What to decide before it is pasted."""
    laws: frozenset[Law]
    """Whose rules say more once it is decided."""
    operations: tuple[str, ...] = field(default=())

    @property
    def action(self) -> dict[str, Json]:
        """The overlay action."""
        return action(self.target, self.update, f"{self.sentence} {self.choice}".strip())


def questions(contract: Contract, seed: int = 1) -> tuple[Question, ...]:
    """Everything that a document leaves open and an overlay could decide, each node once."""
    asker = _Asker(contract, ground(contract, seed))
    found: dict[tuple[str, str], Question] = {}
    for each in asker.all():
        found.setdefault((each.note, each.pointer), each)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class _Asker:
    contract: Contract
    ground: Ground

    def all(self) -> Iterator[Question]:
        for operation in self.contract.operations:
            for parameter in operation.parameters:
                yield from self._given(operation, parameter)
        for resource in self.contract.resources:
            yield from self._identifies(resource)
            yield from self._read(resource)
        for shape in self.ground.bodied:
            if self.ground.role(shape.operation) == "update":
                yield from self._nulls(shape)
                yield from self._poll(shape.operation)
                yield from self._outcome(shape.operation)
        yield from self._security()
        for operation in self.contract.operations:
            yield from self._refusals(operation)

    def _ask(
        self,
        note: str,
        pointer: str,
        value: Json,
        sentence: str,
        choice: str,
        *laws: Law,
        operations: tuple[str, ...] = (),
        update: Json = None,
    ) -> Question:
        path = target(pointer, self.contract.document.data)
        told = {note: value} if update is None else update
        return Question(note, pointer, path, told, sentence, choice, frozenset(laws), operations)

    # --- ids -------------------------------------------------------------------------------

    def _given(self, operation: Operation, parameter: Parameter) -> Iterator[Question]:
        if parameter.location != "path" or not parameter.made_up:
            return
        upto = operation.path.partition("{" + parameter.name + "}")[0] + "{" + parameter.name + "}"
        if any(each.item == upto and each.create for each in self.contract.resources):
            return
        yield self._ask(
            "x-tallystick-given",
            parameter.pointer,
            self._two(parameter),
            f"Which ids exist for {{{parameter.name}}} is not said, and no operation creates them.",
            "Write two that exist, or name them with --given.",
            *Law,
            operations=self._with(parameter),
        )

    def _two(self, parameter: Parameter) -> Json:
        """Two values of the right type, as an example of what to write."""
        candidates = [*parameter.given, *self.ground.samples.several(parameter.schema)]
        fitting = [v for v in candidates if self.ground.oracle.fits(parameter.schema, v)]
        return [v for i, v in enumerate(fitting) if v not in fitting[:i]][:2]

    def _with(self, parameter: Parameter) -> tuple[str, ...]:
        return tuple(
            each.key
            for each in self.contract.operations
            if any(p.pointer == parameter.pointer for p in each.parameters)
        )

    def _identifies(self, resource: Resource) -> Iterator[Question]:
        read = self._first(resource.retrieve, resource.update, resource.replace, resource.delete)
        parameter = read.parameter(resource.parameter or "", "path") if read else None
        if resource.key is not None or read is None or parameter is None:
            return
        names = [each.name for each in self._shown(resource)]
        yield self._ask(
            "x-tallystick-identifies",
            parameter.pointer,
            names[0] if names else "id",
            f"Which member of the item {{{parameter.name}}} is cannot be told from its name.",
            f"One of {', '.join(names[:8])}." if names else "Name the member.",
            Law.READS,
            Law.UPDATES,
            Law.DEFAULTS,
            operations=(read.key,),
        )

    def _shown(self, resource: Resource) -> list[Property]:
        """The members of an item that may name it, the required ones first."""
        for operation in map(self._first, (resource.retrieve, resource.create, resource.update)):
            schema = self.ground.answer_schema(operation) if operation else None
            if schema is not None:
                every = [
                    each
                    for each in self.contract.core(schema).properties
                    if self.contract.schema(each.pointer).types & {"string", "integer"}
                ]
                return sorted(every, key=lambda each: not each.required)
        return []

    def _first(self, *pointers: str | None) -> Operation | None:
        return next((self.contract.operation(each) for each in pointers if each), None)

    # --- what a read shows -----------------------------------------------------------------

    def _read(self, resource: Resource) -> Iterator[Question]:
        """An item that can be made or changed and never be read."""
        change = self._first(resource.update, resource.replace, resource.create)
        if resource.retrieve or resource.item is None or change is None:
            return
        item = self._first(resource.update, resource.replace, resource.delete)
        maker = self._first(resource.create, resource.update, resource.replace)
        schema = self.ground.answer_schema(maker) if maker else None
        if item is None or schema is None:
            return
        node = self.contract.schema(schema).node
        shown: Json = dict(node) if isinstance(node, Mapping) else {}
        answer: Json = {"application/json": {"schema": shown}}
        pointer = item.pointer.rpartition("/")[0]
        ok: Json = {"description": "The item.", "content": answer}
        yield self._ask(
            "get",
            pointer,
            None,
            f"No operation reads {resource.item}, so no effect of {change.key} can be seen.",
            "Is there such a read? Then this is it; correct its answer.",
            Law.READS,
            Law.UPDATES,
            Law.DEFAULTS,
            Law.NULL,
            operations=(change.key,),
            update={"get": {"responses": {"200": ok, **_refusals(item)}}},
        )

    # --- updates ---------------------------------------------------------------------------

    def _nulls(self, shape: Shape) -> Iterator[Question]:
        for member in shape.members:
            declared, schema = member.declared, self.contract.schema(member.pointer)
            node = get(self.contract.document.data, member.pointer)
            if not schema.nullable or declared.null is not None or not isinstance(node, dict):
                continue
            if len(schema.types) == 7 or member.pointer.endswith("/items"):
                continue
            yield self._ask(
                "x-tallystick-null",
                member.pointer,
                "unchanged",
                f"What null does to {member.place} in {shape.operation.key} is not said.",
                "unchanged, cleared or refused.",
                Law.NULL,
                operations=(shape.operation.key,),
            )

    def _poll(self, operation: Operation) -> Iterator[Question]:
        later = operation.success is not None and operation.success.status == "202"
        read = self.ground.read_of(operation)
        if operation.poll is not None or read is None or not later:
            return
        value: Json = {"read": read.path, "budget-seconds": _BUDGET}
        yield self._ask(
            "x-tallystick-poll",
            operation.pointer,
            value,
            f"{operation.key} answers 202: how soon a read shows its effect is not said.",
            "Write the seconds.",
            Law.UPDATES,
            Law.NULL,
            Law.DEFAULTS,
            operations=(operation.key,),
        )

    def _outcome(self, operation: Operation) -> Iterator[Question]:
        schema = self.ground.answer_schema(operation)
        read = self.ground.read_of(operation)
        shown = self.ground.answer_schema(read) if read else None
        if operation.outcome is not None or schema is None:
            return
        if shown and self.contract.core(shown).pointer == self.contract.core(schema).pointer:
            return
        for member in self.contract.core(schema).properties:
            words = [w for w in self.contract.core(member.pointer).enum or () if isinstance(w, str)]
            if len(words) < 2:
                continue
            same: list[Json] = [word for word in words if _SAME.search(word)]
            rest: list[Json] = [word for word in words if word not in same]
            value: Json = {"member": member.name, "unchanged": same, "accepted": rest}
            yield self._ask(
                "x-tallystick-outcome",
                operation.pointer,
                value,
                f"What the words of {member.name} in the answer of {operation.key} mean is not said.",
                "Which say that nothing changed, and which that something does?",
                Law.UPDATES,
                operations=(operation.key,),
            )
            return

    # --- credentials, refusals -------------------------------------------------------------

    def _security(self) -> Iterator[Question]:
        for scheme in self.contract.security.values():
            bare = scheme.kind == "apiKey" and not scheme.prefix
            if bare and (scheme.parameter or "").lower() == "authorization":
                yield self._ask(
                    "x-tallystick-prefix",
                    scheme.pointer,
                    "Bearer ",
                    f"What stands before the key of {scheme.name} in Authorization is not said.",
                    "With the blank at its end; an empty text for nothing.",
                    Law.CREDENTIALS,
                )
            if scheme.env is None:
                name = re.sub(r"\W+", "_", scheme.name).strip("_").upper() or "API"
                yield self._ask(
                    "x-tallystick-env",
                    scheme.pointer,
                    name if name.endswith("KEY") else f"{name}_KEY",
                    f"Where a program finds the key of {scheme.name} is not said.",
                    "The name of an environment variable, or give --key.",
                    Law.CREDENTIALS,
                )

    def _refusals(self, operation: Operation) -> Iterator[Question]:
        wanted = _refusals(operation)
        if operation.body is not None and not any(
            operation.response(status) for status in (400, 422)
        ):
            wanted["400"] = {"description": "The request does not fit the schema."}
        missing = {status: each for status, each in wanted.items() if _open(operation, status)}
        if not missing:
            return
        yield self._ask(
            "responses",
            join(operation.pointer, "responses"),
            None,
            f"{operation.key} declares no {', '.join(missing)}, so such an answer is not judged.",
            "Add the content that it has.",
            Law.ANSWERS,
            operations=(operation.key,),
            update=missing,
        )


def _refusals(operation: Operation) -> dict[str, Json]:
    """The refusals that an operation may need whatever its body is."""
    wanted: dict[str, Json] = {}
    if operation.security and all(operation.security):
        wanted["401"] = {"description": "The credential is missing or wrong."}
    if any(each.location == "path" for each in operation.parameters):
        wanted["404"] = {"description": "There is no such thing."}
    return wanted


def _open(operation: Operation, status: str) -> bool:
    return operation.response(int(status)) is None
