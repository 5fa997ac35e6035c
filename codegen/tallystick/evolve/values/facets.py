"""What the keywords of several schemas say together, where all of them must hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from math import ceil, floor

from jsonschema_rs import Draft202012Validator

from tallystick.document import Json

from .forms import Form, Limit, Node, Nodes, Plain


def types_of(plain: Plain) -> frozenset[str]:
    """The JSON types that all of them admit; "integer" stands for numbers that are whole."""
    allowed = _EVERY
    for _, node in plain:
        if "type" not in node:
            continue
        named = node["type"]
        own = {str(each) for each in named} if isinstance(named, list) else {str(named)}
        allowed = allowed & (own | {"integer"} if "number" in own else own)
    return allowed


_EVERY = frozenset({"null", "boolean", "number", "integer", "string", "array", "object"})


def listed(plain: Plain) -> tuple[Json, ...] | None:
    """The values that all of them list (``enum``, ``const``); None if none lists any."""
    found: list[Json] | None = None
    for _, node in plain:
        lists = [as_list(node, "enum")] if isinstance(node.get("enum"), list) else []
        lists += [[node["const"]]] if "const" in node else []
        for values in lists:
            kept = values if found is None else [v for v in found if among(v, values)]
            found = [v for i, v in enumerate(kept) if not among(v, kept[:i])]
    return None if found is None else tuple(found)


def lowest(plain: Plain, whole: bool) -> Limit | None:
    """The greatest lower bound of numbers."""
    limits = [Limit(v) for v in numbers(plain, "minimum")]
    limits += [Limit(v, True) for v in numbers(plain, "exclusiveMinimum")]
    if whole:
        limits = [Limit(floor(x.value) + 1 if x.exclusive else ceil(x.value)) for x in limits]
    return max(limits, key=lambda x: (x.value, x.exclusive), default=None)


def highest(plain: Plain, whole: bool) -> Limit | None:
    """The least upper bound of numbers."""
    limits = [Limit(v) for v in numbers(plain, "maximum")]
    limits += [Limit(v, True) for v in numbers(plain, "exclusiveMaximum")]
    if whole:
        limits = [Limit(ceil(x.value) - 1 if x.exclusive else floor(x.value)) for x in limits]
    return min(limits, key=lambda x: (x.value, not x.exclusive), default=None)


def empty(low: Limit, high: Limit) -> bool:
    """Whether no number lies between."""
    if low.value == high.value:
        return low.exclusive or high.exclusive
    return low.value > high.value


def counts(plain: Plain, least: str, most: str) -> tuple[int, int | None]:
    """A range of lengths: the greatest of the least, the least of the most."""
    low = max((ceil(v) for v in numbers(plain, least)), default=0)
    return max(0, low), min((floor(v) for v in numbers(plain, most)), default=None)


def numbers(plain: Plain, keyword: str) -> list[int | float]:
    """The numbers under a keyword."""
    values = [node.get(keyword) for _, node in plain]
    return [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]


def texts(plain: Plain, keyword: str) -> tuple[str, ...]:
    """The texts under a keyword, each once, in alphabetical order."""
    return tuple(sorted({v for _, node in plain if isinstance(v := node.get(keyword), str)}))


def as_list(node: Node, keyword: str) -> list[Json]:
    """What stands under a keyword, if it is a list."""
    value = node.get(keyword)
    return value if isinstance(value, list) else []


def as_map(node: Node, keyword: str) -> Mapping[str, Json]:
    """What stands under a keyword, if it is an object."""
    value = node.get(keyword)
    return value if isinstance(value, dict) else {}


def is_schema(value: Json | None) -> bool:
    """Whether it is a schema that may say something."""
    return value is False or (isinstance(value, dict) and bool(value))


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern is found in a text (ECMA-262); one that cannot be read, or not in time, is not.

    A document is no friend: Python's own patterns might take for ever.
    """
    validator = _pattern(pattern)
    return validator is not None and validator.is_valid(text)


@cache
def _pattern(pattern: str) -> Draft202012Validator | None:
    try:
        return Draft202012Validator({"pattern": pattern}, offline=True)
    except ValueError:
        return None


def type_of(value: Json) -> str:
    """The JSON type of a value; integers are numbers."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def equal(one: Json, other: Json) -> bool:
    """Whether two JSON values are equal (JSON Schema 2020-12, Core 4.2.2): 1 is 1.0, not true."""
    if type_of(one) != type_of(other):
        return False
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(v, other[k]) for k, v in one.items())
    return one == other


def among(value: Json, values: Iterable[Json]) -> bool:
    """Whether a value is equal to one of these."""
    return any(equal(value, each) for each in values)


def within(value: Json, form: Form) -> bool:
    """Whether a listed number or text keeps the bounds beside its list."""
    if isinstance(value, bool) or value is None:
        return True
    if isinstance(value, int | float):
        low, high = form.low, form.high
        return (
            (not form.whole or value == floor(value))
            and (low is None or value > low.value or (value == low.value and not low.exclusive))
            and (high is None or value < high.value or (value == high.value and not high.exclusive))
        )
    if isinstance(value, str):
        long = form.least <= len(value) and (form.most is None or len(value) <= form.most)
        return long and all(matches(pattern, value) for pattern in form.patterns)
    return True


def item_nodes(form: Form, index: int) -> Nodes:
    """What the item at this index must fit."""
    return form.prefix[index] if index < len(form.prefix) else form.items


def member_nodes(form: Form, name: str) -> Nodes | None:
    """What the member of this name must fit; None where there may be none."""
    member = form.members.get(name)
    if member is not None:
        return None if member.refused else member.nodes
    named = tuple(each for pattern, nodes in form.named if matches(pattern, name) for each in nodes)
    if named:
        return named
    return None if form.closed else form.additional
