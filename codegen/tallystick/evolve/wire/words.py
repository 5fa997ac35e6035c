"""How operations, places and values are called in the sentences of a comparison."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pydantic import MISSING

from tallystick.contract import Operation
from tallystick.document import Json

WHO = "\x00"
"""In a sentence: the operation, or all operations, that it is about. No document holds it."""
SUBJECT = "\x01"
"""In a sentence: one or several things of which it is equally true."""
_LONGEST = 60
_SHOWN = 2

PLACES = {
    "path": "path",
    "query": "query",
    "header": "headers",
    "cookie": "cookies",
    "querystring": "query",
}


def named(operation: Operation) -> str:
    """How an operation is called: ``GET /things``, ``webhook order.shipped``."""
    if operation.incoming is None:
        return operation.key
    return f"{operation.incoming} {operation.event or operation.path}"


def told(operations: Sequence[Operation]) -> str:
    """Some operations in words; of many, the first and how many more."""
    names = list(dict.fromkeys(map(_told, operations)))
    if not names:
        return "the API"
    if len(names) <= _SHOWN + 1:
        return listed(names, "and")
    return f"{', '.join(names[:_SHOWN])} and {len(names) - _SHOWN} more operations"


def _told(operation: Operation) -> str:
    if operation.incoming is None:
        return operation.key
    return f"the {operation.incoming} {coded(operation.event or operation.path)}"


def listed(names: Sequence[str], word: str) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {word} {names[-1]}"


def coded(text: str) -> str:
    """A name as it is written, in backticks."""
    return f"`{text}`"


def shown(value: Json | MISSING) -> str:
    """A value as JSON, cut if it is long; what is not there is ``nothing``."""
    if value is MISSING:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def parameter_in(name: str, location: str) -> str:
    """```limit` in the query``."""
    if location == "querystring":
        return "the query as a whole"
    return f"{coded(name)} in the {PLACES[location]}"
