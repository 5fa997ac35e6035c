"""The ledger of a run: what it created on the server and has not removed yet, from every engine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit

from tallystick.contract import Contract, Operation, Resource
from tallystick.contract.paths import template
from tallystick.document import Json

from ..exchange import Answer, Request, read

_CREATED = 201
GONE = frozenset({404, 410})
"""Statuses that say that an item is not there (RFC 9110, 15.5.5 and 15.5.11)."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something that a run created and could not remove."""

    operation: str
    """What created it: ``POST /v1/things``."""
    path: str
    """Where it is, below the base of the server; the collection where its id is not known."""
    reason: str
    """Why it is still there."""


@dataclass(frozen=True, slots=True)
class Made:
    """An item that was created."""

    operation: Operation
    path: str
    """Its path, percent-encoded."""
    values: Mapping[str, str]
    """The path parameters that name it."""
    delete: str | None
    """The pointer of the operation that removes it."""
    read: str | None = None
    """The pointer of the operation that reads it."""
    unnamed: bool = False
    """Whether its id is not known; ``path`` is that of its collection."""
    uncertain: bool = False
    """Whether its create got no answer, so that it may not be there, or not be ours."""


@dataclass(frozen=True, slots=True)
class _Route:
    operation: Operation
    resource: Resource | None
    pattern: re.Pattern[str]
    names: tuple[str, ...]
    """Of the path parameters, in the order of the groups of the pattern."""


@dataclass(frozen=True, slots=True)
class _Call:
    route: _Route
    values: Mapping[str, str]
    path: str
    request: Request
    answer: Answer

    @property
    def creates(self) -> bool:
        resource = self.route.resource
        return resource is not None and resource.create == self.route.operation.pointer


