"""The scalar types of JSON Schema as Python types which neither coerce nor lose anything.

Exports: ``Integer``, ``Number``, ``DateTime``, ``Date``, ``Time``, ``UUID``, ``Json``, ``Binary``, and for
literals ``Integral`` and ``Boolean``. To a checker they are ``int``, ``float``, ``datetime``, ...
A date, time or UUID that came as text keeps that text, so that it is sent back unchanged.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias, TypeVar, cast

from pydantic import (
    AfterValidator,
    BeforeValidator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    PlainValidator,
    Strict,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from .digits import Digits
from .files import File
from .json_text import Json as JsonData
from .moments import read_date, read_date_time, read_time, read_uuid, text_of

__all__ = [
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
]

T = TypeVar("T")


def _integral(value: object) -> object:
    """``1.0`` is an integer (JSON Schema 2020-12, Core 6.3.1); ``true`` is not."""
    if isinstance(value, bool):
        raise _refusal("must be an integer, not a boolean")
    return int(value) if isinstance(value, float) and value.is_integer() else value


class _Integral:
    """Tells pydantic to read an integral float as the integer that it is."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """The type's own validation; Python is asked only where that of ``int`` refuses."""
        inner = handler(source)
        second = core_schema.no_info_before_validator_function(_integral, inner)
        if inner["type"] != "int":
            return second
        return core_schema.union_schema(
            [inner, second], mode="left_to_right", custom_error_type="int_type"
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """That of the type."""
        found = schema["choices"][0] if schema["type"] == "union" else schema
        return handler(found[0] if isinstance(found, tuple) else found)


class _Numeric:
    """Tells pydantic to keep an integer where any number may stand."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """An integer, else a finite float, which keeps its digits if it has too many."""
        return core_schema.union_schema(
            [
                core_schema.int_schema(strict=True),
                core_schema.is_instance_schema(Digits),
                core_schema.float_schema(strict=True, allow_inf_nan=False),
            ],
            mode="left_to_right",
            custom_error_type="json_number",
            custom_error_message="must be a finite number",
        )


def _boolean(value: object) -> object:
    """In Python ``1`` equals ``True``; in JSON it does not."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise _refusal("must be a boolean, not a number")
    return value


def _moment(kind: type[T], read: Callable[[str], T]) -> Callable[[object], T]:
    """Takes text as ``read`` does, and values of exactly this kind which text can say."""

    def validate(value: object) -> T:
        if isinstance(value, str):
            return read(value)
        # A datetime is a date to Python; as one it would lose its time.
        if isinstance(value, kind) and isinstance(value, datetime) == (kind is datetime):
            text_of(value)
            return value
        raise _refusal(f"must be a {kind.__name__}, or text that says one")

    return validate


def _json(value: object) -> JsonData:
    if value is None or isinstance(value, str | int):
        return value
    match value:
        case float():
            if not math.isfinite(value):
                raise _refusal("must be a finite number")
            return value
        case list():
            return [_json(item) for item in cast("list[object]", value)]
        case dict():
            return _object(cast("dict[object, object]", value))
        case _:
            raise _refusal(f"must be JSON data, not {type(value).__name__}")


def _object(value: dict[object, object]) -> dict[str, JsonData]:
    if not all(isinstance(key, str) for key in value):
        raise _refusal("must have strings as keys")
    return {key: _json(item) for key, item in cast("dict[str, object]", value).items()}


def _refusal(what: str) -> PydanticCustomError:
    return PydanticCustomError("json_type", "{what}", {"what": what})


def _binary(value: object) -> str | bytes | File:
    """Text in JSON, a file in a multipart body."""
    if isinstance(value, str | bytes | File):
        return value
    raise _refusal("must be a string or a file")


_AS_TEXT: Final = PlainSerializer(text_of, return_type=str)

Integral: Final = _Integral()
"""Beside a ``Literal`` with integers: ``1.0`` is ``1``, ``true`` is not."""

Boolean: Final = BeforeValidator(_boolean)
"""Beside a ``Literal`` with booleans: ``1`` is not ``true``."""

Integer: TypeAlias = Annotated[int, Strict(), Integral]
Number: TypeAlias = Annotated[float, _Numeric(), WithJsonSchema({"type": "number"})]
DateTime: TypeAlias = Annotated[
    datetime, PlainValidator(_moment(datetime, read_date_time)), _AS_TEXT
]
Date: TypeAlias = Annotated[date, PlainValidator(_moment(date, read_date)), _AS_TEXT]
Time: TypeAlias = Annotated[time, PlainValidator(_moment(time, read_time)), _AS_TEXT]
UUID: TypeAlias = Annotated[uuid.UUID, PlainValidator(_moment(uuid.UUID, read_uuid)), _AS_TEXT]

if TYPE_CHECKING:
    Json: TypeAlias = JsonData
    Binary: TypeAlias = str | bytes | File
else:
    Json = Annotated[Any, AfterValidator(_json)]
    Binary = Annotated[Any, AfterValidator(_binary)]
