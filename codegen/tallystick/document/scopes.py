"""Dynamic scope made static: which ``$dynamicAnchor`` a ``$dynamicRef`` meets on which way in.

JSON Schema 2020-12, Core 8.2.3.2: of the schema resources that were entered, the outermost with
this anchor is meant. A scope here says it for each name that can differ; what is read in two
scopes is written twice, and every reference becomes a plain one.
"""

from __future__ import annotations

from collections import Counter
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
        counted = Counter(name for names in index.dynamic.values() for name in names)
        self._open = {name for name, count in counted.items() if count > 1}
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
        leads: dict[str, set[str]] = {}
        holders: dict[str, set[str]] = {}
        for uri, names in self._index.dynamic.items():
            for name in names:
                holders.setdefault(name, set()).add(uri)
        for (file, pointer, keyword), found in self._index.targets.items():
            base = file.base(pointer)
            leads.setdefault(base, set()).add(found.base)
            if keyword == "$dynamicRef":
                node = get(file.data, pointer)
                text = str(node["$dynamicRef"]) if isinstance(node, dict) else ""
                name = joined(base, text)[1]
                if name in self._open:
                    needs.setdefault(base, set()).add(name)
                    leads[base] |= holders[name]
        for place in self._index.resources.values():  # what stands inside is entered on the way
            for pointer, base in place.file.bases.items():
                if pointer != ROOT:
                    outer = place.file.base(pointer.rpartition("/")[0])
                    leads.setdefault(outer, set()).add(base)
        grown = True
        while grown:
            grown = False
            for base, others in leads.items():
                have = needs.setdefault(base, set())
                more = set[str]().union(*(needs.get(each, set()) for each in others)) - have
                have |= more
                grown |= bool(more)
        return needs
