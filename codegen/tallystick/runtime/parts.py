"""Classes of a large package, each in a module of its own: loaded and built when they are wanted.

In a module below ``models`` the classes of other such modules stand in annotations only. They are
fetched when pydantic first needs them. And since in many documents every class leads to every
other, a class inside another one is a border: its own validator is built when a value comes to it.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Iterator
from contextvars import ContextVar, Token
from dataclasses import dataclass
from inspect import get_annotations
from typing import Any, cast

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

_FOLDER = f"{__name__.rpartition('.runtime.')[0]}.models."
_BORDER = "tallystick_border"
_DEEPEST = 30
"""How many classes may lie in one another without a border: pydantic goes through them by recursion."""

# A validator written in Python is not told by which names members are read.
_ON_THE_WIRE: ContextVar[bool] = ContextVar("_ON_THE_WIRE", default=False)
_INSIDE: ContextVar[bool] = ContextVar("_INSIDE", default=False)
_DEPTH: ContextVar[int] = ContextVar("_DEPTH", default=0)
_SHOWN: ContextVar[frozenset[type]] = ContextVar("_SHOWN", default=frozenset())


class on_the_wire:
    """Members are read by their names on the wire only, behind borders too."""

    __slots__ = ("_token",)

    _token: Token[bool]

    def __enter__(self) -> None:
        self._token = _ON_THE_WIRE.set(True)

    def __exit__(self, *_: object) -> None:
        _ON_THE_WIRE.reset(self._token)


def is_part(kind: type) -> bool:
    """Whether a class stands in a module below ``models``."""
    return kind.__module__.startswith(_FOLDER)


def fetch_names(kind: type) -> None:
    """Bring the classes that the annotations of ``kind`` name into the module that has them."""
    for each in kind.__mro__:
        if is_part(each):
            _fetch(each)


def _fetch(kind: type) -> None:
    known = sys.modules[kind.__module__].__dict__
    package = sys.modules[_FOLDER[:-1]]
    for text in get_annotations(kind).values():
        names = compile(text, "", "eval").co_names if isinstance(text, str) else ()
        for name in names:
            if name not in known and not hasattr(builtins, name) and hasattr(package, name):
                known[name] = getattr(package, name)


def class_schema(
    kind: type[BaseModel], source: type[BaseModel], handler: GetCoreSchemaHandler
) -> CoreSchema:
    """How a class is validated: as itself, or far inside of others as a border."""
    depth = _DEPTH.get()
    if is_part(kind) or depth >= _DEEPEST:
        return _part_schema(kind, source, handler)
    token = _DEPTH.set(depth + 1)
    try:
        return handler(source)
    finally:
        _DEPTH.reset(token)


def _part_schema(
    kind: type[BaseModel], source: type[BaseModel], handler: GetCoreSchemaHandler
) -> CoreSchema:
    """How a class of a large package is validated: as itself, or inside another as a border."""
    if _INSIDE.get():
        return _border(kind)
    fetch_names(kind)
    token = _INSIDE.set(True)
    try:
        schema = handler(source)
        _open_unions(handler.resolve_ref_schema(schema), handler)
    finally:
        _INSIDE.reset(token)
    return schema


@dataclass(frozen=True, slots=True)
class Border:
    """Validates a value by a class's own validator."""

    model: type[BaseModel]
    strict: bool

    def __call__(self, value: object, info: core_schema.ValidationInfo[Any]) -> object:
        """The instance of the class; errors keep their places below the border."""
        wire = _ON_THE_WIRE.get()
        return self.model.__pydantic_validator__.validate_python(
            value,
            strict=self.strict,
            context=info.context,
            by_alias=True if wire else None,
            by_name=False if wire else None,
        )


def _border(kind: type[BaseModel]) -> CoreSchema:
    return core_schema.lax_or_strict_schema(
        core_schema.with_info_plain_validator_function(Border(kind, strict=False)),
        core_schema.with_info_plain_validator_function(Border(kind, strict=True)),
        metadata={_BORDER: kind, "pydantic_js_annotation_functions": [_shown(kind)]},
    )


