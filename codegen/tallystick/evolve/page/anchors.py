"""The id of a change on the page: short, and the same as long as the change's own id is."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

from ..records import Change


def anchor(change: Change) -> str:
    """The id that the page gives to a change: ``page.html#ANCHOR`` leads to it.

    The change's own id holds pointers, so paths of the document, with anything in them.
    """
    return f"change-{hashlib.sha256(change.id.encode(errors='replace')).hexdigest()[:12]}"


def anchors(changes: Iterable[Change]) -> list[str]:
    """The ids of all these, no two alike: a second change of one id gets a number."""
    seen, ids = Counter[str](), list[str]()
    for change in changes:
        name = anchor(change)
        seen[name] += 1
        ids.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return ids
