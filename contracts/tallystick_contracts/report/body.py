"""A body as people read it: JSON laid out, other text as it is, bytes in hex, all shortened."""

from __future__ import annotations

import json


def readable(body: bytes | None, limit: int) -> str:
    """At most ``limit`` characters of a body, with a note of what was left out."""
    if not body:
        return ""
    text = _laid_out(body)
    if len(text) <= limit:
        return text
    return f"{text[:limit].rstrip()}\n… {len(text) - limit} more characters"


def _laid_out(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return body[:4096].hex(" ")
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
