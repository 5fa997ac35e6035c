"""OpenAPI Overlay 1.0 and 1.1: a document changed by the actions of another, in order."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import cast

from jsonpath_rfc9535 import JSONPathEnvironment, JSONPathError

from tallystick.document import limits
from tallystick.document.origins import Origins
from tallystick.document.pointer import ROOT, Json, get, join
from tallystick.document.record import Document, Locate, Tokens, copy_of
from tallystick.errors import DocumentError

_VERSION = re.compile(r"1\.([01])\.[0-9]+")
_FIELDS = frozenset({"overlay", "info", "extends", "actions"})
_ACTION_FIELDS = frozenset({"target", "description", "update", "remove"})


class _Paths(JSONPathEnvironment):
    max_recursion_depth = 2 * limits.MAX_DEPTH


_PATHS = _Paths()


def apply(document: Document, overlay: Document) -> Document:
    """``document`` with the actions of ``overlay`` applied; neither argument is changed.

    Follows the Overlay Specification 1.0.0 and 1.1.0, section "Action Object", but for one
    point: a target that selects nothing is an error here, since a note that hits nothing is a
    mistake. ``extends`` is not read: the caller says what is overlaid.

    The result locates a node that an action put there in the overlay's own file.

    Raises:
        DocumentError: the overlay is malformed, a target selects nothing, or what it selects
            and what is put there do not fit each other.
    """
    overlaid = _Overlaid(
        copy_of(document.data), Origins(document.locator), limits.MAX_NODES, overlay
    )
    for action in _actions(overlay):
        _run(overlaid, action)
    if not isinstance(overlaid.data, dict):
        raise DocumentError("the overlay leaves no mapping", where=overlay.name)
    return replace(document, data=overlaid.data, locator=overlaid.origins.locate, unlifted=None)


@dataclass(frozen=True, slots=True)
class _Action:
    """One change: ``pointer`` is the action's place in the overlay."""

    pointer: str
    target: str
    verb: str  # update | copy | remove
    value: Json  # what to merge, or the path to copy from
    concatenates: bool  # 1.1: an array is joined to an array; 1.0: it becomes one entry


@dataclass(slots=True)
class _Overlaid:
    """The document while it changes."""

    data: Json
    origins: Origins
    nodes_left: int
    overlay: Document


@dataclass(frozen=True, slots=True)
class _Patch:
    """A value to put somewhere, and where each part of it was written."""

    value: Json
    source: tuple[Locate, Tokens]
    action: _Action

    def child(self, token: str | int, value: Json) -> _Patch:
        locate, path = self.source
        return _Patch(value, (locate, (*path, str(token))), self.action)


def _actions(overlay: Document) -> list[_Action]:
    """The actions of a well-formed overlay."""
    data = overlay.data
    version = data.get("overlay")
    matched = _VERSION.fullmatch(version) if isinstance(version, str) else None
    if matched is None:
        raise _bad(overlay, "#/overlay", "no overlay of version 1.0 or 1.1", "overlay: 1.0.0")
    _refuse_fields(overlay, ROOT, data, _FIELDS)
    info = data.get("info")
    if not (
        isinstance(info, dict) and {"title", "version"} <= {k for k in info if _is_text(info[k])}
    ):
        raise _bad(overlay, "#/info", "info needs a title and a version, both strings")
    actions = data.get("actions")
    if not isinstance(actions, list) or not actions:
        raise _bad(overlay, "#/actions", "actions must be a list of at least one")
    minor = int(matched.group(1))
    return [
        _action(overlay, join("#/actions", index), action, minor)
        for index, action in enumerate(actions)
    ]