def _shown(
    kind: type[BaseModel],
) -> Callable[[CoreSchema, GetJsonSchemaHandler], JsonSchemaValue]:
    """What a border is in JSON Schema: a reference to its class."""

    def show(_: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        # The handler itself would look up the reference, which is not made before its class is.
        generator: GenerateJsonSchema = cast("Any", handler).generate_json_schema
        reference = f"{kind.__module__}.{kind.__qualname__}:{id(kind)}"
        if kind in _SHOWN.get():
            return generator.generate_inner(core_schema.definition_reference_schema(reference))
        kind.model_rebuild()
        schema: Any = kind.__pydantic_core_schema__
        token = _SHOWN.set(_SHOWN.get() | {kind})
        try:
            return generator.generate_inner(_with_reference(schema, reference))
        finally:
            _SHOWN.reset(token)

    return show


def _with_reference(schema: Any, reference: str) -> Any:
    if schema["type"] == "definitions":
        return {**schema, "schema": _with_reference(schema["schema"], reference)}
    return schema if schema["type"] == "definition-ref" else {**schema, "ref": reference}


def _open_unions(schema: CoreSchema, handler: GetCoreSchemaHandler) -> None:
    """Put classes in the place of borders where more than one branch may take an object.

    There pydantic chooses the branch in which most members are declared; it cannot look behind a
    border.
    """
    level: list[Any] = [schema]
    for node in level:
        if isinstance(node, dict):
            found = cast("dict[str, Any]", node)
            if found.get("type") == "union" and _is_ambiguous(found["choices"]):
                for border, kind in list(_borders(found["choices"])):
                    _open(border, kind, handler)
            elif found.get("type") == "union":
                found["choices"] = [_labelled(each) for each in found["choices"]]
                level += found["choices"]
            elif _BORDER not in found.get("metadata", ()):
                level += found.values()
        elif isinstance(node, list | tuple):
            level += cast("list[Any]", node)


def _labelled(choice: Any) -> Any:
    """A branch by the name that the places of errors have for a class, not for a border."""
    schema = _schema(choice)
    name = None if schema is not choice else _name(schema)
    return choice if name is None else (choice, name)


def _schema(choice: Any) -> dict[str, Any]:
    """A branch without its label."""
    return cast("dict[str, Any]", choice[0] if isinstance(choice, tuple) else choice)


def _name(schema: dict[str, Any]) -> str | None:
    match schema:
        case {"metadata": {"tallystick_border": kind}}:
            return cast("type", kind).__name__
        case {"type": "list", "items_schema": items} if name := _name(items):
            return f"list[{name}]"
        case {"type": "dict", "values_schema": values} if name := _name(values):
            return f"dict[str,{name}]"
        case _:
            return None


def _is_ambiguous(choices: list[Any]) -> bool:
    ways = [any(True for _ in _borders([each])) or _takes_objects(each) for each in choices]
    return sum(ways) > 1


def _takes_objects(choice: Any) -> bool:
    kinds = {"any", "definition-ref", "dict", "function-after", "function-wrap", "model"}
    return _schema(choice)["type"] in kinds


def _borders(nodes: list[Any]) -> Iterator[tuple[dict[str, Any], type[BaseModel]]]:
    level = list(nodes)
    for node in level:
        if isinstance(node, dict):
            found = cast("dict[str, Any]", node)
            kind = found.get("metadata", {}).get(_BORDER) if "metadata" in found else None
            if kind is not None:
                yield found, kind
            else:
                level += found.values()
        elif isinstance(node, list | tuple):
            level += cast("list[Any]", node)


def _open(border: dict[str, Any], kind: type[BaseModel], handler: GetCoreSchemaHandler) -> None:
    token = _INSIDE.set(False)
    try:
        schema = handler.generate_schema(kind)
    finally:
        _INSIDE.reset(token)
    border.clear()
    border.update(cast("dict[str, Any]", schema))
