"""A generator of values of its own: from the text of a schema, with things wrong in them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

from tallystick.contract import Contract
from tallystick.document import Json, copy_of, get

_TEXTS: Mapping[str, tuple[str, ...]] = {
    "date-time": ("2026-01-02T03:04:05Z", "1999-12-31T23:59:60+02:00"),
    "date": ("2026-01-02",),
    "time": ("03:04:05Z",),
    "uuid": ("6f1c2b9e-3d4a-4b5c-8d6e-7f8091a2b3c4",),
    "email": ("someone@example.com",),
    "uri": ("https://example.com/a",),
    "ipv4": ("192.0.2.1",),
    "duration": ("PT1H",),
}
_DEPTH = 7


class Drawing:
    """Draws values of the schemas of two contracts: plain ones, and such as nobody thinks of.

    Args:
        contracts: from whose schemas names, listed values and bounds are taken.
    """

    def __init__(self, contracts: tuple[Contract, ...], seed: int) -> None:
        self._chance = random.Random(seed)
        self._texts: list[Json] = ["", "a", "text", "0", "é"]
        self._numbers: list[Json] = [0, 1, -1, 0.5, 2.0, 10**12, -3.75]
        names = {"unknown", "x"}
        for contract in contracts:
            for schema in contract.schemas.values():
                names.update(each.name for each in schema.properties)
                self._texts += [each for each in schema.enum or () if isinstance(each, str)]
                node = schema.node if isinstance(schema.node, Mapping) else {}
                for bound in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
                    at = node.get(bound)
                    if isinstance(at, int | float):
                        self._numbers += [at, at - 1, at + 1, at + 0.5]
        self._names = sorted(names)

    def values(self, contract: Contract, pointer: str, count: int) -> Iterator[Json]:
        """So many values that are mostly valid."""
        document = contract.document.data
        schema = get(document, pointer)
        for _ in range(count):
            value = self._value(document, schema, 0)
            for _ in range(self._chance.choice((0, 0, 0, 1, 1, 2))):
                value = self._spoiled(value)
            yield value

    def _any(self) -> Json:
        odd: list[Json] = [None, True, False, [], {}, [None], {"x": 1}]
        pool = self._chance.choice((odd, self._texts, self._numbers))
        return self._chance.choice(pool)

    def _spoiled(self, value: Json) -> Json:
        """The value with another value, a member more, or one less, somewhere."""
        if isinstance(value, dict) and (value or self._chance.random() < 0.5):
            key = self._chance.choice(list(value)) if value else "x"
            way = self._chance.randrange(4)
            if way == 0 or key not in value:
                return {**value, self._chance.choice(self._names): self._any()}
            if way == 1:
                return {name: each for name, each in value.items() if name != key}
            return {**value, key: self._spoiled(value[key])}
        if isinstance(value, list) and value:
            index = self._chance.randrange(len(value))
            return [*value[:index], self._spoiled(value[index]), *value[index + 1 :]]
        return self._any()

    def _value(self, document: Any, schema: Any, depth: int) -> Json:
        if not isinstance(schema, dict) or depth > 2 * _DEPTH:
            return self._any()
        if "$ref" in schema:
            return self._value(document, get(document, schema["$ref"]), depth + 1)
        if "const" in schema:
            return copy_of(schema["const"])
        if "enum" in schema:
            return copy_of(self._chance.choice(schema["enum"]))
        for union in ("anyOf", "oneOf"):
            if schema.get(union):
                branch = self._value(document, self._chance.choice(schema[union]), depth + 1)
                return self._with(document, schema, branch, depth)
        if schema.get("allOf"):
            whole: Json = None
            for part in schema["allOf"]:
                made = self._value(document, part, depth + 1)
                if isinstance(whole, dict) and isinstance(made, dict):
                    whole = {**whole, **made}
                else:
                    whole = made
            return self._with(document, schema, whole, depth)
        return self._typed(document, schema, depth)

    def _with(self, document: Any, schema: Any, value: Json, depth: int) -> Json:
        """What stands beside a union added to the value of a branch."""
        if isinstance(value, dict) and "properties" in schema:
            return {**self._members(document, schema, depth), **value}
        return value

    def _typed(self, document: Any, schema: Any, depth: int) -> Json:
        kinds = schema.get("type", "object" if "properties" in schema else None)
        kind = self._chance.choice(kinds) if isinstance(kinds, list) else kinds
        match kind:
            case "object":
                return self._members(document, schema, depth)
            case "array":
                least = int(schema.get("minItems", 0))
                count = least if depth > _DEPTH else least + self._chance.choice((0, 1, 1, 2))
                items = schema.get("items", {})
                return [self._value(document, items, depth + 1) for _ in range(count)]
            case "string":
                named = _TEXTS.get(schema.get("format", ""))
                return self._chance.choice(named or self._texts)
            case "integer":
                return self._number(schema, whole=True)
            case "number":
                return self._number(schema, whole=False)
            case "boolean":
                return self._chance.random() < 0.5
            case "null":
                return None
            case _:
                return self._any()

    def _number(self, schema: Any, *, whole: bool) -> Json:
        low = schema.get("minimum", schema.get("exclusiveMinimum", -5))
        high = schema.get("maximum", schema.get("exclusiveMaximum", low + 100))
        if self._chance.random() < 0.3:
            return self._chance.choice(self._numbers)
        at: float = self._chance.uniform(low, high)
        return round(at) if whole else at

    def _members(self, document: Any, schema: Any, depth: int) -> dict[str, Json]:
        needed = set(schema.get("required", ()))
        often = self._chance.choice((0.1, 0.5, 0.9)) if depth <= _DEPTH else 0.0
        made: dict[str, Json] = {}
        for name, member in schema.get("properties", {}).items():
            if name in needed or self._chance.random() < often:
                made[name] = self._value(document, member, depth + 1)
        for name in needed - set(made):
            made[name] = self._any()
        more = schema.get("additionalProperties", True)
        if more is not False and self._chance.random() < 0.25 and depth <= _DEPTH:
            name = self._chance.choice(self._names)
            made.setdefault(name, self._value(document, more, depth + 1))
        return made
