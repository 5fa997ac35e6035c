"""Which operation a request is meant for, by its method and path."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tallystick.contract import Operation


class Routes:
    """The paths of a contract.

    Args:
        operations: of one contract.
    """

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._plain: dict[tuple[str, str], Operation] = {}
        self._templates: dict[tuple[str, int], list[tuple[re.Pattern[str], Operation]]] = {}
        # "Concrete, non-templated paths are matched before their templated counterparts."
        for each in sorted(operations, key=lambda each: each.path.count("{")):
            if "{" not in each.path:
                self._plain[each.method, each.path] = each
                continue
            key = each.method, each.path.count("/")
            self._templates.setdefault(key, []).append((_pattern(each.path), each))

    def of(self, method: str, path: str) -> Operation | None:
        """The operation of a request; ``path`` as sent, without the query."""
        found = self._plain.get((method, path))
        if found is not None:
            return found
        templates = self._templates.get((method, path.count("/")), ())
        return next((each for pattern, each in templates if pattern.fullmatch(path)), None)


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^{}]*\}", path)
    return re.compile("[^/]+".join(re.escape(part) for part in parts))
