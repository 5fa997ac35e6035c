"""What a sandbox knows of each operation before the first request, from the contract alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tallystick.contract import Contract, Operation, Resource, Response
from tallystick.document import Json

from ..lists import query_of
from ..travel import mark, outward, plain, wire
from .records import Checked, Lookup, Plan, Role

_ROLES: tuple[Role, ...] = ("create", "list", "retrieve", "update", "replace", "delete")
# OpenAPI 3.1, 4.8.12.1: header parameters of these names are described elsewhere.
_ELSEWHERE = ("accept", "content-type", "authorization")
_STORING: tuple[Role, ...] = ("retrieve", "create", "replace", "update")


def plans(contract: Contract) -> Mapping[str, Plan]:
    """The plan of every operation, by pointer."""
    planner = _Planner(contract)
    return {each.pointer: planner.plan(each) for each in contract.operations}


def answered(operation: Operation) -> str | None:
    """The schema of the JSON with which an operation answers when all is well."""
    media = operation.success.json if operation.success else None
    return media.schema if media else None


class _Planner:
    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._operations = {each.pointer: each for each in contract.operations}
        self._resources = [each for each in contract.resources if self._keeps_objects(each)]
        self._items = {each.item: each for each in self._resources}

    def plan(self, operation: Operation) -> Plan:
        resource, role = self._role(operation)
        success = operation.success or operation.response(200)
        body = operation.body.json if operation.body else None
        made = Plan(
            operation=operation,
            role=role,
            resource=resource,
            status=_status(operation, success),
            media=(success.json or next(iter(success.content), None)) if success else None,
            body=body.schema if body else None,
            stored=self._stored(resource) if resource else None,
            initial=self._initial(resource) if resource else frozenset(),
            lookups=tuple(self._lookups(operation)),
            parameters=tuple(self._checked(operation)),
            query=query_of(self._contract, operation),
            marks={
                each.name: mark(wire(self._contract, each))
                for each in operation.parameters
                if each.location == "path"
            },
        )
        return replace(made, stored=made.body) if made.remembers else made

    def _checked(self, operation: Operation) -> Iterator[Checked]:
        for each in operation.parameters:
            travels = wire(self._contract, each)
            if each.location == "path" and mark(travels):
                travels = replace(travels, style="simple")
            elsewhere = each.location == "header" and each.name.lower() in _ELSEWHERE
            if each.location != "querystring" and not elsewhere:
                yield Checked(travels, each.schema)

    def _role(self, operation: Operation) -> tuple[Resource | None, Role]:
        for resource in self._resources:
            for role in _ROLES:
                if getattr(resource, role) == operation.pointer:
                    return resource, role
        return None, "other"

    def _stored(self, resource: Resource) -> str | None:
        """The schema of what a read answers with, else that of the create, which stands for it.

        Where no answer shows what a create sends, it is the schema of what it sends.
        """
        pointers = [getattr(resource, role) for role in _STORING]
        schemas = [answered(self._operations[each]) for each in pointers if each]
        found = next(filter(None, schemas), None)
        sent = self._sent(resource) if resource.retrieve is None else None
        return found if sent is None or any(self._shows(each, sent) for each in schemas) else sent

    def _sent(self, resource: Resource) -> str | None:
        """The schema of the body of a create that has the key."""
        create = self._operations[resource.create] if resource.create else None
        media = create.body.json if create and create.body else None
        schema = media.schema if media else None
        keyed = schema and self._contract.core(schema).property(resource.key or "")
        return schema if keyed else None

    def _shows(self, schema: str | None, sent: str) -> bool:
        """Whether an answer has a member of what was sent."""
        members = self._contract.core(schema).properties if schema else ()
        return any(self._contract.core(sent).property(each.name) for each in members)

    def _keeps_objects(self, resource: Resource) -> bool:
        stored = self._stored(resource)
        return stored is None or "object" in self._contract.schema(stored).types

    def _lookups(self, operation: Operation) -> Iterator[Lookup]:
        """What each path parameter names: the item at the path ending with it, or a given thing."""
        reached = ""
        for part in operation.path.split("/")[1:]:
            reached = f"{reached}/{part}"
            if part.startswith("{") and part.endswith("}"):
                resource = self._items.get(reached)
                if resource and not (resource.create or resource.retrieve or resource.update):
                    resource = None
                given = self._initial(resource) if resource else _given(operation, part[1:-1])
                yield Lookup(part[1:-1], resource, given)

    def _initial(self, resource: Resource) -> frozenset[str]:
        """What exists from the start: reserved names of things that can be created, else the
        values given; what there is one of, by the empty key."""
        if resource.single:
            return frozenset({""})
        if resource.create is not None:
            return frozenset(str(value) for value in self._reserved(resource))
        pointers = (resource.retrieve, resource.update, resource.replace, resource.delete)
        found = (
            _given(self._operations[each], resource.parameter or "") for each in pointers if each
        )
        return next(found, frozenset[str]())

    def _reserved(self, resource: Resource) -> tuple[Json, ...]:
        create = self._operations[resource.create] if resource.create else None
        media = create.body.json if create and create.body else None
        for schema in (media.schema if media else None, self._stored(resource)):
            member = self._contract.core(schema).property(resource.key or "") if schema else None
            if member and member.reserved:
                return member.reserved
        return ()


def _given(operation: Operation, name: str) -> frozenset[str]:
    parameter = operation.parameter(name, "path")
    if parameter is None:
        return frozenset()
    travels = outward(parameter)
    return frozenset(plain(travels, value) for value in parameter.given)


def _status(operation: Operation, success: Response | None) -> int:
    if success is None:
        return 204
    if success.status.isdigit():
        return int(success.status)
    return 201 if operation.method == "POST" and success.status != "default" else 200
