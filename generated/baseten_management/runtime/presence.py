"""Models in which absent, null and a value are three things, and their exact JSON.

Exports: ``Model``, ``Reading``, ``is_set``, ``reading``, ``decode``, ``encode``, ``to_json``, ``MISSING``.

An optional member that is absent holds ``MISSING``. Beware: ``bool(MISSING)`` is true, so ask
``is_set(value)`` or ``value is MISSING``, never ``if value``.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar, cast

from pydantic import (
    MISSING,
    BaseModel,
    ConfigDict,
    GetCoreSchemaHandler,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import CoreSchema
from typing_extensions import TypeIs, Unpack

from .digits import long
from .former import by_present_name
from .json_text import Json as JsonData
from .json_text import all_once, read, write
from .moments import WrittenDateTime, text_of
from .parts import class_schema, fetch_names, is_part, on_the_wire
from .scalars import Json
from .unknown import is_unknown

__all__ = ["MISSING", "Model", "Reading", "decode", "encode", "is_set", "reading", "to_json"]

T = TypeVar("T")
R = TypeVar("R", bound="Reading")


def is_set(value: T | MISSING) -> TypeIs[T]:
    """Whether a member is present: null is, and so are 0, false and the empty string."""
    return value is not MISSING


class Model(BaseModel):
    """A JSON object. Absent members hold ``MISSING``; unknown ones are kept unless it is closed."""

    model_config = ConfigDict(
        strict=True,
        extra="allow",
        allow_inf_nan=False,
        validate_assignment=True,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        protected_namespaces=(),
        defer_build=True,
    )

    __former__: ClassVar[Mapping[str, str]] = {}
    """The members that were renamed: the identifier now, by the one before."""

    if not TYPE_CHECKING:
        # The type of unknown members; a checker must not take it for a field.
        __pydantic_extra__: dict[str, Json]

        def __init__(self, /, **data: Any) -> None:
            if self.__former__:
                data = by_present_name(type(self), data)
            try:
                self.__pydantic_validator__.validate_python(data, self_instance=self)
            except ValidationError as error:
                _with_unknown(self, data, error)

        # So that pydantic does not take it for another way to validate.
        __init__.__pydantic_base_init__ = True

        def __setattr__(self, name: str, value: object) -> None:
            """A member; what a lenient client left in the others stays."""
            extra = self.__pydantic_extra__
            try:
                super().__setattr__(name, value)
            except ValidationError as error:
                _with_unknown(self, {name: value}, error, assigned=True)
            if extra and self.__pydantic_extra__ is None:
                # pydantic moves them among the declared members, since the class is closed.
                for each in extra:
                    del self.__dict__[each]
                object.__setattr__(self, "__pydantic_extra__", extra)

    def effective(self) -> Model:
        """The object read with its defaults, at every depth."""
        return self

    def __init_subclass__(cls, **kwargs: Unpack[ConfigDict]) -> None:
        """A class of your own on one of a large package has its members, so these are looked up."""
        super().__init_subclass__(**kwargs)
        for each in cls.__bases__:
            if is_part(each) and issubclass(each, Model):
                each.model_rebuild()

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[BaseModel], handler: GetCoreSchemaHandler, /
    ) -> CoreSchema:
        return class_schema(cls, source, handler)

    @classmethod
    def model_rebuild(
        cls,
        *,
        force: bool = False,
        raise_errors: bool = True,
        _parent_namespace_depth: int = 2,
        _types_namespace: Mapping[str, Any] | None = None,
    ) -> bool | None:
        """Build the validator, as pydantic does; the classes that it needs are loaded first."""
        if not cls.__pydantic_complete__:
            fetch_names(cls)
        return super().model_rebuild(
            force=force,
            raise_errors=raise_errors,
            _parent_namespace_depth=_parent_namespace_depth + 1,
            _types_namespace=_types_namespace,
        )

    def __iter__(self) -> Generator[tuple[str, Any], None, None]:
        """Members such that ``M(**dict(m))`` equals ``m``.

        An unknown member may have the name that a declared one has in Python; then that one comes
        under its name on the wire.
        """
        extra = self.__pydantic_extra__ or {}
        wires = {name: wire for wire, name in members(type(self)).items()}
        for name, value in self.__dict__.items():
            yield (wires[name] if name in extra else name), value
        yield from extra.items()

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """Only what is present."""
        for name, value in super().__repr_args__():
            if value is not MISSING:
                yield name, value


class Reading(Model):
    """A model read with its defaults. It says what absent means, so it is never sent."""

    model_config = ConfigDict(frozen=True)

    defaults: ClassVar[Mapping[str, Any]] = {}
    """What an absent member means, by its name on the wire."""

    @model_validator(mode="before")
    @classmethod
    def _fill(cls, data: object) -> object:
        """An explicit null, 0, false or empty string is present: it stays."""
        if not isinstance(data, dict):
            return data
        return {**cls.defaults, **cast("dict[str, Any]", data)}

    def effective(self) -> Self:
        """Itself: it is a reading already."""
        return self


def reading(kind: type[R], model: Model) -> R:
    """The reading of ``model`` as ``kind``.

    Raises:
        pydantic.ValidationError: the model was changed so that it no longer fits its schema.
    """
    data = {key: _effective(item) for key, item in present(model)}
    try:
        with on_the_wire():
            return kind.model_validate(data, by_alias=True, by_name=False)
    except ValidationError as error:
        from .lenient import lenient_class

        made = lenient_class(kind).allowed(data, model, error)
        return cast("R", made)


def encode(value: object) -> bytes:
    """``value`` as JSON text: exactly the members that are present.

    Raises:
        TypeError: a reading is in it, which is never sent, or something that is no JSON.
        ValueError: a number that is not finite, or ``MISSING`` in a list or mapping.
    """
    return write(to_json(value))


def decode(kind: Any, data: bytes) -> Any:
    """The value of type ``kind`` in a JSON text.

    Raises:
        JsonError: the text is not JSON.
        pydantic.ValidationError: it is JSON, and ``kind`` does not admit it.
    """
    return decoded(_adapter(kind), data)


def decoded(adapter: TypeAdapter[T], data: bytes) -> T:
    """The value of an adapter's type in a JSON text; errors as for ``decode``."""
    try:
        with on_the_wire():
            value = adapter.validate_json(data, strict=True, by_alias=True, by_name=False)
    except ValidationError:
        pass  # Which fault it is, and where, the careful way tells below.
    else:
        # Pydantic's own reader takes a key that stands twice, and rounds long numbers.
        members, floats = _count(value)
        if all_once(data, members) and not (floats and long(data)):
            return value
    return validated(adapter, read(data))


