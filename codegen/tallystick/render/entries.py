"""Operations as records of the runtime: parameters, bodies, answers, each with its type."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from tallystick.contract import Contract, Media, Operation, Parameter, Property, Schema, is_json
from tallystick.document import join
from tallystick.jinja import Code, literal
from tallystick.models import Expression, Models
from tallystick.render.bodies import Field, fields, files, part_types, textual, typed
from tallystick.render.comparison import compared, poll
from tallystick.render.records import Entry
from tallystick.render.typing_of import Used, union, written
from tallystick.runtime.operation import codec

JSON = Expression(
    text=Code("Json"),
    names=frozenset(),
    scalars=frozenset({"Json"}),
    typing=frozenset(),
    pydantic=frozenset(),
    exactly=frozenset(),
)
TEXT = Expression(
    text=Code("str"),
    names=frozenset(),
    scalars=frozenset(),
    typing=frozenset(),
    pydantic=frozenset(),
    exactly=frozenset(),
)
NONE, RAW = Code("None"), Code("Raw")

# OpenAPI 3.1, 4.8.12.2: a header parameter of these names "SHALL be ignored".
_NOT_PARAMETERS = frozenset({"accept", "content-type", "authorization"})


def constant(operation: Operation) -> Code:
    """The name of an operation's record; two underscores, so that no two places share one."""
    return Code("__".join((*operation.resource, operation.verb)).upper())


def parameters(operation: Operation) -> tuple[Parameter, ...]:
    """The parameters of an operation, path parameters first and in the order of the path."""
    kept = [
        each
        for each in operation.parameters
        if each.location != "header" or each.name.lower() not in _NOT_PARAMETERS
    ]
    path = [each for each in kept if each.location == "path"]
    path.sort(key=lambda each: operation.path.find("{" + each.name + "}"))
    return (*path, *(each for each in kept if each.location != "path"))


def expression(contract: Contract, models: Models, media: Media) -> Expression | None:
    """The type of a body, or None for one that travels as bytes."""
    kind = codec(media.media_type)
    if kind == "bytes":
        return None
    if kind == "text" and not textual(contract, media):
        return TEXT
    return JSON if media.schema is None else models.expressions[media.schema]


def answered(contract: Contract, models: Models, media: Media) -> Expression | None:
    """The type of an answer, or None for one that is given as bytes."""
    if codec(media.media_type) in ("form", "multipart"):
        return None
    return expression(contract, models, media)


def successes(operation: Operation) -> list[tuple[str, Media | None]]:
    """The successful answers by status, one for each media type; None where there is no body."""
    declared = [each for each in operation.responses if each.success]
    declared = declared or [each for each in operation.responses if each.status == "default"]
    pairs: list[tuple[str, Media | None]] = []
    for each in declared:
        pairs += [(each.status, media) for media in _media(each.content)] or [(each.status, None)]
    return pairs


def result(
    contract: Contract,
    operation: Operation,
    models: Models,
    members: frozenset[str],
    used: Used,
) -> Code:
    """The type of a successful answer."""
    if operation.method == "HEAD":
        return NONE
    parts: list[Code] = []
    for _, media in successes(operation):
        found = None if media is None else answered(contract, models, media)
        text = NONE if media is None else RAW
        parts.append(text if found is None else written(found, members, used))
    parts.sort(key=lambda text: text == NONE)
    return union(parts) if parts else NONE


