"""Schemas in the form that the printer may see: bare, with a marker for each named type.

Titles, descriptions, examples, defaults and extensions are gone. What the type cannot say is
noted for the ledger; a schema that no type fits becomes "any JSON".
"""

from __future__ import annotations

from collections.abc import Mapping

from tallystick.contract import Contract, Schema
from tallystick.document import Json, join
from tallystick.models.keywords import (
    BY_TYPE,
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
from tallystick.models.patterns import engine_pattern
from tallystick.models.printer import reference
from tallystick.models.records import Note, Standing

_DEEPEST = 100
"""How many schemas without a name may stand in one another: beyond, Python could not parse it."""


def closes(schema: Schema) -> bool:
    """Whether the class refuses unknown members. Patterns admit members which no class declares."""
    patterned = isinstance(schema.node, Mapping) and "patternProperties" in schema.node
    return schema.closed and not patterned


def is_class(schema: Schema) -> bool:
    """Whether a schema becomes a class: a named object with declared members."""
    return schema.name is not None and bool(schema.properties) and "object" in schema.types


class Normaliser:
    """Makes printable schemas and collects notes on what they leave out."""

    def __init__(self, contract: Contract, markers: Mapping[str, str], opaque: frozenset[str]):
        """
        Args:
            markers: the marker of each named schema, by pointer.
            opaque: named schemas that refer to themselves without a class between.
        """
        self._contract = contract
        self._markers = markers
        self._opaque = opaque
        self._notes: dict[tuple[str, str], Note] = {}
        self.covered: set[str] = set()
        """The schemas that went into a type, by pointer."""

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was noted, once for each keyword."""
        return tuple(self._notes.values())

    def note(self, pointer: str, keyword: str, standing: Standing, reason: str) -> None:
        """Say that the type differs from a keyword of the schema at ``pointer``."""
        self._notes.setdefault((pointer, keyword), Note(pointer, keyword, standing, reason))

    def use(self, pointer: str, seen: frozenset[str] = frozenset()) -> Json:
        """The schema at ``pointer`` where it is used: a marker if it is named."""
        schema = self._contract.schema(pointer)
        self.covered.add(pointer)
        marker = self._markers.get(pointer)
        if marker is None:
            return self.body(pointer, seen)
        if pointer in self._opaque:
            self.note(pointer, "$ref", "approximated", "it contains itself; any JSON is accepted")
            return {}
        if is_class(schema) and schema.nullable:
            return {"anyOf": [dict(reference(marker)), {"type": "null"}]}
        return dict(reference(marker))

    def body(self, pointer: str, seen: frozenset[str] = frozenset()) -> Json:
        """The schema at ``pointer`` written out."""
        node = self._contract.schema(pointer).node
        self.covered.add(pointer)
        if isinstance(node, bool):
            return self._boolean(pointer, node)
        if pointer in seen:
            self.note(pointer, "$ref", "approximated", "it contains itself; any JSON is accepted")
            return {}
        if len(seen) > _DEEPEST:
            self.note(pointer, "", "approximated", "nested too deep; any JSON is accepted")
            return {}
        return self._node(pointer, node, seen | {pointer})

    def members(self, schema: Schema) -> None:
        """Note which keywords of a class its members and their types do not say."""
        node: Node = schema.node if isinstance(schema.node, Mapping) else {}
        self._unsaid(schema.pointer, node)
        if "type" not in node and "allOf" not in node:
            self.note(schema.pointer, "type", "approximated", "it is absent; object is assumed")
        elif schema.types - {"object", "null"}:
            self.note(schema.pointer, "type", "approximated", "object is assumed")
        for part in self._parts(schema.pointer):
            inner = self._contract.schema(part).node
            if isinstance(inner, Mapping) and inner.get("additionalProperties", True) is not True:
                reason = "the class that joins the parts does not say this"
                self.note(part, "additionalProperties", "approximated", reason)

    def _unsaid(self, pointer: str, node: Node) -> None:
        said = {*BY_TYPE["object"], "type", "allOf", "unevaluatedProperties"}
        unsaid = constraints(node) - (said - {"minProperties", "maxProperties"})
        for keyword in sorted(unsaid):
            self.note(pointer, keyword, "ignored", "a class does not say this")

    def _parts(self, pointer: str) -> list[str]:
        """The schemas that ``allOf`` joins into a class, at any depth."""
        found: list[str] = []
        pending = [pointer]
        while pending:
            schema = self._contract.schema(pending.pop(0))
            if schema.pointer in found:
                continue
            found.append(schema.pointer)
            self.covered.add(schema.pointer)
            pending += [schema.ref] if schema.ref and schema.pointer != pointer else []
            parts = schema.node.get("allOf") if isinstance(schema.node, Mapping) else None
            count = len(parts) if isinstance(parts, list) else 0
            pending += [join(schema.pointer, "allOf", index) for index in range(count)]
        for part in found[1:]:
            inner = self._contract.schema(part).node
            self._unsaid(part, inner if isinstance(inner, Mapping) and "$ref" not in inner else {})
        return found[1:]

    def _boolean(self, pointer: str, node: bool) -> Json:
        if not node:
            self.note(pointer, "", "approximated", "no value is valid; any JSON is accepted")
        return {}

    def _node(self, pointer: str, node: Node, seen: frozenset[str]) -> Json:
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
            others = ", ".join(sorted(handled & set(node)))
            self.note(pointer, keyword, "ignored", f"it stands beside {others}")

    def _enum(self, pointer: str, node: Node, schema: Schema) -> Json:
        keyword = "const" if "const" in node else "enum"
        self._beside(pointer, node, {"enum", "const", "type"})
        values = [plain(value) for value in schema.enum or ()]
        admitted = [value for value in values if kind(value) in schema.types]
        kinds = {type(value) for value in admitted}
        if not admitted or not kinds <= {str, int, bool, type(None)} or {int, bool} <= kinds:
            reason = "a literal type cannot say these values; any JSON is accepted"
            self.note(pointer, keyword, "approximated", reason)
            return {}
        if kinds == {type(None)}:
            return {"type": "null"}
        return {"enum": list(dict.fromkeys(admitted))}

    def _all_of(self, pointer: str, node: Node, seen: frozenset[str]) -> Json:
        parts = node["allOf"]
        if isinstance(parts, list) and len(parts) == 1 and constraints(node) == {"allOf"}:
            return self.use(join(pointer, "allOf", 0), seen)
        self.note(
            pointer, "allOf", "approximated", "its parts are not joined; any JSON is accepted"
        )
        return {}

    def _any_of(self, pointer: str, node: Node, schema: Schema, seen: frozenset[str]) -> Json:
        keyword = "anyOf" if "anyOf" in node else "oneOf"
        self._beside(pointer, node, {keyword, "type"})
        types = [self._contract.schema(each).types for each in schema.branches]
        overlap = any(a & b for i, a in enumerate(types) for b in types[:i])
        if keyword == "oneOf" and overlap:
            reason = "a value that fits several branches is accepted"
            self.note(pointer, keyword, "approximated", reason)
        return {"anyOf": [self.use(each, seen) for each in schema.branches]}

    def _typed(self, pointer: str, node: Node, seen: frozenset[str]) -> Json:
        declared = node.get("type")
        types = {declared} if isinstance(declared, str) else set[Json]()
        types |= set(declared) if isinstance(declared, list) else set[Json]()
        if not types:
            return self._untyped(pointer, node, seen)
        known = [each for each in ORDER if each in types]
        if "number" in known and "integer" in known:
            known.remove("integer")
        allowed = {keyword for each in known for keyword in BY_TYPE[each]}
        for keyword in sorted(constraints(node) - allowed - {"type"}):
            applies = any(keyword in keywords for keywords in BY_TYPE.values())
            standing: Standing = "enforced" if applies and keyword != "format" else "ignored"
            reason = "it says nothing about this type" if applies else "no type says this"
            self.note(pointer, keyword, standing, reason)
        schemas = [self._of_type(pointer, node, each, seen) for each in known]
        return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}

    def _untyped(self, pointer: str, node: Node, seen: frozenset[str]) -> Json:
        found = constraints(node)
        if not found:
            return {}
        for name in ("object", "array"):
            if found & set(BY_TYPE[name]):
                self.note(pointer, "type", "approximated", f"it is absent; {name} is assumed")
                return self._of_type(pointer, node, name, seen)
        self._beside(pointer, node, set())
        return {}

    def _of_type(self, pointer: str, node: Node, name: str, seen: frozenset[str]) -> Json:
        match name:
            case "integer" | "number":
                return {"type": name, **self._bounds(pointer, node, name)}
            case "string":
                return {"type": name, **self._text(pointer, node)}
            case "array":
                items = self.use(join(pointer, "items"), seen) if "items" in node else {}
                return {"type": name, "items": items, **sizes(node, "minItems", "maxItems")}
            case "object":
                return self._mapping(pointer, node, seen)
            case _:
                return {"type": name}

    def _bounds(self, pointer: str, node: Node, name: str) -> dict[str, Json]:
        found: dict[str, Json] = {}
        for keyword in BY_TYPE["number"]:
            value = node.get(keyword)
            if isinstance(value, bool) or not isinstance(value, int | float):
                continue
            if isinstance(value, float) and value.is_integer():
                value = int(value)
            if keyword == "multipleOf" and isinstance(value, float):
                self.note(pointer, keyword, "ignored", "a binary fraction has no exact multiples")
            elif name == "integer" and isinstance(value, float):
                name_of_bound, bound = whole(keyword, value)
                found[name_of_bound] = bound
            else:
                found[keyword] = value
        return found

    def _text(self, pointer: str, node: Node) -> dict[str, Json]:
        form = "binary" if binary(node) else node.get("format")
        if form == "binary" or form in FORMATS:
            for keyword in ("minLength", "maxLength", "pattern"):
                if keyword in node:
                    self.note(pointer, keyword, "ignored", f"it stands beside format {form}")
            for keyword in {"contentMediaType", "contentEncoding", "format"} & set(node):
                if form == "binary":
                    reason = "bytes or a File in a multipart body, a string in JSON"
                    self.note(pointer, keyword, "represented", reason)
            return {"format": form}
        if "format" in node:
            self.note(pointer, "format", "ignored", "the text is taken as it is")
        found = sizes(node, "minLength", "maxLength")
        if isinstance(pattern := node.get("pattern"), str):
            translated = engine_pattern(pattern)
            if translated is None:
                reason = "the expression has no equal in the engine of the models"
                self.note(pointer, "pattern", "ignored", reason)
            else:
                found["pattern"] = translated
        return found

    def _mapping(self, pointer: str, node: Node, seen: frozenset[str]) -> Json:
        if "properties" in node or node.get("required"):
            for keyword in sorted({"properties", "required"} & set(node)):
                self.note(pointer, keyword, "approximated", "a mapping; its members are not typed")
        values: Json = {}
        additional = node.get("additionalProperties", True)
        if isinstance(additional, dict):
            values = self.use(join(pointer, "additionalProperties"), seen)
        elif additional is False:
            reason = "a mapping; unknown members are not refused"
            self.note(pointer, "additionalProperties", "approximated", reason)
        bounds = sizes(node, "minProperties", "maxProperties")
        return {"type": "object", "additionalProperties": values or True, **bounds}
