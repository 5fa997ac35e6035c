"""The source text of ``models.py``."""

from __future__ import annotations

import ast

from tallystick.jinja import Code, environment
from tallystick.models.records import Models

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
    return _render(models, _names(_render(models, frozenset())))


def _render(models: Models, used: frozenset[str]) -> str:
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


def _names(text: str) -> frozenset[str]:
    return frozenset(node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name))