def validated(adapter: TypeAdapter[T], value: JsonData) -> T:
    """The value of an adapter's type which a JSON value stands for."""
    with on_the_wire():
        return adapter.validate_python(value, strict=True, by_alias=True, by_name=False)


_LEAF, _FLOAT, _LIST, _DICT, _MODEL, _READING = range(6)

_ROLES: dict[type, int] = {
    **dict.fromkeys((type(None), type(MISSING), WrittenDateTime, bool, int, str), _LEAF),
    float: _FLOAT,
    list: _LIST,
    dict: _DICT,
}
"""What the type of a decoded value says of the members below it; classes are added when met."""


def _role(kind: type) -> int:
    if not issubclass(kind, Model):
        found = _LEAF
    else:
        found = _READING if issubclass(kind, Reading) else _MODEL
    _ROLES[kind] = found
    return found


def _count(value: object) -> tuple[int, bool]:
    """How many members the objects of a decoded value have, or fewer, or -1; any floats in it."""
    count, floats = 0, False
    level: list[Iterable[Any]] = [(value,)]
    for each in level:
        for child in each:
            role = _ROLES.get(child.__class__)
            if role == _LEAF:
                continue
            if role is None:
                role = _role(child.__class__)
            if role == _MODEL:
                count += len(child.__pydantic_fields_set__)
                level.append(child.__dict__.values())
                if extra := child.__pydantic_extra__:
                    level.append(extra.values())
            elif role == _LIST:
                level.append(child)
            elif role == _DICT:
                count += len(child)
                level.append(child.values())
            elif role == _FLOAT:
                floats = True
            elif role == _READING:
                return -1, True  # its defaults are members that nobody wrote
    return count, floats


def to_json(value: object) -> JsonData:
    """``value`` as plain JSON data; errors as for ``encode``."""
    match value:
        case Reading():
            raise TypeError(f"{type(value).__name__} is a reading; send the model that it reads")
        case Model():
            return {key: to_json(item) for key, item in present(value)}
        case None | bool() | int() | str():
            return value
        case float():
            if not math.isfinite(value):
                raise ValueError(f"{value} is not JSON")
            return value
        case dict():
            return {key: to_json(item) for key, item in cast("dict[str, object]", value).items()}
        case list():
            return [to_json(item) for item in cast("list[object]", value)]
        case _:
            if not is_set(value):
                raise ValueError("MISSING in a list or mapping: only a member can be absent")
            return text_of(value)


def members(kind: type[Model]) -> Mapping[str, str]:
    """The names on the wire of the declared members, each with its identifier."""
    return _members(kind)


@cache
def _members(kind: type[Model]) -> dict[str, str]:
    # Of two classes that refer to each other the first knows its names only now.
    kind.model_rebuild()
    fields = kind.model_fields.items()
    return {name if field.alias is None else field.alias: name for name, field in fields}


def present(model: Model) -> Iterator[tuple[str, object]]:
    """The members that are present, by their names on the wire."""
    for wire, name in members(type(model)).items():
        value = model.__dict__[name]
        if value is not MISSING:
            yield wire, value
    for wire, value in (model.__pydantic_extra__ or {}).items():
        if value is not MISSING:
            yield wire, value


def _effective(value: object) -> Any:
    """``value`` with every model in it read, so that a branch of a union stays that branch."""
    match value:
        case Model():
            return value.effective()
        case list():
            return [_effective(item) for item in cast("list[object]", value)]
        case _ if is_unknown(value):
            return value
        case dict():
            return {key: _effective(item) for key, item in cast("dict[str, object]", value).items()}
        case _:
            return value


def _with_unknown(
    model: Model, data: dict[str, Any], error: ValidationError, *, assigned: bool = False
) -> None:
    """Give a model members of which some may be what a lenient client left; else raise ``error``."""
    from .drift import Trail
    from .lenient import lenient_class, places

    if any(True for _ in places(data)):
        with suppress(ValidationError):
            trail = Trail(frozenset(), wire=False)
            reader = lenient_class(type(model))
            if not assigned:
                reader.read(data, trail, model)
            for name in data if assigned else ():
                reader.assign(model, name, data[name], trail)
            return
    raise error


@lru_cache(maxsize=1024)
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
