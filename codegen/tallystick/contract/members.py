"""Which members of objects were renamed since an earlier run, and what they were called."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import partial

from tallystick.contract.shapes import Shape, alike, member_shape, shape
from tallystick.document import Json
from tallystick.names import MEMBERS, Names, Note


class Members:
    """The members of all objects that have a class, beside what the lock says of them.

    Only one that is alike in everything but its name was renamed: its schema says enough to be
    known again and is the only such one that went and that came, or it is the only member of the
    object that went and there is one that came. One whose words are the same (``petName`` and
    ``pet_name``) keeps its identifier.
    """

    def __init__(self, names: Names, was: Mapping[str, str]) -> None:
        """``was``: what renamed schemas were called before, by their pointers now."""
        self._names = names
        self._was = was
        self._texts: dict[str, str] = {}
        self.renamed: dict[str, dict[str, str]] = {}
        """By the key of the object: the name on the wire now, by the one before."""
        self.pointers: dict[str, str] = {}
        """The pointer of each object, by its key."""

    def add(
        self, pointer: str, key: str, nodes: Mapping[str, Json], required: frozenset[str]
    ) -> None:
        """Take in an object before its members are named.

        Args:
            pointer: where it stands.
            key: its key in the lock.
            nodes: the schemas of its members, by name.
            required: the names of those that are required.
        """
        self.pointers[key] = pointer
        scope = f"{MEMBERS}{key}"
        self._names.note_later(partial(self._notes, scope, nodes, required))
        pairs = renamed(
            self._names,
            scope,
            f"fields {key}",
            nodes,
            lambda name: member_shape(nodes[name], name in required, self._was),
        )
        if pairs:
            self.renamed[key] = pairs

    def identifiers(self) -> Iterator[tuple[str, str, str]]:
        """Key of the object, the identifier before, and the name on the wire now."""
        for key, pairs in self.renamed.items():
            frozen = self._names.frozen(f"fields {key}")
            for before, after in pairs.items():
                if before in frozen:
                    yield key, frozen[before], after

    def places(self) -> Iterator[tuple[str, str]]:
        """The keys of renamed members before, and now."""
        for key, pairs in self.renamed.items():
            for before, after in pairs.items():
                yield f"{key}/properties/{_token(before)}", f"{key}/properties/{_token(after)}"

    def _notes(
        self, scope: str, nodes: Mapping[str, Json], required: frozenset[str]
    ) -> Iterator[Note]:
        for name, node in nodes.items():
            yield scope, name, self._text(node, name in required)

    def _text(self, node: Json, required: bool) -> str:
        """The shape as it stands in the document, for the lock."""
        said = f"{required} {json.dumps(node)}"
        if said not in self._texts:
            self._texts[said] = str(member_shape(node, required, {}))
        return self._texts[said]


def _token(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def renamed(
    names: Names,
    scope: str,
    spelled: str,
    now: Collection[str],
    of: Callable[[str], Shape],
    kind: Callable[[str], str] = lambda _: "",
) -> dict[str, str]:
    """What has another name than in an earlier run, by the one before.

    Args:
        names: the allocator, not yet asked for these.
        scope: the scope of the lock with the shapes.
        spelled: the scope of their identifiers.
        now: the keys of all of them.
        of: the shape of one of them.
        kind: what of a key no rename changes.
    """
    old = names.frozen(scope)
    gone = {name: shape(text) for name, text in old.items() if name not in now}
    come = {name: of(name) for name in (now if gone else ()) if name not in old}
    if not (gone and come):
        return {}
    for before, after in names.respell(spelled, now).items():
        gone.pop(before, None)
        come.pop(after, None)
    pairs: dict[str, str] = {}
    for each in sorted({kind(name) for name in gone}):
        went = {name: found for name, found in gone.items() if kind(name) == each}
        came = {name: found for name, found in come.items() if kind(name) == each}
        sole = len(went) == len(came) == 1
        pairs |= alike(went, came, partial(Shape.known, always=sole))
    return pairs
