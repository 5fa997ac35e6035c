"""Keys of places in a document that no edit elsewhere changes: what ``names.lock`` is keyed by."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from tallystick.document import Json, canonical, join, split
from tallystick.names import snake

_INDEX = re.compile(r"/\d+(?=/|$)")
_LABEL = 40

READING, REQUEST = "effective ", "request "
"""Before the key of a schema, where its reading or the class of requests is meant."""
DERIVED = ("", READING, REQUEST, f"{REQUEST}{READING}")


class Keys:
    """The keys of the places of one document.

    A key is a JSON Pointer in which what stands in a list is named by what it is, not by its
    index: a parameter by its location and name, any other by the last word of its ``$ref`` or its
    ``title``, and a digest of its content. Two of one content are told apart by a number.
    """

    def __init__(self, data: Mapping[str, Json]) -> None:
        self._data: Json = dict(data)
        self._tokens: dict[int, list[str]] = {}
        self._known: dict[str, str] = {}
        """By the start of a pointer that ends with a number."""

    def of(self, pointer: str) -> str:
        """The key of the node at ``pointer``."""
        numbers = list(_INDEX.finditer(pointer))
        if not numbers:
            return pointer
        end = numbers[-1].end()
        start = pointer[:end]
        if start not in self._known:
            self._known[start] = self._started(start)
        return self._known[start] + pointer[end:]

    def _started(self, pointer: str) -> str:
        node, key = self._data, "#"
        for token in split(pointer):
            if isinstance(node, list):
                key = join(key, self.tokens(node)[int(token)])
                node = node[int(token)]
            else:
                key = join(key, token)
                node = node[token] if isinstance(node, dict) else None
        return key

    def tokens(self, items: list[Json]) -> list[str]:
        """The tokens of what stands in a list of the document, each once."""
        known = self._tokens.get(id(items))
        if known is None:
            known = self._tokens[id(items)] = list(_distinct(map(_token, items)))
        return known


def _distinct(tokens: Iterable[str]) -> Iterable[str]:
    seen: Counter[str] = Counter()
    for token in tokens:
        seen[token] += 1
        yield token if seen[token] == 1 else f"{token}.{seen[token]}"


def _token(item: Json) -> str:
    if isinstance(item, dict) and is_parameter(item):
        return f"{item['in']} {item['name']}"
    digest = hashlib.sha256(canonical(item).encode()).hexdigest()[:8]
    return f"{label(item)} {digest}".strip()


def is_parameter(item: Json) -> bool:
    """Whether an item of a list is a Parameter Object: its location and name are what it is."""
    said = (item.get("name"), item.get("in")) if isinstance(item, dict) else (None,)
    return all(isinstance(each, str) for each in said)


def label(item: Json) -> str:
    """What a reader would call an item of a list: its title, or what it refers to."""
    said = (item.get("title"), item.get("$ref")) if isinstance(item, dict) else ()
    text = next((each for each in said if isinstance(each, str) and each), "")
    return snake(text.rpartition("/")[2])[:_LABEL] if text else ""
