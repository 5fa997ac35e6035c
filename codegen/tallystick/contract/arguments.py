"""Which parameters of operations were renamed since an earlier run, and what they were called."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import partial

from tallystick.contract.members import renamed
from tallystick.contract.naming import TEMPLATE
from tallystick.contract.shapes import Shape, member_shape
from tallystick.document import Json
from tallystick.names import PARAMETERS, Names, Note

_FORM = ("in", "style", "explode", "allowReserved")


class Arguments:
    """The parameters of all operations, beside what the lock says of them.

    One was renamed as a member of an object is: what it is like is the same, and says enough or is
    all that went and came in its location. A path parameter was if it stands where the other stood.
    """

    def __init__(self, names: Names, was: Mapping[str, str]) -> None:
        """``was``: what renamed schemas and operations were before, by their pointers now."""
        self._names = names
        self._was = was
        self._known: dict[str, Shape] = {}
        self.renamed: dict[str, dict[str, str]] = {}
        """By the key of the operation: location and name now, by those before."""

    def add(self, key: str, nodes: Mapping[str, Mapping[str, Json]]) -> None:
        """Take in an operation before its parameters are named.

        Args:
            key: its key in the lock.
            nodes: its Parameter Objects, by location and name.
        """
        scope = f"{PARAMETERS}{key}"
        self._names.note_later(partial(self._notes, scope, nodes))
        pairs = renamed(
            self._names,
            scope,
            f"arguments {key}",
            nodes,
            lambda name: self._shape(nodes[name], self._was),
            lambda name: name.partition(" ")[0],
        )
        pairs |= _in_paths(self._was.get(key, key), key)
        if pairs:
            self.renamed[key] = pairs

    def identifiers(self) -> Iterator[tuple[str, str, str]]:
        """Key of the operation, the identifier before, and the location and name now."""
        for key, pairs in self.renamed.items():
            frozen = self._names.frozen(f"arguments {key}")
            for before, after in pairs.items():
                if before in frozen:
                    yield key, frozen[before], after

    def _notes(self, scope: str, nodes: Mapping[str, Mapping[str, Json]]) -> Iterator[Note]:
        for name, node in nodes.items():
            yield scope, name, str(self._shape(node, {}))

    def _shape(self, node: Mapping[str, Json], was: Mapping[str, str]) -> Shape:
        """What a parameter is like, in the words of members: many operations share one."""
        schema = _value(node)
        said = {"description": node.get("description")} if "description" in node else {}
        form = json.dumps([node.get(each) for each in _FORM])
        required = node.get("required") is True
        text = json.dumps([form, required, said, schema, bool(was)])
        if text not in self._known:
            whole = {**schema, **said} if isinstance(schema, dict) else schema
            found = member_shape(whole, required, was)
            digest = hashlib.sha256(f"{form} {found.digest}".encode()).hexdigest()[:8]
            self._known[text] = Shape(digest, found.content)
        return self._known[text]


def _in_paths(before: str, now: str) -> Iterator[tuple[str, str]]:
    """The path parameters of one operation that its path calls otherwise now."""
    if TEMPLATE.sub("{}", before) == TEMPLATE.sub("{}", now):
        for was, name in zip(TEMPLATE.findall(before), TEMPLATE.findall(now), strict=True):
            if was != name:
                yield f"path {was}", f"path {name}"


def _value(node: Mapping[str, Json]) -> Json:
    content = node.get("content")
    return {"allOf": [dict(content)]} if isinstance(content, dict) else node.get("schema")
