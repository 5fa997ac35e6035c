"""The shapes of Python types, before they are text: what a type expression is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tallystick.document import Json


@dataclass(frozen=True, slots=True)
class Scalar:
    """A type with a name of Python's or of ``runtime.scalars``: ``str``, ``Integer``, ``Json``."""

    name: str


@dataclass(frozen=True, slots=True)
class Named:
    """The type of the named schema at ``pointer``: its class or alias."""

    pointer: str


@dataclass(frozen=True, slots=True)
class Values:
    """A literal type; the values are strings, integers and booleans."""

    values: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    of: Shape


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping whose keys are strings."""

    of: Shape


@dataclass(frozen=True, slots=True)
class Union:
    """One of several types; at least two, none of them a union."""

    branches: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Bounded:
    """A type with bounds, as arguments of pydantic's ``Field``."""

    of: Shape
    bounds: tuple[tuple[str, Json], ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A type beside which the schema at ``pointer`` checks what the type cannot say."""

    of: Shape
    pointer: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A union of classes; the string in one member says which one is meant."""

    of: Shape
    name: str
    """The member, by its name on the wire."""
    kinds: tuple[tuple[str, str], ...]
    """Each string, and the pointer of the class."""


Shape: TypeAlias = Choice | Scalar | Named | Values | Items | Mapping | Union | Bounded | Checked

ANY = Scalar("Json")
NULL = Scalar("None")


def union(shapes: Sequence[Shape]) -> Shape:
    """The union of ``shapes``: flat, each branch once, literals as one, null last.

    Any JSON takes up the other branches.
    """
    # By their text: to Python the literals True and 1 are equal.
    flat = list({repr(each): each for shape in shapes for each in _branches(shape)}.values())
    if ANY in flat or not flat:
        return ANY
    for kinds in ((bool,), (int, str)):  # True equals 1: no literal may hold both
        flat = _as_one(flat, kinds)
    if NULL in flat:
        flat = [*(each for each in flat if each != NULL), NULL]
    return flat[0] if len(flat) == 1 else Union(tuple(flat))


def named(shape: Shape) -> Iterator[str]:
    """The pointers of the named schemas in a shape."""
    match shape:
        case Named(pointer):
            yield pointer
        case Union(branches):
            for each in branches:
                yield from named(each)
        case Items(of) | Mapping(of) | Bounded(of) | Checked(of) | Choice(of):
            yield from named(of)
        case _:
            pass


def _branches(shape: Shape) -> tuple[Shape, ...]:
    return shape.branches if isinstance(shape, Union) else (shape,)


def _as_one(shapes: list[Shape], kinds: tuple[type, ...]) -> list[Shape]:
    """``shapes`` with the literals of these kinds joined in the place of the first."""
    listed = [
        each
        for each in shapes
        if isinstance(each, Values) and {type(value) for value in each.values} <= {*kinds}
    ]
    if len(listed) < 2:
        return shapes
    whole = Values(tuple(dict.fromkeys(value for each in listed for value in each.values)))
    return [whole if each is listed[0] else each for each in shapes if each not in listed[1:]]
