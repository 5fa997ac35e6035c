"""How the keywords of schemas stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from tallystick.contract import Contract, Schema
from tallystick.document import Document, Json, Place
from tallystick.document.record import CODE_SAMPLES
from tallystick.models import Models, Note, Standing, closure, unusable
from tallystick.models.keywords import ASSERTIONS, FORMATS

Told: TypeAlias = tuple[Standing, str]

# What a keyword is where nothing was noted about it.
_USUAL: dict[str, Told] = {
    "$ref": ("enforced", "the type of what it refers to"),
    "additionalProperties": ("enforced", "unknown members are refused, typed or kept"),
    "allOf": ("enforced", "its parts are one type"),
    "anyOf": ("enforced", "a union"),
    "const": ("enforced", "a literal type"),
    "default": ("represented", "a reading has it; the wire never does"),
    "description": ("represented", "a docstring"),
    "discriminator": ("represented", "a hint: the content of a value tells its branch"),
    "enum": ("enforced", "a literal type"),
    "exclusiveMaximum": ("enforced", "a bound of the type"),
    "exclusiveMinimum": ("enforced", "a bound of the type"),
    "format": ("enforced", "a type of its own"),
    "items": ("enforced", "the type of the items"),
    "maxItems": ("enforced", "a bound of the type"),
    "maxLength": ("enforced", "a bound of the type"),
    "maxProperties": ("enforced", "a bound of the type"),
    "maximum": ("enforced", "a bound of the type"),
    "minItems": ("enforced", "a bound of the type"),
    "minLength": ("enforced", "a bound of the type"),
    "minProperties": ("enforced", "a bound of the type"),
    "minimum": ("enforced", "a bound of the type"),
    "multipleOf": ("enforced", "a bound of the type"),
    "nullable": ("enforced", "the type admits null where it is true"),
    "oneOf": ("enforced", "a union whose branches exclude each other"),
    "pattern": ("enforced", "a bound of the type"),
    "properties": ("enforced", "members of the class"),
    "readOnly": ("represented", "a required member is required in answers only"),
    "required": ("enforced", "a member without MISSING"),
    "type": ("enforced", "the type"),
    "unevaluatedProperties": ("enforced", "unknown members are refused"),
    "writeOnly": ("represented", "a required member is required in requests only"),
    "xml": ("ignored", "a body of XML travels as bytes"),
}
ANNOTATION: Told = ("represented", "an annotation: it stands in openapi.json of the package")
_ANNOTATIONS = frozenset(
    {
        *("$anchor", "$comment", "$defs", "$dynamicAnchor", "$id", "$schema", "$vocabulary"),
        *("contentEncoding", "contentMediaType", "contentSchema", "definitions", "deprecated"),
        *("description", "example", "examples", "externalDocs", "title"),
    }
)
_CHECKED: Told = ("enforced", "by the schema itself, at run time")
_BROKEN = "no validator takes this value"
_FOUND: Told = ("represented", "references are resolved by it")
_REFERENCE: Told = ("enforced", "references are resolved by it")
_SENSELESS: Told = ("ignored", "a value that the keyword cannot have: it says nothing")
_NOWHERE: Told = ("ignored", "no schema has an anchor of this name: any value is valid")
_DIALECTS = ("https://json-schema.org/draft/2020-12/schema", "https://spec.openapis.org/oas/")
_FOREIGN: Told = ("ignored", "keywords are read as JSON Schema 2020-12")
_UNCOVERED: Told = ("ignored", "no type holds this schema")
_UNUSED: Told = ("represented", "nothing refers to it")
_SIBLING: Told = ("ignored", "OpenAPI 3.0 ignores what stands beside `$ref`")
_UNKNOWN: Told = ("ignored", "no keyword of JSON Schema 2020-12 or OpenAPI")
EXTENSION: Told = ("ignored", "an extension of a vendor, whose meaning we do not know")
NOTE: Told = ("represented", "a contract note")
_SAMPLES: Told = ("represented", "`tallystick lint` holds the samples against the document")
_WITHIN: dict[str, Told] = {
    "headers": ("ignored", "headers of an answer are given as text, and not checked"),
    "links": ("ignored", "no method follows a link"),
}
# What the lift from OpenAPI 3.0 rewrites: the keyword that says it in 3.1.
_LIFTED = {
    "allOf": ("anyOf",),
    "example": ("examples",),
    "exclusiveMaximum": ("maximum",),
    "exclusiveMinimum": ("minimum",),
    "format": ("contentEncoding",),
    "maximum": ("exclusiveMaximum",),
    "minimum": ("exclusiveMinimum",),
    "nullable": ("type", "anyOf", "oneOf"),
}


def extension(keyword: str) -> Told | None:
    """How an extension stands; None for a keyword that is none."""
    if not keyword.startswith("x-"):
        return None
    if keyword in CODE_SAMPLES:
        return _SAMPLES
    return NOTE if keyword.startswith("x-tallystick-") else EXTENSION


def missed(within: str) -> Told:
    """How anything stands that no operation reaches, inside of such a member."""
    return _WITHIN.get(within, _UNUSED)


@dataclass(frozen=True, slots=True)
class Held:
    """What is known about the schemas of a contract.

    Attributes:
        document: where they stand.
        schemas: the schemas by pointer.
        types: those that went into a type.
        checked: those that stand beside one, or below such a schema.
        members: those that are members of an object.
        notes: what was noted, by pointer and keyword.
    """

    document: Document
    schemas: Mapping[str, Schema]
    types: frozenset[str]
    checked: frozenset[str]
    members: frozenset[str]
    notes: Mapping[tuple[str, str], Note]


def held(contract: Contract, models: Models) -> Held:
    """What is known about the schemas of ``contract``."""
    schemas = contract.schemas
    checked = frozenset(closure(contract, models.exact))
    broken = {(each, keyword) for each in checked for keyword in unusable(contract, each)}
    return Held(
        document=contract.document,
        schemas=schemas,
        types=models.covered | {each.pointer for each in models.definitions},
        checked=checked,
        members=frozenset(m.pointer for schema in schemas.values() for m in schema.properties),
        notes={
            **{(note.pointer, note.keyword): note for note in models.notes},
            **{(at, key): Note(at, key, "ignored", _BROKEN) for at, key in broken},
        },
    )


def taken_out(document: Document, place: Place) -> Iterator[str]:
    """The keywords of an object that went when the document was read."""
    for gone in (document.identifiers, document.left_out):
        yield from (each for each in gone.get(place.lifted, ()) if each not in place.node)


def of_schema(known: Held, place: Place, keyword: str) -> Told:
    """How a keyword of a Schema Object stands."""
    if keyword in known.document.left_out.get(place.lifted, ()):
        return _NOWHERE if keyword == "$dynamicRef" else _SENSELESS
    if keyword in known.document.identifiers.get(place.lifted, ()):
        return _REFERENCE if keyword == "$dynamicRef" else _FOUND
    if keyword == "$schema" and not str(place.node.get(keyword)).startswith(_DIALECTS):
        return _FOREIGN
    said = extension(keyword)
    schema = known.schemas.get(place.lifted)
    if schema is None or not isinstance(schema.node, Mapping):
        return said or (ANNOTATION if keyword in _ANNOTATIONS else missed(place.within))
    if keyword in schema.node:
        return _of_record(known, schema, schema.node, keyword)
    if "$ref" in place.node:
        return _SIBLING
    if keyword == "nullable" and place.node[keyword] is not True:
        return "represented", "null is no value of its own accord"
    instead = (each for each in _LIFTED.get(keyword, ()) if each in schema.node)
    found = next(instead, None)
    told = _USUAL.get(keyword, _UNKNOWN)
    return told if found is None else _of_record(known, schema, schema.node, found)


def _of_record(known: Held, schema: Schema, node: Mapping[str, Json], keyword: str) -> Told:
    note = known.notes.get((schema.pointer, keyword))
    if schema.pointer not in known.types and (note is None or note.reason != _BROKEN):
        return _untyped(known, schema.pointer, node, keyword)
    if note is not None:
        return note.standing, note.reason
    return _USUAL[keyword] if _typed(known, schema, keyword) else _annotated(keyword)


def _typed(known: Held, schema: Schema, keyword: str) -> bool:
    """Whether a keyword has the meaning here that it usually has."""
    if keyword == "default":
        return schema.pointer in known.members
    if keyword == "description":
        return schema.pointer in known.members or schema.name is not None
    return keyword in _USUAL


def _annotated(keyword: str) -> Told:
    if keyword == "default":
        return "represented", "an annotation: nothing can be absent here"
    if keyword in _ANNOTATIONS or keyword in _USUAL:
        return ANNOTATION
    return extension(keyword) or (_CHECKED if keyword in ASSERTIONS else _UNKNOWN)


def _untyped(known: Held, pointer: str, node: Mapping[str, Json], keyword: str) -> Told:
    """How a keyword stands in a schema that no type holds."""
    if keyword not in ASSERTIONS:
        return _annotated(keyword)
    if pointer not in known.checked:
        return _UNCOVERED
    if keyword == "$dynamicRef" or (keyword == "format" and node.get("format") not in FORMATS):
        return "ignored", "the schema is checked without it"
    return _CHECKED
