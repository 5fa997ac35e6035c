"""From a request as it was sent to the operation that its method and path name."""

from __future__ import annotations

import re
from functools import lru_cache

from tallystick.contract import Contract, Operation
from tallystick.contract.paths import template


class Paths:
    """The path templates of a contract.

    Args:
        contract: where they stand.
    """

    def __init__(self, contract: Contract) -> None:
        self._templates: dict[tuple[str, int], list[tuple[re.Pattern[str], Operation]]] = {}
        for operation in sorted(contract.operations, key=_vagueness):
            key = operation.method, operation.path.count("/")
            self._templates.setdefault(key, []).append((template(operation.path), operation))
        self._cached = lru_cache(maxsize=4096)(self._found)

    def find(self, method: str, target: str) -> Operation | None:
        """The operation of a request; None where there is none (OpenAPI 3.1, 4.8.8)."""
        return self._cached(method, target.partition("?")[0])

    def operation(self, method: str, target: str) -> str:
        """The key of the operation of a request; empty where there is none."""
        found = self.find(method, target)
        return found.key if found else ""

    def _found(self, method: str, path: str) -> Operation | None:
        candidates = self._templates.get((method, path.count("/")), ())
        return next((each for pattern, each in candidates if pattern.fullmatch(path)), None)


def _vagueness(operation: Operation) -> tuple[bool, ...]:
    """Of paths that match alike the concrete one is first."""
    return tuple("{" in part for part in operation.path.split("/"))
