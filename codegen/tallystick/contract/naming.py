"""Where an operation stands on the client: its resource and verb, read from the path.

``POST /v1/models/{model_id}/environments`` is ``models.environments.create``: static segments
name the resource, the method and the kind of path name the verb.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from itertools import takewhile, zip_longest

from tallystick.names import RESERVED_METHODS, Names, snake

_ITEM_VERBS = {"GET": "retrieve", "PATCH": "update", "PUT": "replace", "DELETE": "delete"}
_SCOPE = "methods "
TEMPLATE = re.compile(r"\{([^{}]*)\}")
"""A parameter in a path."""
_LEADING = re.compile(r"(api|rest|v\d+([.-]?\w+)?)", re.IGNORECASE)


def segments(path: str) -> list[str]:
    """The segments of a path template, without empty ones."""
    return [segment for segment in path.split("/") if segment]


def is_parameter(segment: str) -> bool:
    """Whether a segment is one path parameter and nothing else."""
    return segment.startswith("{") and segment.endswith("}")


def leading(paths: Iterable[str]) -> tuple[str, ...]:
    """The first segments that say nothing, such as ``api`` and ``v1``.

    They are the same in all paths that have any: a path without them changes nothing.
    """
    heads = [tuple(takewhile(_says_nothing, segments(path))) for path in paths]
    columns = [set(column) - {None} for column in zip_longest(*heads)]
    return tuple(str(*column) for column in takewhile(lambda each: len(each) == 1, columns))


def _says_nothing(segment: str) -> bool:
    return bool(_LEADING.fullmatch(segment))


class Placement:
    """Gives every operation its resource and verb; two operations never share both."""

    def __init__(self, paths: Iterable[tuple[str, Collection[str]]], names: Names) -> None:
        self._methods = {path: frozenset(methods) for path, methods in paths}
        self._names = names
        self._leading = leading(self._methods)
        self._kept = {
            pointer: scope
            for scope in names.frozen_scopes()
            if scope.startswith(_SCOPE)
            for pointer in names.frozen(scope)
            if pointer.startswith("#")
        }
        self._items = {path.rpartition("/")[0] for path in self._methods if _ends_in_item(path)}
        self._alike = Counter(
            self._likeness(method, path)
            for path, methods in self._methods.items()
            for method in methods
        )

    def place(
        self, pointer: str, method: str, path: str, operation_id: str | None
    ) -> tuple[tuple[str, ...], str]:
        """The resource and the verb of one operation; call in document order."""
        kept = self._kept_resource(pointer)
        if kept is not None:
            scope = f"{_SCOPE}{'.'.join(kept)}"
            wanted = snake(operation_id or method)
            return kept, self._names.give(pointer, wanted, scope, RESERVED_METHODS)
        static = [each for each in self._telling(path) if "{" not in each]
        verb = self._verb(method, path)
        if verb is None:
            verb = snake(static.pop()) if static else method.lower()
        # A resource and a method of one parent are members of one class: they share a scope.
        resource: tuple[str, ...] = ()
        for part in static:
            scope = f"{_SCOPE}{'.'.join(resource)}"
            name = self._names.give(f"/{part}", snake(part), scope, RESERVED_METHODS)
            resource = (*resource, name)
        scope = f"{_SCOPE}{'.'.join(resource)}"
        wanted = self._distinct(verb, method, path, operation_id)
        return resource, self._names.give(pointer, wanted, scope, RESERVED_METHODS)

    def _telling(self, path: str) -> list[str]:
        """The segments of a path behind those that say nothing."""
        parts = segments(path)
        pairs = zip(parts, self._leading, strict=False)
        return parts[sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs)) :]

    def _kept_resource(self, pointer: str) -> tuple[str, ...] | None:
        """The resource in which an earlier run put the operation: new paths do not move it."""
        scope = self._kept.get(pointer)
        if scope is None:
            return None
        parts = tuple(filter(None, scope.removeprefix(_SCOPE).split(".")))
        for end, name in enumerate(parts):
            above = f"{_SCOPE}{'.'.join(parts[:end])}"
            frozen = self._names.frozen(above).items()
            part = next((key for key, given in frozen if given == name and key[:1] == "/"), None)
            if part is None or self._names.give(part, name, above, RESERVED_METHODS) != name:
                return None
        return parts

    def _verb(self, method: str, path: str) -> str | None:
        """The standard verb, or None where a POST names an action by its last segment."""
        if _ends_in_item(path):
            return _ITEM_VERBS.get(method, method.lower())
        if method == "GET":
            return "list" if path in self._items else "retrieve"
        if method == "POST":
            collection = path in self._items or len(self._methods[path]) > 1
            return "create" if collection or not self._acts(path) else None
        return _ITEM_VERBS.get(method, method.lower())

    def _acts(self, path: str) -> bool:
        """Whether the last segment is an action on what stands before it."""
        before, _, last = path.rpartition("/")
        plural = last.endswith("s")
        return not plural and (before in self._methods or "{" in before.rpartition("/")[2])

    def _distinct(self, verb: str, method: str, path: str, operation_id: str | None) -> str:
        has_twin = self._alike[self._likeness(method, path)] > 1
        return snake(operation_id) if has_twin and operation_id else verb

    def _likeness(self, method: str, path: str) -> tuple[str, str | None, tuple[str, ...]]:
        """What two operations have in common that would get the same place."""
        static = tuple(segment for segment in segments(path) if "{" not in segment)
        return method, self._verb(method, path), static


def _ends_in_item(path: str) -> bool:
    parts = segments(path)
    return bool(parts) and is_parameter(parts[-1])
