"""Unions of classes in which one member says the class: by a discriminator, or by listed values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tallystick.contract import Contract, Schema
from tallystick.document import Json, join
from tallystick.models.keywords import Node
from tallystick.models.objects import is_class

_NULL = frozenset({"null"})
_SCHEMAS = "#/components/schemas"


@dataclass(frozen=True, slots=True)
class Tags:
    """What tells the branches of a union."""

    name: str
    """The member, by its name on the wire."""
    kinds: tuple[tuple[str, str], ...]
    """Each value of it, and the pointer of the class that it means."""
    declared: bool
    """Whether the document says so, rather than its lists of values."""


def tags(contract: Contract, schema: Schema) -> Tags | None:
    """What tells the branches of ``schema``; None where nothing does, or not all are classes."""
    every = [each for each in schema.branches if contract.schema(each).types != _NULL]
    classes = {each: contract.target(each) for each in every}
    if len(every) < 2 or not all(is_class(each) for each in classes.values()):
        return None
    node: Node = schema.node if isinstance(schema.node, Mapping) else {}
    declared = node.get("discriminator")
    if not isinstance(declared, dict) or not isinstance(declared.get("propertyName"), str):
        return _inferred(contract, tuple(classes.values()))
    name = str(declared["propertyName"])
    kinds = _mapped(contract, declared.get("mapping"))
    for each in classes.values():
        kinds = {**dict.fromkeys(_listed(contract, each, name) or (), each.pointer), **kinds}
    for branch, target in classes.items():
        kinds.setdefault(_last(contract.schema(branch).ref or target.pointer), target.pointer)
    known = {each.pointer for each in classes.values()}
    kinds = {value: pointer for value, pointer in kinds.items() if pointer in known}
    return Tags(name, tuple(kinds.items()), declared=True)


def _inferred(contract: Contract, classes: Sequence[Schema]) -> Tags | None:
    """By a member whose strings are listed in every class, each in one only."""
    for member in sorted(classes[0].properties, key=lambda each: not each.required):
        listed = [_listed(contract, each, member.name) for each in classes]
        strings = [value for values in listed for value in values or ()]
        if all(values for values in listed) and len(set(strings)) == len(strings):
            kinds = [
                (value, each.pointer)
                for each, values in zip(classes, listed, strict=True)
                for value in values or ()
            ]
            return Tags(member.name, tuple(kinds), declared=False)
    return None


def _listed(contract: Contract, schema: Schema, name: str) -> tuple[str, ...] | None:
    """The strings that a member may be, if they are listed and nothing else may."""
    member = schema.property(name)
    values = None if member is None else contract.target(member.pointer).enum
    if values is None or not all(isinstance(each, str) for each in values):
        return None
    return tuple(dict.fromkeys(str(each) for each in values))


def _mapped(contract: Contract, mapping: Json) -> dict[str, str]:
    """The classes of an explicit mapping, whose values are references or names of schemas."""
    given = mapping if isinstance(mapping, dict) else {}
    return {
        value: contract.target(pointer).pointer
        for value, meant in given.items()
        for pointer in _meant(str(meant))
        if pointer in contract.schemas
    }


def _meant(text: str) -> Iterator[str]:
    yield text if text.startswith("#") else join(_SCHEMAS, text)


def _last(pointer: str) -> str:
    return pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
