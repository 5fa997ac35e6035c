"""Questions as an overlay that can be pasted: one action each, its target a JSONPath."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from tallystick.document import Json, split
from tallystick.document.write_yaml import to_yaml

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def target(pointer: str, document: Json) -> str:
    """The JSONPath (RFC 9535) of the node at a JSON Pointer of ``document``."""
    path, node = "$", document
    for token in split(pointer):
        if isinstance(node, list):
            path += f"[{token}]"
            node = node[int(token)] if int(token) < len(node) else None
            continue
        path += f".{token}" if _PLAIN.fullmatch(token) else f"[{_quoted(token)}]"
        node = node.get(token) if isinstance(node, dict) else None
    return path


def _quoted(name: str) -> str:
    inner = json.dumps(name)[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"'{inner}'"


def action(path: str, update: Json, sentence: str) -> dict[str, Json]:
    """One action of an overlay (OpenAPI Overlay 1.0, 4.4.3)."""
    return {"target": path, "description": sentence, "update": update}


def overlay(title: str, actions: Sequence[dict[str, Json]]) -> str:
    """A whole overlay as YAML."""
    told: list[Json] = [dict(each) for each in actions]
    return to_yaml(
        {
            "overlay": "1.0.0",
            "info": {"title": f"What {title} leaves open", "version": "1.0.0"},
            "actions": told,
        }
    )


def lines(actions: Iterable[dict[str, Json]]) -> str:
    """Actions alone, as they are pasted into an overlay that is there."""
    told: list[Json] = [dict(each) for each in actions]
    return to_yaml(told)
