"""What was renamed in a document since an earlier run, and the names that are kept for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tallystick.contract.arguments import Arguments
from tallystick.contract.keys import DERIVED
from tallystick.contract.members import Members
from tallystick.contract.naming import TEMPLATE
from tallystick.contract.records import Former, Operation
from tallystick.contract.shapes import Shape, alike, shape, shapes
from tallystick.document import Document, join
from tallystick.names import (
    ALIASES,
    RESERVED_ARGUMENTS,
    RESERVED_CLASSES,
    RESERVED_FIELDS,
    RESERVED_METHODS,
    SHAPES,
    Names,
    Note,
)

Place = tuple[str, ...]

_METHODS = "methods "
_PROPERTY = frozenset({"property"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A name that was, and what has another name now: one line of ``names.lock``."""

    kind: str
    """``argument``, ``class``, ``member``, ``method`` or ``resource``."""
    name: str
    """With dots, where it is below a resource; of a member behind the key of its object, of an
    argument behind that of its operation."""
    since: int
    """The major version of the document in which the other name came."""
    target: str
    """The key of the class or the operation; the resource, with dots; of a member the name on the
    wire, of an argument the location of its parameter and that."""


class Renames:
    """What stands under another name now, by what the lock says of the earlier document.

    Only what has one shape, and is the only one of it that went and the only one that came, was
    renamed. A chain of references is followed: what refers to a renamed schema is the same.
    """

    def __init__(self, frozen: Mapping[str, Mapping[str, str]], document: Document) -> None:
        self._frozen = frozen
        self._major = _major(document)
        self._document = document
        self.moved: dict[str, str] = {}
        """The key before of each renamed schema and operation, and its key now."""
        old = {key: shape(text) for key, text in frozen.get(SHAPES, {}).items()}
        self._retold = dict(_same_paths(old, self._shapes)) if old else {}
        """By the key before, the key of each operation whose path calls its parameters otherwise."""
        self.moved |= self._retold
        found = bool(old) and bool(old.keys() - self._shapes.keys())
        while found:
            now = shapes(document, self.was)
            more = dict(self._pairs(old, now))
            self.moved |= more
            found = bool(more)

    def _notes(self) -> Iterator[Note]:
        for key, each in self._shapes.items():
            yield SHAPES, key, str(each)

    @cached_property
    def _shapes(self) -> Mapping[str, Shape]:
        return shapes(self._document, {})

    def _pairs(
        self, old: Mapping[str, Shape], now: Mapping[str, Shape]
    ) -> Iterator[tuple[str, str]]:
        gone = {key: each for key, each in old.items() if key not in now and key not in self.moved}
        come = {k: e for k, e in now.items() if k not in old and k not in self.moved.values()}
        by_id = dict(alike(gone, come, _by_id))
        gone = {key: each for key, each in gone.items() if key not in by_id}
        come = {key: each for key, each in come.items() if key not in by_id.values()}
        yield from by_id.items()
        yield from alike(gone, come, Shape.known)

    def frozen(self) -> dict[str, dict[str, str]]:
        """The lock, with the members and arguments of what was renamed under their new keys."""
        found: dict[str, dict[str, str]] = {}
        for scope, names in self._frozen.items():
            kind, sign, rest = scope.partition("#/")
            now = self._now(f"{sign}{rest}") if sign else None
            found[scope if now is None else f"{kind}{now}"] = {
                self._retold.get(key, key): name for key, name in names.items()
            }
        return found

    def _now(self, key: str) -> str | None:
        """The key now of what stands at or below something that was renamed."""
        parts = key.split("/")
        head = "/".join(parts[:4])
        return "/".join([self.moved[head], *parts[4:]]) if head in self.moved else None

    @property
    def was(self) -> dict[str, str]:
        """What renamed schemas and operations were called before, by their keys now."""
        return {new: was for was, new in self.moved.items()}

    def keep(
        self,
        names: Names,
        operations: Sequence[Operation],
        members: Members,
        arguments: Arguments,
    ) -> Former:
        """The names that are kept for what was renamed; they are noted in the lock.

        Those that began in an earlier major version are dropped. One that something else has now
        yields to it.
        """
        names.note_later(self._notes)
        placed = {join("#", "paths", each.path, each.method.lower()): each for each in operations}
        every = {
            (each.kind, each.name): each
            for each in (
                *self._classes(members),
                *self._moves(placed),
                *self._members(members),
                *self._arguments(arguments),
                *self._earlier(members, arguments),
            )
            if each.since >= self._major
        }
        found = _Keeping(names, placed, members)
        for each in every.values():
            if found.keep(each):
                line = f"{each.since} {each.target}"
                names.note(ALIASES, f"{each.kind} {each.name}", line)
        return found.former()

    def _earlier(self, members: Members, arguments: Arguments) -> Iterator[Kept]:
        renamed = {"member": members.renamed, "argument": arguments.renamed}
        for key, line in self._frozen.get(ALIASES, {}).items():
            kind, _, name = key.partition(" ")
            since, _, target = line.partition(" ")
            if not (since.isdecimal() and len(since) < 10):
                continue
            if kind in renamed:
                place, _, identifier = name.rpartition(" ")
                key = self._now(place) or place
                wire = renamed[kind].get(key, {}).get(target, target)
                yield Kept(kind, f"{key} {identifier}", int(since), wire)
            else:
                before, sign, place = target.partition("#/")
                now = self._now(f"{sign}{place}") if sign else None
                yield Kept(kind, name, int(since), target if now is None else f"{before}{now}")

    def _members(self, members: Members) -> Iterator[Kept]:
        for key, identifier, wire in members.identifiers():
            yield Kept("member", f"{key} {identifier}", self._major, wire)

    def _arguments(self, arguments: Arguments) -> Iterator[Kept]:
        for key, identifier, parameter in arguments.identifiers():
            yield Kept("argument", f"{key} {identifier}", self._major, parameter)

    def _classes(self, members: Members) -> Iterator[Kept]:
        inside = dict(members.places())
        for key, name in self._frozen.get("classes", {}).items():
            before, sign, place = key.partition("#/")
            if before not in DERIVED:
                continue
            now = self._now(f"{sign}{place}")
            at = now or f"{sign}{place}"
            now = inside.get(at, now)
            if now is not None:
                yield Kept("class", name, self._major, f"{before}{now}")

    def _moves(self, placed: Mapping[str, Operation]) -> Iterator[Kept]:
        resources: dict[Place, set[Place]] = {}
        for scope, names in self._frozen.items():
            was = tuple(filter(None, scope.removeprefix(_METHODS).split(".")))
            for key, verb in names.items() if scope.startswith(_METHODS) else ():
                operation = placed.get(self.moved.get(key, ""))
                if operation is None:
                    continue
                name = ".".join((*operation.resource, verb))
                yield Kept("method", name, self._major, self.moved[key])
                old, new = _apart(was, operation.resource)
                resources.setdefault(old, set()).add(new)
        for old, news in resources.items():
            if len(news) == 1:
                yield Kept("resource", ".".join(old), self._major, ".".join(*news))


