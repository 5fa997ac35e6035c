"""What of a document is for readers alone: texts, examples, code samples, tags."""

from __future__ import annotations

from tallystick.document import Json
from tallystick.document.record import CODE_SAMPLES

SPOKEN = frozenset({"description", "summary", "example", "examples", "externalDocs", "tags"})
"""Keywords of Operation, Parameter, Response, ... and Schema Objects that nothing follows from."""


def unspoken(node: Json, *, named: bool = False) -> Json:
    """A copy of an object of the document without them; ``named``: its keys are names, not keywords."""
    if isinstance(node, list):
        return [unspoken(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        key: unspoken(value, named=not named and key in _MAPS)
        for key, value in node.items()
        if named or (key not in SPOKEN and key not in CODE_SAMPLES)
    }


_MAPS = frozenset(
    {
        *("properties", "patternProperties", "$defs", "dependentSchemas", "headers", "content"),
        *("responses", "callbacks", "links", "encoding", "variables", "schemas"),
    }
)