def _action(overlay: Document, pointer: str, action: Json, minor: int) -> _Action:
    if not isinstance(action, dict) or not _is_text(action.get("target")):
        raise _bad(overlay, pointer, "an action needs a target, a JSONPath")
    _refuse_fields(overlay, pointer, action, _ACTION_FIELDS | ({"copy"} if minor else set[str]()))
    if not isinstance(action.get("remove", False), bool):
        raise _bad(overlay, join(pointer, "remove"), "remove is true or false")
    verbs: list[str] = [verb for verb in ("update", "copy") if verb in action]
    if action.get("remove"):
        verbs = ["remove"]  # "has no impact if the remove field is true"
    if len(verbs) != 1:
        hint = "give exactly one of update, copy (1.1) and remove: true"
        raise _bad(overlay, pointer, "an action without one clear change", hint)
    verb, target = verbs[0], cast(str, action["target"])
    return _Action(pointer, target, verb, action.get(verb), minor > 0)


def _run(overlaid: _Overlaid, action: _Action) -> None:
    found = _select(overlaid, action, action.target, "target")
    if not found:
        hint = "correct the target, or drop the action"
        what = f"the target {action.target!r} selects nothing"
        raise _bad(overlaid.overlay, join(action.pointer, "target"), what, hint)
    if action.verb == "remove":
        for path in sorted(set(found), key=_document_order, reverse=True):
            _remove(overlaid, action, path)
        return
    if len({_kind(_at(overlaid.data, path)) for path in found}) > 1:
        what = f"the target {action.target!r} mixes objects, arrays and primitive values"
        raise _bad(overlaid.overlay, join(action.pointer, "target"), what)
    patch = _patch(overlaid, action)
    for path in found:
        _update(overlaid, path, patch)


def _select(overlaid: _Overlaid, action: _Action, query: str, field: str) -> list[Tokens]:
    try:
        nodes = _PATHS.find(query, cast("dict[str, object]", overlaid.data))
    except (JSONPathError, RecursionError) as error:
        pointer = join(action.pointer, field)
        what = f"{query!r} is no JSONPath: {error}"
        hint = "RFC 9535: names with signs stand in brackets, $.paths['/a/{b}']"
        raise _bad(overlaid.overlay, pointer, what, hint) from None
    return [tuple(map(str, node.location)) for node in nodes]


def _patch(overlaid: _Overlaid, action: _Action) -> _Patch:
    if action.verb == "update":
        path = (*action.pointer[2:].split("/"), "update")
        return _Patch(action.value, (overlaid.overlay.locator, path), action)
    if not isinstance(action.value, str):
        raise _bad(overlaid.overlay, join(action.pointer, "copy"), "copy is a JSONPath")
    found = _select(overlaid, action, action.value, "copy")
    if len(found) != 1:
        what = f"{action.value!r} selects {len(found)} nodes where one is to be copied"
        raise _bad(overlaid.overlay, join(action.pointer, "copy"), what)
    return _Patch(copy_of(_at(overlaid.data, found[0])), overlaid.origins.source(found[0]), action)


def _update(overlaid: _Overlaid, path: Tokens, patch: _Patch) -> None:
    """Merge ``patch`` into the node at ``path``, which an action selected."""
    node = _at(overlaid.data, path)
    if isinstance(node, list):
        if isinstance(patch.value, list) and patch.action.concatenates:
            _merge(overlaid, path, patch)
        else:
            _append(overlaid, node, path, patch)
    elif isinstance(node, dict) or patch.action.concatenates:
        _merge(overlaid, path, patch)
    else:
        what = "the target is a primitive value"
        hint = "select the object that contains it, or say overlay: 1.1.0"
        raise _bad(overlaid.overlay, join(patch.action.pointer, "target"), what, hint)


def _merge(overlaid: _Overlaid, path: Tokens, patch: _Patch) -> None:
    """The recursive steps of the specification: merge objects, join arrays, replace primitives."""
    node = _at(overlaid.data, path)
    if isinstance(node, dict) and isinstance(patch.value, dict):
        for key, value in patch.value.items():
            if key in node:
                _merge(overlaid, (*path, key), patch.child(key, value))
            else:
                _put(overlaid, path, key, patch.child(key, value))
    elif isinstance(node, list) and isinstance(patch.value, list):
        for index, value in enumerate(patch.value):
            _append(overlaid, node, path, patch.child(index, value))
    elif _kind(node) == _kind(patch.value) == "a primitive value" and path:
        _put(overlaid, path[:-1], path[-1], patch)
    else:
        what = f"{_kind(patch.value)} cannot be merged into {_kind(node)} at {join(ROOT, *path)}"
        raise _bad(overlaid.overlay, _written(patch), what)


