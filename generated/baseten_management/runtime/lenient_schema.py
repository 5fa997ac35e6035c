"""pydantic's core schema of a type made lenient: one walk over the nodes that our types consist of.

Exports: ``lenient_schema``. A node that it does not know stays as strict as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias, cast

from pydantic_core import CoreSchema, core_schema

from . import lenient_nodes as nodes
from .exact_drift import Exact, exactly_of
from .lenient_nodes import Handler, Info
from .variants import Literals, json_kind, literals, told

__all__ = ["lenient_schema"]

Schema: TypeAlias = dict[str, Any]

_PREFIX = "lenient:"
_BORDER = "tallystick_border"
"""Beside a node at which the own validator of a class takes over: the class."""
_LITERALS = ("literal", "enum")


def lenient_schema(schema: CoreSchema) -> CoreSchema:
    """The schema of the same values, and of those in which something has drifted."""
    whole = cast("Schema", schema)
    listed = cast("list[Schema]", whole["definitions"]) if whole["type"] == "definitions" else []
    return cast("CoreSchema", Walk({each["ref"]: each for each in listed}).of(whole))


@dataclass(frozen=True, slots=True)
class Walk:
    """Goes through a core schema; ``definitions`` are its shared parts.

    Shared parts stand in the result twice: as they were, since a union is read strictly first, and
    under another name as lenient ones. What it does not know stays strict.
    """

    definitions: Mapping[str, Schema]

    def of(self, schema: Schema) -> Schema:
        """The lenient form of a schema; the same object where nothing can drift."""
        border = schema.get("metadata", {}).get(_BORDER)
        if border is not None:
            return cast(
                "Schema", core_schema.with_info_plain_validator_function(nodes.border(border))
            )
        match schema["type"]:
            case "lax-or-strict":  # a class of a large package, which is read strictly here
                return self.of(schema["strict_schema"])
            case "literal" | "enum":
                kinds = frozenset(json_kind(each) for each in _values(schema))
                return _wrapped(partial(nodes.literal, kinds), schema)
            case "model":
                return self._model(schema)
            case "list" | "dict":
                return self._container(schema)
            case "union" if "custom_error_type" not in schema:  # else it is one scalar to us
                return self._union(schema)
            case "tagged-union":
                choices = {tag: self.of(each) for tag, each in schema["choices"].items()}
                return _wrapped(nodes.tagged, {**schema, "choices": choices})
            case "definitions":
                return self._definitions(schema)
            case "definition-ref":
                return {**schema, "schema_ref": _PREFIX + schema["schema_ref"]}
            case "function-after" if (exactly := exactly_of(schema)) is not None:
                return _exact(self.of(schema["schema"]), exactly)
            case _:
                return self._inside(schema)

    def _inside(self, schema: Schema) -> Schema:
        inner = schema.get("schema")
        if inner is None:
            return schema
        made = self.of(inner)
        return schema if made is inner else {**schema, "schema": made}

    def _definitions(self, schema: Schema) -> Schema:
        made = [{**self.of(each), "ref": _PREFIX + each["ref"]} for each in schema["definitions"]]
        return {
            **schema,
            "definitions": [*schema["definitions"], *made],
            "schema": self.of(schema["schema"]),
        }

    def _model(self, schema: Schema) -> Schema:
        closed = schema["cls"].model_config.get("extra") == "forbid"
        made = {**schema, "schema": self._members(schema["schema"], closed)}
        return _wrapped(partial(nodes.model, closed), made)

    def _members(self, schema: Schema, closed: bool) -> Schema:
        if schema["type"] != "model-fields":
            return {**schema, "schema": self._members(schema["schema"], closed)}
        made = {**schema, "extra_behavior": "allow"}
        made["fields"] = {name: self._field(name, each) for name, each in schema["fields"].items()}
        if closed:
            made["extras_schema"] = core_schema.any_schema()
        elif "extras_schema" in schema:
            made["extras_schema"] = self.of(schema["extras_schema"])
        made["extras_keys_schema"] = _key()
        return made

    def _field(self, name: str, field: Schema) -> Schema:
        wire = field.get("validation_alias", name)
        inner = field["schema"]
        if inner["type"] == "default":
            return {**field, "schema": {**inner, "schema": self._at(wire, inner["schema"])}}
        return {**field, "schema": self._at(wire, inner)}

    def _at(self, name: str, schema: Schema) -> Schema:
        made = self.of(schema)
        return schema if made is schema else _wrapped(partial(nodes.member, name), made)

    def _container(self, schema: Schema) -> Schema:
        where = "items_schema" if schema["type"] == "list" else "values_schema"
        inner = schema.get(where)
        if inner is None or (made := self.of(inner)) is inner:
            return schema
        if schema["type"] == "list":
            return _wrapped(nodes.below, {**schema, where: _wrapped(nodes.item, made)})
        return _wrapped(nodes.below, {**schema, where: made, "keys_schema": _key()})

    def _union(self, schema: Schema) -> Schema:
        branches: list[Schema] = [
            each[0] if isinstance(each, tuple) else each for each in schema["choices"]
        ]
        signs = told([self._literals(each) for each in branches])
        tries = [
            _wrapped(partial(nodes.branch, sign), self.of(branch))
            for sign, branch in zip(signs, branches, strict=True)
        ]
        strictly = _wrapped(partial(nodes.strictly, signs), schema)
        choices = cast("list[CoreSchema]", [strictly, *tries])
        inner = core_schema.union_schema(list(choices), mode="left_to_right")
        return _wrapped(nodes.union, cast("Schema", inner))

    def _literals(self, schema: Schema) -> Literals:
        """The members of a class that list their values."""
        fields = self._bare(schema, "model", "model-fields").get("fields", {})
        found = {
            each.get("validation_alias", name): self._bare(each["schema"])
            for name, each in fields.items()
        }
        return {
            name: literals(_values(each))
            for name, each in found.items()
            if each["type"] in _LITERALS
        }

    def _bare(self, schema: Schema, *through: str) -> Schema:
        """What stands inside of defaults, null, functions and references."""
        while True:
            kind = schema["type"]
            if kind == "definition-ref":
                schema = self.definitions[schema["schema_ref"]]
            elif "schema" in schema and (kind in _AROUND or kind in through):
                schema = schema["schema"]
            else:
                return schema


_AROUND = frozenset(
    {"default", "missing-sentinel", "nullable", "function-after", "function-before"}
)


def _values(schema: Schema) -> list[object]:
    if schema["type"] == "enum":
        return [each.value for each in schema["members"]]
    return list(schema["expected"])


def _wrapped(function: Callable[[Any, Handler, Info], object], schema: Schema) -> Schema:
    made = core_schema.with_info_wrap_validator_function(function, cast("CoreSchema", schema))
    return cast("Schema", made)


def _key() -> Schema:
    return cast("Schema", core_schema.with_info_plain_validator_function(nodes.key))


def _exact(schema: Schema, exactly: Exact) -> Schema:
    function = partial(nodes.exact, exactly)
    inner = cast("CoreSchema", schema)
    return cast("Schema", core_schema.with_info_after_validator_function(function, inner))
