"""What a careless server takes a value for; each is a ``Mend``."""

from __future__ import annotations

import re

from tallystick.contract import Schema
from tallystick.document import Json

from ..world import World
from .edits import Install, lenient

_INTEGER = re.compile(r"-?[0-9]{1,15}")


def open_up(top: bool) -> Install:
    """Unknown members of a closed object are dropped: of the body, or of those within."""

    def mend(world: World, schema: Schema, value: Json, depth: int) -> Json:
        if not isinstance(value, dict) or not schema.closed or (depth == 0) != top:
            return value
        return {name: each for name, each in value.items() if schema.property(name)}

    return lenient(mend)


def number_of_text(world: World, schema: Schema, value: Json, depth: int) -> Json:
    """The text '5' is 5."""
    numeric = schema.types & {"integer", "number"} and "string" not in schema.types
    return int(value) if numeric and isinstance(value, str) and _INTEGER.fullmatch(value) else value


def number_of_truth(world: World, schema: Schema, value: Json, depth: int) -> Json:
    """true is 1."""
    numeric = schema.types & {"integer", "number"} and "boolean" not in schema.types
    return int(value) if numeric and isinstance(value, bool) else value


def truth_of_any(world: World, schema: Schema, value: Json, depth: int) -> Json:
    """'true', 'yes' and 1 are true."""
    wanted = schema.types == frozenset({"boolean"}) and isinstance(value, str | int)
    return value in ("true", "1", "yes", 1, True) if wanted else value


def text_of_number(world: World, schema: Schema, value: Json, depth: int) -> Json:
    """5 is the text '5'."""
    wanted = schema.types == frozenset({"string"}) and isinstance(value, bool | int | float)
    return str(value) if wanted and not schema.enum else value


def whole_of_fraction(world: World, schema: Schema, value: Json, depth: int) -> Json:
    """1.5 is 1."""
    wanted = "integer" in schema.types and "number" not in schema.types
    return int(value) if wanted and isinstance(value, float) and abs(value) < 1e15 else value


def integral(world: World, schema: Schema, value: Json, depth: int) -> Json:
    """1.0 is no integer, for ``strict``."""
    wanted = "integer" in schema.types and "number" not in schema.types
    return 0.5 if wanted and isinstance(value, float) else value


def first_of_enum(world: World, schema: Schema, value: Json, depth: int) -> Json:
    """An unknown value of an enum is its first."""
    unknown = schema.enum and isinstance(value, str) and value not in schema.enum
    return schema.enum[0] if unknown and schema.enum else value


def any_case(world: World, schema: Schema, value: Json, depth: int) -> Json:
    """A value of an enum in another case is that value."""
    if schema.enum and isinstance(value, str) and value not in schema.enum:
        alike = (each for each in schema.enum if str(each).lower() == value.lower())
        return next(alike, value)
    return value


def fill_required(world: World, schema: Schema, value: Json, depth: int) -> Json:
    """A required member that is missing is made up."""
    if not isinstance(value, dict):
        return value
    missing = [each for each in schema.properties if each.required and each.name not in value]
    return value | {m.name: world.samples.value(m.pointer, "filled", m.name) for m in missing}


def only_known(world: World, schema: Schema, value: Json, depth: int) -> Json:
    """Members without a name in the schema are dropped."""
    if not isinstance(value, dict) or not schema.properties:
        return value
    return {name: each for name, each in value.items() if schema.property(name)}


def no_zero(world: World, schema: Schema, value: Json, depth: int) -> Json:
    """0 is no value, for ``strict``."""
    return 1 if type(value) is int and value == 0 else value
