"""Schemas of two documents that are the same but for their names, and schemas that nothing uses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tallystick.document import Json, canonical

from .texts import unspoken

_SCHEMAS = "#/components/schemas/"


def same_schemas(old: Mapping[str, Json], new: Mapping[str, Json]) -> dict[str, str]:
    """The new name by the old one, of component schemas that are equal, those behind them included."""
    was, now = _schemas(old), _schemas(new)
    gone = {name: unspoken(node) for name, node in was.items() if name not in now}
    came = {name: unspoken(node) for name, node in now.items() if name not in was}
    found: dict[str, str] = {}
    more = bool(gone and came)
    while more:
        more = False
        texts: dict[str, list[str]] = {}
        for name, node in came.items():
            if name not in found.values():
                texts.setdefault(canonical(node), []).append(name)
        for name, node in gone.items():
            same = texts.get(canonical(_renamed(node, found)), [])
            if name not in found and len(same) == 1:
                found[name] = same.pop()
                more = True
    return found


def _renamed(node: Json, names: Mapping[str, str]) -> Json:
    if isinstance(node, list):
        return [_renamed(each, names) for each in node]
    if not isinstance(node, dict):
        return node
    made = {key: _renamed(value, names) for key, value in node.items()}
    ref = made.get("$ref")
    if isinstance(ref, str) and ref.startswith(_SCHEMAS):
        name = ref.removeprefix(_SCHEMAS)
        made["$ref"] = _SCHEMAS + names.get(name, name)
    return made


def unused(document: Mapping[str, Json], names: Iterable[str]) -> list[str]:
    """Which of some component schemas no reference of the document leads to."""
    refs: set[str] = set()
    pending: list[Json] = [dict(document)]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            ref = node.get("$ref")
            if isinstance(ref, str):
                refs.add(ref.removeprefix(_SCHEMAS).partition("/")[0])
            pending.extend(node.values())
        elif isinstance(node, list):
            pending.extend(node)
    return [name for name in names if name not in refs]


def _schemas(document: Mapping[str, Json]) -> dict[str, Json]:
    components = document.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    return schemas if isinstance(schemas, dict) else {}
