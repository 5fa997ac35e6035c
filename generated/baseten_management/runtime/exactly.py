"""Schemas as validators, where a Python type cannot say what they say (JSON Schema 2020-12).

Exports: ``Exactly``, ``ExactModel``. Beside a type or a class stands the pointer of its schema in
``schemas.json``; it is compiled by ``jsonschema-rs`` when the first value comes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, cast
from urllib.parse import quote

from pydantic import ConfigDict, GetCoreSchemaHandler, ValidationError, model_validator
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, core_schema
from typing_extensions import Unpack

from .presence import Model, to_json

if TYPE_CHECKING:
    import jsonschema_rs

__all__ = ["ExactModel", "Exactly"]

T = TypeVar("T")

_ROOT = "urn:schemas"


@dataclass(frozen=True, slots=True)
class Exactly:
    """Beside a type: a value is valid if the schema at ``pointer`` says so as well."""

    pointer: str

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """The type's own validation, and after it that of the schema."""
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def check(self, value: T) -> T:
        """``value`` if it is valid.

        Raises:
            pydantic.ValidationError: it is not; each error has the place in the value.
        """
        data = to_json(value)
        validator = _validator(self.pointer)
        if validator.is_valid(data):
            return value
        problems = [
            InitErrorDetails(
                type=PydanticCustomError("json_schema", "{what}", {"what": each.message}),
                loc=tuple(each.instance_path),
                input=value,
            )
            for each in validator.iter_errors(data)
        ]
        raise ValidationError.from_exception_data("JSON Schema", problems)


class ExactModel(Model):
    """A model which its schema validates as a whole, after its members."""

    __exactly__: ClassVar[Exactly]

    def __init_subclass__(cls, *, exactly: str = "", **kwargs: Unpack[ConfigDict]) -> None:
        """``exactly``: the pointer of the schema."""
        super().__init_subclass__(**kwargs)
        cls.__exactly__ = Exactly(exactly)

    @model_validator(mode="after")
    def _as_a_whole(self) -> Self:
        return self.__exactly__.check(self)

    if not TYPE_CHECKING:

        def __setattr__(self, name: str, value: object) -> None:
            """A refused assignment changes nothing."""
            kept = ("__dict__", "__pydantic_extra__", "__pydantic_fields_set__")
            before = {each: _copy(getattr(self, each)) for each in kept}
            try:
                super().__setattr__(name, value)
            except ValidationError:
                for each, held in before.items():
                    object.__setattr__(self, each, held)
                raise


def _copy(held: Any) -> Any:
    return None if held is None else held.copy()


@cache
def _schemas() -> jsonschema_rs.Registry:
    from jsonschema_rs import Draft202012, Registry

    package = __name__.rpartition(".runtime.")[0]
    text = resources.files(package).joinpath("schemas.json").read_text(encoding="utf-8")
    return Registry([(_ROOT, cast("dict[str, Any]", json.loads(text)))], draft=Draft202012)


@cache
def _validator(pointer: str) -> jsonschema_rs.Validator:
    from jsonschema_rs import validator_for

    fragment = quote(pointer.removeprefix("#"), safe="/~")
    return validator_for(
        {"$ref": f"{_ROOT}#{fragment}"},
        registry=_schemas(),
        validate_formats=True,
        mask="the value",
        offline=True,
    )
