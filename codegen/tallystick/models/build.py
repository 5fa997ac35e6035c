"""A contract made into models: classes, readings, aliases, and the type of every schema in use."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from pydantic import MISSING

from tallystick.contract import Contract, Operation, Property, Schema, stream_items
from tallystick.document import Json
from tallystick.jinja import Code, literal
from tallystick.models.aliases import opaque
from tallystick.models.defaults import refused
from tallystick.models.expressions import Writer
from tallystick.models.normalise import Checked, Normaliser
from tallystick.models.objects import closes, is_class
from tallystick.models.order import in_dependency_order
from tallystick.models.printable import markers, strings
from tallystick.models.printer import PrinterError, printed
from tallystick.models.records import (
    Alias,
    Definition,
    Expression,
    Field,
    ModelClass,
    Models,
    ReadingClass,
)


def print_models(contract: Contract) -> Models:
    """The models of ``contract``.

    Raises:
        PrinterError: the printer's output is not understood; a fault of ours, not of the document.
    """
    return _Build(contract).models()


@dataclass(slots=True)
class _Build:
    """One run: what is reached, what the printer gets, what it gave."""

    contract: Contract
    named: dict[str, Schema] = field(default_factory=dict[str, Schema])
    """The named schemas that are reached, by pointer."""
    schemas: dict[str, Json] = field(default_factory=dict[str, Json])
    """What the printer gets, by pointer: members, extra members, schemas in use, bodies."""
    exact: dict[str, Expression] = field(default_factory=dict[str, Expression])
    """What travels, by the same keys."""
    read: dict[str, Expression] = field(default_factory=dict[str, Expression])
    """The same types with the reading of each model in its place, and no schema beside them."""
    checked: dict[str, Checked] = field(default_factory=dict[str, Checked])
    """By marker, the types which are printed by themselves; inner ones first."""
    exactly: set[str] = field(default_factory=set[str])
    """The schemas that stand beside their type, by pointer."""
    refused: frozenset[str] = frozenset()

    def models(self) -> Models:
        names = [each.pointer for each in self.contract.schemas.values() if each.name is not None]
        marked = {pointer: f"M{index}" for index, pointer in enumerate(names)}
        normaliser = Normaliser(self.contract, marked, opaque(self.contract))
        self.checked, self.exactly = normaliser.checked, normaliser.inexact
        self._reach(normaliser, {marker: pointer for pointer, marker in marked.items()})
        self._print({pointer: marked[pointer] for pointer in self.named})
        self.refused = refused(self.contract, self.named.values())
        for pointer in sorted(self.refused):
            normaliser.note(pointer, "default", "ignored", "its own schema refuses it")
        return Models(
            title=self.contract.title,
            source=PurePath(self.contract.document.name).name,
            definitions=in_dependency_order(list(self._definitions())),
            expressions={pointer: self.exact[pointer] for pointer in used(self.contract)},
            notes=normaliser.notes,
            covered=frozenset(normaliser.covered),
            exact=frozenset(normaliser.inexact),
        )

    def _reach(self, normaliser: Normaliser, pointers: Mapping[str, str]) -> None:
        """Fill ``named`` and ``schemas`` with everything that components and operations reach."""
        for pointer in used(self.contract):
            self.schemas[pointer] = normaliser.use(pointer)
        components = [p for p in pointers.values() if _is_component(p)]
        pending = [*components, *self._referred(used(self.contract), pointers)]
        reached: set[str] = set()
        while pending:
            pointer = pending.pop(0)
            if pointer in reached:
                continue
            reached.add(pointer)
            keys = self._add(normaliser, self.contract.schema(pointer))
            pending.extend(self._referred(keys, pointers))
        self.named = {p: self.contract.schema(p) for p in pointers.values() if p in reached}

    def _referred(self, keys: list[str], pointers: Mapping[str, str]) -> list[str]:
        return [pointers[each] for key in keys for each in self._named_in(self.schemas[key])]

    def _named_in(self, schema: Json) -> Iterator[str]:
        """The markers of named schemas, those in checked types included."""
        for marker in markers(schema):
            if marker in self.checked:
                yield from self._named_in(self.checked[marker].schema)
            else:
                yield marker

    def _add(self, normaliser: Normaliser, schema: Schema) -> list[str]:
        if not is_class(schema):
            self.schemas[_body(schema.pointer)] = normaliser.body(schema.pointer)
            return [_body(schema.pointer)]
        normaliser.members(schema)
        keys = [member.pointer for member in schema.properties]
        additional = _additional(schema)
        keys += [] if additional is None else [additional]
        for key in keys:
            self.schemas[key] = normaliser.use(key)
        return keys

    def _print(self, marked: Mapping[str, str]) -> None:
        inner = {marker: each.schema for marker, each in self.checked.items()}
        nodes = printed({**inner, **self.schemas}, [*marked.values(), *inner])
        exact = {marker: self._name(pointer) for pointer, marker in marked.items()}
        read = {marker: self._reading(pointer) for pointer, marker in marked.items()}
        for marker, each in self.checked.items():
            allowed = strings(each.schema)
            held = _written(marker, nodes[marker], Writer(exact, allowed)).text
            beside = each.pointer and Code(f"Annotated[{held}, Exactly({literal(each.pointer)})]")
            exact[marker] = beside or held
            read[marker] = _written(marker, nodes[marker], Writer(read, allowed)).text
        for key, schema in self.schemas.items():
            allowed = strings(schema)
            self.exact[key] = _written(key, nodes[key], Writer(exact, allowed))
            self.read[key] = _written(key, nodes[key], Writer(read, allowed))

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
            exactly=schema.pointer in self.exactly,
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
        )

    def _alias(self, schema: Schema, name: Code, types: Mapping[str, Expression]) -> Alias:
        annotation = types[_body(schema.pointer)].text
        return Alias(name, schema.pointer, annotation, _description(schema))

    def _extra(self, schema: Schema, types: Mapping[str, Expression]) -> Code | None:
        additional = _additional(schema)
        return None if additional is None else types[additional].text

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
    found = [
        pointer
        for each in (*contract.operations, *contract.incoming)
        for pointer in _schemas(contract, each)
    ]
    return list(dict.fromkeys(found))


def _schemas(contract: Contract, operation: Operation) -> Iterator[str]:
    yield from (parameter.schema for parameter in operation.parameters)
    contents = [] if operation.body is None else [operation.body.content]
    contents += [response.content for response in operation.responses]
    for media in (media for content in contents for media in content):
        if media.schema is not None:
            yield media.schema
        items = stream_items(contract, media)
        yield from () if items is None else items.schemas


def _additional(schema: Schema) -> str | None:
    """The pointer of the schema of every undeclared member, if there is one for all."""
    patterned = isinstance(schema.node, Mapping) and "patternProperties" in schema.node
    return schema.additional if isinstance(schema.additional, str) and not patterned else None


def _as_field(member: Property, text: Code, optional: bool, docstring: str | None) -> Field:
    annotation = Code(f"{text} | MISSING") if optional else text
    return Field(Code(member.identifier), member.name, annotation, optional, docstring)


def _written(key: str, node: ast.expr, writer: Writer) -> Expression:
    try:
        return writer.expression(node)
    except PrinterError as error:
        raise PrinterError(f"{key}: {error}") from error


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
