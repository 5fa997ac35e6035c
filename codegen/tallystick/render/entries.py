"""Operations as records of the runtime: parameters, bodies, answers, each with its type."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from tallystick.contract import (
    Contract,
    ItemData,
    Media,
    Operation,
    Parameter,
    Property,
    Schema,
    StreamItems,
    stream_items,
)
from tallystick.jinja import Code, literal
from tallystick.models import Expression, Models
from tallystick.render.bodies import (
    BodyForm,
    Field,
    body_forms,
    fields,
    files,
    has_content,
    is_plain_text,
    offered,
    part_types,
    querystring,
    sent_items,
    textual,
)
from tallystick.render.comparison import compared, poll
from tallystick.render.deep import levels
from tallystick.render.records import GIVEN, Entry, Side
from tallystick.render.servers import own_server
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
NONE = Code("None")

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
        if (each.location != "header" or each.name.lower() not in _NOT_PARAMETERS)
        and (each.location != "path" or operation.incoming is None)
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


def successes(contract: Contract, operation: Operation) -> list[tuple[str, Media | None]]:
    """The successful answers by status, one for each media type; None where there is no body."""
    declared = [each for each in operation.responses if each.success]
    declared = declared or [each for each in operation.responses if each.status == "default"]
    pairs: list[tuple[str, Media | None]] = []
    for each in declared:
        used = offered(contract, each.content)
        pairs += [(each.status, media) for media in used] or [(each.status, None)]
    return pairs


def result(
    contract: Contract,
    operation: Operation,
    models: Models,
    members: frozenset[str],
    used: Used,
    side: Side,
) -> Code:
    """The type of a successful answer."""
    if operation.method == "HEAD":
        return NONE
    parts: list[Code] = []
    for _, media in successes(contract, operation):
        if media is None:
            parts.append(NONE)
        elif items := stream_items(contract, media):
            parts.append(Code(f"{side.stream}[{item(models, items, members, used)}]"))
        else:
            found = answered(contract, models, media)
            parts.append(side.raw if found is None else written(found, members, used))
    parts.sort(key=lambda text: text == NONE)
    return union(parts) if parts else NONE


def raw(contract: Contract, models: Models, operation: Operation) -> bool:
    """Whether a successful answer may be given as bytes."""
    found = (media for _, media in successes(contract, operation) if media is not None)
    return operation.method != "HEAD" and any(
        stream_items(contract, each) is None and answered(contract, models, each) is None
        for each in found
    )


def item(models: Models, items: StreamItems, members: frozenset[str], used: Used) -> Code:
    """The type of the items of a stream."""
    every = (items.data, *(data for _, data in items.named))
    text = union(written(held(models, each), members, used) for each in every)
    return Code(f"Event[{text}]") if items.framing == "events" else text


def held(models: Models, data: ItemData) -> Expression:
    """The type of what an item holds."""
    if data.schema is not None:
        return models.expressions[data.schema]
    return TEXT if data.text else JSON


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
            result=self._result(operation),
            parameters=tuple(self._parameter(operation, each) for each in parameters(operation)),
            body=self._body(operation),
            answers=tuple(Code(f"{each},") for each in self._answers(operation)),
            poll=self._poll(operation),
            server=own_server(operation),
        )

    def _result(self, operation: Operation) -> Code:
        """The type of its answer and, where that differs, of the awaited one."""
        both = [
            result(self._contract, operation, self._models, frozenset(), self.used, side)
            for side in GIVEN.values()
        ]
        if self._is_listed(operation):
            return Code(", ".join(both))  # of a default pyright makes a literal a plain str
        return Code(", ".join(dict.fromkeys(both)))

    def _is_listed(self, operation: Operation) -> bool:
        """Whether a successful answer is one of listed values, or may be."""
        found = [m.schema for _, m in successes(self._contract, operation) if m and m.schema]
        pending = [self._contract.target(each) for each in found]
        seen: set[str] = set()
        while pending:
            schema = pending.pop()
            if schema.enum is not None:
                return True
            if schema.pointer not in seen:
                seen.add(schema.pointer)
                pending += [self._contract.target(each) for each in schema.branches]
        return False

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
        whole = querystring(self._contract, parameter)
        if whole is not None:
            made = [self._field(each) for each in fields(self._contract, whole)]
            parts += [f"fields=({', '.join(made)},)"] if made else []
        elif parameter.location == "querystring":
            parts[5] = 'style="none"'
        elif has_content(parameter):
            parts += [] if is_plain_text(self._contract, parameter) else ["json=True"]
        elif parameter.style == "deepObject":
            found = levels(self._contract, parameter.schema)
            parts += [f"deep={found.code}"] if found.nested else []
        if parameter.allow_reserved:
            parts.append("allow_reserved=True")
        return Code(f"Parameter({', '.join(parts)})")

    def _types(self, pointer: str) -> Code:
        return _set(self._contract.target(pointer).types)

    def _body(self, operation: Operation) -> Code | None:
        body = operation.body
        if body is None:
            return None
        first, *others = body_forms(self._contract, body.content) or (BodyForm(None, ()),)
        more = [self._form(each, body.required, ()) for each in others]
        return self._form(first, body.required, more)

    def _form(self, form: BodyForm, required: bool, others: Sequence[Code]) -> Code:
        media = form.media
        parts = [literal(form.media_types), "None", f"required={literal(required)}"]
        if media is not None:
            items = sent_items(self._contract, media)
            if items is None:
                parts[1] = self._kind(expression(self._contract, self._models, media) or JSON)
            else:
                parts.append(f"items={self._items(items)}")
            if made := [self._field(each) for each in fields(self._contract, media)]:
                parts.append(f"fields=({', '.join(made)},)")
            if names := files(self._contract, media):
                parts.append(f"files={_set(names)}")
            if kinds := part_types(self._contract, media):
                shown = (f"{literal(name)}: {literal(each)}" for name, each in kinds.items())
                parts.append(f"part_types={{{', '.join(shown)}}}")
        if others:
            parts.append(f"others=({', '.join(others)},)")
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
        parts += [f"deep={field.deep.code}"] if field.deep and field.deep.nested else []
        parts += ["json=True"] if field.json else []
        parts += ["allow_reserved=True"] if field.allow_reserved else []
        return Code(f"Parameter({', '.join(parts)})")

    def _answers(self, operation: Operation) -> list[Code]:
        made: list[Code] = []
        for response in operation.responses:
            status = literal(response.status)
            used = offered(self._contract, response.content)
            made += [self._answer(status, media) for media in used] or [Code(f"Answer({status})")]
        return made

    def _answer(self, status: Code, media: Media) -> Code:
        if items := stream_items(self._contract, media):
            return Code(
                f"Answer({status}, {literal(media.media_type)}, items={self._items(items)})"
            )
        found = answered(self._contract, self._models, media)
        kind = "" if found is None else f", {self._kind(found)}"
        return Code(f"Answer({status}, {literal(media.media_type)}{kind})")

    def _items(self, items: StreamItems) -> Code:
        named = ", ".join(f"{literal(name)}: {self._data(data)}" for name, data in items.named)
        more = f", {{{named}}}" if named else ""
        return Code(f"Items({literal(items.framing)}, {self._data(items.data)}{more})")

    def _data(self, data: ItemData) -> Code:
        text = ", text=True" if data.text else ""
        return Code(f"Data({self._kind(held(self._models, data))}{text})")

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
    pairs = parameter.style in ("form", "cookie") and parameter.explode
    names = {o.name for o in operation.parameters if pairs and o.location == parameter.location}
    return tuple(each for each in schema.properties if each.name not in names - {parameter.name})


def _set(types: frozenset[str]) -> Code:
    names: tuple[str, ...] = tuple(sorted(types))
    return Code(f"frozenset({literal(names)})")


def frozen(names: Mapping[str, str]) -> Code:
    """A mapping as its display."""
    return Code("{" + ", ".join(f"{literal(k)}: {v}" for k, v in names.items()) + "}")
