"""Records as JSON text, for those who read the output by a program."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import cast

from tallystick.document import Json


def as_json(record: object, more: Mapping[str, object] | None = None) -> str:
    """A frozen record as JSON text, with ``more`` members beside its own."""
    told = plain(record)
    if isinstance(told, dict) and more:
        told = {**told, **{name: plain(each) for name, each in more.items()}}
    return json.dumps(told, indent=1, ensure_ascii=False)


def plain(value: object) -> Json:
    """Plain data: records as objects, sets sorted."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        items = cast("Mapping[str, object]", value).items()
        return {name: plain(each) for name, each in items}
    if isinstance(value, frozenset):
        return [plain(each) for each in sorted(cast("frozenset[str]", value))]
    if isinstance(value, list | tuple):
        return [plain(each) for each in cast("list[object]", value)]
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    raise TypeError(f"no JSON for {type(value).__name__}")
