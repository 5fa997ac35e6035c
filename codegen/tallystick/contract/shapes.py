"""What is the same under another name: digests of schemas and operations without their names."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tallystick.document import Document, Json, canonical, join

_TEXTS = frozenset({"description", "example", "examples", "externalDocs", "title"})
_NAMED = frozenset({"$defs", "dependentSchemas", "patternProperties", "properties"})
_DATA = frozenset({"const", "default", "enum", "required"})
_TELLING = frozenset(
    {"allOf", "anyOf", "enum", "items", "oneOf", "pattern", "patternProperties", "properties"}
)
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
_SCHEMAS = "#/components/schemas"
_CONTENT, _BARE = "+", "-"


@dataclass(frozen=True, slots=True)
class Shape:
    """What a node is, whatever it is called."""

    digest: str
    content: str
    """``+`` if it says enough to be known again by its digest alone, else ``-``."""
    operation_id: str = ""

    def known(self, *, always: bool = False) -> Sequence[str]:
        """What tells it from others: nothing if it does not say enough, unless ``always``."""
        return (self.digest,) if always or self.content == _CONTENT else ()

    def __str__(self) -> str:
        return f"{self.digest} {self.content} {self.operation_id}".strip()


def shape(text: str) -> Shape:
    """A shape from its text in ``names.lock``."""
    digest, _, rest = text.partition(" ")
    content, _, operation_id = rest.partition(" ")
    return Shape(digest, content, operation_id)


def member_shape(node: Json, required: bool, moved: Mapping[str, str]) -> Shape:
    """The shape of a member: of one that says little, its description is part of it.

    Args:
        node: its schema.
        required: whether its object requires it.
        moved: as for ``shapes``.
    """
    telling = isinstance(node, dict) and bool(_TELLING & node.keys())
    text = None if telling or not isinstance(node, dict) else node.get("description")
    # In the order of the document: there are very many, and who renames one does not sort it.
    written = json.dumps([required, text, _bare(node, moved)])
    digest = hashlib.sha256(written.encode()).hexdigest()[:8]
    return Shape(digest, _CONTENT if telling else _BARE)


def alike(
    gone: Mapping[str, Shape], come: Mapping[str, Shape], of: Callable[[Shape], Sequence[str]]
) -> Iterator[tuple[str, str]]:
    """What went and what came, where each is the only one of its shape.

    Args:
        of: what of a shape is compared; if it is empty, the shape is like no other.
    """
    went, came = Counter(map(of, gone.values())), Counter(map(of, come.values()))
    by_shape = {of(each): key for key, each in come.items()}
    for key, each in gone.items():
        if of(each) and went[of(each)] == came[of(each)] == 1:
            yield key, by_shape[of(each)]


def shapes(document: Document, moved: Mapping[str, str]) -> dict[str, Shape]:
    """The shapes of all operations, and of the component schemas that say enough to be known again.

    Args:
        document: the document.
        moved: what schemas were called before, by pointer: a reference is read as it was then.
    """
    return dict([*_schemas(document, moved), *_operations(document, moved)])


def _schemas(document: Document, moved: Mapping[str, str]) -> Iterator[tuple[str, Shape]]:
    components = document.data.get("components")
    declared = components.get("schemas") if isinstance(components, dict) else None
    for name, node in (declared if isinstance(declared, dict) else {}).items():
        pointer = join(_SCHEMAS, name)
        if isinstance(node, dict) and _TELLING & node.keys():
            yield pointer, Shape(_digest(_bare(node, {**moved, pointer: "self"})), _CONTENT)


def _operations(document: Document, moved: Mapping[str, str]) -> Iterator[tuple[str, Shape]]:
    paths = document.data.get("paths")
    for path, item in (paths if isinstance(paths, dict) else {}).items():
        for method in _METHODS:
            node = item.get(method) if isinstance(item, dict) else None
            if not (isinstance(node, dict) and isinstance(item, dict)):
                continue
            said = {key: node.get(key) for key in ("parameters", "requestBody", "responses")}
            whole = _bare({**said, "shared": item.get("parameters")}, moved)
            operation_id = node.get("operationId")
            named = isinstance(operation_id, str) and operation_id.isprintable()
            content = _CONTENT if _has_content(said) else _BARE
            digest = _digest([method, whole])
            found = Shape(digest, content, str(operation_id) if named else "")
            yield join("#", "paths", path, method), found


def _has_content(said: Mapping[str, Json]) -> bool:
    answers = said["responses"]
    every = answers.values() if isinstance(answers, dict) else ()
    contents = (each.get("content") for each in every if isinstance(each, dict))
    return said["requestBody"] is not None or any(contents)


def _bare(node: Json, moved: Mapping[str, str]) -> Json:
    """A copy without texts and extensions, its references as they were."""
    if isinstance(node, list):
        return [_bare(each, moved) for each in node]
    if not isinstance(node, dict):
        return node
    found: dict[str, Json] = {}
    for key, value in node.items():
        if key in _TEXTS or key.startswith("x-"):
            continue
        if key == "$ref" and isinstance(value, str):
            found[key] = moved.get(value, value)
        elif key in _NAMED and isinstance(value, dict):
            found[key] = {name: _bare(each, moved) for name, each in value.items()}
        elif key == "mapping" and isinstance(value, dict):
            found[key] = {name: moved.get(str(each), each) for name, each in value.items()}
        else:
            found[key] = value if key in _DATA else _bare(value, moved)
    return found


def _digest(data: Json) -> str:
    return hashlib.sha256(canonical(data).encode()).hexdigest()[:12]