def _append(overlaid: _Overlaid, node: list[Json], path: Tokens, patch: _Patch) -> None:
    node.append(None)
    _put(overlaid, path, str(len(node) - 1), patch)


def _put(overlaid: _Overlaid, path: Tokens, key: str, patch: _Patch) -> None:
    """Set one member or item; the only place where the document grows."""
    nodes, height = _weight(patch.value)
    overlaid.nodes_left -= nodes
    where = overlaid.overlay.locate(patch.action.pointer)
    if overlaid.nodes_left < 0:
        raise limits.refuse_nodes(where)
    if len(path) + 1 + height > limits.MAX_DEPTH:
        raise limits.refuse_depth(where, patch.action.pointer)
    parent = _at(overlaid.data, path)
    if isinstance(parent, list):
        parent[int(key)] = copy_of(patch.value)
    else:
        cast("dict[str, Json]", parent)[key] = copy_of(patch.value)
    overlaid.origins.put((*path, key), patch.source)


def _remove(overlaid: _Overlaid, action: _Action, path: Tokens) -> None:
    pointer = join(action.pointer, "target")
    if not path:
        raise _bad(overlaid.overlay, pointer, "the document itself cannot be removed")
    parent = _at(overlaid.data, path[:-1])
    if not action.concatenates and _kind(_at(overlaid.data, path)) == "a primitive value":
        hint = "overlay: 1.1.0 may remove primitive values"
        raise _bad(overlaid.overlay, pointer, "the target is a primitive value", hint)
    if isinstance(parent, list):
        del parent[int(path[-1])]
    else:
        del cast("dict[str, Json]", parent)[path[-1]]
    overlaid.origins.removed(path, len(parent) if isinstance(parent, list) else None)


def _at(data: Json, path: Tokens) -> Json:
    return get(data, join(ROOT, *path))


def _weight(value: Json) -> tuple[int, int]:
    """Number of nodes and height of ``value``; a primitive value has height 0."""
    level: list[Json] = [value]
    nodes = height = 0
    while level:
        nodes += len(level)
        holders = [node for node in level if isinstance(node, dict | list)]
        level = [
            child
            for node in holders
            for child in (node.values() if isinstance(node, dict) else node)
        ]
        height += bool(holders)
    return nodes, height


def _document_order(path: Tokens) -> list[tuple[int, str]]:
    """Later array items after earlier ones, children after their parents."""
    return [(int(token), "") if token.isdecimal() else (-1, token) for token in path]


def _kind(value: Json) -> str:
    if isinstance(value, dict):
        return "an object"
    return "an array" if isinstance(value, list) else "a primitive value"


def _is_text(value: Json) -> bool:
    return isinstance(value, str) and bool(value)


def _written(patch: _Patch) -> str:
    """Where in the overlay the patch stands, as a pointer; of a copy, the action."""
    in_overlay = patch.action.verb == "update"
    return join(ROOT, *patch.source[1]) if in_overlay else patch.action.pointer


def _refuse_fields(
    overlay: Document, pointer: str, data: dict[str, Json], known: frozenset[str]
) -> None:
    for field in data:
        if field not in known and not field.startswith("x-"):
            hint = f"known are {', '.join(sorted(known))} and x-..."
            raise _bad(overlay, join(pointer, field), f"the unknown field {field!r}", hint)


def _bad(overlay: Document, pointer: str, what: str, hint: str | None = None) -> DocumentError:
    return DocumentError(what, where=overlay.locate(pointer), pointer=pointer, hint=hint)
