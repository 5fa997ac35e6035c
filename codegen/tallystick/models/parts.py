"""The models of a large document as modules, of which one is loaded without the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tallystick.jinja import Code
from tallystick.models.records import Alias, Definition, Models

MANY = 250
"""How many definitions one module holds at most."""

Root = str
"""The pointer of the schema under which the definitions of a part stand."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A name that a part takes from another."""

    name: Code
    module: Code


@dataclass(frozen=True, slots=True)
class Part:
    """One module below ``models``."""

    head: str
    """The outermost name that it defines."""
    module: Code
    definitions: tuple[Definition, ...]
    """In dependency order."""
    read: tuple[Reference, ...]
    """What its aliases name, so that it is needed when the module is read."""
    annotated: tuple[Reference, ...]
    """What stands in annotations of classes only, which are read later."""


def parts(models: Models) -> tuple[Part, ...]:
    """A part for each component and each inline schema of an operation, in document order.

    The name of a part depends on what it holds alone, so that no other edit moves a definition.
    """
    order = {each.name: index for index, each in enumerate(models.definitions)}
    groups = [
        sorted(held, key=lambda each: order[each.name])
        for held in _joined(_groups(models.definitions))
    ]
    places: dict[str, Code] = {each.name: _module(held) for held in groups for each in held}
    return tuple(_part(held, places) for held in groups)


def _groups(definitions: Sequence[Definition]) -> list[list[Definition]]:
    found: dict[Root, list[Definition]] = {}
    for each in definitions:
        found.setdefault(_root(each.pointer), []).append(each)
    return list(found.values())


def _root(pointer: str) -> Root:
    """The component, or the topmost schema where an operation declares it."""
    tokens = pointer.split("/")
    if tokens[1:3] == ["components", "schemas"]:
        return "/".join(tokens[:4])
    return "/".join(tokens[: tokens.index("schema") + 1]) if "schema" in tokens else pointer


def _head(held: Sequence[Definition]) -> str:
    return min(held, key=lambda each: (each.pointer.count("/"), len(each.name), each.name)).name


def _module(held: Sequence[Definition]) -> Code:
    """The name of the outermost definition; no two names differ in case alone."""
    return Code(f"_{_head(held).lower()}")


def _joined(groups: list[list[Definition]]) -> list[list[Definition]]:
    """The groups, those in one whose aliases need each other when they are read."""
    at: dict[str, int] = {each.name: index for index, held in enumerate(groups) for each in held}
    needs = [
        {at[name] for each in held for name in _read(each) if name in at} - {index}
        for index, held in enumerate(groups)
    ]
    below = {index: _below(index, needs) for index, found in enumerate(needs) if found}
    made: list[list[Definition]] = []
    done: set[int] = set()
    for index, held in enumerate(groups):
        if index not in done:
            circle = [
                other for other in sorted(below.get(index, ())) if index in below.get(other, ())
            ]
            made.append([*held, *(each for other in circle for each in groups[other])])
            done |= {index, *circle}
    return made


def _below(start: int, needs: Sequence[Iterable[int]]) -> set[int]:
    found: set[int] = set()
    pending = [start]
    while pending:
        for each in needs[pending.pop()]:
            if each not in found:
                found.add(each)
                pending.append(each)
    return found - {start}


def _read(definition: Definition) -> frozenset[str]:
    return definition.needs if isinstance(definition, Alias) else frozenset()


def _part(held: Sequence[Definition], places: Mapping[str, Code]) -> Part:
    own = {each.name for each in held}
    read = {name for each in held for name in _read(each)} - own
    annotated = {name for each in held for name in each.needs} - own - read
    return Part(
        head=_head(held),
        module=_module(held),
        definitions=tuple(held),
        read=_references(read, places),
        annotated=_references(annotated, places),
    )


def _references(names: Iterable[str], places: Mapping[str, Code]) -> tuple[Reference, ...]:
    return tuple(Reference(Code(name), places[name]) for name in sorted(names) if name in places)
