"""Maps: objects whose members have any name, and one schema for all values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from pydantic import MISSING

from tallystick.contract import Property, Schema
from tallystick.document import Json, join

from .ground import Ground, Shape
from .members import Member, members
from .places import same
from .samples import Unsatisfiable, matching

KEYS: tuple[str, ...] = ("key", "Key", "other.key", "a/b", "a b", "clé", "1", "__proto__")
"""Names that a careless server takes for the same, for a path, for a number, or for its own."""

ANY: tuple[Json, ...] = ("text", 0, False, "", 1.5, ["a"], {"b": 1})
"""Values of a map that says nothing of them."""


def is_map(core: Schema) -> bool:
    """Whether an object has no members of its own, and takes any (or those of one schema)."""
    whole = core.types - {"null"} == frozenset({"object"})
    return whole and not core.properties and core.additional is not False and not core.branches


def maps(ground: Ground, shape: Shape) -> Iterator[Member]:
    """Every member of a body that is a map."""
    for member in shape.members:
        if is_map(ground.contract.core(member.pointer)):
            yield member


def keys(ground: Ground, pointer: str) -> tuple[str, ...]:
    """Names that a map admits, the plainest first."""
    core = ground.contract.core(pointer)
    names = join(core.pointer, "propertyNames")
    if names not in ground.contract.schemas:
        return KEYS
    keywords = ground.samples.keywords(names)
    words = ground.contract.core(names).enum or ()
    pattern = keywords.get("pattern")
    drawn = matching(pattern) if isinstance(pattern, str) else ()
    every = (*KEYS, *(each for each in words if isinstance(each, str)), *drawn)
    return tuple(each for each in every if ground.oracle.fits(names, each))


def entries(ground: Ground, shape: Shape) -> tuple[Member, ...]:
    """A value of each map of a body whose values have a schema, and what is within that value."""
    key = ("entries", shape.pointer)
    if key not in ground.worked_out:
        ground.worked_out[key] = tuple(_entries(ground, shape))
    return cast("tuple[Member, ...]", ground.worked_out[key])


def _entries(ground: Ground, shape: Shape) -> Iterator[Member]:
    for member in maps(ground, shape):
        core = ground.contract.core(member.pointer)
        known = keys(ground, member.pointer)
        if not isinstance(core.additional, str) or not known:
            continue
        entry = Member((*member.path, known[0]), _entry(known[0], core.additional), core.pointer)
        yield entry
        for each in members(ground.contract, core.additional):
            yield replace(each, path=(*entry.path, *each.path))


def _entry(name: str, pointer: str) -> Property:
    return Property(
        name=name,
        identifier=name,
        pointer=pointer,
        required=False,
        default=MISSING,
        description=None,
        read_only=False,
        write_only=False,
        null=None,
        reserved=(),
    )


def values(ground: Ground, pointer: str) -> list[Json]:
    """Values that a map takes, the likeliest to be accepted first; null among the last."""
    additional = ground.contract.core(pointer).additional
    if not isinstance(additional, str):
        return list(ANY)
    try:
        first = [ground.samples.one(additional)]
    except Unsatisfiable:
        return []
    states = ground.states.of(Member(("",), _entry("", additional), pointer))
    others = [e.value for e in states if e.valid and e.value is not MISSING]
    every = first + sorted(others, key=lambda each: each is None)
    return [e for n, e in enumerate(every) if not any(same(e, before) for before in every[:n])]
