"""How the value of a parameter, or of a member of a form, is written: two ways of it compared."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from pydantic import TypeAdapter

from tallystick.contract import Contract, Parameter
from tallystick.document import Json, join, split
from tallystick.runtime import styles
from tallystick.runtime.operation import Kind
from tallystick.runtime.operation import Parameter as Wire

_ANYTHING: Kind[object] = Kind(lambda: TypeAdapter(object))
_SCALARS: dict[str, Json] = {"string": "a", "integer": 7, "number": 1.5, "boolean": True}


@dataclass(frozen=True, slots=True)
class Writings:
    """One value that is written in two ways."""

    value: Json
    old: str
    new: str


def has_content(parameter: Parameter) -> bool:
    """Whether a parameter is declared with ``content``, not with ``schema``."""
    return parameter.schema.startswith(join(parameter.pointer, "content"))


def media_type(parameter: Parameter) -> str | None:
    """The media type of a parameter that is declared with ``content``."""
    return split(parameter.schema)[-2] if has_content(parameter) else None


def wire(parameter: Parameter) -> Wire:
    """A parameter as the runtime writes it (OpenAPI 3.1, 4.8.12)."""
    return Wire(
        name=parameter.name,
        argument=parameter.identifier,
        location=parameter.location,
        kind=_ANYTHING,
        style=parameter.style,
        explode=parameter.explode,
        json=has_content(parameter),
        allow_reserved=parameter.allow_reserved,
    )


def text(parameter: Wire, value: Json) -> str | None:
    """A value as it stands in the path, query, header or cookie; None where the style has none."""
    escape = str if parameter.location == "header" else _escape
    if parameter.json:
        written = escape(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
        pairs = [(parameter.name, written)]
    else:
        try:
            if parameter.location in ("path", "header"):
                return styles.write_text(parameter, value, escape)
            pairs = styles.write_pairs(parameter, value, _escape)
        except (styles.Inexpressible, UnicodeError):
            return None
    if parameter.location in ("path", "header"):
        return pairs[0][1]
    return ("; " if parameter.location == "cookie" else "&").join(f"{k}={v}" for k, v in pairs)


def differing(old: Wire, new: Wire, values: Iterator[Json]) -> Writings | None:
    """The first of some values that is written otherwise; None if none is."""
    for value in values:
        both = text(old, value), text(new, value)
        if both[0] != both[1] and both[0] is not None:
            return Writings(value, both[0], both[1] or "no text at all")
    return None


def values_of(contract: Contract, pointer: str, reserved: bool = False) -> Iterator[Json]:
    """Values of the JSON types that a schema admits, of every shape that styles tell apart.

    Args:
        reserved: texts have a character that ``allowReserved`` leaves as it is.
    """
    core = contract.core(pointer)
    scalars = {**_SCALARS, "string": "a/b"} if reserved else _SCALARS
    for name, value in scalars.items():
        if name in core.types and not (name == "integer" and core.enum):
            yield _listed(core.enum, name) or value
    if "array" in core.types:
        inner = contract.core(core.items).types if core.items else frozenset({"string"})
        items = [value for name, value in scalars.items() if name in inner][:1] or ["a"]
        yield [*items, *(["b"] if items == ["a"] else items)]
    if "object" in core.types:
        names = [each.name for each in core.properties][:2] or ["a", "b"]
        yield {name: _member(contract, core.property(name), scalars) for name in names}


def _member(contract: Contract, member: object, scalars: dict[str, Json]) -> Json:
    pointer = getattr(member, "pointer", None)
    types = contract.core(pointer).types if isinstance(pointer, str) else frozenset({"string"})
    return next((value for name, value in scalars.items() if name in types), "a")


def _listed(enum: tuple[Json, ...] | None, name: str) -> Json:
    """The first listed text, where only listed values are valid."""
    if name != "string" or not enum:
        return None
    return next((each for each in enum if isinstance(each, str) and each), None)


def _escape(plain: str) -> str:
    return quote(plain, safe="", errors="strict")
