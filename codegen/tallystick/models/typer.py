"""Schemas made into shapes of types; what a type cannot say is noted for the ledger.

A schema that no type fits is any JSON, which the schema itself checks.
"""

from __future__ import annotations

from collections.abc import Mapping

from tallystick.contract import JSON_TYPES, Contract, Schema
from tallystick.document import Json, join
from tallystick.models.keywords import (
    BY_TYPE,
    CHECKED_BY_TYPE,
    FORMATS,
    ORDER,
    Node,
    binary,
    constraints,
    kind,
    plain,
    sizes,
    whole,
)
from tallystick.models.objects import parts, unsaid
from tallystick.models.overlaps import overlap
from tallystick.models.patterns import engine_pattern
from tallystick.models.records import Note, Standing
from tallystick.models.shapes import (
    ANY,
    NULL,
    Bounded,
    Checked,
    Choice,
    Items,
    Named,
    Scalar,
    Shape,
    Union,
    Values,
    union,
)
from tallystick.models.shapes import Mapping as Keyed
from tallystick.models.tags import tags

_DEEPEST = 100
"""How many schemas without a name may stand in one another: beyond, Python could not parse it."""


_WIDEST = 500
"""How many types may stand in a union: it is an expression in which each nests the ones before."""
_LONGEST = 2**63
"""No type checker takes a literal of more than 64 bits."""

_CHECKED = "by the schema itself, at run time"


_TEXTS = {"date-time": "DateTime", "date": "Date", "time": "Time", "uuid": "UUID"}
_SCALARS = {"null": "None", "boolean": "bool", "integer": "Integer", "number": "Number"}
_BOUNDS = {
    "minimum": "ge",
    "exclusiveMinimum": "gt",
    "maximum": "le",
    "exclusiveMaximum": "lt",
    "multipleOf": "multiple_of",
    "minLength": "min_length",
    "maxLength": "max_length",
    "minItems": "min_length",
    "maxItems": "max_length",
    "minProperties": "min_length",
    "maxProperties": "max_length",
    "pattern": "pattern",
}
"""The argument of ``Field`` by keyword."""


