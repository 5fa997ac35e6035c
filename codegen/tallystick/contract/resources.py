"""Collections and their items, recognised from the paths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from tallystick.contract import notes
from tallystick.contract.naming import is_parameter, segments
from tallystick.contract.records import Operation, Resource, Schema
from tallystick.document import Document, get

_COLLECTION = {"POST": "create", "GET": "list"}
_ITEM = {"GET": "retrieve", "PATCH": "update", "PUT": "replace", "DELETE": "delete"}
_SINGLE = {"GET": "retrieve", "PATCH": "update", "PUT": "replace"}


def resources(
    operations: Iterable[Operation],
    schemas: Mapping[str, Schema],
    identifies: Mapping[str, str],
) -> tuple[Resource, ...]:
    """Every resource, in document order.

    Args:
        operations: all operations.
        schemas: all schemas by pointer.
        identifies: what ``x-tallystick-identifies`` says, pointer of a parameter to member.
    """
    found: dict[str, Resource] = {}
    every = tuple(operations)
    singles = _singles(every, schemas)
    for operation in every:
        item = is_parameter((segments(operation.path) or [""])[-1])
        collection = operation.path.rpartition("/")[0] if item else operation.path
        single = operation.path in singles
        if not item and not single and operation.method not in _COLLECTION:
            continue
        resource = found.get(collection) or _empty(collection)
        role = (_SINGLE if single else _ITEM if item else _COLLECTION).get(operation.method)
        if single:
            resource = replace(resource, item=operation.path)
        if item:
            name = segments(operation.path)[-1][1:-1]
            resource = replace(resource, item=operation.path, parameter=name)
        found[collection] = _with_role(resource, role, operation.pointer)
    kept = (each for each in found.values() if each.item)
    by_pointer = {operation.pointer: operation for operation in every}
    return tuple(replace(each, key=_key(each, by_pointer, schemas, identifies)) for each in kept)


def _singles(operations: Iterable[Operation], schemas: Mapping[str, Schema]) -> frozenset[str]:
    """The paths of what there is one of: an object without an id, read and changed, never made."""
    methods: dict[str, dict[str, Operation]] = {}
    for each in operations:
        methods.setdefault(each.path, {})[each.method] = each
    last = {path: (segments(path) or [""])[-1] for path in methods}
    collections = {p.rpartition("/")[0] for p, name in last.items() if is_parameter(name)}
    return frozenset(
        path
        for path, there in methods.items()
        if path not in collections
        and not is_parameter(last[path])
        and ("PUT" in there or "PATCH" in there)
        and not there.keys() & {"POST", "DELETE"}
        and "GET" in there
        and _answers_object(there["GET"], schemas)
    )


def _answers_object(operation: Operation, schemas: Mapping[str, Schema]) -> bool:
    media = operation.success.json if operation.success else None
    return bool(media and media.schema and schemas[media.schema].types == frozenset({"object"}))


def _empty(collection: str) -> Resource:
    parents = tuple(part[1:-1] for part in segments(collection) if is_parameter(part))
    return Resource(collection=collection, item=None, parents=parents, parameter=None, key=None)


def _with_role(resource: Resource, role: str | None, pointer: str) -> Resource:
    roles: dict[str, str] = {role: pointer} if role else {}
    return replace(resource, **roles)  # type: ignore[arg-type]  # roles are field names


def _key(
    resource: Resource,
    operations: Mapping[str, Operation],
    schemas: Mapping[str, Schema],
    identifies: Mapping[str, str],
) -> str | None:
    """The member that the item's path parameter names: declared, else recognised by its name."""
    if resource.parameter is None:
        return None
    name = resource.parameter
    for pointer in (resource.retrieve, resource.update, resource.replace, resource.delete):
        parameter = pointer and operations[pointer].parameter(name, "path")
        if parameter and parameter.pointer in identifies:
            return identifies[parameter.pointer]
    members = _members(resource, operations, schemas)
    tail = name.rpartition("_")[2].lower()
    tail = "id" if name.endswith("Id") else "name" if name.endswith("Name") else tail
    return next((each for each in (name, tail, "id", "name") if each in members), None)


def _members(
    resource: Resource, operations: Mapping[str, Operation], schemas: Mapping[str, Schema]
) -> set[str]:
    """The members of what a create or a read answers with."""
    for pointer in (resource.retrieve, resource.create, resource.update):
        success = operations[pointer].success if pointer else None
        media = success.json if success else None
        if media and media.schema:
            schema = schemas[media.schema]
            while schema.ref:
                schema = schemas[schema.ref]
            return {member.name for member in schema.properties}
    return set()


def identifying(document: Document, operations: Iterable[Operation]) -> dict[str, str]:
    """What ``x-tallystick-identifies`` says: pointer of a parameter to member."""
    found: dict[str, str] = {}
    for operation in operations:
        for parameter in operation.parameters:
            node = get(document.data, parameter.pointer)
            keywords = node if isinstance(node, dict) else {}
            member = notes.text(document, keywords, parameter.pointer, notes.IDENTIFIES)
            if member is not None:
                found[parameter.pointer] = member
    return found
