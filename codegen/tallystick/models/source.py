"""The source text of ``models.py``, or of the modules below ``models``."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from jinja2 import Template

from tallystick.jinja import Code, environment
from tallystick.models.parts import MANY, Part, parts
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
    about = f"Models of {models.title}: absent, null and a value are three things."
    return _text(models, models.definitions, about, _HERE)


def models_files(models: Models, many: int = MANY) -> dict[str, str]:
    """The modules with the models: text by path below the package.

    Args:
        many: how many definitions one module may hold; with more, each schema has a module.
    """
    if len(models.definitions) <= many:
        return {"models.py": models_source(models)}
    found = parts(models)
    files = {f"models/{each.module}.py": _part_source(models, each) for each in found}
    return {"models/__init__.py": _table_source(models, found), **files}


def models_classes(models: Models, many: int = MANY) -> dict[str, frozenset[str]]:
    """The names of the classes that each of these modules defines, by its path."""
    if len(models.definitions) <= many:
        return {"models.py": _classes(models.definitions)}
    files = {f"models/{each.module}.py": _classes(each.definitions) for each in parts(models)}
    return {"models/__init__.py": frozenset(), **files}


def _classes(definitions: Sequence[Definition]) -> frozenset[str]:
    return frozenset(each.name for each in definitions if not isinstance(each, Alias))


def _part_source(models: Models, part: Part) -> str:
    """The text of one module below ``models``."""
    about = f"``{part.head}``, and what stands inside of it."
    return _text(models, part.definitions, about, part)


def _table_source(models: Models, found: Iterable[Part]) -> str:
    """The text of ``models/__init__.py``: every name, and the module that is loaded for it."""
    return _template("models_table.py.jinja").render(
        models=models,
        former=models.former,
        parts=[
            {
                "module": part.module,
                "names": [each.name for each in part.definitions],
            }
            for part in found
        ],
    )


_HERE = Part("", Code(""), (), (), ())


def _text(models: Models, definitions: Sequence[Definition], about: str, part: Part) -> str:
    used = {name for each in definitions for name in _names(each)}
    used |= {"TYPE_CHECKING"} if part.annotated else set()
    former = () if part.module else models.former
    used |= {"TYPE_CHECKING", "TypeAlias"} if former else set()

    def among(*names: str) -> list[Code]:
        return [Code(name) for name in names if name in used]

    return _template("models.py.jinja").render(
        models=models,
        definitions=definitions,
        about=about,
        part=part,
        former=former,
        up=Code("..") if part.module else Code("."),
        mapping="Mapping" in used,
        typing=among(*_TYPING),
        pydantic=among("Field"),
        alias_type="TypeAliasType" in used,
        deprecated="deprecated" in used,
        exactly=among(*_EXACTLY),
        presence=among(*_PRESENCE),
        scalars=among(*_SCALARS),
        tagged=among("Tagged"),
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
            yield from ("ClassVar", "Mapping") if definition.former else ()
        case ReadingClass():
            yield "Reading"
            yield from ("ClassVar", "Mapping", "Any") if definition.defaults else ()
    for text in (*(each.annotation for each in definition.fields), definition.extra or Code("")):
        yield from _named(text)
    yield from ("TYPE_CHECKING",) if definition.extra else ()
    yield from ("deprecated",) if definition.former else ()
    yield from ("MISSING",) if any(each.optional for each in definition.fields) else ()
    yield from ("Annotated", "Field") if any(each.aliased for each in definition.fields) else ()


@lru_cache(maxsize=4096)
def _named(annotation: Code) -> frozenset[str]:
    tree = ast.parse(annotation)
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))


@cache
def _template(name: str) -> Template:
    return environment().get_template(name)
