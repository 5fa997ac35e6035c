"""What decoding an answer costs beside plain pydantic with the same members.

    python benchmarks/decoding.py PACKAGE MODEL FILE.json ...

The plain models are made from ours: strict scalars become Python's own types, ``MISSING`` becomes
``None``. They read with ``model_validate_json``, and as most clients do with ``json.loads`` and
``model_validate``; neither sees a key that stands twice, nor keeps the text of a date.
"""

from __future__ import annotations

import argparse
import datetime
import importlib
import json
import time
import types
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from pydantic import MISSING, BaseModel, create_model

SCALARS = (datetime.datetime, datetime.date, datetime.time, uuid.UUID, int, float, str, bool)


def plain(kind: Any, made: dict[Any, Any]) -> Any:
    """The type that one would write by hand for plain pydantic."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return _model(kind, made)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return plain(arguments[0], made)
    if origin in (Union, types.UnionType):
        # A reference to a class that is being made is a name; Union takes it, `|` does not.
        return Union[tuple(None if each is MISSING else plain(each, made) for each in arguments)]  # noqa: UP007
    if origin in (list, dict):
        return types.GenericAlias(origin, tuple(plain(each, made) for each in arguments))
    known = kind in SCALARS or origin is Literal or kind is type(None)
    return cast("Any", kind if known else Any)


def _model(kind: type[BaseModel], made: dict[Any, Any]) -> Any:
    if kind not in made:
        made[kind] = kind.__name__
        kind.model_rebuild()
        fields: dict[str, Any] = {}
        for name, field in kind.model_fields.items():
            held = plain(field.annotation, made)
            fields[field.alias or name] = held if field.is_required() else (held, None)
        made[kind] = create_model(kind.__name__, **fields)
    return made[kind]


def seconds(*calls: Callable[[], object], rounds: int = 400) -> list[float]:
    """The shortest time of each call; the calls take turns, so that noise meets all of them."""
    best = [float("inf")] * len(calls)
    for _ in range(rounds):
        for index, call in enumerate(calls):
            begun = time.perf_counter()
            call()
            best[index] = min(best[index], time.perf_counter() - begun)
    return best


def _parsed(kind: Any, data: bytes) -> object:
    return kind.model_validate(json.loads(data))


def main() -> None:
    """Print one line a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package")
    parser.add_argument("model")
    parser.add_argument("files", nargs="+", type=Path)
    given = parser.parse_args()
    kind: Any = getattr(importlib.import_module(f"{given.package}.models"), given.model)
    decode = importlib.import_module(f"{given.package}.runtime.presence").decode
    made: dict[Any, Any] = {}
    other: Any = plain(kind, made)
    names = {each.__name__: each for each in made.values()}
    for each in made.values():
        each.model_rebuild(_types_namespace=names)
    for file in given.files:
        data = file.read_bytes()
        ours, direct, parsed = seconds(
            partial(decode, kind, data),
            partial(other.model_validate_json, data),
            partial(_parsed, other, data),
        )
        print(
            f"{given.model} {file.name} ({len(data)} bytes): {ours * 1e6:.1f} us; "
            f"{ours / parsed:.2f} times json.loads and model_validate ({parsed * 1e6:.1f} us), "
            f"{ours / direct:.2f} times model_validate_json ({direct * 1e6:.1f} us)"
        )


if __name__ == "__main__":
    main()
