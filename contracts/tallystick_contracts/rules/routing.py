"""Routing: what does not exist is not found, and a path holds exactly the methods that it declares."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import MISSING

from tallystick.contract import Operation
from tallystick.document import Json, join

from ..exchange import Request
from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.live import Live
from ..probes.places import at, put, same
from ..probes.requests import plain
from ..probes.states import State
from ..probes.trials import key_of, resource_of
from ..verdicts import Law
from .rule import (
    Judgement,
    Spot,
    answered,
    broken,
    held,
    not_applicable,
    not_reached,
    rule,
    said,
    spot,
)


def _segments(ground: Ground) -> Iterator[Spot]:
    for operation in ground.contract.operations:
        for parameter in operation.parameters:
            if parameter.location == "path":
                pointer = join(operation.pointer, "responses")
                yield Spot(operation, pointer, f"/{parameter.name}", "unknown id")


@rule(Law.ROUTING, "A path that names what does not exist is not found.", _segments)
def unknown_ids_are_not_found(lab: Lab, spot: Spot) -> Judgement:
    operation, name = spot.operation, spot.place[1:]
    parameter = next(each for each in operation.parameters if each.name == name)
    if not _identifies(lab, operation, name):
        return not_applicable(f"nothing says that {{{name}}} names something that must exist")
    path = lab.path(operation)
    path[name] = _unknown(lab, parameter.schema, path[name])
    if path[name] is None:
        return not_applicable(f"every value of {{{name}}} is declared")
    body = _body(lab, operation)
    step = lab.send(operation, lab.request(operation, path, body))
    if not step.answer.accepted:
        return held() if step.answer.refused else not_reached(answered(step.answer))
    if lab.ground.role(operation) == "delete" or (
        lab.ground.role(operation) == "replace" and name == _last(operation)
    ):
        return not_applicable("a delete of nothing, or a replacement that creates, may succeed")
    return broken(
        f"There is no {{{name}}} {said(path[name])}.",
        f"{operation.key} says that there is: {answered(step.answer)}.",
        (step,),
    )


def _identifies(lab: Lab, operation: Operation, name: str) -> bool:
    """Whether a path parameter names an item of a resource, or a parent of one."""
    resource = lab.ground.resource(operation)
    return resource is not None and name in (*resource.parents, resource.parameter)


def _last(operation: Operation) -> str:
    return operation.path.rpartition("/")[2].strip("{}")


def _unknown(lab: Lab, schema: str, known: Json) -> Json:
    candidates: list[Json] = [f"{lab.name()}-nothing"]
    if isinstance(known, int):
        candidates = [2**31 - 7, known + 7_654_321]
    candidates.append("00000000-0000-4000-8000-0000000009ff")
    return next((each for each in candidates if lab.ground.oracle.fits(schema, each)), None)


def _body(lab: Lab, operation: Operation) -> Json | MISSING:
    if lab.ground.shape(operation) is None:
        return MISSING
    return lab.named(operation, lab.base(operation))


_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def _unused(ground: Ground) -> Iterator[Spot]:
    """For each path the methods that it does not declare."""
    declared: dict[str, list[Operation]] = {}
    for operation in ground.contract.operations:
        declared.setdefault(operation.path, []).append(operation)
    for operations in declared.values():
        used = {each.method for each in operations}
        for method in _METHODS:
            if method not in used:
                yield Spot(
                    operations[0], operations[0].pointer.rpartition("/")[0], "", f"method {method}"
                )


@rule(Law.ROUTING, "A method that a path does not declare is refused, best with 405.", _unused)
def undeclared_methods_are_refused(lab: Lab, spot: Spot) -> Judgement:
    operation, method = spot.operation, spot.state.rpartition(" ")[2]
    declared = lab.request(operation, lab.path(operation))
    fields = tuple(each for each in declared.headers if each[0] != "Content-Type")
    step = lab.send(None, Request(method, declared.target, fields))
    if step.answer.accepted:
        return broken(
            f"{operation.path} has no {method}.",
            f"It was accepted: {answered(step.answer)}.",
            (step,),
        )
    if step.answer.failure or step.answer.status >= 500:
        return broken(
            f"{operation.path} has no {method}, so it is refused (405).",
            f"{answered(step.answer)}.",
            (step,),
        )
    return held()


# --- names -------------------------------------------------------------------------------------


def _reserved(ground: Ground) -> Iterator[Spot]:
    for shape in ground.bodied:
        if ground.role(shape.operation) == "create":
            for member in shape.members:
                for value in member.declared.reserved:
                    state = State(f"reserved: {value}", value, True, True)
                    yield spot(shape.operation, member, state)


@rule(Law.ROUTING, "A reserved name cannot be created.", _reserved)
def reserved_names_cannot_be_created(lab: Lab, spot: Spot) -> Judgement:
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    member, state = spot.stated
    value = state.value
    body = lab.ground.with_member(operation, lab.base(operation), member.path, value)
    made = lab.create(resource, body=body, named=False)
    if made.answer.accepted:
        return broken(
            f"{said(value)} is reserved, so it cannot be created.",
            f"It was accepted: {answered(made.answer)}.",
            (made.step,),
        )
    if not made.answer.refused:
        return not_reached(answered(made.answer))
    lab.fresh(resource)  # a create of a free name is accepted, else the refusal tells nothing
    return held()


@rule(Law.ROUTING, "What a reserved name stands for is there from the start.", _reserved)
def reserved_names_are_there(lab: Lab, spot: Spot) -> Judgement:
    resource = resource_of(lab, spot.operation)
    _, state = spot.stated
    if state.value is MISSING or resource.retrieve is None or f"/{resource.key}" != spot.place:
        return not_applicable("there is no read by this name")
    live = Live(resource, lab.parents(resource), state.value, ())
    read = lab.read(live)
    if read is None or read.answer.accepted:
        return held()
    return broken(
        f"{said(state.value)} exists from the start.", f"{answered(read.answer)}.", (read,)
    )


_AWKWARD = {
    "unicode": "Zoë-東京",
    "space": "two words",
    "percent": "100%25",
    "slash": "a/b",
    "question mark": "what?",
    "dots": "..x..",
}


def _addressed(ground: Ground) -> Iterator[Spot]:
    for shape in ground.bodied:
        key = ground.key(shape.operation)
        resource = ground.resource(shape.operation)
        if ground.role(shape.operation) == "create" and key and resource and resource.retrieve:
            for state, name in _AWKWARD.items():
                if ground.oracle.fits(key.pointer, name):
                    yield Spot(shape.operation, key.pointer, f"/{key.name}", state)


@rule(Law.ROUTING, "A name that was accepted can be used in a path, percent-encoded.", _addressed)
def accepted_names_can_be_addressed(lab: Lab, spot: Spot) -> Judgement:
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    name = f"{_AWKWARD[spot.state]}{lab.name()}"
    made = lab.create(
        resource, body=put(lab.base(operation), (key_of(lab, operation),), name), named=False
    )
    if not made.answer.accepted:
        return not_applicable(f"such a name is refused: {answered(made.answer)}")
    live = made.live
    read = live.last if live else None
    if live is None or read is None:
        return not_applicable("there is no read")
    if read.answer.accepted and same(at(live.shown, (resource.key or "",)), live.id):
        return held()
    if spot.state == "slash":
        return not_applicable("a slash in a path is lost by many servers before it is routed")
    return broken(
        f"{said(name)} was created, so {plain(live.id)!r}, percent-encoded, names it in a path.",
        f"The read: {answered(read.answer)}.",
        (made.step, read),
    )
