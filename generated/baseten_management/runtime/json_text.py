"""JSON text read strictly and written plainly (RFC 8259), with a typed error for every refusal."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import NoReturn, TypeAlias, cast

from pydantic_core import from_json

from .digits import exact, has_digits, long, written
from .errors import printable

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

DEEPEST = 200
"""How many arrays and objects may stand in one another."""


class JsonError(ValueError):
    """The text is not JSON, or JSON that two readers could understand differently."""


def read(data: bytes) -> Json:
    """The value of a JSON text in UTF-8.

    Raises:
        JsonError: bad UTF-8, bad syntax, NaN or Infinity, a number too large for a float, an
            integer of thousands of digits, a duplicate key, a lone surrogate, or deep nesting.
    """
    try:
        value = cast("Json", from_json(data, allow_inf_nan=False))
    except ValueError:
        return _read_slowly(data)
    members, floats = _members(value)
    if floats and long(data):
        return _read_slowly(data)
    return value if all_once(data, members) else _read_slowly(data)


def all_once(data: bytes, members: int) -> bool:
    """Whether no object in a JSON text has a key twice; False where that is not plain.

    Args:
        data: JSON text that a compiled reader took, which keeps the last of equal keys.
        members: how many members the objects have that it gave, or fewer.
    """
    # Each member has one colon outside of strings, and before it a quote: there are at least as
    # many of these as members, and as many only if nothing stood twice.
    return data.translate(None, b" \t\n\r").count(b'":') == members


def _members(value: Json) -> tuple[int, bool]:
    """How many members all objects have together, or -1 where a number is too large; any floats."""
    count, floats = 0, False
    level: list[Iterable[Json]] = [(value,)]
    for each in level:
        for child in each:
            if isinstance(child, dict):
                count += len(child)
                level.append(child.values())
            elif isinstance(child, list):
                level.append(child)
            elif isinstance(child, float):
                if math.isinf(child):
                    return -1, True
                floats = True
    return count, floats


def _read_slowly(data: bytes) -> Json:
    """The same by the standard library, which tells every fault and sees each member."""
    problem = ""
    value: Json = None
    try:
        text = data.decode("utf-8")
        value = cast(
            "Json",
            json.loads(
                text,
                object_pairs_hook=_object,
                parse_constant=_constant,
                parse_float=_number,
            ),
        )
        _check(value, b"\\u" in data)
    except UnicodeDecodeError as error:
        problem = f"not UTF-8 at byte {error.start}"
    except json.JSONDecodeError as error:
        problem = f"not JSON: {error.msg} at line {error.lineno} column {error.colno}"
    except RecursionError:
        problem = f"nested deeper than {DEEPEST}"
    except JsonError as error:
        problem = str(error)
    except ValueError:
        problem = "an integer has too many digits"
    if problem:
        raise JsonError(problem)
    return value


def write(value: Json) -> bytes:
    """``value`` as compact JSON text in UTF-8."""
    if has_digits(value):
        return written(value).encode()
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def same(left: Json, right: Json) -> bool:
    """Whether two values are the same JSON: ``1`` and ``1.0`` are, ``1`` and ``true`` are not."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for at, key in enumerate(keys) if key in keys[:at])
        raise JsonError(f"the key {printable(twice[:100])!r} stands twice")
    return found


def _constant(name: str) -> NoReturn:
    raise JsonError(f"{name} is not JSON")


def _number(text: str) -> float:
    number = exact(text)
    if math.isinf(number):
        raise JsonError("a number is too large")
    return number


def _check(value: Json, escaped: bool) -> None:
    """Refuse deep nesting, and the lone surrogates that only an escape can bring in."""
    level: list[Json] = [value]
    for _ in range(DEEPEST + 1):
        if escaped and any(_surrogate(each) for each in level):
            raise JsonError("a string has a lone surrogate")
        level = [child for each in level for child in _children(each)]
        if not level:
            return
    raise JsonError(f"nested deeper than {DEEPEST}")


def _children(value: Json) -> list[Json]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    return value if isinstance(value, list) else []


def _surrogate(value: Json) -> bool:
    return isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value)
