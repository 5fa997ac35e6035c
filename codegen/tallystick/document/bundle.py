"""A document whose references are all JSON Pointers into itself, with what others hold taken in."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import cast
from urllib.parse import quote

from tallystick.document import limits
from tallystick.document.index import REFERENCES, File, Index, Place
from tallystick.document.pointer import ROOT, Json, get, join, split
from tallystick.document.record import Document, copy_of
from tallystick.document.schemas import children
from tallystick.document.scopes import Scope, Scopes
from tallystick.document.sources import Reach, Sources
from tallystick.document.uris import is_plain
from tallystick.errors import DocumentError

_NAMES = ("$id", "$anchor", "$dynamicAnchor")
_SECTIONS = {
    "schema": "schemas",
    "parameter": "parameters",
    "header": "headers",
    "response": "responses",
    "content": "requestBodies",
    "callback": "callbacks",
    "security scheme": "securitySchemes",
}
_ODD = re.compile(r"[^A-Za-z0-9._-]+")


def bundle(document: Document, reach: Reach | None = None, *, lenient: bool = False) -> Document:
    """``document`` with every reference made a plain one (``#/...``); itself if they are.

    What ``$id``, ``$anchor``, ``$dynamicAnchor`` and ``$dynamicRef`` say is worked out, and they
    are gone. What stands in another file, or in a metaschema of JSON Schema, is taken in under
    ``components``, a Path Item or a whole map at its place. Nothing else moves. A ``$dynamicRef``
    to an anchor of its own file that nothing has is left out: it stands in ``left_out``.

    Args:
        document: as read; its name is its path.
        reach: what references may reach; files below the document's own folder if not given.
        lenient: references that lead nowhere stay as they are.

    Raises:
        DocumentError: a reference leaves the folder, goes to a host, or leads nowhere.
    """
    if _is_plain(document.data):
        return document
    reach = reach or Reach()
    main = reach.tree.main if reach.tree else Path(document.name)
    sources = Sources(main, reach)
    return _Bundle(document, Index(document, sources, lenient=lenient)).document()


def _is_plain(data: Json) -> bool:
    """Whether no node could be a reference of another kind, or change what one means."""
    todo = [data]
    while todo:
        node = todo.pop()
        if isinstance(node, dict):
            ref = node.get("$ref")
            if isinstance(ref, str) and not is_plain(ref):
                return False
            if "$id" in node or "$anchor" in node:
                return False
            if "$dynamicRef" in node or "$dynamicAnchor" in node:
                return False
            todo.extend(node.values())
        elif isinstance(node, list):
            todo.extend(node)
    return True


@dataclass(frozen=True, slots=True)
class _Copy:
    """Something to be written at a place of the result, as it reads in a scope."""

    source: Place
    kind: str
    scope: Scope
    pointer: str


@dataclass(slots=True)
class _Bundle:
    """The state of one run; the main file's data become the result."""

    given: Document
    index: Index
    scopes: Scopes = field(init=False)
    copies: dict[tuple[File, str, Scope], str] = field(
        default_factory=dict[tuple[File, str, Scope], str]
    )
    pending: list[_Copy] = field(default_factory=list[_Copy])
    names: dict[str, str] = field(default_factory=dict[str, str])
    identifiers: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    left_out: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    numbers: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    written: set[str] = field(default_factory=set[str])

    def document(self) -> Document:
        main = self.index.main
        self.scopes = Scopes(self.index)
        # What is read in several scopes is copied from before any of its references changed.
        untouched = copy_of(main.data) if self.scopes.is_needed else {}
        self._adopt()
        for pointer, kind in main.starts.items():
            place = Place(main, pointer)
            self._write(_Copy(place, kind, self.scopes.lexical(main, pointer), pointer))
        while self.pending:
            copy = self.pending.pop()
            self._take_in(copy, untouched)
            self._write(copy)
        given = self.given
        whole = cast("dict[str, Json]", copy_of(main.data)) if self.index.others else None
        return replace(
            given,
            data=main.data,
            locator=main.origins.locate,
            vendored=given.vendored if whole is None else whole,
            given_names={**given.given_names, **self.names},
            identifiers={**given.identifiers, **self.identifiers},
            left_out={**given.left_out, **self.left_out},
        )

    def _adopt(self) -> None:
        """Let a component that only names what a file holds become that."""
        main = self.index.main
        components = main.data.get("components")
        for kind, section in _SECTIONS.items():
            held = components.get(section) if isinstance(components, dict) else None
            for name in held if isinstance(held, dict) else ():
                pointer = join(ROOT, "components", section, name)
                found = self._held_elsewhere(Place(main, pointer))
                if found is None:
                    continue
                scope = self.scopes.entered(self.scopes.lexical(main, pointer), found.base)
                key = (found.file, found.pointer, scope)
                if key not in self.copies:
                    self.copies[key] = pointer
                    self.pending.append(_Copy(found, kind, scope, pointer))

    def _held_elsewhere(self, at: Place) -> Place | None:
        """Where a chain of references that starts at ``at`` and leads to other files ends."""
        found = None
        for _ in range(limits.MAX_DEPTH):
            node = get(at.file.data, at.pointer)
            target = self.index.targets.get((at.file, at.pointer, "$ref"))
            alone = isinstance(node, dict) and node.keys() == {"$ref"}
            if not alone or target is None or target.file is self.index.main:
                return found
            at = found = target
        return None

    def _take_in(self, copy: _Copy, untouched: Json) -> None:
        """Put what ``copy`` is made of where it is to stand."""
        file, path = copy.source.file, split(copy.source.pointer)
        data = untouched if file is self.index.main else file.data
        value = copy_of(get(data, copy.source.pointer))
        self.index.spend(value)
        above, _, _ = copy.pointer.rpartition("/")
        section = get(self.index.main.data, above)
        cast("dict[str, Json]", section)[split(copy.pointer)[-1]] = value
        self.written.discard(copy.pointer)
        self.index.main.origins.put(split(copy.pointer), (file.origins.locate, path))

    def _write(self, copy: _Copy) -> None:
        """Make the references at and below a place of the result plain ones."""
        file, start = copy.source.file, copy.source.pointer
        todo: list[tuple[str, str, Json, Scope]] = [
            (copy.kind, start, get(self.index.main.data, copy.pointer), copy.scope)
        ]
        while todo:
            kind, here, node, scope = todo.pop()
            pointer = copy.pointer + here[len(start) :]
            # Not what was written before, nor what is only being taken in.
            if not isinstance(node, dict) or here not in file.nodes or pointer in self.written:
                continue
            self.written.add(pointer)
            if here in file.bases and here != start:
                scope = self.scopes.entered(scope, file.bases[here])
            below = list(children(kind, here, node))
            self._rewrite(Place(file, here), pointer, kind, node, scope)
            todo.extend((*each, scope) for each in below)

    def _rewrite(
        self, at: Place, pointer: str, kind: str, node: dict[str, Json], scope: Scope
    ) -> None:
        words: list[str] = []
        for keyword in REFERENCES:
            found = self.index.targets.get((at.file, at.pointer, keyword))
            reference = node.get(keyword)
            if found is None or not isinstance(reference, str):
                if keyword == "$dynamicRef" and kind == "schema" and keyword in node:
                    self.left_out[pointer] = (keyword,)
                    del node[keyword]
                continue
            if keyword == "$dynamicRef":
                found = self.scopes.target(at, reference, found, scope)
                words.append(keyword)
            _refer(node, keyword, self._placed(found, kind, scope))
        if kind == "schema":
            self._name_branches(at, node, scope)
            words += [each for each in _NAMES if isinstance(node.get(each), str)]
            for each in words:
                node.pop(each, None)
            if words:
                self.identifiers[pointer] = tuple(words)

    def _name_branches(self, at: Place, node: dict[str, Json], scope: Scope) -> None:
        """A ``discriminator`` names schemas by references too (OpenAPI 3.1, 4.8.25)."""
        discriminator = node.get("discriminator")
        mapping = discriminator.get("mapping") if isinstance(discriminator, dict) else None
        for value, reference in mapping.items() if isinstance(mapping, dict) else ():
            if not isinstance(reference, str) or not ("/" in reference or "." in reference):
                continue
            try:
                found = self.index.resolved(at, reference)
            except DocumentError:
                continue  # a name, or what the contract tells about
            if found.pointer in found.file.nodes:  # it is a branch as well
                assert isinstance(mapping, dict)
                mapping[value] = _fragment(self._placed(found, "schema", scope))

    def _placed(self, found: Place, kind: str, scope: Scope) -> str:
        """Where the result has, or will have, what stands at ``found`` as read from ``scope``."""
        main = self.index.main
        inner = self.scopes.entered(scope, found.base)
        if found.file is main and inner == self.scopes.lexical(main, found.pointer):
            return found.pointer
        key = (found.file, found.pointer, inner)
        if key not in self.copies:
            if inner and len(self.copies) >= limits.MAX_SCOPED:
                where = found.file.origins.locate(split(found.pointer))
                raise limits.refuse_scoped(where, found.pointer)
            self.copies[key] = pointer = self._reserved(found, _SECTIONS[kind])
            self.pending.append(_Copy(found, kind, inner, pointer))
        return self.copies[key]

    def _reserved(self, found: Place, section: str) -> str:
        """A free place in a section of ``components``, named after what is to stand there."""
        components = self.index.main.data.setdefault("components", {})
        held = components.setdefault(section, {}) if isinstance(components, dict) else None
        if not isinstance(held, dict):
            pointer = join(ROOT, "components", *([] if held is None else [section]))
            where = self.index.main.origins.locate(split(pointer))
            raise DocumentError("a mapping is expected here", where=where, pointer=pointer)
        tokens = split(found.pointer)
        inside = tokens[2:] if tokens[:1] == ("components",) else tokens
        label = _ODD.sub("_", ".".join((found.file.name.replace("/", "."), *inside)).strip("."))
        key = label = label or "root"
        while key in held:
            self.numbers[section, label] += 1
            key = f"{label}-{self.numbers[section, label] + 1}"
        held[key] = {}
        pointer = join(ROOT, "components", section, key)
        self.names[pointer] = tokens[-1] if tokens else PurePosixPath(found.file.name).stem
        return pointer


def _refer(node: dict[str, Json], keyword: str, pointer: str) -> None:
    """Let ``node`` refer to ``pointer``, beside what it refers to already."""
    reference = node.get("$ref")
    if keyword == "$ref" or reference is None:
        if not (isinstance(reference, str) and reference == pointer):
            node["$ref"] = _fragment(pointer)
        return
    parts = node.setdefault("allOf", [])
    if isinstance(parts, list):
        parts.append({"$ref": _fragment(pointer)})


def _fragment(pointer: str) -> str:
    """``pointer`` as a ``$ref`` (RFC 6901, section 6)."""
    return "#" + quote(pointer.removeprefix("#"), safe="/~!$&'()*+,;=:@?")
