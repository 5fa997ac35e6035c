"""Other ways to write the same document: what concerns more than one schema."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from tallystick.document import join, schemas

from .alike import SCHEMAS_ALIKE
from .records import Node

DocumentRewriting: TypeAlias = Callable[[Node, random.Random], bool]
"""Rewrites a document in place; False where it found nothing to rewrite."""

SCHEMAS = "#/components/schemas/"
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


def _nodes(data: Any) -> Iterator[Node]:
    """Every object of a document."""
    if isinstance(data, dict):
        yield data
    for each in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _nodes(each)


def _schemas(data: Node) -> list[tuple[str, Node]]:
    """Every schema that is an object, by its pointer."""
    return [(pointer, schema) for pointer, schema in schemas(data)]


def tagged(data: Node) -> set[str]:
    """The pointers of what a discriminator leads to: there the name of a component travels."""
    found: set[str] = set()
    for pointer, schema in _schemas(data):
        if "discriminator" not in schema:
            continue
        found.add(pointer)
        for keyword in ("oneOf", "anyOf", "allOf"):
            for index, branch in enumerate(schema.get(keyword) or ()):
                found.add(join(pointer, keyword, index))
                if "$ref" in branch:
                    found.add(branch["$ref"])
    return found


def a_schema(data: Node, chance: random.Random) -> bool:
    """One schema anywhere, written otherwise."""
    names = tagged(data)
    places = [node for at, node in _schemas(data) if at not in names]
    rewrite = chance.choice(SCHEMAS_ALIKE)
    for node in chance.sample(places, len(places)):
        made = rewrite(node, chance)
        if made is not None:
            # The node may stand inside of what was made of it.
            inner = dict(node)
            copied = {key: _replaced(value, node, inner) for key, value in made.items()}
            node.clear()
            node.update(copied)
            return True
    return False


def _replaced(value: Any, node: Node, inner: Node) -> Any:
    if value is node:
        return inner
    if isinstance(value, list):
        return [_replaced(each, node, inner) for each in value]
    return value


def component_renamed(data: Node, chance: random.Random) -> bool:
    """A component and every reference to it under another name."""
    held = data.get("components", {}).get("schemas", {})
    free = sorted(set(held) - {at.removeprefix(SCHEMAS) for at in tagged(data)})
    if not free:
        return False
    name = chance.choice(free)
    other = f"Z{name}{chance.randrange(1000)}"
    if other in held:
        return False
    data["components"]["schemas"] = {
        other if key == name else key: value for key, value in held.items()
    }
    old, new = join("#", "components", "schemas", name), join("#", "components", "schemas", other)
    for node in _nodes(data):
        ref = node.get("$ref")
        if isinstance(ref, str) and (ref == old or ref.startswith(f"{old}/")):
            node["$ref"] = new + ref.removeprefix(old)
    return True


def reference_inlined(data: Node, chance: random.Random) -> bool:
    """A reference to a component that refers to nothing, as that component."""
    names = tagged(data)
    held = data.get("components", {}).get("schemas", {})
    places = [
        (node, held[node["$ref"].removeprefix(SCHEMAS)])
        for at, node in _schemas(data)
        if at not in names
        and str(node.get("$ref", "")).removeprefix(SCHEMAS) in held
        and node["$ref"] not in names
    ]
    plain = [
        (node, found)
        for node, found in places
        if not any("$ref" in each for each in _nodes(found))
        and not set(found) & (set(node) - {"$ref"})
    ]
    if not plain:
        return False
    node, found = chance.choice(plain)
    del node["$ref"]
    node.update(found)
    return True


def words_of_an_operation(data: Node, chance: random.Random) -> bool:
    """Summary, description, tags and code samples of an operation."""
    operation = chance.choice(list(_operations(data)))
    operation.pop("summary", None)
    operation |= {"description": "In other words.", "tags": ["other"]}
    operation["x-code-samples"] = [{"lang": "sh", "source": "curl https://example.com"}]
    return True


def _operations(data: Node) -> Iterator[Node]:
    for item in data["paths"].values():
        yield from (item[method] for method in METHODS if method in item)


def order_of_things(data: Node, chance: random.Random) -> bool:
    """Paths, components, parameters and answers in another order."""
    data["paths"] = _in_another_order(data["paths"], chance)
    held = data.get("components", {})
    for kind in held:
        held[kind] = _in_another_order(held[kind], chance)
    for operation in _operations(data):
        operation["responses"] = _in_another_order(operation["responses"], chance)
        if isinstance(operation.get("parameters"), list):
            chance.shuffle(operation["parameters"])
    return True


def _in_another_order(held: Node, chance: random.Random) -> Node:
    names = chance.sample(list(held), len(held))
    return {name: held[name] for name in names}


def path_parameter_renamed(data: Node, chance: random.Random) -> bool:
    """A path parameter under another name: it never travels."""
    if any(key.startswith("x-tallystick") for each in _nodes(data) for key in each):
        return False  # a note may name the path
    tried = [path for path, item in data["paths"].items() if "{" in path and _inline(item)]
    if not tried:
        return False
    path = chance.choice(tried)
    item = data["paths"][path]
    name = path.partition("{")[2].partition("}")[0]
    other = f"{name}_z"
    if path.replace(f"{{{name}}}", f"{{{other}}}") in data["paths"]:
        return False
    for holder in (item, *(item[method] for method in METHODS if method in item)):
        for parameter in holder.get("parameters", ()):
            if parameter["in"] == "path" and parameter["name"] == name:
                parameter["name"] = other
    data["paths"] = {
        path.replace(f"{{{name}}}", f"{{{other}}}") if key == path else key: value
        for key, value in data["paths"].items()
    }
    return True


def _inline(item: Node) -> bool:
    held = (item, *(item[method] for method in METHODS if method in item))
    return all("$ref" not in each for holder in held for each in holder.get("parameters", ()))


def media_type_in_another_case(data: Node, chance: random.Random) -> bool:
    """``Application/JSON`` for ``application/json``: media types know no case (RFC 9110, 8.3.1)."""
    maps = [
        node["content"]
        for node in _nodes(data["paths"])
        if isinstance(node.get("content"), dict) and "application/json" in node["content"]
    ]
    if not maps:
        return False
    content = chance.choice(maps)
    content["Application/JSON"] = content.pop("application/json")
    return True


DOCUMENTS_ALIKE: tuple[DocumentRewriting, ...] = (
    a_schema,
    a_schema,
    a_schema,
    a_schema,
    component_renamed,
    reference_inlined,
    words_of_an_operation,
    order_of_things,
    path_parameter_renamed,
    media_type_in_another_case,
)