class Typer:
    """Makes shapes, and collects notes on what they leave out."""

    def __init__(self, contract: Contract, opaque: frozenset[str]) -> None:
        """
        Args:
            opaque: named schemas that lead back to themselves and hold nothing between.
        """
        self._contract = contract
        self._opaque = opaque
        self._notes: dict[tuple[str, str], Note] = {}
        self.covered: set[str] = set()
        """The schemas that went into a type, by pointer."""
        self.inexact: set[str] = set()
        """The schemas that say more than their type, by pointer."""
        self._told: set[str] = set()
        """The schemas that say more only of what has no tag, by pointer."""

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was noted, once for each keyword."""
        return tuple(self._notes.values())

    def note(self, pointer: str, keyword: str, standing: Standing, reason: str) -> None:
        """Say that the type differs from a keyword of the schema at ``pointer``."""
        self._notes.setdefault((pointer, keyword), Note(pointer, keyword, standing, reason))

    def use(self, pointer: str, seen: frozenset[str] = frozenset()) -> Shape:
        """The type of the schema at ``pointer`` where it is used: its name if it has one."""
        schema = self._contract.schema(pointer)
        self.covered.add(pointer)
        if schema.name is None:
            return self.body(pointer, seen)
        if pointer in self._opaque:
            return self._any(pointer, "$ref")
        if schema.types == frozenset({"null"}):  # Python has no union of None and None
            return self.body(pointer, seen)
        if schema.nullable:
            return union([Named(pointer), NULL])
        return Named(pointer)

    def body(self, pointer: str, seen: frozenset[str] = frozenset()) -> Shape:
        """The type of the schema at ``pointer`` written out."""
        node = self._contract.schema(pointer).node
        self.covered.add(pointer)
        if isinstance(node, bool):
            return ANY if node else self._any(pointer, "")
        if pointer in seen:
            return self._any(pointer, "$ref")
        if len(seen) > _DEEPEST:
            return self._any(pointer, "")
        shape = self._node(pointer, node, seen | {pointer})
        if pointer not in self.inexact:
            return shape
        if pointer in self._told and isinstance(shape, Choice):
            return Choice(Checked(shape.of, pointer), shape.name, shape.kinds)
        return Checked(shape, pointer)

    def members(self, schema: Schema) -> None:
        """Note which keywords of a class its members and their types do not say."""
        node: Node = schema.node if isinstance(schema.node, Mapping) else {}
        self.covered.update(parts(self._contract, schema))
        for pointer, keyword in unsaid(self._contract, schema):
            self._check(schema.pointer, pointer, keyword)
        for member in schema.properties:
            if member.required and schema.direction != "both":
                reason = "the other direction may leave it out"
                self.note(member.pointer, "readOnly", "represented", reason)
                self.note(member.pointer, "writeOnly", "represented", reason)
        if "type" not in node and "allOf" not in node:
            self.note(schema.pointer, "type", "approximated", "it is absent; object is assumed")
        elif schema.types - {"object", "null"}:
            self.note(schema.pointer, "type", "approximated", "object is assumed")

    def _check(self, owner: str, pointer: str, keyword: str) -> None:
        """Let the schema at ``owner`` check what the type does not say."""
        if keyword == "$dynamicRef":
            self.note(pointer, keyword, "ignored", "no type says this")
            return
        self.inexact.add(owner)
        self.note(pointer, keyword, "enforced", _CHECKED)

    def _any(self, pointer: str, keyword: str) -> Shape:
        """Any JSON that the schema at ``pointer`` accepts."""
        self.inexact.add(pointer)
        self.note(pointer, keyword, "enforced", _CHECKED)
        return Checked(ANY, pointer)

    def _node(self, pointer: str, node: Node, seen: frozenset[str]) -> Shape:
        schema = self._contract.schema(pointer)
        if schema.ref is not None:
            self._beside(pointer, node, {"$ref"})
            return self.use(schema.ref, seen)
        if schema.enum is not None:
            return self._enum(pointer, node, schema)
        if "allOf" in node:
            return self._all_of(pointer, node, seen)
        if schema.branches:
            return self._any_of(pointer, node, schema, seen)
        return self._typed(pointer, node, seen)

    def _beside(self, pointer: str, node: Node, handled: set[str]) -> None:
        for keyword in sorted(constraints(node) - handled):
            self._check(pointer, pointer, keyword)

    def _enum(self, pointer: str, node: Node, schema: Schema) -> Shape:
        keyword = "const" if "const" in node else "enum"
        self._beside(pointer, node, {keyword, "type"})
        values = [plain(value) for value in schema.enum or ()]
        admitted = [value for value in values if kind(value) in schema.types]
        kinds = {type(value) for value in admitted}
        if (
            not admitted
            or not kinds <= {str, int, bool, type(None)}
            or {int, bool} <= kinds
            or any(isinstance(value, int) and abs(value) >= _LONGEST for value in admitted)
        ):
            self._check(pointer, pointer, keyword)
            return ANY
        listed = tuple(dict.fromkeys(value for value in admitted if value is not None))
        nulls = [NULL] if None in admitted else []
        return union([*([Values(listed)] if listed else []), *nulls])

    def _all_of(self, pointer: str, node: Node, seen: frozenset[str]) -> Shape:
        """The type of the first part that has one; the schema checks the others."""
        every = [self._contract.schema(each) for each in self._contract.schema(pointer).parts]
        self.covered.update(each.pointer for each in every)
        telling = [each for each in every if not _says_nothing(each)]
        if len(telling) > 1 or constraints(node) != {"allOf"}:
            for keyword in sorted(constraints(node)):
                self._check(pointer, pointer, keyword)
        typed = [each for each in telling if each.types != JSON_TYPES]
        chosen = typed[:1] or (telling if len(telling) == 1 else [])
        return self.use(chosen[0].pointer, seen) if chosen else ANY

    def _any_of(self, pointer: str, node: Node, schema: Schema, seen: frozenset[str]) -> Shape:
        keyword = "anyOf" if "anyOf" in node else "oneOf"
        self._beside(pointer, node, {keyword, "type"})
        admitted = [self._contract.schema(each).types for each in schema.branches]
        if "type" in node and not all(each <= schema.types for each in admitted):
            self._check(pointer, pointer, "type")
        found = tags(self._contract, schema)
        if keyword == "oneOf" and overlap(self._contract, schema.branches):
            if found is not None and found.declared and pointer not in self.inexact:
                self._told.add(pointer)
            self._check(pointer, pointer, keyword)
        shape = union([self.use(each, seen) for each in schema.branches])
        if isinstance(shape, Union) and len(shape.branches) > _WIDEST:
            return self._any(pointer, keyword)
        if found is None or not {at for _, at in found.kinds} <= _classes(shape):
            self._told.discard(pointer)
            return shape
        if found.declared:
            self.note(pointer, "discriminator", "enforced", "its value says the class")
        if pointer in self._told:
            reason = "the discriminator decides where branches overlap"
            self._notes[pointer, keyword] = Note(pointer, keyword, "approximated", reason)
        return Choice(shape, found.name, found.kinds)

    def _typed(self, pointer: str, node: Node, seen: frozenset[str]) -> Shape:
        known = _declared(node)
        if not constraints(node):
            return ANY
        spoken = {keyword for keywords in BY_TYPE.values() for keyword in keywords}
        if not known and not constraints(node) & spoken:
            self._beside(pointer, node, set())
            return ANY
        # Without a type each keyword speaks about its own type and the others are free.
        known = known or [each for each in ORDER if each != "integer"]
        for keyword in sorted(constraints(node) - {"type"}):
            self._by_type(pointer, keyword, known)
        return union([self._of_type(pointer, node, each, seen) for each in known])

    def _by_type(self, pointer: str, keyword: str, known: list[str]) -> None:
        about = {name for name, keywords in BY_TYPE.items() if keyword in keywords}
        checked = {name for name, keywords in CHECKED_BY_TYPE.items() if keyword in keywords}
        if about & set(known):
            return
        if keyword == "format":
            self.note(pointer, keyword, "ignored", "no type says this")
        elif about or (checked and not checked & set(known)) or self._vacuous(pointer, keyword):
            self.note(pointer, keyword, "enforced", "it says nothing about this type")
        else:
            self._check(pointer, pointer, keyword)

    def _vacuous(self, pointer: str, keyword: str) -> bool:
        """Names are strings anyhow."""
        key = join(pointer, "propertyNames")
        if keyword != "propertyNames" or key not in self._contract.schemas:
            return False
        self.covered.add(key)
        return self._contract.schema(key).node in (True, {"type": "string"})

    def _of_type(self, pointer: str, node: Node, name: str, seen: frozenset[str]) -> Shape:
        match name:
            case "integer" | "number":
                return _bounded(Scalar(_SCALARS[name]), self._bounds(pointer, node, name))
            case "string":
                return self._text(pointer, node)
            case "array":
                every = "items" in node and "prefixItems" not in node
                items = self.use(join(pointer, "items"), seen) if every else ANY
                return _bounded(Items(items), self._sizes(pointer, node, "minItems", "maxItems"))
            case "object":
                return self._mapping(pointer, node, seen)
            case _:
                return Scalar(_SCALARS[name])

    def _bounds(self, pointer: str, node: Node, name: str) -> dict[str, Json]:
        found: dict[str, Json] = {}
        for keyword in BY_TYPE["number"]:
            value = node.get(keyword)
            if isinstance(value, bool) or not isinstance(value, int | float):
                continue
            if isinstance(value, float) and value.is_integer():
                value = int(value)
            if keyword == "multipleOf" and isinstance(value, float):
                self._check(pointer, pointer, keyword)
            elif name == "integer" and isinstance(value, float):
                name_of_bound, bound = whole(keyword, value)
                found[name_of_bound] = bound
            else:
                found[keyword] = value
        return found

    def _text(self, pointer: str, node: Node) -> Shape:
        form = "binary" if binary(node) else node.get("format")
        if form == "binary" or form in FORMATS:
            for keyword in ("minLength", "maxLength", "pattern"):
                if keyword in node:
                    self._check(pointer, pointer, keyword)
            for keyword in {"contentMediaType", "contentEncoding", "format"} & set(node):
                if form == "binary":
                    reason = "bytes or a File in a multipart body, a string in JSON"
                    self.note(pointer, keyword, "represented", reason)
            return Scalar("Binary" if form == "binary" else _TEXTS[str(form)])
        if "format" in node:
            self.note(pointer, "format", "ignored", "the text is taken as it is")
        found = self._sizes(pointer, node, "minLength", "maxLength")
        if isinstance(pattern := node.get("pattern"), str):
            translated = engine_pattern(pattern)
            if translated is None:
                self._check(pointer, pointer, "pattern")
            else:
                found["pattern"] = translated
        return _bounded(Scalar("str"), found)

    def _mapping(self, pointer: str, node: Node, seen: frozenset[str]) -> Shape:
        for keyword in ("properties", "required"):
            if node.get(keyword):
                self._check(pointer, pointer, keyword)
        values: Shape = ANY
        additional = node.get("additionalProperties", True)
        if isinstance(additional, dict) and not {"properties", "patternProperties"} & node.keys():
            values = self.use(join(pointer, "additionalProperties"), seen)
        elif additional is not True:
            self._check(pointer, pointer, "additionalProperties")
        found = self._sizes(pointer, node, "minProperties", "maxProperties")
        return _bounded(Keyed(values), found)

    def _sizes(self, pointer: str, node: Node, *keywords: str) -> dict[str, Json]:
        found = sizes(node, *keywords)
        for keyword in keywords:
            if keyword in node and keyword not in found:
                self._check(pointer, pointer, keyword)
        return found


def _classes(shape: Shape) -> set[str]:
    """The pointers of the classes that are branches themselves."""
    branches = shape.branches if isinstance(shape, Union) else ()
    return {each.pointer for each in branches if isinstance(each, Named)}


def _bounded(shape: Shape, bounds: Mapping[str, Json]) -> Shape:
    if not bounds:
        return shape
    return Bounded(shape, tuple((_BOUNDS[keyword], value) for keyword, value in bounds.items()))


def _declared(node: Node) -> list[str]:
    declared = node.get("type")
    types = {declared} if isinstance(declared, str) else set[Json]()
    types |= set(declared) if isinstance(declared, list) else set[Json]()
    known = [each for each in ORDER if each in types]
    return [each for each in known if each != "integer" or "number" not in known]


def _says_nothing(schema: Schema) -> bool:
    return schema.node is True or (
        isinstance(schema.node, Mapping) and not constraints(schema.node)
    )
