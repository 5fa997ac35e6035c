"""Lints of operations: parameters, names and answers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..contract import Contract, Operation
from ..document import Document, Json, get, has, join, resolve
from ..errors import DocumentError
from .records import Spot

_TEMPLATE = re.compile(r"\{([^{}]*)\}")


def path_parameter_undeclared(contract: Contract) -> Iterator[Spot]:
    """Names in a path template for which no path parameter is declared."""
    for operation in contract.operations:
        for name in dict.fromkeys(_TEMPLATE.findall(operation.path)):
            if operation.parameter(name, "path") is None:
                yield Spot(operation.pointer, f"{operation.key} does not declare {{{name}}}")


def path_parameter_unused(contract: Contract) -> Iterator[Spot]:
    """Path parameters whose name is not in the path template."""
    for operation in contract.operations:
        names = set(_TEMPLATE.findall(operation.path))
        for parameter in operation.parameters:
            if parameter.location == "path" and parameter.name not in names:
                what = f"the path parameter {parameter.name!r} is not in {operation.path}"
                yield Spot(parameter.pointer, what)


def duplicate_operation_id(contract: Contract) -> Iterator[Spot]:
    """Operation ids that an earlier operation has."""
    first: dict[str, Operation] = {}
    for operation in contract.operations:
        if operation.operation_id is None:
            continue
        earlier = first.setdefault(operation.operation_id, operation)
        if earlier.pointer != operation.pointer:
            what = f"{operation.operation_id!r} is the operationId of {earlier.key} as well"
            yield Spot(join(operation.pointer, "operationId"), what)


def duplicate_parameter(contract: Contract) -> Iterator[Spot]:
    """Parameters that stand twice in one list, by name and location."""
    for operation in contract.operations:
        owner = operation.pointer.rpartition("/")[0]
        for pointer in (join(owner, "parameters"), join(operation.pointer, "parameters")):
            yield from _repeated(contract.document, pointer)


def duplicate_tag(document: Document) -> Iterator[Spot]:
    """Tags that are described twice."""
    tags = document.data.get("tags")
    seen: set[str] = set()
    for index, tag in enumerate(tags if isinstance(tags, list) else ()):
        name = tag.get("name") if isinstance(tag, dict) else None
        if isinstance(name, str):
            if name in seen:
                yield Spot(join("#/tags", index), f"the tag {name!r} is described before")
            seen.add(name)


def no_error_answer(contract: Contract) -> Iterator[Spot]:
    """Operations that declare no answer for a refused request."""
    for operation in contract.operations:
        statuses = [answer.status for answer in operation.responses]
        if not any(status == "default" or status.startswith("4") for status in statuses):
            pointer = join(operation.pointer, "responses")
            yield Spot(pointer, f"{operation.key} declares no answer of the class 4xx")


def _repeated(document: Document, pointer: str) -> Iterator[Spot]:
    listed = get(document.data, pointer) if has(document.data, pointer) else None
    seen: set[tuple[str, str]] = set()
    for index, _ in enumerate(listed if isinstance(listed, list) else ()):
        at = join(pointer, index)
        node = _behind(document, at)
        if not isinstance(node, dict):
            continue
        key = (str(node.get("name")), str(node.get("in")))
        if key in seen:
            yield Spot(at, f"the {key[1]} parameter {key[0]!r} is declared before in this list")
        seen.add(key)


def _behind(document: Document, pointer: str) -> Json:
    node = get(document.data, pointer)
    if isinstance(node, dict) and "$ref" in node:
        try:
            return get(document.data, resolve(document.data, node["$ref"], pointer))
        except DocumentError:
            return None
    return node
