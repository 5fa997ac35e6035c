"""A result as JSON: every field of the records, keys in order, bodies as text or base64."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import cast

from tallystick.document import Json

from ..verdicts import Result
from .mask import Mask


def result_json(result: Result, mask: Mask) -> str:
    """The whole result as JSON text, secrets masked.

    A body is ``{"text": ...}`` where it is UTF-8, else ``{"base64": ...}``.
    """
    return json.dumps(_plain(mask.record(result)), indent=1, sort_keys=True) + "\n"


def _plain(value: object) -> Json:
    if isinstance(value, bytes):
        return _body(value)
    if isinstance(value, str):
        return str(value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in cast(tuple[object, ...], value)]
    if isinstance(value, Mapping):
        items = cast(Mapping[str, object], value).items()
        return {key: _plain(item) for key, item in items}
    if is_dataclass(value):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    raise TypeError(f"no JSON for {type(value).__name__}")


def _body(body: bytes) -> Json:
    try:
        return {"text": body.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}
