"""Schema nodes of the document made into records: refs resolved, presence and types computed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import TypeAlias, cast

from pydantic import MISSING

from tallystick.contract import notes
from tallystick.contract.keys import Keys
from tallystick.contract.members import Members
from tallystick.contract.records import Property, Schema
from tallystick.contract.refs import behind
from tallystick.contract.types import admitted, enumerated
from tallystick.document import Document, Json, get, join
from tallystick.document.pointer import escape
from tallystick.errors import DocumentError
from tallystick.names import RESERVED_CLASSES, RESERVED_FIELDS, Names, pascal, snake

Node = Mapping[str, Json]

# Applicators (JSON Schema 2020-12, Core 10) by the shape of their value.
_SINGLE = (
    "additionalProperties",
    "items",
    "contains",
    "not",
    "if",
    "then",
    "else",
    "propertyNames",
    "unevaluatedProperties",
    "unevaluatedItems",
    "contentSchema",
)
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAPS = ("properties", "patternProperties", "dependentSchemas", "$defs")

# Keywords by which members that ``properties`` does not name may be evaluated all the same.
_EVALUATING = frozenset({"additionalProperties", "patternProperties", "dependentSchemas"}) | {
    *("anyOf", "oneOf", "if", "then", "else", "not"),
}
_OF_MEMBERS = _EVALUATING | {"properties", "required", "unevaluatedProperties"}


_APPLICATORS: dict[str, str] = {
    **dict.fromkeys(_MAPS, "map"),
    **dict.fromkeys(_LISTS, "list"),
    **dict.fromkeys(_SINGLE, "one"),
}
"""Each with the shape of its value; what they hold is taken in in this order."""
_UNREAD = object()
_Below: TypeAlias = tuple[str, str | None, object]
"""A schema to take in: its pointer, the name wanted, and its node if that was met on the way."""


class Schemas:
    """All schema nodes that were added, by pointer, with everything that they refer to."""

    def __init__(self, document: Document, names: Names, keys: Keys, members: Members) -> None:
        self._document = document
        self._names = names
        self._keys = keys
        self._members = members
        self._nodes: dict[str, Node | bool] = {}
        self._refs: dict[str, str | None] = {}
        self._ends: dict[str, str] = {}
        self._all_of: dict[str, list[str]] = {}
        self._ways: dict[str, str | None] = {}
        self._class_names: dict[str, str] = {}
        self._stems: dict[str, str] = {}
        """What the names of the objects below begin with."""

    def add(self, pointer: str, name: str | None = None) -> str:
        """Take in the schema at ``pointer`` and all below and behind it.

        Args:
            pointer: where the schema stands.
            name: the class name wanted if the schema is an object that is written inline.

        Returns:
            ``pointer``, the key of the record.

        Raises:
            DocumentError: a node is not a schema, or a reference leads nowhere.
        """
        pending: list[_Below] = [(pointer, name, _UNREAD)]
        while pending:
            here, wanted, given = pending.pop()
            # A node that only a reference had reached has its name from where it stands.
            if here in self._nodes and (wanted is None or here in self._stems):
                continue
            node = self._nodes[here] = self._node(here, given)
            if wanted is not None:
                self._stems.setdefault(here, wanted)
                if _wants_class(node):
                    self._name(here, wanted)
            if isinstance(node, dict):
                children = [*self._children(here, node), *self._behind(here, node)]
                children.reverse()
                pending += children
        return pointer

    def add_components(self, components: Mapping[str, str]) -> None:
        """Take in the schemas of ``components/schemas``, name by pointer: each has a class name.

        All are named before any inline schema below them, which must not take their names.
        """
        for pointer, name in components.items():
            self._name(pointer, name)
        for pointer in components:
            self.add(pointer)

    def records(self) -> dict[str, Schema]:
        """The finished records by pointer."""
        types = admitted(self._nodes, self._ref)
        return {pointer: self._record(pointer, types[pointer]) for pointer in self._nodes}

    def _name(self, pointer: str, wanted: str) -> None:
        key = self._keys.of(pointer)
        name = self._names.give(key, pascal(wanted), "classes", RESERVED_CLASSES)
        self._class_names[pointer] = self._stems[pointer] = name

    def _node(self, pointer: str, given: object = _UNREAD) -> Node | bool:
        node = get(self._document.data, pointer) if given is _UNREAD else given
        if isinstance(node, dict | bool):
            return cast("Node | bool", node)
        raise self._error(pointer, "a schema must be an object or a boolean")

    def _children(self, pointer: str, node: Node) -> Iterator[_Below]:
        if _APPLICATORS.keys().isdisjoint(node):
            return
        parent = self._stems.get(pointer)
        for keyword in _APPLICATORS:
            below = node.get(keyword)
            if below is None:
                continue
            yield from self._held(join(pointer, keyword), keyword, below, parent)

    def _held(
        self, pointer: str, keyword: str, below: Json, parent: str | None
    ) -> Iterator[_Below]:
        """The schemas below one keyword."""
        shape = _APPLICATORS[keyword]
        if shape == "map" and isinstance(below, dict):
            for key, each in below.items():
                inline = f"{parent}{pascal(key)}" if parent else None
                yield f"{pointer}/{escape(key)}", inline, each
        elif shape == "list" and isinstance(below, list):
            for index, each in enumerate(below):
                yield f"{pointer}/{index}", parent and f"{parent}{_branch(each, index)}", each
        elif shape == "one" and isinstance(below, dict | bool):
            yield pointer, parent and f"{parent}{_part(keyword)}", below

    def _behind(self, pointer: str, node: Node) -> Iterator[_Below]:
        ref = self._ref(pointer, node)
        if ref is not None:
            yield ref, None, _UNREAD

    def _ref(self, pointer: str, node: Node) -> str | None:
        if pointer not in self._refs:
            ref = node.get("$ref")
            end = behind(self._document, ref, pointer, self._ends) if "$ref" in node else None
            self._refs[pointer] = end
        return self._refs[pointer]

    def _record(self, pointer: str, types: frozenset[str]) -> Schema:
        node = self._nodes[pointer]
        if isinstance(node, bool):
            return Schema(
                pointer=pointer,
                node=node,
                name=self._class_names.get(pointer),
                ref=None,
                types=types,
                properties=(),
                additional=True,
                items=None,
                branches=(),
                enum=None,
            )
        return Schema(
            pointer=pointer,
            node=node,
            name=self._class_names.get(pointer),
            ref=self._ref(pointer, node),
            types=types,
            properties=tuple(self._properties(pointer)),
            additional=self._additional(pointer, node),
            items=items if (items := f"{pointer}/items") in self._nodes else None,
            branches=self._branches(pointer, node),
            enum=enumerated(node),
        )

    def _branches(self, pointer: str, node: Node) -> tuple[str, ...]:
        for keyword in ("anyOf", "oneOf"):
            branches = node.get(keyword)
            if isinstance(branches, list):
                return tuple(join(pointer, keyword, index) for index, _ in enumerate(branches))
        return ()

    def _additional(self, pointer: str, node: Node) -> str | bool:
        additional = node.get("additionalProperties", True)
        if not isinstance(additional, dict):  # what is no schema says nothing: a lint tells
            return additional is not False and not self._all_evaluated(pointer, node)
        return join(pointer, "additionalProperties")

    def _all_evaluated(self, pointer: str, node: Node) -> bool:
        """Whether ``unevaluatedProperties`` refuses every member that is not in ``properties``."""
        if node.get("unevaluatedProperties") is not False or {"$ref", *_EVALUATING} & node.keys():
            return False
        others = [self._nodes[part] for part in self._parts(pointer) if part != pointer]
        return not any(
            isinstance(other, Mapping) and {"unevaluatedProperties", *_EVALUATING} & other.keys()
            for other in others
        )

    def _properties(self, pointer: str) -> list[Property]:
        own = self._nodes[pointer]
        if isinstance(own, bool) or not ("properties" in own or "allOf" in own):
            return []
        places: dict[str, str] = {}
        required: set[str] = set()
        for part in self._parts(pointer):
            node = cast("Node", self._nodes[part])
            names = node.get("required")
            required |= {str(name) for name in names} if isinstance(names, list) else set()
            members = node.get("properties")
            for name in members if isinstance(members, dict) else {}:
                places.setdefault(name, part)
        if places and pointer in self._class_names:
            nodes = {name: self._member(part, name) for name, part in places.items()}
            key = self._keys.of(pointer)
            self._members.add(pointer, key, nodes, frozenset(required))
        return [self._property(pointer, part, name, required) for name, part in places.items()]

    def _member(self, part: str, name: str) -> Json:
        node = self._nodes[join(part, "properties", name)]
        return dict(node) if isinstance(node, Mapping) else node

    def _parts(self, pointer: str) -> list[str]:
        """The object schemas whose members make up the one at ``pointer``: itself and ``allOf``.

        Left out are those that say nothing of members themselves.
        """
        parts: dict[str, None] = {}
        pending = [pointer]
        while pending:
            here = pending.pop()
            node = self._nodes[here]
            if here in parts or isinstance(node, bool):
                continue
            parts[here] = None
            onward = self._joined(here, node) if here == pointer else self._onward(here, node)
            ends = (self._end(each) for each in onward)
            pending.extend(each for each in ends if each is not None)
        return list(parts)

    def _onward(self, pointer: str, node: Node) -> list[str]:
        """What a schema is made up of beside itself, last first: its ``allOf``, then its ``$ref``."""
        ref = self._ref(pointer, node)
        return [*self._joined(pointer, node), *([ref] if ref else [])]

    def _end(self, pointer: str) -> str | None:
        """The first schema on the one way from here that says something, or from which ways part.

        None where there is none: without this, each schema of a ring would walk all of it.
        """
        passed: dict[str, None] = {}
        here: str | None = pointer
        while here is not None and here not in self._ways and here not in passed:
            node = self._nodes[here]
            onward = [] if isinstance(node, bool) else self._onward(here, node)
            if len(onward) > 1 or (not isinstance(node, bool) and _OF_MEMBERS & node.keys()):
                self._ways[here] = here
                break
            passed[here] = None
            here = onward[0] if onward else None
        end = None if here is None else self._ways.get(here)
        self._ways |= dict.fromkeys(passed, end)
        return end

    def _joined(self, pointer: str, node: Node) -> list[str]:
        """The members of its ``allOf``, last first."""
        if "allOf" not in node:
            return []
        if pointer not in self._all_of:
            below = node["allOf"]
            count = len(below) if isinstance(below, list) else 0
            self._all_of[pointer] = [join(pointer, "allOf", i) for i in reversed(range(count))]
        return self._all_of[pointer]

    def _property(self, owner: str, part: str, name: str, required: Collection[str]) -> Property:
        pointer = join(part, "properties", name)
        node = self._nodes[pointer]
        keywords: Node = node if isinstance(node, Mapping) else {}
        description = keywords.get("description")
        scope = f"fields {self._keys.of(owner)}"
        return Property(
            name=name,
            identifier=self._names.give(name, snake(name), scope, RESERVED_FIELDS),
            pointer=pointer,
            required=name in required,
            default=self.default(pointer),
            description=description if isinstance(description, str) else None,
            read_only=keywords.get("readOnly") is True,
            write_only=keywords.get("writeOnly") is True,
            null=notes.null_convention(self._document, keywords, pointer),
            reserved=notes.values(self._document, keywords, pointer, notes.RESERVED),
            whole=notes.replaced(self._document, keywords, pointer),
        )

    def default(self, pointer: str) -> Json | MISSING:
        """What absent means: the node's own ``default``, else that of the schema behind ``$ref``."""
        seen: set[str] = set()
        here: str | None = pointer
        while here is not None and here not in seen:
            seen.add(here)
            node = self._nodes[here]
            if isinstance(node, bool):
                return MISSING
            if "default" in node:
                return node["default"]
            here = self._ref(here, node)
        return MISSING

    def _error(self, pointer: str, what: str) -> DocumentError:
        return DocumentError(what, where=self._document.locate(pointer), pointer=pointer)


def _wants_class(node: Node | bool) -> bool:
    return isinstance(node, Mapping) and "$ref" not in node and bool(node.get("properties"))


def _branch(branch: Json, index: int) -> str:
    """What one of several schemas is called: its title, else its number."""
    title = branch.get("title") if isinstance(branch, dict) else None
    named = isinstance(title, str) and re.search("[A-Za-z]", title)
    return pascal(str(title)) if named else f"Variant{index + 1}"


def _part(keyword: str) -> str:
    return "Item" if keyword == "items" else pascal(keyword)
