"""A contract made into models: classes, readings, aliases, and the type of every schema in use."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from pydantic import MISSING

from tallystick.contract import Contract, Operation, Property, Schema
from tallystick.jinja import Code
from tallystick.models.aliases import opaque, recursive
from tallystick.models.defaults import refused
from tallystick.models.objects import closes, is_class
from tallystick.models.order import in_dependency_order
from tallystick.models.records import (
    Alias,
    Definition,
    Expression,
    Field,
    ModelClass,
    Models,
    ReadingClass,
)
from tallystick.models.shapes import Shape, named
from tallystick.models.typer import Typer
from tallystick.models.writing import Writer


def print_models(contract: Contract) -> Models:
    """The models of ``contract``."""
    return _Build(contract, Typer(contract, opaque(contract)), recursive(contract)).models()


@dataclass(slots=True)
class _Build:
    """One run: what is reached, and the type of each schema in it."""

    contract: Contract
    typer: Typer
    circular: frozenset[str]
    """The aliases that contain themselves, by pointer."""
    named: dict[str, Schema] = field(default_factory=dict[str, Schema])
    """The named schemas that are reached, by pointer."""
    shapes: dict[str, Shape] = field(default_factory=dict[str, Shape])
    """By pointer: members, extra members, schemas in use, and the bodies of aliases."""
    exact: dict[str, Expression] = field(default_factory=dict[str, Expression])
    """What travels, by the same keys."""
    read: dict[str, Expression] = field(default_factory=dict[str, Expression])
    """The same types with the reading of each model in its place, and no schema beside them."""
    refused: frozenset[str] = frozenset()

    def models(self) -> Models:
        self._reach()
        self._write()
        self.refused = refused(self.contract, self.named.values())
        for pointer in sorted(self.refused):
            self.typer.note(pointer, "default", "ignored", "its own schema refuses it")
        return Models(
            title=self.contract.title,
            source=PurePath(self.contract.document.name).name,
            definitions=in_dependency_order(list(self._definitions())),
            expressions={pointer: self.exact[pointer] for pointer in used(self.contract)},
            notes=self.typer.notes,
            covered=frozenset(self.typer.covered),
            exact=frozenset(self.typer.inexact),
        )

    def _reach(self) -> None:
        """Fill ``named`` and ``shapes`` with everything that components and operations reach."""
        wanted = used(self.contract)
        for pointer in wanted:
            self.shapes[pointer] = self.typer.use(pointer)
        names = [each.pointer for each in self.contract.schemas.values() if each.name is not None]
        pending = deque([each for each in names if _is_component(each)])
        pending.extend(self._referred(wanted))
        reached: set[str] = set()
        while pending:
            pointer = pending.popleft()
            if pointer not in reached:
                reached.add(pointer)
                pending.extend(self._referred(self._add(self.contract.schema(pointer))))
        self.named = {each: self.contract.schema(each) for each in names if each in reached}

    def _referred(self, keys: list[str]) -> list[str]:
        return [pointer for key in keys for pointer in named(self.shapes[key])]

    def _add(self, schema: Schema) -> list[str]:
        if not is_class(schema):
            self.shapes[_body(schema.pointer)] = self.typer.body(schema.pointer)
            return [_body(schema.pointer)]
        self.typer.members(schema)
        keys = [member.pointer for member in schema.properties]
        additional = _additional(schema)
        keys += [] if additional is None else [additional]
        for key in keys:
            self.shapes[key] = self.typer.use(key)
        return keys

    def _write(self) -> None:
        exact = Writer({pointer: self._name(pointer) for pointer in self.named})
        read = Writer({pointer: self._reading(pointer) for pointer in self.named}, checks=False)
        for key, shape in self.shapes.items():
            self.exact[key] = exact.expression(shape)
            self.read[key] = read.expression(shape)

    def _name(self, pointer: str) -> Code:
        return Code(self.named[pointer].name)

    def _reading(self, pointer: str) -> Code:
        return Code(self.named[pointer].reading or self.named[pointer].name)

    def _definitions(self) -> Iterator[Definition]:
        for schema in self.named.values():
            if is_class(schema):
                yield self._model(schema)
                if schema.reading is not None:
                    yield self._reading_class(schema, Code(schema.reading))
            else:
                yield self._alias(schema, self._name(schema.pointer), self.exact)
                if schema.reading is not None:
                    yield self._alias(schema, Code(schema.reading), self.read)

    def _model(self, schema: Schema) -> ModelClass:
        return ModelClass(
            name=self._name(schema.pointer),
            pointer=schema.pointer,
            docstring=_description(schema) or f"The object at ``{schema.pointer}``.",
            closed=closes(schema),
            extra=self._extra(schema, self.exact),
            fields=tuple(self._field(member) for member in schema.properties),
            reading=None if schema.reading is None else Code(schema.reading),
            exactly=schema.pointer in self.typer.inexact,
            needs=self._needs(schema, self.exact),
        )

    def _reading_class(self, schema: Schema, name: Code) -> ReadingClass:
        defaulted = [member for member in schema.properties if self._means(member)]
        return ReadingClass(
            name=name,
            pointer=schema.pointer,
            of=self._name(schema.pointer),
            docstring=f"``{schema.name}`` read with its defaults.",
            closed=closes(schema),
            extra=self._extra(schema, self.read),
            fields=tuple(self._read_field(member) for member in schema.properties),
            defaults={m.name: m.default for m in defaulted if m.default is not MISSING},
            needs=self._needs(schema, self.read),
        )

    def _alias(self, schema: Schema, name: Code, types: Mapping[str, Expression]) -> Alias:
        expression = types[_body(schema.pointer)]
        return Alias(
            name=name,
            pointer=schema.pointer,
            annotation=expression.text,
            docstring=_description(schema),
            recursive=schema.pointer in self.circular,
            needs=expression.names,
        )

    def _extra(self, schema: Schema, types: Mapping[str, Expression]) -> Code | None:
        additional = _additional(schema)
        return None if additional is None else types[additional].text

    def _needs(self, schema: Schema, types: Mapping[str, Expression]) -> frozenset[str]:
        """The names in the annotations of a class."""
        additional = _additional(schema)
        keys = [member.pointer for member in schema.properties]
        keys += [] if additional is None else [additional]
        return frozenset(name for key in keys for name in types[key].names)

    def _means(self, member: Property) -> bool:
        """Whether absent means a value."""
        return member.default is not MISSING and member.pointer not in self.refused

    def _field(self, member: Property) -> Field:
        text = self.exact[member.pointer].text
        means = self._means(member) and not member.required
        sentence = f"Absent means {json.dumps(member.default)}." if means else None
        docstring = _sentences(member.description, sentence)
        return _as_field(member, text, not member.required, docstring)

    def _read_field(self, member: Property) -> Field:
        absent = not member.required and not self._means(member)
        return _as_field(member, self.read[member.pointer].text, absent, member.description)


def used(contract: Contract) -> list[str]:
    """The schemas of bodies, answers and parameters, by pointer, each once."""
    found = [pointer for each in contract.operations for pointer in _schemas(each)]
    return list(dict.fromkeys(found))


def _schemas(operation: Operation) -> Iterator[str]:
    yield from (parameter.schema for parameter in operation.parameters)
    contents = [] if operation.body is None else [operation.body.content]
    contents += [response.content for response in operation.responses]
    for media in (media for content in contents for media in content):
        if media.schema is not None:
            yield media.schema


def _additional(schema: Schema) -> str | None:
    """The pointer of the schema of every undeclared member, if there is one for all."""
    patterned = isinstance(schema.node, Mapping) and "patternProperties" in schema.node
    return schema.additional if isinstance(schema.additional, str) and not patterned else None


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


def _is_component(pointer: str) -> bool:
    return pointer.startswith("#/components/schemas/") and pointer.count("/") == 3


def _body(pointer: str) -> str:
    return f"{pointer} body"