@dataclass(slots=True)
class Ledger:
    """Notes creates and deletes.

    Args:
        contract: which operations create and delete what.
        known: by path parameter, ids that were there before; these are never removed.
    """

    contract: Contract
    known: Mapping[str, tuple[Json, ...]] = field(default_factory=dict[str, tuple[Json, ...]])
    removed: int = 0
    """How many items were removed when the run was over."""
    _made: dict[str, Made] = field(default_factory=dict[str, Made])
    _foreign: set[str] = field(default_factory=set[str])
    _kept: dict[str, str] = field(default_factory=dict[str, str])
    _routes: dict[str, list[_Route]] = field(default_factory=dict[str, list[_Route]])

    def __post_init__(self) -> None:
        for operation in sorted(self.contract.operations, key=lambda each: each.path.count("{")):
            resource = self.contract.resource_of(operation)
            names = tuple(re.findall(r"\{([^{}]*)\}", operation.path))
            route = _Route(operation, resource, template(operation.path), names)
            self._routes.setdefault(operation.method, []).append(route)

    @property
    def removable(self) -> int:
        """How many items are there that could be removed."""
        return sum(each.delete is not None or each.uncertain for each in self._made.values())

    def see(self, request: Request, answer: Answer) -> None:
        """Note what a request did."""
        path = request.target.partition("?")[0]
        found = self._route(request.method, path)
        if found is None:
            return
        call = _Call(*found, path, request, answer)
        if answer.status in GONE or (request.method == "DELETE" and answer.accepted):
            if request.method in ("DELETE", "GET"):
                self._made.pop(_canonical(path), None)
        elif request.method in ("GET", "HEAD"):
            if answer.accepted and _canonical(path) not in self._made:
                self._foreign.add(_canonical(path))
        elif call.creates:
            self._created(call)
        elif answer.status == _CREATED and request.method == "PUT":
            self._add(call, call.values)
        elif answer.accepted and request.method in ("PATCH", "PUT"):
            self._renamed(call)
        elif answer.status == _CREATED:
            self._unnamed(call)

    def outstanding(self) -> tuple[Made, ...]:
        """What is still there, children before their parents, the newest first."""
        newest = reversed(tuple(self._made.values()))
        return tuple(sorted(newest, key=lambda each: -each.path.count("/")))

    def gone(self, made: Made) -> None:
        """An item was removed."""
        self._made.pop(_canonical(made.path), None)
        self.removed += not made.uncertain
        self._kept.pop(made.path, None)

    def kept(self, made: Made, reason: str) -> None:
        """An item could not be removed."""
        self._kept[made.path] = reason

    def is_kept(self, made: Made) -> bool:
        """Whether a reason is known why an item could not be removed."""
        return made.path in self._kept

    def leftovers(self) -> tuple[Leftover, ...]:
        """What is still there, and why."""
        return tuple(
            Leftover(each.operation.key, each.path, self._kept.get(each.path) or _why(each))
            for each in self.outstanding()
        )

    def _route(self, method: str, path: str) -> tuple[_Route, dict[str, str]] | None:
        for route in self._routes.get(method, ()):
            match = route.pattern.fullmatch(path)
            if match:
                return route, dict(zip(route.names, map(unquote, match.groups()), strict=True))
        return None

    def _created(self, call: _Call) -> None:
        resource, answer = call.route.resource, call.answer
        unanswered = bool(answer.failure) or answer.status >= 500
        if resource is None or not (answer.accepted or unanswered):
            return
        own = _member(answer.body, resource.key) or _member(call.request.body, resource.key)
        if own is None and resource.item:
            at = re.search(template(resource.item).pattern + "$", _location(answer))
            own = unquote(at.groups()[-1]) if at and at.groups() else None
        if own is None or resource.parameter is None:
            if answer.accepted:
                self._unnamed(call)
        elif own not in {str(each) for each in self.known.get(resource.parameter, ())}:
            values = {**call.values, resource.parameter: own}
            self._add(call, values, uncertain=unanswered)

    def _renamed(self, call: _Call) -> None:
        """What is ours stays ours under the new name that both sides agree on."""
        resource = call.route.resource
        if resource is None or resource.parameter is None:
            return
        new = _member(call.answer.body, resource.key)
        agreed = new is not None and new == _member(call.request.body, resource.key)
        if new is not None and agreed and _canonical(call.path) in self._made:
            self._add(call, {**call.values, resource.parameter: new})

    def _add(self, call: _Call, values: Mapping[str, str], *, uncertain: bool = False) -> None:
        resource = call.route.resource
        if resource is None or resource.item is None:
            return
        path = _filled(resource.item, values)
        key = _canonical(path)
        if key in self._foreign or (uncertain and key in self._made):
            return
        self._made.pop(key, None)
        self._made[key] = Made(
            call.route.operation,
            path,
            dict(values),
            resource.delete,
            resource.retrieve,
            uncertain=uncertain,
        )

    def _unnamed(self, call: _Call) -> None:
        # One entry for each: how many there are is all that can be told.
        key = f"{call.path}#{len(self._made)}"
        self._made[key] = Made(call.route.operation, call.path, {}, None, unnamed=True)


def _why(made: Made) -> str:
    if made.unnamed:
        return "its id is not known"
    if made.uncertain:
        return "its create got no whole answer, so it may be there"
    return "the contract has no delete" if made.delete is None else "it was not tried"


def _filled(path: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        path = path.replace("{" + name + "}", quote(value, safe="", errors="surrogatepass"))
    return path


@lru_cache(maxsize=4096)
def _canonical(path: str) -> str:
    """A path in one spelling of its percent-encoding."""
    return "/".join(quote(unquote(each), safe="") for each in path.split("/"))


def _member(body: bytes | None, key: str | None) -> str | None:
    """A member of a JSON object as a path segment writes it; None if there is none."""
    value, _ = read(body or b"null")
    found = value.get(key) if isinstance(value, dict) and key is not None else None
    named = isinstance(found, str | int) and not isinstance(found, bool) and found != ""
    return str(found) if named else None


def _location(answer: Answer) -> str:
    try:
        return urlsplit(answer.header("location") or "").path
    except ValueError:
        return ""
