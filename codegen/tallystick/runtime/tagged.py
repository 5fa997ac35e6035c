"""A union in which one member of the object says which class is meant (OpenAPI 3.1, 4.8.25).

Exports: ``Tagged``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast, get_args

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from .presence import MISSING, Model, members

__all__ = ["Tagged"]

_NONE = 0
"""In place of a tag: the value has none, so its content tells."""


@dataclass(frozen=True, slots=True)
class Tagged:
    """Beside a union: a value with a tag is of the class of that tag, and of no other.

    A value without one is of the branch that it fits. A tag that is not listed is refused, since then
    "no schema can be determined and validation SHOULD fail"; a lenient client keeps such a value.

    Args:
        name: the member, by its name on the wire.
        kinds: the name of the class for each value of it, among the branches of the union.
    """

    name: str
    kinds: Mapping[str, str] = field(hash=False)

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """One schema a tag, and the union for what has none."""
        classes = {each.__name__: each for each in get_args(source) if isinstance(each, type)}
        schemas = {name: handler.generate_schema(each) for name, each in classes.items()}
        choices = {tag: schemas[name] for tag, name in self.kinds.items()}
        return core_schema.tagged_union_schema(
            {_NONE: handler(source), **choices},
            self.tag,
            custom_error_type="unknown_variant",
            custom_error_message="The tag names no known variant",
        )

    def tag(self, value: object) -> object:
        """The tag of JSON data or of a model."""
        found: object = MISSING
        if isinstance(value, Model):
            identifier = members(type(value)).get(self.name)
            extra = value.__pydantic_extra__ or {}
            found = value.__dict__[identifier] if identifier else extra.get(self.name, MISSING)
        elif isinstance(value, dict):
            found = cast("dict[str, object]", value).get(self.name, MISSING)
        return found if isinstance(found, str) else _NONE
