"""From a path as sent to the operation that it names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import unquote

from .records import Plan

_PARAMETER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Route:
    """One path template, a pattern a segment, and what can be done there."""

    template: str
    segments: tuple[re.Pattern[str], ...]
    names: tuple[str, ...]
    plans: Mapping[str, Plan]
    """By method."""

    def match(self, sent: tuple[str, ...]) -> dict[str, str] | None:
        """The path parameters of the decoded segments, or None if this is another path."""
        values: list[str] = []
        for pattern, segment in zip(self.segments, sent, strict=True):
            found = pattern.fullmatch(segment)
            if found is None:
                return None
            values.extend(found.groups())
        return dict(zip(self.names, values, strict=True))


Routes: TypeAlias = Mapping[int, tuple[Route, ...]]
"""By number of segments; of paths that match alike, the concrete one is first (OpenAPI 4.8.8)."""


def routes(plans: Iterable[Plan]) -> Routes:
    """The routes of all operations."""
    by_path: dict[str, dict[str, Plan]] = {}
    for plan in plans:
        by_path.setdefault(plan.operation.path, {})[plan.operation.method] = plan
    found: dict[int, list[Route]] = {}
    for path, methods in by_path.items():
        route = _route(path, methods)
        found.setdefault(len(route.segments), []).append(route)
    return {count: tuple(sorted(each, key=_vagueness)) for count, each in found.items()}


def decoded(path: str) -> tuple[str, ...] | None:
    """The segments of a path as sent, each percent-decoded; None for what is not UTF-8."""
    try:
        return tuple(unquote(part, errors="strict") for part in path.split("/")[1:])
    except UnicodeDecodeError:
        return None


def _route(path: str, methods: Mapping[str, Plan]) -> Route:
    parts = path.split("/")[1:]
    names = tuple(name for part in parts for name in _PARAMETER.findall(part))
    return Route(path, tuple(_pattern(part) for part in parts), names, methods)


def _pattern(part: str) -> re.Pattern[str]:
    literals = _PARAMETER.split(part)[::2]
    return re.compile("(.*)".join(re.escape(each) for each in literals), re.DOTALL)


def _vagueness(route: Route) -> tuple[bool, ...]:
    return tuple("(.*)" in pattern.pattern for pattern in route.segments)
