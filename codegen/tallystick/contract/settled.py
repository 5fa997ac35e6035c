"""The names of an earlier run brought to the places where their nodes stand now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from tallystick.contract.keys import DERIVED, Keys, is_parameter
from tallystick.document import Document, Json, get, join, resolve, split
from tallystick.errors import DocumentError
from tallystick.names import MEMBERS, PARAMETERS

Frozen: TypeAlias = Mapping[str, Mapping[str, str]]
Trie: TypeAlias = "dict[str, Trie]"

_SCOPES_OF_A_PLACE = ("fields ", "arguments ", MEMBERS, PARAMETERS)


def settled(frozen: Frozen, document: Document, keys: Keys) -> dict[str, dict[str, str]]:
    """``frozen`` with every key as ``keys`` gives it for ``document``.

    An item of a list that was edited where it stands has another key than before. It is known
    again by its content, else by its label, else because it is the only one left. The names of
    nodes that are gone are left out, so that others may have them.

    Args:
        frozen: what ``names.lock`` holds: scope, then key, to name.
        document: the document now.
        keys: its keys.
    """
    found = dict(_Walk(document, keys).places(_trie(_pointers(frozen))))
    return {
        new_scope: _moved(names, found) if _is_keyed_by_place(scope) else dict(names)
        for scope, names in frozen.items()
        if (new_scope := _scope(scope, found)) is not None
    }


def _is_keyed_by_place(scope: str) -> bool:
    return scope == "classes" or scope.startswith("methods ")


def _scope(scope: str, found: Mapping[str, str]) -> str | None:
    for kind in _SCOPES_OF_A_PLACE:
        if scope.startswith(f"{kind}#"):
            place = found.get(scope.removeprefix(kind))
            return None if place is None else f"{kind}{place}"
    return scope


def _moved(names: Mapping[str, str], found: Mapping[str, str]) -> dict[str, str]:
    moved: dict[str, str] = {}
    for key, name in names.items():
        before, place = _parts(key)
        if place is None:
            moved[key] = name
        elif place in found:
            moved[before + found[place]] = name
    return moved


def _parts(key: str) -> tuple[str, str | None]:
    before, hash_sign, place = key.partition("#/")
    return (before, f"{hash_sign}{place}") if hash_sign and before in DERIVED else (key, None)


def _pointers(frozen: Frozen) -> Iterator[str]:
    for scope, names in frozen.items():
        yield from (
            scope.removeprefix(kind) for kind in _SCOPES_OF_A_PLACE if scope.startswith(f"{kind}#/")
        )
        if _is_keyed_by_place(scope):
            yield from (place for key in names if (place := _parts(key)[1]) is not None)


def _trie(pointers: Iterable[str]) -> Trie:
    root: Trie = {}
    for pointer in pointers:
        here = root
        try:
            tokens = split(pointer)
        except DocumentError:  # edited by hand: it names no place
            continue
        for token in tokens:
            here = here.setdefault(token, {})
    return root


class _Walk:
    """The frozen places and the document, walked side by side."""

    def __init__(self, document: Document, keys: Keys) -> None:
        self._document = document
        self._keys = keys

    def places(self, trie: Trie) -> Iterator[tuple[str, str]]:
        """Each frozen place that is still there, and its key now."""
        pending: list[tuple[str, str, Trie, Json]] = [("#", "#", trie, self._document.data)]
        while pending:
            was, now, below, node = pending.pop()
            yield was, now
            node = self._followed(node) if below else node
            for old, new, child in self._steps(list(below), node):
                pending.append((join(was, old), join(now, new), below[old], child))

    def _steps(self, below: list[str], node: Json) -> list[tuple[str, str, Json]]:
        """What stands below a node: its token before, its token now, itself."""
        if isinstance(node, dict):
            return [(token, token, node[token]) for token in below if token in node]
        if isinstance(node, list):
            tokens = self._keys.tokens(node)
            pairs = paired(below, tokens, node)
            return [(old, tokens[index], node[index]) for old, index in pairs.items()]
        return []

    def _followed(self, node: Json) -> Json:
        """A Path Item behind its reference: its operations are frozen at the path."""
        if not (isinstance(node, dict) and isinstance(node.get("$ref"), str) and len(node) == 1):
            return node
        try:
            pointer = resolve(self._document.data, node["$ref"], "#")
        except DocumentError:
            return node
        return get(self._document.data, pointer)


def paired(old: list[str], new: list[str], items: list[Json]) -> dict[str, int]:
    """The index of each item that was called ``old`` and still is there.

    Args:
        old: the tokens of an earlier document.
        new: the tokens now.
        items: what they name.
    """
    found = {token: new.index(token) for token in old if token in new}
    for alike in (_digest, _label):
        left = [token for token in old if token not in found]
        free = {index: token for index, token in enumerate(new) if index not in found.values()}
        free = {index: token for index, token in free.items() if not is_parameter(items[index])}
        found |= _alike(left, free, alike)
    left = [token for token in old if token not in found]
    rest = [
        index
        for index, item in enumerate(items)
        if index not in found.values() and _holds_object(item) and not is_parameter(item)
    ]
    return found | (dict(zip(left, rest, strict=True)) if len(left) == len(rest) == 1 else {})


def _alike(left: list[str], free: Mapping[int, str], alike: Callable[[str], str]) -> dict[str, int]:
    olds, news = Counter(map(alike, left)), Counter(map(alike, free.values()))
    return {
        token: index
        for token in left
        for index, other in free.items()
        if (said := alike(token)) and alike(other) == said and olds[said] == news[said] == 1
    }


def _digest(token: str) -> str:
    return token.rpartition(" ")[2]


def _label(token: str) -> str:
    return token.rpartition(" ")[0]


def _holds_object(item: Json) -> bool:
    """Whether an item can hold what has a name: an object with members, at any depth."""
    pending = [item]
    while pending:
        node = pending.pop()
        if isinstance(node, dict) and "properties" in node:
            return True
        pending += (
            node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        )
    return False
