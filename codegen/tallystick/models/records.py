"""The models of a contract as records: what the template lays out and ``api.py`` refers to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from tallystick.document import Json
from tallystick.jinja import Code

Standing: TypeAlias = Literal["enforced", "represented", "approximated", "ignored"]


@dataclass(frozen=True, slots=True)
class Field:
    """One member of a class."""

    identifier: Code
    wire: str
    """The name on the wire."""
    annotation: Code
    """The type, ``None`` and ``MISSING`` included, without the alias."""
    optional: bool
    """Whether it has ``= MISSING``."""
    docstring: str | None

    @property
    def aliased(self) -> bool:
        """Whether the name on the wire is another one than the identifier."""
        return self.wire != self.identifier


@dataclass(frozen=True, slots=True)
class Renamed:
    """A member under the name that it had."""

    old: Code
    now: Field


@dataclass(frozen=True, slots=True)
class ModelClass:
    """An object schema as a class: what travels."""

    kind: ClassVar[str] = "model"

    name: Code
    pointer: str
    docstring: str
    closed: bool
    """Whether an unknown member is refused."""
    extra: Code | None
    """The type of members which are not declared, where the schema has one."""
    fields: tuple[Field, ...]
    reading: Code | None
    """The class of its reading, where something in it or below has a default."""
    exactly: bool
    """Whether its schema validates what its members cannot say."""
    needs: frozenset[str]
    """The names of ``models.py`` in its annotations."""
    former: tuple[Renamed, ...] = ()
    """Names that are kept for members that were renamed."""


@dataclass(frozen=True, slots=True)
class ReadingClass:
    """The reading of a model: every default filled in. It never travels."""

    kind: ClassVar[str] = "reading"

    name: Code
    pointer: str
    of: Code
    """The model that it reads."""
    docstring: str
    closed: bool
    extra: Code | None
    fields: tuple[Field, ...]
    defaults: Mapping[str, Json]
    """What absent means, by the name on the wire."""
    needs: frozenset[str]
    """The names of ``models.py`` in its annotations."""
    former: tuple[Renamed, ...] = ()
    """Names that are kept for members that were renamed."""


@dataclass(frozen=True, slots=True)
class Alias:
    """A named schema that is no object with members: a name for a type expression."""

    kind: ClassVar[str] = "alias"

    name: Code
    pointer: str
    annotation: Code
    docstring: str | None
    recursive: bool
    """Whether it contains itself, through a list or mapping: then it is read when it is used."""
    needs: frozenset[str]
    """The names of ``models.py`` in it."""


Definition: TypeAlias = ModelClass | ReadingClass | Alias


@dataclass(frozen=True, slots=True)
class Expression:
    """The Python type of one schema, as ``api.py`` writes it."""

    text: Code
    names: frozenset[str]
    """The names of ``models.py`` in it, to be imported."""
    scalars: frozenset[str]
    """The names of ``runtime.scalars`` in it (``DateTime``, ``Json``, ...), to be imported."""
    typing: frozenset[str]
    """The names of ``typing`` in it (``Annotated``, ``Literal``), to be imported."""
    pydantic: frozenset[str]
    """The names of ``pydantic`` in it (``Field``), to be imported."""
    exactly: frozenset[str]
    """The names of ``runtime.exactly`` in it (``Exactly``), to be imported."""
    tagged: frozenset[str] = frozenset()
    """The names of ``runtime.tagged`` in it (``Tagged``), to be imported."""


@dataclass(frozen=True, slots=True)
class Note:
    """Where a type says less, or something else, than a keyword of its schema."""

    pointer: str
    """The schema object."""
    keyword: str
    standing: Standing
    reason: str


@dataclass(frozen=True, slots=True)
class Models:
    """Everything that ``models.py`` holds."""

    title: str
    source: str
    """The file name of the document."""
    definitions: tuple[Definition, ...]
    """In dependency order; where classes refer to each other, in document order."""
    expressions: Mapping[str, Expression]
    """By schema pointer: the schemas of bodies, answers and parameters."""
    notes: tuple[Note, ...]
    covered: frozenset[str]
    """The schemas that went into a type, by pointer."""
    exact: frozenset[str]
    """The schemas that validate by themselves, at run time, by pointer."""
    former: tuple[tuple[Code, Code], ...] = ()
    """Names that are kept for what was renamed: each with the name now."""

    @property
    def names(self) -> tuple[Code, ...]:
        """Every name that the module defines."""
        return tuple(each.name for each in self.definitions)
