"""Values of a schema for Hypothesis: mostly valid ones, and such with one thing wrong in them."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tallystick.contract import Contract, Schema

_TEXT = {
    "date-time": [
        "2016-12-31T23:59:60.1234567Z",
        "0000-01-01T00:00:00-00:00",
        "2020-02-29t01:02:03+05:30",
    ],
    "date": ["2020-02-29", "0000-01-01"],
    "time": ["23:59:60Z", "01:02:03.0000001-08:00"],
    "uuid": ["2EB8AA08-AA98-11EA-B4AA-73B441D16380"],
}
_NAMES = st.sampled_from(
    ["class_", "model_dump", "effective", "__class__", "self", "defaults", "n", "", "é\u202e"]
)
_LONGEST = 60
_RARELY = st.integers(0, 3).map(lambda number: number == 0)
_ANY: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, False, 0, 1, 1.0, 1.5, -3, "", "1", "x", [], {}, [None], {"n": "1"}]
).map(deepcopy)  # they are changed in place


@st.composite
def values(draw: Any, contract: Contract, pointer: str, depth: int = 4) -> Any:
    """Values that are mostly valid: the oracle decides.

    Args:
        depth: how many arrays and objects may stand in one another; what is required goes deeper,
            until it meets itself.
    """
    return _Drawing(contract, draw).value(pointer, depth, ())


@dataclass(frozen=True, slots=True)
class _Drawing:
    """One value being drawn; nothing is built before it is needed, so that recursion ends."""

    contract: Contract
    draw: Any

    def value(self, pointer: str, depth: int, above: tuple[str, ...]) -> Any:
        if above.count(pointer) > 1 or len(above) > _LONGEST:
            return self.draw(_ANY)
        schema = self.contract.schema(pointer)
        above = (*above, pointer)
        if schema.enum:
            return self.draw(st.sampled_from(schema.enum))
        if schema.ref is not None:
            return self.value(schema.ref, depth, above)
        if schema.branches and not (schema.properties and self.draw(st.booleans())):
            return self.value(self.draw(st.sampled_from(schema.branches)), depth, above)
        kinds = sorted(schema.types) if len(schema.types) < 6 else ["null", "object", "string"]
        if schema.properties:
            kinds = [each for each in kinds if each in ("object", "null")]
        kind = self.draw(st.sampled_from(kinds)) if kinds else "null"
        match kind:
            case "array":
                return self._array(schema, depth, above)
            case "object":
                return self._object(schema, depth, above)
            case _:
                return self.draw(_scalar(schema, kind))

    def _array(self, schema: Schema, depth: int, above: tuple[str, ...]) -> list[Any]:
        count = 0 if depth == 0 or schema.items is None else self.draw(st.integers(0, 3))
        return [self.value(str(schema.items), depth - 1, above) for _ in range(count)]

    def _object(self, schema: Schema, depth: int, above: tuple[str, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for member in schema.properties:
            if member.required or (depth > 0 and self.draw(_RARELY)):
                found[member.name] = self.value(member.pointer, max(depth - 1, 0), above)
        if schema.closed or depth == 0 or not self.draw(st.booleans()):
            return found
        unknown: dict[str, Any] = {}
        for name in self.draw(st.lists(_NAMES, max_size=3, unique=True)):
            is_open = schema.additional is True
            unknown[name] = (
                self.draw(_ANY) if is_open else self.value(str(schema.additional), depth - 1, above)
            )
        return {**unknown, **found}


def _scalar(schema: Schema, kind: str) -> st.SearchStrategy[Any]:
    node: Any = schema.node if isinstance(schema.node, dict) else {}
    match kind:
        case "boolean":
            return st.booleans()
        case "integer" | "number":
            whole = st.integers(-2, 12) | st.integers()
            return whole | whole.map(float) | st.sampled_from([0.5, 1.0, 1e300])
        case "string":
            plain = st.text(max_size=4).filter(lambda text: text.isascii() or text.isprintable())
            return st.sampled_from(_TEXT.get(node.get("format"), ["a", "12", ""])) | plain
        case _:
            return st.none()


@st.composite
def spoiled(draw: Any, contract: Contract, pointer: str) -> Any:
    """A value with one thing wrong in it, mostly."""
    value = draw(values(contract, pointer))
    spots = list(_spots(value))
    if not spots:
        return draw(_ANY)
    holder, key = draw(st.sampled_from(spots))
    match draw(st.sampled_from(["replace", "remove", "add"])):
        case "remove":
            del holder[key]
        case "add" if isinstance(holder, dict):
            holder["unknown_member"] = draw(_ANY)
        case _:
            holder[key] = draw(_ANY)
    return value


def _spots(value: Any) -> Iterator[tuple[Any, Any]]:
    items = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else []
    )
    for key, item in list(items):
        yield value, key
        yield from _spots(item)
