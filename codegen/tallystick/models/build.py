"""A contract made into models: classes, readings, aliases, and the type of every schema in use."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import PurePath

from tallystick.contract import Contract, Operation, Schema, stream_items
from tallystick.jinja import Code
from tallystick.models.aliases import opaque, recursive
from tallystick.models.defaults import refused
from tallystick.models.definitions import Definitions, Views, alias_body, views_of
from tallystick.models.objects import additional, is_class
from tallystick.models.order import in_dependency_order
from tallystick.models.records import Expression, Models
from tallystick.models.shapes import Shape, named
from tallystick.models.typer import Typer


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

    def models(self) -> Models:
        self._reach()
        views = views_of(self.named.values(), self.shapes)
        meant = refused(self.contract, self.named.values())
        for pointer in sorted(meant):
            self.typer.note(pointer, "default", "ignored", "its own schema refuses it")
        members = self.contract.former.members
        made = Definitions(views, meant, frozenset(self.typer.inexact), self.circular, members)
        definitions = in_dependency_order(list(made.all(self.named.values())))
        return Models(
            title=self.contract.title,
            source=PurePath(self.contract.document.name).name,
            definitions=definitions,
            expressions=self._expressions(views),
            notes=self.typer.notes,
            covered=frozenset(self.typer.covered),
            exact=frozenset(self.typer.inexact),
            former=former(self.contract, {str(each.name) for each in definitions}),
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
            self.shapes[alias_body(schema.pointer)] = self.typer.body(schema.pointer)
            return [alias_body(schema.pointer)]
        self.typer.members(schema)
        keys = [member.pointer for member in schema.properties]
        more = additional(schema)
        keys += [] if more is None else [more]
        for key in keys:
            self.shapes[key] = self.typer.use(key)
        return keys

    def _expressions(self, views: Views) -> dict[str, Expression]:
        """The types of what bodies, answers and parameters hold."""
        return {
            pointer: views.of(self.contract.schema(pointer)).exact[pointer]
            for pointer in used(self.contract)
        }


def former(contract: Contract, defined: Collection[str]) -> tuple[tuple[Code, Code], ...]:
    """The names that classes had, each with the name of the class now."""
    kept = sorted(contract.former.classes.items())
    return tuple((Code(old), Code(now)) for old, now in kept if now in defined)


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


def _is_component(pointer: str) -> bool:
    return pointer.startswith("#/components/schemas/") and pointer.count("/") == 3