def _apart(old: Place, new: Place) -> tuple[Place, Place]:
    """Two places without what they end with alike."""
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    return old, new


def _same_paths(old: Iterable[str], now: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Operations whose paths differ in the names of their parameters only: they are the same.

    "Templated paths with the same hierarchy but different templated names MUST NOT exist as they
    are identical" (OpenAPI 3.1, 4.8.8).
    """
    old, now = set(old), set(now)
    come = {TEMPLATE.sub("{}", key): key for key in now - old}
    for key in old - now:
        bare = TEMPLATE.sub("{}", key)
        if bare != key and bare in come:
            yield key, come[bare]


def _by_id(each: Shape) -> Sequence[str]:
    return (each.digest, each.operation_id) if each.operation_id else ()


def _major(document: Document) -> int:
    """The first number of ``info.version``; 0 where it has none."""
    info = document.data.get("info")
    version = info.get("version") if isinstance(info, dict) else None
    number = re.search(r"[0-9]{1,9}", version) if isinstance(version, str) else None
    return int(number[0]) if number else 0


class _Keeping:
    """The names that are kept, beside those that are given."""

    def __init__(self, names: Names, placed: Mapping[str, Operation], members: Members) -> None:
        self._names = names
        self._pointers = members.pointers
        self._members: dict[str, dict[str, str]] = {}
        self._arguments: dict[str, dict[str, str]] = {}
        self._placed = placed
        places = [each.resource for each in placed.values()]
        self._places = {place[:end] for place in places for end in range(len(place) + 1)} | {()}
        self._classes: dict[str, str] = {}
        self._methods: dict[Place, dict[str, str]] = {}
        self._resources: dict[Place, dict[str, Place]] = {}

    def keep(self, kept: Kept) -> bool:
        """Take in a name, if what it stands for is there and nothing else has it."""
        if kept.kind == "member":
            return self._keep_member(kept)
        if kept.kind == "argument":
            return self._keep_argument(kept)
        *above, name = kept.name.split(".")
        place = tuple(above)
        if kept.kind == "class":
            now = self._names.given("classes").get(kept.target)
            return self._add(self._classes, "classes", kept.name, now, RESERVED_CLASSES)
        scope = f"{_METHODS}{'.'.join(place)}"
        if kept.kind == "method":
            operation = self._placed.get(kept.target)
            if operation is None or operation.resource != place:
                return False
            held = self._methods.setdefault(place, {})
            return self._add(held, scope, name, operation.verb, RESERVED_METHODS)
        target = tuple(kept.target.split("."))
        if place not in self._places or target not in self._places or not all(target):
            return False
        moved = self._resources.setdefault(place, {})
        if not self._add({}, scope, name, kept.target, RESERVED_METHODS):
            return False
        moved[name] = target
        return True

    def _keep_member(self, kept: Kept) -> bool:
        key, _, identifier = kept.name.rpartition(" ")
        scope = f"fields {key}"
        given = self._names.given(scope)
        # The name is kept by a property, so nothing else there may be called so.
        if key not in self._pointers or _PROPERTY & {*given.values()}:
            return False
        held = self._members.setdefault(self._pointers[key], {})
        now = given.get(kept.target)
        return self._add(held, scope, identifier, now, RESERVED_FIELDS | _PROPERTY)

    def _keep_argument(self, kept: Kept) -> bool:
        key, _, identifier = kept.name.rpartition(" ")
        operation = self._placed.get(key)
        if operation is None:
            return False
        scope = f"arguments {key}"
        held = self._arguments.setdefault(operation.name, {})
        now = self._names.given(scope).get(kept.target)
        return self._add(held, scope, identifier, now, RESERVED_ARGUMENTS)

    def _add(
        self,
        held: dict[str, str],
        scope: str,
        name: str,
        now: str | None,
        reserved: frozenset[str],
    ) -> bool:
        if now is None or not self._names.is_unused(name, scope, reserved):
            return False
        held[name] = now
        return True

    def former(self) -> Former:
        return Former(
            classes=self._classes,
            methods={place: held for place, held in self._methods.items() if held},
            resources={place: held for place, held in self._resources.items() if held},
            members={pointer: held for pointer, held in self._members.items() if held},
            arguments={name: held for name, held in self._arguments.items() if held},
        )