class Entries:
    """Makes the records, and notes the names that they use."""

    def __init__(self, contract: Contract, models: Models) -> None:
        self._contract = contract
        self._models = models
        self.used = Used(qualified=True)

    def entry(self, operation: Operation) -> Entry:
        """The record of one operation."""
        return Entry(
            constant=constant(operation),
            operation=operation,
            result=result(self._contract, operation, self._models, frozenset(), self.used),
            parameters=tuple(self._parameter(operation, each) for each in parameters(operation)),
            body=self._body(operation),
            answers=tuple(Code(f"{each},") for each in self._answers(operation)),
            poll=self._poll(operation),
        )

    def _parameter(self, operation: Operation, parameter: Parameter) -> Code:
        schema = self._contract.core(parameter.schema)
        types = self._types(parameter.schema)
        parts = [
            literal(parameter.name),
            literal(parameter.identifier),
            literal(parameter.location),
            self._kind(self._models.expressions[parameter.schema]),
            f"required={literal(parameter.required)}",
            f"style={literal(parameter.style)}",
            f"explode={literal(parameter.explode)}",
            f"types={types}",
        ]
        if schema.items is not None:
            parts.append(f"items={self._types(schema.items)}")
        elif isinstance(schema.additional, str):
            parts.append(f"items={self._types(schema.additional)}")
        members = _members(operation, parameter, schema)
        if members:
            pairs = (f"{literal(m.name)}: {self._types(m.pointer)}" for m in members)
            parts.append(f"members={{{', '.join(pairs)}}}")
        if parameter.schema.startswith(join(parameter.pointer, "content")):
            parts.append("json=True")
        if parameter.allow_reserved:
            parts.append("allow_reserved=True")
        return Code(f"Parameter({', '.join(parts)})")

    def _types(self, pointer: str) -> Code:
        return _set(self._contract.target(pointer).types)

    def _body(self, operation: Operation) -> Code | None:
        body = operation.body
        if body is None:
            return None
        media = typed(body.content)
        sent = list(body.content) if media is None else [media]
        types: tuple[str, ...] = tuple(each.media_type for each in sent)
        parts = [literal(types), "None", f"required={literal(body.required)}"]
        if media is not None:
            found = expression(self._contract, self._models, media) or JSON
            parts[1] = self._kind(found)
            if form := [self._field(each) for each in fields(self._contract, media)]:
                parts.append(f"fields=({', '.join(form)},)")
            if names := files(self._contract, media):
                parts.append(f"files={_set(names)}")
            if kinds := part_types(self._contract, media):
                shown = (f"{literal(name)}: {literal(each)}" for name, each in kinds.items())
                parts.append(f"part_types={{{', '.join(shown)}}}")
        return Code(f"Body({', '.join(parts)})")

    def _field(self, field: Field) -> Code:
        parts = [
            literal(field.name),
            literal(field.name),
            literal("query"),
            self._kind(JSON),
            f"style={literal(field.style)}",
            f"explode={literal(field.explode)}",
            f"types={_set(field.types)}",
        ]
        if field.items is not None:
            parts.append(f"items={_set(field.items)}")
        if field.members:
            pairs = (f"{literal(name)}: {_set(types)}" for name, types in field.members)
            parts.append(f"members={{{', '.join(pairs)}}}")
        parts += ["json=True"] if field.json else []
        parts += ["allow_reserved=True"] if field.allow_reserved else []
        return Code(f"Parameter({', '.join(parts)})")

    def _answers(self, operation: Operation) -> list[Code]:
        made: list[Code] = []
        for response in operation.responses:
            status = literal(response.status)
            made += [self._answer(status, media) for media in _media(response.content)] or [
                Code(f"Answer({status})")
            ]
        return made

    def _answer(self, status: Code, media: Media) -> Code:
        found = answered(self._contract, self._models, media)
        kind = "" if found is None else f", {self._kind(found)}"
        return Code(f"Answer({status}, {literal(media.media_type)}{kind})")

    def _kind(self, found: Expression) -> Code:
        text = written(found, (), self.used)
        # Pyright knows no `|` between values that are Annotated; inside Annotated it reads types.
        annotated = "Annotated" in found.typing
        if annotated and isinstance(ast.parse(text, mode="eval").body, ast.BinOp):
            text = Code(f"Annotated[{text}, None]")
        return Code(f"Kind(lambda: TypeAdapter({text}))")

    def _poll(self, operation: Operation) -> Code | None:
        read = poll(self._contract, operation)
        if read is None or operation.poll is None:
            return None
        members = ", ".join(compared(self._contract, operation, read))
        budget = literal(operation.poll.budget)
        comma = "," if members else ""
        return Code(f"Poll(lambda: {constant(read)}, {budget}, ({members}{comma}))")


def _members(operation: Operation, parameter: Parameter, schema: Schema) -> tuple[Property, ...]:
    """The members of an object, without those that a query shows as another parameter."""
    pairs = parameter.style == "form" and parameter.explode
    names = {o.name for o in operation.parameters if pairs and o.location == parameter.location}
    return tuple(each for each in schema.properties if each.name not in names - {parameter.name})


def _set(types: frozenset[str]) -> Code:
    names: tuple[str, ...] = tuple(sorted(types))
    return Code(f"frozenset({literal(names)})")


def _media(content: tuple[Media, ...]) -> tuple[Media, ...]:
    """The media types of an answer that are used: JSON alone where there is JSON."""
    json = tuple(each for each in content if is_json(each.media_type))
    return json[:1] or content


def frozen(names: Mapping[str, str]) -> Code:
    """A mapping as its display."""
    return Code("{" + ", ".join(f"{literal(k)}: {v}" for k, v in names.items()) + "}")
