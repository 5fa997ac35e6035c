"""Which parts of two documents are the same text: they need no comparison."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tallystick.contract import Contract
from tallystick.document import Json

from .forms import Node, Nodes


class Unchanged:
    """Knows which schemas stand in both documents word for word, with all that they refer to."""

    def __init__(self, old: Contract, new: Contract) -> None:
        self._old, self._new = old, new
        self._dirty = self._reached()

    def between(self, old: Nodes, new: Nodes) -> bool:
        """Whether the schemas are the same and lead to the same."""
        if len(old) != len(new):
            return False
        return all(map(self._equal, old, new))

    def _equal(self, old: str, new: str) -> bool:
        if old not in self._old.schemas or new not in self._new.schemas:
            return False
        mine, theirs = self._old.schemas[old].node, self._new.schemas[new].node
        if mine is not theirs and not _same(mine, theirs):
            return False
        return not any(ref in self._dirty for ref in _refs(mine))

    def _reached(self) -> frozenset[str]:
        """What is referred to in the old document and differs in the new one, or leads to such."""
        nodes = (schema.node for schema in self._old.schemas.values())
        named = {ref for node in nodes if isinstance(node, Mapping) for ref in _direct(node)}
        leads = {each: set(self._from(each)) for each in named}
        dirty = {each for each in leads if not self._plainly(each)}
        above: dict[str, set[str]] = {}
        for source, targets in leads.items():
            for target in targets:
                above.setdefault(target, set()).add(source)
        pending = list(dirty)
        while pending:
            for source in above.get(pending.pop(), ()):
                if source not in dirty:
                    dirty.add(source)
                    pending.append(source)
        return frozenset(dirty)

    def _from(self, pointer: str) -> Iterator[str]:
        known = self._old.schemas.get(pointer)
        return iter(()) if known is None else _refs(known.node)

    def _plainly(self, pointer: str) -> bool:
        one, other = self._old.schemas.get(pointer), self._new.schemas.get(pointer)
        return one is not None and other is not None and _same(one.node, other.node)


def _direct(node: Node) -> Iterator[str]:
    ref = node.get("$ref")
    if isinstance(ref, str):
        yield ref


def _refs(node: Json | Node) -> Iterator[str]:
    pending: list[Json | Node] = [node]
    while pending:
        here = pending.pop()
        if isinstance(here, Mapping):
            ref = here.get("$ref")
            if isinstance(ref, str):
                yield ref
            pending.extend(here.values())
        elif isinstance(here, list):
            pending.extend(here)


def _same(one: object, other: object) -> bool:
    """Equal as JSON: to Python ``1`` is ``True``, which a schema may tell apart."""
    return one == other and repr(one) == repr(other)
