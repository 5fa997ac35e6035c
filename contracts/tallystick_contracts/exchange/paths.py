"""From a request as it was sent to the operation that its method and path name."""

from __future__ import annotations

import re
from functools import lru_cache

from tallystick.contract import Contract, Operation

_PARAMETER = re.compile(r"\{[^{}]*\}")


class Paths:
    """The path templates of a contract.

    Args:
        contract: where they stand.
    """

    def __init__(self, contract: Contract) -> None:
        self._patterns: dict[tuple[str, int], list[tuple[re.Pattern[str], str]]] = {}
        for operation in sorted(contract.operations, key=_vagueness):
            key = operation.method, operation.path.count("/")
            self._patterns.setdefault(key, []).append((_pattern(operation.path), operation.key))
        self._operation = lru_cache(maxsize=4096)(self._found)

    def operation(self, method: str, target: str) -> str:
        """The key of the operation; empty where there is none (OpenAPI 3.1, 4.8.8)."""
        return self._operation(method, target.partition("?")[0])

    def _found(self, method: str, path: str) -> str:
        candidates = self._patterns.get((method, path.count("/")), ())
        return next((key for pattern, key in candidates if pattern.fullmatch(path)), "")


def _pattern(template: str) -> re.Pattern[str]:
    return re.compile("[^/]+".join(re.escape(each) for each in _PARAMETER.split(template)))


def _vagueness(operation: Operation) -> tuple[bool, ...]:
    """Of paths that match alike the concrete one is first."""
    return tuple("{" in part for part in operation.path.split("/"))
