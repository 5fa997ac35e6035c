"""A page to read the document in a browser: one HTML text, no script, nothing from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from .json_text import Json
from .operation import Operation

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "code,pre{font-family:ui-monospace,monospace;font-size:.9em}pre{overflow:auto;"
    "background:#8881;padding:1rem}summary{cursor:pointer;padding:.3rem 0}"
    "b{display:inline-block;min-width:4.5rem}:root{color-scheme:light dark}"
)


def page(document: Mapping[str, Json], operations: Sequence[Operation[Any]]) -> bytes:
    """The HTML of a document: each operation, then each schema, as declared."""
    info = document.get("info")
    title = str(info.get("title", "")) if isinstance(info, dict) else ""
    parts = [_operation(document, each) for each in operations]
    components = document.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    for name, schema in (schemas if isinstance(schemas, dict) else {}).items():
        parts.append(_details(f"<code>{escape(name)}</code>", schema))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style><h1>{escape(title)}</h1>"
        f'<p><a href="openapi.json">openapi.json</a></p>{"".join(parts)}</html>'
    ).encode("utf-8", "replace")


def _operation(document: Mapping[str, Json], operation: Operation[Any]) -> str:
    node: Json = dict(document)
    for token in operation.pointer.removeprefix("#/").split("/"):
        key = token.replace("~1", "/").replace("~0", "~")
        node = node.get(key) if isinstance(node, dict) else None
    summary = str(node.get("summary", "")) if isinstance(node, dict) else ""
    name = f"<b>{escape(operation.method)}</b><code>{escape(operation.path)}</code>"
    return _details(f"{name} {escape(summary)}", node)


def _details(summary: str, node: Json) -> str:
    text = escape(json.dumps(node, indent=2, ensure_ascii=False))
    return f"<details><summary>{summary}</summary><pre>{text}</pre></details>"
