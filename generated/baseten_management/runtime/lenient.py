"""The lenient reader of a type, derived from the core schema that pydantic validates it by.

Exports: ``Lenient``, ``lenient``, ``lenient_class``, ``places``. It makes values of the same classes as the strict reader. What an enum
does not list, a closed object does not declare or no variant of a union admits stays in them as it
came; everything else is refused as ever.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import SchemaValidator

from .drift import Path, TooMany, Trail
from .lenient_schema import lenient_schema
from .parts import on_the_wire
from .presence import Model, present
from .unknown import is_unknown

__all__ = ["Lenient", "lenient", "lenient_class", "places"]


@dataclass(frozen=True, slots=True)
class Lenient:
    """A lenient reader."""

    validator: SchemaValidator

    def read(self, value: object, trail: Trail, target: Model | None = None) -> Any:
        """The value; where it has drifted, the trail knows.

        Args:
            value: JSON data, or members by name.
            target: the new model whose members these are.

        Raises:
            pydantic.ValidationError: it does not fit all the same.
            TooMany: its unions leave too many ways to read it.
        """
        with on_the_wire() if trail.wire else nullcontext():
            return self.validator.validate_python(
                value,
                strict=True,
                context=trail,
                self_instance=target,
                by_alias=True,
                by_name=not trail.wire,
            )

    def again(self, value: object, trail: Trail, error: ValidationError) -> Any:
        """What ``read`` gives, or ``error``, which says what was wrong at first."""
        try:
            return self.read(value, trail)
        except (ValidationError, TooMany, RecursionError):
            raise error from None

    def allowed(self, data: object, source: object, error: ValidationError) -> Any:
        """What ``read`` gives if all that is wrong is what a lenient reading left; else ``error``.

        Args:
            source: what ``data`` was made from, in which that can be seen.
        """
        allowed = frozenset(places(source))
        if not allowed:
            raise error
        return self.again(data, Trail(allowed), error)

    def assign(self, model: Model, name: str, value: object, trail: Trail) -> None:
        """Give a model a member; raises as ``read`` does."""
        self.validator.validate_assignment(model, name, value, strict=True, context=trail)


def lenient(adapter: TypeAdapter[Any]) -> Lenient:
    """The lenient reader of a type."""
    # Not the prebuilt validators of the classes: those are the strict ones.
    return Lenient(SchemaValidator(lenient_schema(adapter.core_schema), None, False))


@cache
def lenient_class(kind: type[Model]) -> Lenient:
    """The lenient reader of a class."""
    return lenient(TypeAdapter(kind))


def places(value: object, path: Path = ()) -> Iterator[Path]:
    """Where a value holds what the document does not know."""
    if is_unknown(value):
        yield path
    elif isinstance(value, Model):
        # No caller can give such a class a member which its schema does not admit.
        if type(value).model_config.get("extra") == "forbid" or hasattr(value, "__exactly__"):
            yield from ((*path, name) for name in value.__pydantic_extra__ or {})
        for name, item in present(value):
            yield from places(item, (*path, name))
    elif isinstance(value, dict):
        for name, item in cast("dict[str, object]", value).items():
            yield from places(item, (*path, name))
    elif isinstance(value, list):
        for at, item in enumerate(cast("list[object]", value)):
            yield from places(item, (*path, at))
