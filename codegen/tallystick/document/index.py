"""What the references of a document and of those it refers to lead to, before any is rewritten.

Follows JSON Schema 2020-12, Core 8.2 and 9: ``$id`` changes the base of what is below it,
``$anchor`` and ``$dynamicAnchor`` name a place in it, a JSON Pointer starts at it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

from tallystick.document import limits
from tallystick.document.origins import Origins
from tallystick.document.pointer import ROOT, Json, get, join, split
from tallystick.document.record import Document, copy_of
from tallystick.document.schemas import MAP, children
from tallystick.document.sources import Sources, shown
from tallystick.document.uris import is_plain, joined
from tallystick.errors import DocumentError

REFERENCES = ("$ref", "$dynamicRef")
_ANCHOR = re.compile(r"#[^/].*")
"""A reference to a name in the same schema resource."""
_INCLUDED = frozenset({"paths", "responses", "components", "path item", "media type"}) | {
    "operation",
    "encoding",
}
"""Kinds that no section of ``components`` holds: what such a reference names takes its place."""


@dataclass(slots=True, eq=False)
class File:
    """A document that is read, with what was found in it.

    Attributes:
        name: its path below the folder of the main document.
        data: a copy that may be changed.
        nodes: kind of each object that was met, by pointer.
        bases: the URI of each schema resource, by the pointer where it starts.
        starts: where a walk started, and the kind of what stands there.
    """

    name: str
    uri: str
    data: dict[str, Json]
    origins: Origins
    nodes: dict[str, str] = field(default_factory=dict[str, str])
    bases: dict[str, str] = field(default_factory=dict[str, str])
    starts: dict[str, str] = field(default_factory=dict[str, str])

    def base(self, pointer: str) -> str:
        """The URI that references at ``pointer`` are relative to."""
        while pointer not in self.bases and pointer != ROOT:
            pointer = pointer.rpartition("/")[0]
        return self.bases.get(pointer, self.uri)


@dataclass(frozen=True, slots=True)
class Place:
    """A node of a file."""

    file: File
    pointer: str

    @property
    def base(self) -> str:
        """The URI of the schema resource in which it stands."""
        return self.file.base(self.pointer)


class Index:
    """Every file that the main document leads to, and where each reference leads."""

    def __init__(self, document: Document, sources: Sources, *, lenient: bool) -> None:
        """
        Args:
            lenient: what cannot be found stays as it is, for an overlay to mend.
        """
        self.sources = sources
        self.lenient = lenient
        self.resources: dict[str, Place] = {}
        self.anchors: dict[tuple[str, str], Place] = {}
        self.dynamic: dict[str, dict[str, Place]] = {}
        """By the URI of a resource, its ``$dynamicAnchor`` names."""
        self.targets: dict[tuple[File, str, str], Place] = {}
        """By file, pointer and keyword, where a reference leads."""
        self.others = 0
        """How many other documents were read."""
        self._twice: set[str] = set()
        self._nodes_left = limits.MAX_NODES
        self._pending: list[tuple[File, str]] = []
        self._to_include: list[tuple[File, str]] = []
        self.main = self._open(document, sources.uri, "")
        self._walk(self.main, ROOT, "openapi")
        while self._to_include or self._pending:
            self._follow(*(self._to_include or self._pending).pop())

    def _open(self, document: Document, uri: str, name: str) -> File:
        data = copy_of(document.data)
        assert isinstance(data, dict)
        file = File(name, uri, data, Origins(document.locator))
        self.spend(data)
        own = data.get("$self")  # OpenAPI 3.2
        base = _uri(uri, own) if isinstance(own, str) else uri
        file.bases[ROOT] = base
        self.resources.setdefault(uri, Place(file, ROOT))
        self.resources.setdefault(base, Place(file, ROOT))
        return file

    def _walk(self, file: File, pointer: str, kind: str) -> None:
        """Meet every object at and below ``pointer``; their references are followed later."""
        if pointer not in file.nodes:
            file.starts[pointer] = kind
        todo: list[tuple[str, str, Json]] = [(kind, pointer, get(file.data, pointer))]
        while todo:
            kind, here, node = todo.pop()
            if not isinstance(node, dict) or here in file.nodes:
                continue
            file.nodes[here] = kind
            if kind == "schema":
                self._name(file, here, node)
            if any(isinstance(node.get(keyword), str) for keyword in REFERENCES):
                (self._to_include if _includes(kind) else self._pending).append((file, here))
            todo.extend(reversed(list(children(kind, here, node))))

    def _name(self, file: File, pointer: str, node: dict[str, Json]) -> None:
        place = Place(file, pointer)
        own = node.get("$id")
        if isinstance(own, str) and own.removesuffix("#"):
            uri = _uri(file.base(pointer), own)
            file.bases[pointer] = uri
            first = self.resources.setdefault(uri, place)
            if get(first.file.data, first.pointer) != node:
                self._twice.add(uri)
        base = file.base(pointer)
        for keyword in ("$anchor", "$dynamicAnchor"):
            name = node.get(keyword)
            if isinstance(name, str):
                self.anchors.setdefault((base, name), place)
                if keyword == "$dynamicAnchor":
                    self.dynamic.setdefault(base, {}).setdefault(name, place)

    def _follow(self, file: File, pointer: str) -> None:
        node = get(file.data, pointer)
        kind = file.nodes.get(pointer)
        if kind is None or not isinstance(node, dict):
            return
        for keyword in REFERENCES:
            reference = node.get(keyword)
            if not isinstance(reference, str) or (keyword != "$ref" and kind != "schema"):
                continue
            target = self._found(file, pointer, keyword, reference)
            if target is None:
                continue
            if _includes(kind) and (target.file is not file or file is not self.main):
                self._include(file, pointer, kind, target)
                return
            self.targets[file, pointer, keyword] = target
            self._walk(target.file, target.pointer, kind)

    def _found(self, file: File, pointer: str, keyword: str, reference: str) -> Place | None:
        at = join(pointer, keyword)
        try:
            return self.resolved(Place(file, pointer), reference)
        except DocumentError as error:
            own = file is self.main and file.base(pointer) == file.base(ROOT)
            if self.lenient or (own and is_plain(reference)):
                return None  # the contract tells, if it needs it
            if keyword == "$dynamicRef" and _ANCHOR.fullmatch(reference):
                return None  # any value: whoever refers to the schema might have said more
            where = error.where or file.origins.locate(split(at))
            shown_pointer = error.pointer if error.where else at
            raise DocumentError(
                error.what, where=where, pointer=shown_pointer, hint=error.hint
            ) from None

    def resolved(self, at: Place, reference: str) -> Place:
        """The place that ``reference`` names, if it stands at ``at``.

        Raises:
            DocumentError: there is none; without a place if the reference itself is at fault.
        """
        try:
            uri, fragment = joined(at.base, reference)
        except ValueError:
            raise DocumentError(f"{shown(reference)} is no URI reference") from None
        if uri not in self.resources:
            self._read(uri, reference)
        if uri in self._twice and uri != at.base:
            what = f"the reference {shown(reference)} is ambiguous: two schemas have this $id"
            raise DocumentError(what, hint="refer to one of them by its JSON Pointer")
        resource = self.resources[uri]
        if fragment and not fragment.startswith("/"):
            return self._anchor(uri, fragment, reference)
        tried = [resource, *([Place(at.file, ROOT)] if is_plain(reference) else [])]
        for start in tried:
            tail = split(ROOT + fragment)
            pointer = join(start.pointer, *tail)
            try:
                get(start.file.data, pointer)
            except DocumentError:
                continue
            return Place(start.file, pointer)
        what = f"the reference {shown(reference)} has no target"
        raise DocumentError(what, hint="name a node that is there")

    def _anchor(self, uri: str, name: str, reference: str) -> Place:
        if (uri, name) not in self.anchors:
            what = f"the reference {shown(reference)} has no target: no $anchor has this name"
            raise DocumentError(what, hint="say $anchor there, or refer to it by its JSON Pointer")
        return self.anchors[uri, name]

    def _read(self, uri: str, reference: str) -> None:
        document, name = self.sources.read(uri, reference)
        self.others += 1
        file = self._open(document, uri, name)
        todo = [("openapi" if "openapi" in file.data else "schema", ROOT, cast(Json, file.data))]
        while todo:  # names first: what is not referred to is not looked at any further
            kind, here, node = todo.pop()
            if isinstance(node, dict):
                if kind == "schema":
                    self._name(file, here, node)
                todo.extend(reversed(list(children(kind, here, node))))

    def _include(self, file: File, pointer: str, kind: str, target: Place) -> None:
        """Put what ``target`` holds where the reference to it stands."""
        path = split(pointer)
        if len(path) > limits.MAX_DEPTH:
            raise limits.refuse_depth(file.origins.locate(path), pointer)
        value = copy_of(get(target.file.data, target.pointer))
        node = get(file.data, pointer)
        if not isinstance(value, dict) or not isinstance(node, dict):
            what = "the reference names no object"
            raise DocumentError(what, where=file.origins.locate(path), pointer=pointer)
        self.spend(value)
        if len(node) > 1:
            for below in [each for each in file.nodes if each.startswith(f"{pointer}/")]:
                del file.nodes[below]
        node.clear()
        node.update(value)
        file.origins.put(path, target.file.origins.source(split(target.pointer)))
        file.bases[pointer] = target.base
        del file.nodes[pointer]
        self._walk(file, pointer, kind)

    def spend(self, data: Json) -> None:
        """Count the nodes of ``data``, which makes the whole larger.

        Raises:
            DocumentError: there are too many.
        """
        self._nodes_left -= sum(1 for _ in _every(data))
        if self._nodes_left < 0:
            raise limits.refuse_nodes(str(self.sources.main))


def _includes(kind: str) -> bool:
    return kind in _INCLUDED or kind.endswith(MAP)


def _uri(base: str, reference: str) -> str:
    """``reference`` at ``base`` without its fragment; what is no URI stands for itself."""
    try:
        return joined(base, reference)[0]
    except ValueError:
        return reference


def _every(data: Json) -> Iterator[Json]:
    todo = [data]
    while todo:
        node = todo.pop()
        yield node
        if isinstance(node, dict):
            todo.extend(node.values())
        elif isinstance(node, list):
            todo.extend(node)
