"""Every place of a request body: the members of its objects, through references, unions, arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tallystick.contract import Contract, Property, Schema

from .places import ITEM, Path, shown


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a body."""

    path: Path
    declared: Property
    owner: str
    """The pointer of the object schema that declares it."""

    @property
    def place(self) -> str:
        """The path as people read it."""
        return shown(self.path)

    @property
    def pointer(self) -> str:
        """Where its schema stands in the document."""
        return self.declared.pointer


@dataclass(frozen=True, slots=True)
class Owner:
    """One object of a body."""

    path: Path
    pointer: str
    """Its schema, references and nullable unions looked through."""

    @property
    def place(self) -> str:
        """The path as people read it; empty for the body itself."""
        return shown(self.path)


def members(contract: Contract, pointer: str) -> tuple[Member, ...]:
    """Every member of the body at ``pointer``, outer ones first; read-only members are no part."""
    found: list[Member] = []
    for owner in owners(contract, pointer):
        for each in contract.schemas[owner.pointer].properties:
            if not each.read_only:
                found.append(Member((*owner.path, each.name), each, owner.pointer))
    return tuple(found)


def owners(contract: Contract, pointer: str) -> tuple[Owner, ...]:
    """Every object of the body at ``pointer``, the body itself first.

    A schema that contains itself is entered once on each way down.
    """
    return tuple(_owners(contract, pointer, (), frozenset()))


def _owners(contract: Contract, pointer: str, path: Path, seen: frozenset[str]) -> Iterator[Owner]:
    schema = contract.core(pointer)
    if schema.pointer in seen:
        return
    below = seen | {schema.pointer}
    if _is_object(schema):
        yield Owner(path, schema.pointer)
        for each in schema.properties:
            if not each.read_only:
                yield from _owners(contract, each.pointer, (*path, each.name), below)
    elif schema.items is not None and "array" in schema.types:
        yield from _owners(contract, schema.items, (*path, ITEM), below)


def _is_object(schema: Schema) -> bool:
    return "object" in schema.types and (bool(schema.properties) or schema.closed)
