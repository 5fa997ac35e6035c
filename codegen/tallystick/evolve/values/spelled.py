"""Parts of schemas as texts that name no component: equal texts, equal meaning."""

from __future__ import annotations

import json

from tallystick.contract import Contract
from tallystick.document import Json, get


class Spelled:
    """Writes parts of schemas out, references included."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._known: dict[str, str] = {}

    def of(self, pointer: str) -> str:
        """A part of a schema as text that names no component: references are written out."""
        known = self._known.get(pointer)
        if known is None:
            part = get(self._contract.document.data, pointer)
            known = self._known[pointer] = json.dumps(self._inlined(part, ()), sort_keys=True)
        return known

    def _inlined(self, value: Json, above: tuple[str, ...]) -> Json:
        if isinstance(value, list):
            return [self._inlined(each, above) for each in value]
        if not isinstance(value, dict):
            return value
        ref = value.get("$ref")
        plain = {k: self._inlined(v, above) for k, v in value.items() if k not in _SAYS_NOTHING}
        if isinstance(ref, str) and ref in self._contract.schemas:
            if ref in above or len(above) > _DEEPEST:
                plain["$ref"] = above.index(ref) if ref in above else "..."
            else:
                target = self._contract.schemas[ref].node
                inner = target if isinstance(target, bool) else dict(target)
                plain["$ref"] = self._inlined(inner, (*above, ref))
        return plain


_DEEPEST = 6
_SAYS_NOTHING = ("description", "title", "example", "examples", "$comment", "deprecated")
