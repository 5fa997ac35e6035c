"""Schemas written as definitions of ``models.py``: classes, readings and aliases."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import MISSING

from tallystick.contract import Direction, Property, Schema
from tallystick.jinja import Code
from tallystick.models.objects import additional, closes, is_class
from tallystick.models.records import (
    Alias,
    Definition,
    Expression,
    Field,
    ModelClass,
    ReadingClass,
    Renamed,
)
from tallystick.models.shapes import Shape
from tallystick.models.writing import Writer


@dataclass(frozen=True, slots=True)
class View:
    """Every type as one direction reads it, by the keys of the shapes."""

    exact: Mapping[str, Expression]
    """What travels."""
    read: Mapping[str, Expression]
    """The same with the reading of each model in its place, and no schema beside a type."""


@dataclass(frozen=True, slots=True)
class Views:
    """What requests and answers see; the same where no schema differs between them."""

    request: View
    response: View

    def of(self, schema: Schema) -> View:
        """What the first definition of ``schema`` is written with."""
        return self.request if schema.direction == "request" else self.response


def alias_body(pointer: str) -> str:
    """The key of the shape that an alias stands for."""
    return f"{pointer} body"


def views_of(named: Iterable[Schema], shapes: Mapping[str, Shape]) -> Views:
    """The types of all ``shapes``.

    Args:
        named: the schemas that have a definition.
    """
    first = {each.pointer: (each.name, each.reading) for each in named}
    second = {
        each.pointer: (each.request, each.request_reading)
        for each in named
        if each.request is not None
    }
    response = _view(first, shapes)
    return Views(_view(first | second, shapes) if second else response, response)


def _view(names: Mapping[str, tuple[str | None, str | None]], shapes: Mapping[str, Shape]) -> View:
    exact = Writer({pointer: Code(name) for pointer, (name, _) in names.items()})
    read = Writer({at: Code(reading or name) for at, (name, reading) in names.items()}, False)
    return View(
        {key: exact.expression(shape) for key, shape in shapes.items()},
        {key: read.expression(shape) for key, shape in shapes.items()},
    )


@dataclass(frozen=True, slots=True)
class Definitions:
    """Writes the definitions of schemas.

    Attributes:
        views: their types.
        refused: the members whose default is no valid value of theirs, by pointer.
        inexact: the schemas that say more than their type, by pointer.
        circular: the aliases that contain themselves, by pointer.
        former: by the pointer of a schema, the identifier now of each that a member had.
    """

    views: Views
    refused: frozenset[str]
    inexact: frozenset[str]
    circular: frozenset[str]
    former: Mapping[str, Mapping[str, str]]

    def all(self, schemas: Iterable[Schema]) -> Iterator[Definition]:
        """The definitions of named schemas: each with its reading, and again for requests."""
        for schema in schemas:
            view = self.views.of(schema)
            yield from self._of(schema, view, schema.direction, schema.name, schema.reading)
            if schema.request is not None:
                names = (schema.request, schema.request_reading)
                yield from self._of(schema, self.views.request, "request", *names)

    def _of(
        self,
        schema: Schema,
        view: View,
        direction: Direction,
        name: str | None,
        reading: str | None,
    ) -> Iterator[Definition]:
        own, read = Code(name), None if reading is None else Code(reading)
        if is_class(schema):
            yield self._model(schema, view, direction, own, read)
            if read is not None:
                yield self._reading(schema, view, direction, own, read)
        else:
            yield self._alias(schema, view.exact, own)
            if read is not None:
                yield self._alias(schema, view.read, read)

    def _model(
        self, schema: Schema, view: View, direction: Direction, name: Code, reading: Code | None
    ) -> ModelClass:
        fields = tuple(self._field(each, view, direction) for each in schema.properties)
        return ModelClass(
            name=name,
            pointer=schema.pointer,
            docstring=_docstring(schema, name),
            closed=closes(schema),
            extra=_extra(schema, view.exact),
            fields=fields,
            reading=reading,
            exactly=schema.pointer in self.inexact,
            needs=_needs(schema, view.exact),
            former=self._renamed(schema, fields),
        )

    def _reading(
        self, schema: Schema, view: View, direction: Direction, of: Code, name: Code
    ) -> ReadingClass:
        fields = tuple(self._read_field(each, view, direction) for each in schema.properties)
        defaulted = [member for member in schema.properties if self._means(member)]
        return ReadingClass(
            name=name,
            pointer=schema.pointer,
            of=of,
            docstring=f"``{of}`` read with its defaults.",
            closed=closes(schema),
            extra=_extra(schema, view.read),
            fields=fields,
            defaults={m.name: m.default for m in defaulted if m.default is not MISSING},
            needs=_needs(schema, view.read),
            former=self._renamed(schema, fields),
        )

    def _renamed(self, schema: Schema, fields: Sequence[Field]) -> tuple[Renamed, ...]:
        kept = self.former.get(schema.pointer, {})
        by_name = {str(each.identifier): each for each in (fields if kept else ())}
        pairs = sorted(kept.items())
        return tuple(Renamed(Code(old), by_name[now]) for old, now in pairs if now in by_name)

    def _alias(self, schema: Schema, types: Mapping[str, Expression], name: Code) -> Alias:
        expression = types[alias_body(schema.pointer)]
        return Alias(
            name=name,
            pointer=schema.pointer,
            annotation=expression.text,
            docstring=_description(schema),
            recursive=schema.pointer in self.circular,
            needs=expression.names,
        )

    def _means(self, member: Property) -> bool:
        """Whether absent means a value."""
        return member.default is not MISSING and member.pointer not in self.refused

    def _field(self, member: Property, view: View, direction: Direction) -> Field:
        required = member.required_in(direction)
        means = self._means(member) and not required
        sentence = f"Absent means {json.dumps(member.default)}." if means else None
        docstring = _sentences(member.description, sentence, _one_way(member, direction))
        return _as_field(member, view.exact[member.pointer].text, not required, docstring)

    def _read_field(self, member: Property, view: View, direction: Direction) -> Field:
        absent = not member.required_in(direction) and not self._means(member)
        return _as_field(member, view.read[member.pointer].text, absent, member.description)


def _one_way(member: Property, direction: Direction) -> str | None:
    """Why a member that the schema requires may be absent here."""
    if not member.required or member.required_in(direction):
        return None
    return "The server sets it." if direction == "request" else "An answer need not show it."


def _docstring(schema: Schema, name: Code) -> str:
    if name == schema.request:
        return f"``{schema.name}`` as a request carries it."
    return _description(schema) or f"The object at ``{schema.pointer}``."


def _extra(schema: Schema, types: Mapping[str, Expression]) -> Code | None:
    key = additional(schema)
    return None if key is None else types[key].text


def _needs(schema: Schema, types: Mapping[str, Expression]) -> frozenset[str]:
    """The names in the annotations of a class."""
    key = additional(schema)
    keys = [*(member.pointer for member in schema.properties), *([] if key is None else [key])]
    return frozenset(name for each in keys for name in types[each].names)


def _as_field(member: Property, text: Code, optional: bool, docstring: str | None) -> Field:
    annotation = Code(f"{text} | MISSING") if optional else text
    return Field(Code(member.identifier), member.name, annotation, optional, docstring)


def _sentences(*texts: str | None) -> str | None:
    told = [text.strip() for text in texts if text is not None and text.strip()]
    ended = [text if text[-1] in ".!?:;" else f"{text}." for text in told]
    return " ".join(ended) or None


def _description(schema: Schema) -> str | None:
    text = schema.node.get("description") if isinstance(schema.node, Mapping) else None
    return text if isinstance(text, str) and text.strip() else None
