"""OpenAPI 3.0 in the terms of 3.1: the schemas rewritten, everything at the pointer it had."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tallystick.document.origins import Origins
from tallystick.document.pointer import Json, get, has, join, split
from tallystick.document.record import Document, copy_of
from tallystick.document.schemas import schemas
from tallystick.errors import DocumentError

_NULL: dict[str, Json] = {"type": "null"}
# Notes that an overlay put beside a reference are read all the same.
_NOTE = "x-tallystick-"
_BASE64 = frozenset({"byte", "base64"})


def lift(document: Document) -> Document:
    """``document`` as OpenAPI 3.1; one of another version than 3.0 is returned as it is.

    Rewritten in every schema (OpenAPI 3.0.4, section 4.7.24, to JSON Schema 2020-12):
    siblings of ``$ref``, which 3.0 ignores, are dropped; ``nullable`` becomes the type ``null``;
    boolean ``exclusiveMinimum`` and ``exclusiveMaximum`` become bounds; ``example`` becomes
    ``examples``; the formats ``byte`` and ``base64`` become ``contentEncoding``; ``binary``
    gets a ``contentMediaType`` as well.

    ``nullable: true`` is taken to admit null even beside an ``enum`` without null or beside
    ``allOf`` without a ``type``, where the letter of 3.0.3 gives it no effect: documents write it
    to say just this. A lone ``allOf`` becomes ``anyOf``; that is the one keyword which moves.

    Raises:
        DocumentError: a list as ``type``, which 3.0 does not have.
    """
    version = document.data.get("openapi")
    if not (isinstance(version, str) and version.startswith("3.0.")):
        return document
    data = copy_of(document.data)
    assert isinstance(data, dict)
    lifted = _Lift(replace(document, data=data))
    for pointer, schema in list(schemas(data)):
        lifted.schema(pointer, schema)
    data["openapi"] = "3.1.0"
    origins = lifted.origins
    return replace(document, data=data, locator=origins.locate, unlifted=document.data)


class _Lift:
    """One pass over the schemas of a document, each rewritten in place."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.origins = Origins(document.locator)

    def schema(self, pointer: str, schema: dict[str, Json]) -> None:
        if "$ref" in schema:
            for sibling in [key for key in schema if key != "$ref"]:
                if not sibling.startswith(_NOTE):
                    del schema[sibling]
            return
        if isinstance(schema.get("type"), list):
            where = join(pointer, "type")
            hint = "write nullable: true, or say openapi: 3.1.0"
            what = "a list as type, which OpenAPI 3.0 does not have"
            raise DocumentError(what, where=self.document.locate(where), pointer=where, hint=hint)
        for step in _STEPS:
            step(schema)
        if schema.pop("nullable", False) is True:
            self.admit_null(pointer, schema)

    def admit_null(self, pointer: str, schema: dict[str, Json]) -> None:
        enum = schema.get("enum")
        if isinstance(enum, list) and None not in enum:
            enum.append(None)
        if isinstance(schema.get("type"), str) and schema["type"] != "null":
            schema["type"] = [schema["type"], "null"]
        if schema.get("allOf") and "anyOf" not in schema and "type" not in schema:
            self.wrap(pointer, schema)
        for keyword in ("anyOf", "oneOf"):
            branches = schema.get(keyword)
            if isinstance(branches, list) and not any(map(self.admits_null, branches)):
                branches.append(dict(_NULL))

    def wrap(self, pointer: str, schema: dict[str, Json]) -> None:
        """``allOf`` and null as ``anyOf``: one member stands there itself, more as one schema."""
        all_of = schema.pop("allOf")
        alone = isinstance(all_of, list) and len(all_of) == 1
        schema["anyOf"] = all_of if alone else [{"allOf": all_of}]
        moved = ("anyOf",) if alone else ("anyOf", "0", "allOf")
        path = split(pointer)
        self.origins.put((*path, *moved), self.origins.source((*path, "allOf")))

    def admits_null(self, branch: Json) -> bool:
        """Whether null is plainly valid for ``branch``, one reference followed."""
        ref = branch.get("$ref") if isinstance(branch, dict) else None
        if isinstance(ref, str) and ref.startswith("#/") and has(self.document.data, ref):
            branch = get(self.document.data, ref)
        if not isinstance(branch, dict):
            return branch is True
        kinds = branch.get("type")
        is_null = kinds == "null" or (isinstance(kinds, list) and "null" in kinds)
        return is_null or branch.get("nullable") is True


def _exclusive_bounds(schema: dict[str, Json]) -> None:
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if not isinstance(schema.get(exclusive), bool):
            continue
        if schema.pop(exclusive) and bound in schema:
            schema[exclusive] = schema.pop(bound)


def _examples(schema: dict[str, Json]) -> None:
    if "example" in schema and "examples" not in schema:
        schema["examples"] = [schema.pop("example")]


def _content(schema: dict[str, Json]) -> None:
    if schema.get("type") != "string":
        return
    if schema.get("format") in _BASE64:
        schema.pop("format")
        schema.setdefault("contentEncoding", "base64")
    elif schema.get("format") == "binary":
        schema.setdefault("contentMediaType", "application/octet-stream")


_STEPS: tuple[Callable[[dict[str, Json]], None], ...] = (_exclusive_bounds, _examples, _content)
