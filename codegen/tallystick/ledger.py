"""The ledger: for each keyword of each schema, what the generated types make of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tallystick.contract import Contract, Schema
from tallystick.document import Document, Json, join
from tallystick.models import Models, Note, Standing, closure, unusable
from tallystick.models.keywords import FORMATS, constraints

STANDINGS: tuple[Standing, ...] = ("enforced", "represented", "approximated", "ignored")

_BROKEN = "no validator takes this value"
_FOUND = "references are resolved by it"
_DIALECTS = ("https://json-schema.org/draft/2020-12/schema", "https://spec.openapis.org/oas/")
_FOREIGN = "keywords are read as JSON Schema 2020-12"
_SENSELESS = "this value says nothing"
_UNCOVERED = "no type holds this schema"
_OURS = "x-tallystick-"

# What a keyword is where nothing was noted about it.
_USUAL: dict[str, tuple[Standing, str]] = {
    "$ref": ("enforced", "the type of what it refers to"),
    "additionalProperties": ("enforced", "unknown members are refused, typed or kept"),
    "allOf": ("enforced", "its parts are one type"),
    "anyOf": ("enforced", "a union"),
    "const": ("enforced", "a literal type"),
    "default": ("represented", "a reading has it; the wire never does"),
    "deprecated": ("ignored", "an annotation"),
    "description": ("represented", "a docstring"),
    "discriminator": ("ignored", "a branch is told by its content"),
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
    "oneOf": ("enforced", "a union whose branches exclude each other"),
    "pattern": ("enforced", "a bound of the type"),
    "properties": ("enforced", "members of the class"),
    "readOnly": ("ignored", "an annotation"),
    "required": ("enforced", "a member without MISSING"),
    "type": ("enforced", "the type"),
    "unevaluatedProperties": ("enforced", "unknown members are refused"),
    "writeOnly": ("ignored", "an annotation"),
}
_ANNOTATION: tuple[Standing, str] = ("ignored", "an annotation")
_CHECKED: tuple[Standing, str] = ("enforced", "by the schema itself, at run time")
_EXTENSION: tuple[Standing, str] = ("ignored", "an extension of a vendor")
_NOTE: tuple[Standing, str] = ("represented", "a contract note")


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one keyword."""

    pointer: str
    """The keyword itself."""
    standing: Standing
    reason: str
    asserts: bool
    """Whether it says which values are valid, rather than something about them."""

    @property
    def weaker(self) -> bool:
        """Whether the types promise less than the document."""
        return self.asserts and self.standing in ("approximated", "ignored")


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every keyword of every schema, in document order."""

    source: str
    entries: tuple[Entry, ...]

    @property
    def totals(self) -> dict[Standing, int]:
        """How many keywords stand how."""
        counted = Counter(entry.standing for entry in self.entries)
        return {standing: counted[standing] for standing in STANDINGS}

    def of(self, *standings: Standing) -> tuple[Entry, ...]:
        """The entries of these standings."""
        return tuple(entry for entry in self.entries if entry.standing in standings)

    @property
    def weaker(self) -> tuple[Entry, ...]:
        """Where the types promise less than the document: what ``--strict`` fails on."""
        return tuple(entry for entry in self.entries if entry.weaker)

    def summary(self) -> str:
        """One line: how many keywords stand how."""
        counts = ", ".join(f"{count} {standing}" for standing, count in self.totals.items())
        return f"ledger: {counts}"

    def to_json(self) -> str:
        """The text of ``ledger.json``: the same for the same contract, one entry a line."""
        lines = ",\n    ".join(
            json.dumps({"at": each.pointer, "is": each.standing, "why": each.reason})
            for each in self.entries
        )
        entries = f"[\n    {lines}\n  ]" if lines else "[]"
        head = f'"document": {json.dumps(self.source)},\n  "totals": {json.dumps(self.totals)}'
        return f'{{\n  {head},\n  "keywords": {entries}\n}}\n'


@dataclass(frozen=True, slots=True)
class Held:
    """Where schemas are held, by pointer.

    Attributes:
        types: those that went into a type.
        checked: those that stand beside one, or below such a schema.
    """

    types: frozenset[str]
    checked: frozenset[str]


def ledger(contract: Contract, models: Models) -> Ledger:
    """What ``models`` make of each keyword of the schemas of ``contract``."""
    notes = {(note.pointer, note.keyword): note for note in models.notes}
    members = {m.pointer for schema in contract.schemas.values() for m in schema.properties}
    held = models.covered | {each.pointer for each in models.definitions}
    checked = frozenset(closure(contract, models.exact))
    broken = {(each, keyword) for each in checked for keyword in unusable(contract, each)}
    notes |= {(at, key): Note(at, key, "ignored", _BROKEN) for at, key in broken}
    found = [
        entry
        for schema in contract.schemas.values()
        if not _is_value(schema, contract)
        for entry in (
            *_gone(schema.pointer, contract.document),
            *_entries(schema, notes, Held(held, checked), members),
        )
    ]
    return Ledger(source=models.source, entries=tuple(found))


def _gone(pointer: str, document: Document) -> Iterator[Entry]:
    """The keywords of a schema that were taken out of the document when it was read."""
    for keyword in document.identifiers.get(pointer, ()):
        asserts = keyword == "$dynamicRef"
        standing: Standing = "enforced" if asserts else "represented"
        yield Entry(join(pointer, keyword), standing, _FOUND, asserts)
    for keyword in document.left_out.get(pointer, ()):
        yield Entry(
            join(pointer, keyword), "ignored", _SENSELESS, bool(constraints({keyword: None}))
        )


def _is_value(schema: Schema, contract: Contract) -> bool:
    """Whether it is ``true`` or ``false`` as the value of a keyword, whose entry speaks for it."""
    above = contract.schemas.get(schema.pointer.rpartition("/")[0])
    return isinstance(schema.node, bool) and above is not None


def _entries(
    schema: Schema,
    notes: Mapping[tuple[str, str], Note],
    held: Held,
    members: set[str],
) -> Iterator[Entry]:
    if isinstance(schema.node, bool):
        note = notes.get((schema.pointer, ""))
        standing: Standing = note.standing if note else "enforced"
        yield Entry(schema.pointer, standing, note.reason if note else "any JSON", True)
        return
    for keyword in schema.node:
        standing, reason = _standing(schema, keyword, notes, members)
        asserts = bool(constraints({keyword: None})) or _is_foreign(keyword, schema.node[keyword])
        if schema.pointer not in held.types:
            note = notes.get((schema.pointer, keyword))
            known = note is not None and note.reason == _BROKEN
            standing, reason = (
                ("ignored", _BROKEN) if known else _untyped(schema, keyword, asserts, held)
            )
        yield Entry(join(schema.pointer, keyword), standing, reason, asserts)
    if "type" not in schema.node and (note := notes.get((schema.pointer, "type"))):
        yield Entry(join(schema.pointer, "type"), note.standing, note.reason, True)


def _is_foreign(keyword: str, value: Json) -> bool:
    """Whether it is a ``$schema`` by which other keywords could mean something else."""
    return keyword == "$schema" and not str(value).startswith(_DIALECTS)


def _untyped(schema: Schema, keyword: str, asserts: bool, held: Held) -> tuple[Standing, str]:
    """The standing of a keyword in a schema that no type holds."""
    if schema.pointer not in held.checked:
        return "ignored", _UNCOVERED
    form = None if isinstance(schema.node, bool) else schema.node.get("format")
    if keyword == "$dynamicRef" or (keyword == "format" and form not in FORMATS):
        return "ignored", "the schema is checked without it"
    return _CHECKED if asserts else _ANNOTATION


def _standing(
    schema: Schema,
    keyword: str,
    notes: Mapping[tuple[str, str], Note],
    members: set[str],
) -> tuple[Standing, str]:
    note = notes.get((schema.pointer, keyword))
    if note is not None:
        return note.standing, note.reason
    if _is_foreign(keyword, None if isinstance(schema.node, bool) else schema.node[keyword]):
        return "ignored", _FOREIGN
    if keyword.startswith("x-"):
        return _NOTE if keyword.startswith(_OURS) else _EXTENSION
    if keyword == "default" and schema.pointer not in members:
        return "ignored", "nothing can be absent here"
    if keyword == "description" and schema.pointer not in members and schema.name is None:
        return _ANNOTATION
    return _USUAL.get(keyword, _ANNOTATION)
