"""Dynamic scope made static: which ``$dynamicAnchor`` a ``$dynamicRef`` meets on which way in.

JSON Schema 2020-12, Core 8.2.3.2: of the schema resources that were entered, the outermost with
this anchor is meant. A scope here says it for each name that can differ; what is read in two
scopes is written twice, and every reference becomes a plain one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from tallystick.document.index import File, Index, Place
from tallystick.document.pointer import ROOT, get, join, split
from tallystick.document.uris import joined

Scope: TypeAlias = tuple[tuple[str, str], ...]
"""Name and URI of the outermost resource that has it, sorted."""


class Scopes:
    """What scope holds where in the files of an index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._holders: dict[str, list[str]] = {}
        for uri, names in index.dynamic.items():
            for name in names:
                self._holders.setdefault(name, []).append(uri)
        self._open = {name for name, holders in self._holders.items() if len(holders) > 1}
        self._needs = self._reached() if self._open else {}

    @property
    def is_needed(self) -> bool:
        """Whether any reference means different things on different ways."""
        return bool(self._open)

    def entered(self, scope: Scope, base: str) -> Scope:
        """The scope after the resource at ``base`` was entered, without what it cannot need."""
        if not self._open:
            return ()
        found = {name: base for name in self._index.dynamic.get(base, ()) if name in self._open}
        found |= dict(scope)
        needs = self._needs.get(base, set())
        return tuple(sorted((name, uri) for name, uri in found.items() if name in needs))

    def lexical(self, file: File, pointer: str) -> Scope:
        """The scope at a place that is entered from the root of its file."""
        scope = self.entered((), file.base(ROOT))
        if not self._open:
            return scope
        here = ROOT
        for token in split(pointer):
            here = join(here, token)
            if here in file.bases:
                scope = self.entered(scope, file.bases[here])
        return scope

    def target(self, at: Place, reference: str, found: Place, scope: Scope) -> Place:
        """Where a ``$dynamicRef`` leads that a static one of its text would lead to ``found``."""
        name = joined(at.base, reference)[1]
        uri = dict(scope).get(name)
        is_dynamic = self._index.dynamic.get(found.base, {}).get(name) == found
        return found if uri is None or not is_dynamic else self._index.dynamic[uri][name]

    def _reached(self) -> dict[str, set[str]]:
        """By resource, the open names that it or what it leads to refers to dynamically."""
        needs: dict[str, set[str]] = {}
        above: dict[str, set[str]] = {}
        pending: list[tuple[str, str]] = []
        for outer, inner in self._lead():
            above.setdefault(inner, set()).add(outer)
        for base, name in self._dynamic():
            pending.append((base, name))
            # By way of the name, which no URI can be: there are as many ways as pairs otherwise.
            above.setdefault(f"#{name}", set()).add(base)
        for name in self._open:
            for holder in self._holders[name]:
                above.setdefault(holder, set()).add(f"#{name}")
        while pending:
            base, name = pending.pop()
            known = needs.setdefault(base, set())
            if name not in known:
                known.add(name)
                pending.extend((each, name) for each in above.get(base, ()))
        return needs

    def _lead(self) -> Iterator[tuple[str, str]]:
        """Which resource leads to which: by a reference, or because it stands inside."""
        for (file, pointer, _), found in self._index.targets.items():
            yield file.base(pointer), found.base
        for file in dict.fromkeys(place.file for place in self._index.resources.values()):
            for pointer, base in file.bases.items():
                if pointer != ROOT:
                    yield file.base(pointer.rpartition("/")[0]), base

    def _dynamic(self) -> Iterator[tuple[str, str]]:
        """Which resource refers dynamically to which open name."""
        for file, pointer, keyword in self._index.targets:
            node = get(file.data, pointer)
            if keyword == "$dynamicRef" and isinstance(node, dict):
                base = file.base(pointer)
                name = joined(base, str(node[keyword]))[1]
                if name in self._open:
                    yield base, name
