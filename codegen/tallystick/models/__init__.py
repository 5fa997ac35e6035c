"""The models of a contract: its schemas as Python classes, and their source text."""

from tallystick.models.build import print_models
from tallystick.models.checked import checked_schemas, closure, unusable
from tallystick.models.parts import MANY
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
from tallystick.models.source import models_classes, models_files, models_source

__all__ = [
    "MANY",
    "Alias",
    "Definition",
    "Expression",
    "Field",
    "ModelClass",
    "Models",
    "Note",
    "ReadingClass",
    "Standing",
    "checked_schemas",
    "closure",
    "models_classes",
    "models_files",
    "models_source",
    "print_models",
    "unusable",
]
