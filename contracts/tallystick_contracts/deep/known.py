"""Ids that exist: those that were given, and those of items made for the search."""

from __future__ import annotations

from tallystick.contract import Contract, Operation, Resource
from tallystick.document import Json

from ..exchange import Answer, Request
from ..probes.ground import Ground
from ..probes.requests import build, encoded
from ..probes.samples import Unsatisfiable
from ..target import Target
from .relay import Relay

_CONFLICT = 409


def known_ids(ground: Ground, target: Target, relay: Relay) -> dict[str, tuple[Json, ...]]:
    """By path parameter, values that exist on the target.

    For each resource that can be created one item is, below every parent that was given; its
    name was taken before if the server answers with a conflict, and then it exists as well.
    """
    contract = ground.contract
    ids: dict[str, tuple[Json, ...]] = {}
    for operation in contract.operations:
        for each in operation.parameters:
            if each.location == "path" and not _made(contract, each.name):
                ids.setdefault(each.name, target.known(each))
    for resource in contract.resources:
        if target.read_only:
            break
        if resource.create and resource.parameter:
            operation = contract.operation(resource.create)
            made = _item(ground, target, relay, resource, operation, ids)
            if made is not None:
                old = ids.get(resource.parameter, ())
                ids[resource.parameter] = tuple(dict.fromkeys((*old, made)))
    return ids


def _made(contract: Contract, parameter: str) -> bool:
    return any(each.parameter == parameter and each.create for each in contract.resources)


def _item(
    ground: Ground,
    target: Target,
    relay: Relay,
    resource: Resource,
    operation: Operation,
    ids: dict[str, tuple[Json, ...]],
) -> str | int | None:
    needed = [each.name for each in operation.parameters if each.location == "path"]
    if not all(ids.get(name) for name in needed):
        return None
    try:
        body = ground.minimal(operation)
    except Unsatisfiable:
        return None
    found: str | int | None = None
    for number in range(max((len(ids[name]) for name in needed), default=1)):
        path = {name: ids[name][number % len(ids[name])] for name in needed}
        request: Request = build(ground.contract, target, operation, path, (), encoded(body))
        answer = relay.send(request)
        found = _key(resource, body, answer) if found is None else found
    return found


def _key(resource: Resource, body: Json, answer: Answer) -> str | int | None:
    if not (answer.accepted or answer.status == _CONFLICT) or resource.key is None:
        return None
    try:
        shown = answer.json() if answer.accepted else None
    except ValueError:
        shown = None
    for source in (shown, body):
        value = source.get(resource.key) if isinstance(source, dict) else None
        if isinstance(value, str | int) and not isinstance(value, bool):
            return value
    return None
