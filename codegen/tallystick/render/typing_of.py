"""Type expressions as one module can write them: what a name would hide is spelled otherwise."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from tallystick.jinja import Code
from tallystick.models import Expression
from tallystick.names import OWN_NAMES


@dataclass(slots=True)
class Used:
    """The names that a module has used, by the module that they come from."""

    qualified: bool = False
    """Whether models are written ``models.X``, to be loaded when they are used, not before."""
    models: set[str] = field(default_factory=set[str])
    scalars: set[str] = field(default_factory=set[str])
    typing: set[str] = field(default_factory=set[str])
    pydantic: set[str] = field(default_factory=set[str])
    exactly: set[str] = field(default_factory=set[str])
    tagged: set[str] = field(default_factory=set[str])
    builtins: bool = False

    def note(self, expression: Expression) -> None:
        """Note the names of an expression."""
        self.models |= expression.names
        self.scalars |= expression.scalars
        self.typing |= expression.typing
        self.pydantic |= expression.pydantic
        self.exactly |= expression.exactly
        self.tagged |= expression.tagged


def model_alias(name: str) -> Code:
    """The name under which a module imports a model."""
    return Code(f"{name}Model_" if name in OWN_NAMES else name)


def written(expression: Expression, members: Collection[str], used: Used) -> Code:
    """An expression in a class with these members, its names noted in ``used``.

    A member called ``list`` hides the type ``list`` from the annotations of its class.
    """
    used.note(expression)
    return renamed(expression.text, members, used)


def renamed(text: Code, members: Collection[str], used: Used) -> Code:
    """An annotation whose hidden or aliased names are spelled otherwise."""
    other: dict[str, str] = {}
    for _, name in _names(text):
        if used.qualified and name in used.models:
            other[name] = f"models.{name}"
        elif name in OWN_NAMES and name in used.models:
            other[name] = model_alias(name)
        elif name in members and hasattr(builtins, name):
            other[name] = f"builtins.{name}"
            used.builtins = True
    return _replaced(text, other) if other else text


def _replaced(text: Code, other: Mapping[str, str]) -> Code:
    raw = text.encode()
    for start, name in reversed(_names(text)):
        if name in other:
            raw = raw[:start] + other[name].encode() + raw[start + len(name) :]
    return Code(raw.decode())


@lru_cache(maxsize=10_000)
def _names(text: Code) -> tuple[tuple[int, str], ...]:
    """The names in an annotation, in order, with the byte at which each begins."""
    nodes = ast.walk(ast.parse(text, mode="eval"))
    return tuple(sorted((node.col_offset, node.id) for node in nodes if isinstance(node, ast.Name)))


def union(parts: Iterable[Code]) -> Code:
    """The union of annotations, each once."""
    return Code(" | ".join(dict.fromkeys(parts)))


def import_lines(used: Used) -> tuple[Code, ...]:
    """The import lines for what was used; models by their names are there for checkers only."""
    sources = (
        ("typing", sorted(used.typing)),
        ("pydantic", sorted(used.pydantic)),
        (".runtime.exactly", sorted(used.exactly)),
        (".runtime.scalars", sorted(used.scalars)),
        (".runtime.tagged", sorted(used.tagged)),
    )
    lines = [Code(f"from {module} import {', '.join(names)}") for module, names in sources if names]
    return (*([Code("import builtins")] if used.builtins else []), *lines, *_models(used))


def _models(used: Used) -> tuple[Code, ...]:
    if not used.models:
        return ()
    if used.qualified:
        return (Code("from . import models"),)
    names = sorted(
        f"{name} as {model_alias(name)}" if model_alias(name) != name else name
        for name in used.models
    )
    checking, imported = Code("from typing import TYPE_CHECKING"), Code(", ".join(names))
    return (checking, Code(f"if TYPE_CHECKING:\n    from .models import {imported}"))
