"""What stands in a printable schema: its markers, and the strings that may be repeated."""

from __future__ import annotations

from tallystick.document import Json


def strings(schema: Json) -> frozenset[str]:
    """Every string that the printer may repeat from a printable schema."""
    found: set[str] = set()
    pending = [schema]
    while pending:
        here = pending.pop()
        if isinstance(here, dict):
            values = here.get("enum")
            found |= (
                {each for each in values if isinstance(each, str)}
                if isinstance(values, list)
                else set()
            )
            pattern = here.get("pattern")
            found |= {pattern} if isinstance(pattern, str) else set()
            pending.extend(here.values())
        elif isinstance(here, list):
            pending.extend(here)
    return frozenset(found)


def markers(schema: Json) -> frozenset[str]:
    """The markers to which a printable schema refers."""
    found: set[str] = set()
    pending = [schema]
    while pending:
        here = pending.pop()
        if isinstance(here, dict):
            ref = here.get("$ref")
            found |= {ref.rpartition("/")[2]} if isinstance(ref, str) else set()
            pending.extend(here.values())
        elif isinstance(here, list):
            pending.extend(here)
    return frozenset(found)
