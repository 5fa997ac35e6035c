"""The models of a contract: its schemas as Python classes, and their source text."""

from tallystick.models.records import (
    Alias,
    Definition,
    Expression,
    Field,
    ModelClass,
    Models,
    Note,
    ReadingClass,
    Standing,
)

__all__ = [
    "Alias",
    "Definition",
    "Expression",
    "Field",
    "ModelClass",
    "Models",
    "Note",
    "ReadingClass",
    "Standing",
]
