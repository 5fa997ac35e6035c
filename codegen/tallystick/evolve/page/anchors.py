"""The ids of changes as anchors of a page, where no two may be alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from ..records import Change


def anchors(changes: Iterable[Change]) -> list[str]:
    """The id of each change; the second one of the same id gets a number."""
    seen, ids = Counter[str](), list[str]()
    for change in changes:
        name = change.id
        seen[name] += 1
        ids.append(name if seen[name] == 1 else f"{name}-{seen[name]}")
    return ids
