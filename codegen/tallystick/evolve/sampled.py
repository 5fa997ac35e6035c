"""One small value of a schema, for the parts of a request that only have to be there."""

from __future__ import annotations

from collections.abc import Mapping

from tallystick.contract import Contract, Schema
from tallystick.document import Json

_DEEPEST = 12
_FORMATS: Mapping[str, str] = {
    "date": "2026-01-02",
    "date-time": "2026-01-02T03:04:05Z",
    "email": "a@example.com",
    "uri": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "ipv4": "192.0.2.1",
    "time": "03:04:05Z",
}


def sample(contract: Contract, pointer: str, depth: int = 0) -> Json:
    """A value that a schema admits, as far as its types, lists, bounds and required members say."""
    schema = contract.core(pointer)
    node = schema.node if isinstance(schema.node, Mapping) else {}
    if schema.enum:
        return next((each for each in schema.enum if each is not None), None)
    if depth > _DEEPEST:
        return None
    if schema.branches:
        real = [each for each in schema.branches if contract.target(each).types != {"null"}]
        return sample(contract, (real or list(schema.branches))[0], depth + 1)
    if schema.properties or schema.types == {"object"}:
        return {
            each.name: sample(contract, each.pointer, depth + 1)
            for each in schema.properties
            if each.required_in("request")
        }
    if "string" in schema.types:
        return _text(node)
    if schema.types & {"integer", "number"}:
        return _number(node)
    if "boolean" in schema.types:
        return True
    if "array" in schema.types:
        return _items(contract, schema, node, depth)
    return {} if "object" in schema.types else None


def _text(node: Mapping[str, Json]) -> str:
    named = _FORMATS.get(str(node.get("format")), "a")
    shortest, longest = node.get("minLength"), node.get("maxLength")
    padded = named.ljust(shortest if isinstance(shortest, int) else 0, "a")
    return padded[:longest] if isinstance(longest, int) else padded


def _number(node: Mapping[str, Json]) -> Json:
    low, above = node.get("minimum"), node.get("exclusiveMinimum")
    high, step = node.get("maximum"), node.get("multipleOf")
    value: int | float = step if isinstance(step, int | float) and step > 0 else 1
    if isinstance(high, int | float) and value > high:
        value = high
    if isinstance(above, int | float) and value <= above:
        value = int(above) + 1
    return low if isinstance(low, int | float) and value < low else value


def _items(contract: Contract, schema: Schema, node: Mapping[str, Json], depth: int) -> Json:
    fewest = node.get("minItems")
    count = fewest if isinstance(fewest, int) else 1
    one = sample(contract, schema.items, depth + 1) if schema.items else "a"
    return [one] * min(count, 100)
