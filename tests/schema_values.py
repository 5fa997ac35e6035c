"""Values of a schema for Hypothesis: mostly valid ones, and such with one thing wrong in them."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
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
_ANY: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, False, 0, 1, 1.0, 1.5, -3, "", "1", "x", [], {}, [None], {"n": "1"}]
).map(deepcopy)  # they are changed in place


def values(contract: Contract, pointer: str, depth: int = 4) -> st.SearchStrategy[Any]:
    """Values that are mostly valid: the oracle decides."""
    schema = contract.schema(pointer)
    if schema.enum is not None:
        return st.sampled_from(schema.enum)
    if schema.ref is not None:
        return values(contract, schema.ref, depth)
    if schema.branches:
        return st.one_of([values(contract, each, depth) for each in schema.branches])
    kinds = sorted(schema.types) if len(schema.types) < 6 else ["null", "object", "string"]
    if schema.properties:
        kinds = [each for each in kinds if each in ("object", "null")]
    return st.one_of([_of_kind(contract, schema, kind, depth) for kind in kinds] or [st.none()])


def _of_kind(contract: Contract, schema: Schema, kind: str, depth: int) -> st.SearchStrategy[Any]:
    node: Any = schema.node if isinstance(schema.node, dict) else {}
    match kind:
        case "null":
            return st.none()
        case "boolean":
            return st.booleans()
        case "integer" | "number":
            whole = st.integers(-2, 12) | st.integers()
            return whole | whole.map(float) | st.sampled_from([0.5, 1.0, 1e300])
        case "string":
            plain = st.text(max_size=4).filter(lambda text: text.isascii() or text.isprintable())
            return st.sampled_from(_TEXT.get(node.get("format"), ["a", "12", ""])) | plain
        case "array":
            if depth == 0 or schema.items is None:
                return st.just([])
            return st.lists(values(contract, schema.items, depth - 1), max_size=3)
        case _:
            return _objects(contract, schema, depth)


@st.composite
def _objects(draw: Any, contract: Contract, schema: Schema, depth: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for member in schema.properties:
        if member.required or (depth > 0 and draw(st.booleans())):
            found[member.name] = draw(values(contract, member.pointer, max(depth - 1, 0)))
    if schema.closed or depth == 0 or not draw(st.booleans()):
        return found
    more = (
        _ANY if schema.additional is True else values(contract, str(schema.additional), depth - 1)
    )
    unknown = draw(st.dictionaries(_NAMES, more, max_size=3))
    return {**unknown, **found}


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
