"""Schemas as validators, where a Python type cannot say what they say (JSON Schema 2020-12).

Exports: ``Exactly``, ``ExactModel``. Beside a type or a class stands the pointer of its schema in
``schemas.json``; it is compiled by ``jsonschema-rs`` when the first value comes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, cast
from urllib.parse import quote

from pydantic import ConfigDict, GetCoreSchemaHandler, ValidationError, model_validator
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, core_schema
from typing_extensions import Unpack

from .digits import rounded
from .presence import Model, to_json
from .unknown import is_unknown, plain

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
        """``value`` if it is valid, but for what a lenient reading left in it.

        Raises:
            pydantic.ValidationError: it is not; each error has the place in the value.
        """
        problems = self.problems(value)
        if not problems or _drifted(value, problems):
            return value
        raise self.refusal(value, problems)

    def problems(self, value: object) -> list[jsonschema_rs.ValidationError]:
        """What the schema says against a value."""
        data = rounded(to_json(value))
        validator = _validator(self.pointer)
        with suppress(ValueError):  # a string with a mark is none to it
            if validator.is_valid(data):
                return []
        return list(validator.iter_errors(plain(data)))

    def refusal(
        self, value: object, problems: list[jsonschema_rs.ValidationError]
    ) -> ValidationError:
        """The error that says so; each part has the place in the value."""
        parts = [
            InitErrorDetails(
                type=PydanticCustomError("json_schema", "{what}", {"what": each.message}),
                loc=tuple(each.instance_path),
                input=value,
            )
            for each in problems
        ]
        return ValidationError.from_exception_data("JSON Schema", parts)


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


def _drifted(value: object, problems: list[jsonschema_rs.ValidationError]) -> bool:
    """Whether all that is wrong is what a lenient reading left in the value."""
    from .drift import Trail
    from .exact_drift import keeps
    from .lenient import places

    fresh = {(name,) for name, item in _extra(value) if not is_unknown(item)}
    allowed = frozenset(places(value)) - fresh
    trail = Trail(allowed)
    return bool(allowed) and all(keeps(each, value, trail)[0] for each in problems)


def _extra(value: object) -> Iterable[tuple[str, object]]:
    return (value.__pydantic_extra__ or {}).items() if isinstance(value, ExactModel) else ()


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
