"""The source text of ``models.py``."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import lru_cache

from tallystick.jinja import Code, environment
from tallystick.models.records import Alias, Definition, ModelClass, Models, ReadingClass

_TYPING = ("TYPE_CHECKING", "Annotated", "Any", "ClassVar", "Literal", "Self", "TypeAlias")
_EXACTLY = ("ExactModel", "Exactly")
_PRESENCE = ("MISSING", "Model", "Reading", "reading")
_SCALARS = (
    "UUID",
    "Binary",
    "Boolean",
    "Date",
    "DateTime",
    "Integer",
    "Integral",
    "Json",
    "Number",
    "Time",
)


def models_source(models: Models) -> str:
    """The text of ``models.py``: every definition, in order, and only the imports it needs."""
    used = {name for each in models.definitions for name in _names(each)}
    used |= {"TYPE_CHECKING", "TypeAlias"} if models.former else set()

    def among(*names: str) -> list[Code]:
        return [Code(name) for name in names if name in used]

    return (
        environment()
        .get_template("models.py.jinja")
        .render(
            models=models,
            mapping="Mapping" in used,
            typing=among(*_TYPING),
            pydantic=among("Field"),
            alias_type="TypeAliasType" in used,
            exactly=among(*_EXACTLY),
            presence=among(*_PRESENCE),
            scalars=among(*_SCALARS),
        )
    )


def _names(definition: Definition) -> Iterable[str]:
    """The names that the template writes for a definition, beside those of builtins."""
    match definition:
        case Alias():
            yield from _named(definition.annotation)
            yield from ("TypeAlias",)
            yield from ("TYPE_CHECKING", "TypeAliasType") if definition.recursive else ()
            return
        case ModelClass():
            yield from ("ExactModel",) if definition.exactly else ("Model",)
            yield from ("Self",) if definition.reading is None else ("reading",)
        case ReadingClass():
            yield "Reading"
            yield from ("ClassVar", "Mapping", "Any") if definition.defaults else ()
    for text in (*(each.annotation for each in definition.fields), definition.extra or Code("")):
        yield from _named(text)
    yield from ("TYPE_CHECKING",) if definition.extra else ()
    yield from ("MISSING",) if any(each.optional for each in definition.fields) else ()
    yield from ("Annotated", "Field") if any(each.aliased for each in definition.fields) else ()


@lru_cache(maxsize=4096)
def _named(annotation: Code) -> frozenset[str]:
    tree = ast.parse(annotation)
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
