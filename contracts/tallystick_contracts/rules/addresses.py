"""Addresses: an id in a path names one thing exactly; what is only like it is not found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import quote

from tallystick.document import Json, join

from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.live import Live
from ..probes.places import at, same
from ..probes.trials import resource_of
from ..verdicts import Law
from . import claims
from .control import needs_acceptance
from .rule import (
    Judgement,
    Spot,
    answered,
    at_resources,
    broken,
    held,
    not_applicable,
    not_reached,
    rule,
    said,
)

# --- parents -------------------------------------------------------------------------------------

_UUID = re.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_WILDCARDS = {"a percent sign for the end": "%", "an underscore for the end": "_", "a star": "*"}
_MISSPELT: Mapping[str, Callable[[int], Json]] = {
    "letters behind the number": lambda number: f"{number}abc",
    "a minus before the number": lambda number: -number if number > 0 else None,
}
_NEAR = ("another case", "same beginning", "of another kind", "dot segment", *_WILDCARDS)
_NEAR_ITEMS = ("dot segment", "a small number", "another last character", *_WILDCARDS, *_MISSPELT)


def _known(ground: Ground) -> Iterator[Spot]:
    """Every path parameter that names something which exists from the start."""
    seen: set[tuple[str, str]] = set()
    for operation in sorted(ground.contract.operations, key=lambda o: o.method != "GET"):
        resource = ground.resource(operation)
        for parameter in operation.parameters:
            key = parameter.name, operation.path.partition("{" + parameter.name + "}")[0]
            parent = resource is not None and parameter.name in resource.parents
            if parameter.location == "path" and parent and key not in seen:
                seen.add(key)
                for state in _NEAR:
                    pointer = join(operation.pointer, "responses")
                    yield Spot(operation, pointer, f"/{parameter.name}", state)
    for operation in ground.contract.operations:
        resource = ground.resource(operation)
        if ground.role(operation) == "retrieve" and resource is not None and resource.parameter:
            pointer = join(operation.pointer, "responses")
            for state in _NEAR_ITEMS:
                yield Spot(operation, pointer, f"/{resource.parameter}", state)


@rule(Law.ROUTING, "An id that is only like an existing one is not found.", _known, apart=True)
def ids_like_an_existing_one_are_not_found(lab: Lab, spot: Spot) -> Judgement:
    """In the path stands, in place of an id that exists: the same in the other case, one with the
    same beginning, another last character or a wildcard for it, one of another kind of thing,
    ``%2e%2e``, or ``0``. Finds: a lookup by prefix or by LIKE; ids that are compared without their
    case; chains that are looked up among the models too.
    """
    operation, name = spot.operation, spot.place[1:]
    parameter = next(each for each in operation.parameters if each.name == name)
    path = lab.path(operation)
    near = _near(lab, spot, path[name])
    misspelt = spot.state in _MISSPELT
    if near is None or not (misspelt or lab.ground.oracle.fits(parameter.schema, near)):
        return not_applicable("there is no such value of the parameter")
    body = lab.named(operation, lab.base(operation)) if lab.ground.shape(operation) else None
    request = (
        lab.request(operation, {**path, name: near}, body)
        if body
        else lab.request(operation, {**path, name: near})
    )
    if spot.state == "dot segment":
        request = replace(request, target="/%2e%2e".join(request.target.rsplit("/..", 1)))
    step = lab.send(operation, request)
    if not step.answer.accepted:
        if not step.answer.refused:
            return not_reached(answered(step.answer))
        needs_acceptance(lab, operation)
        return held()
    if _exists(lab, name, {**path, name: near}):
        return not_applicable(f"there happens to be a {{{name}}} {said(near)}")
    return broken(
        f"There is no {{{name}}} {said(near)}, though there is {said(path[name])}.",
        f"{operation.key} says that there is: {answered(step.answer)}.",
        (step,),
        claims.refused(),
    )


def _exists(lab: Lab, name: str, path: dict[str, Json]) -> bool:
    """Whether an item of its own answers to this id: ids that a server counts up are all alike."""
    for resource in lab.ground.contract.resources:
        if resource.parameter == name and resource.retrieve and resource.key:
            parents = {each: path[each] for each in resource.parents if each in path}
            found = Live(resource, parents, path[name], ())
            read = lab.read(found) if len(parents) == len(resource.parents) else None
            shown = at(found.shown, (resource.key,)) if read and read.answer.accepted else None
            return shown is not None and same(shown, path[name])
    return False


def _near(lab: Lab, spot: Spot, known: Json) -> Json:
    """A value that is like a known one and names nothing; None where there is none."""
    if spot.state in _MISSPELT:
        return _MISSPELT[spot.state](known) if isinstance(known, int) else None
    if not isinstance(known, str):
        return None
    if spot.state == "dot segment":
        return ".."
    if spot.state == "a small number":
        return None if known.isdigit() else "0"
    if spot.state in _WILDCARDS:
        return known[:-1] + _WILDCARDS[spot.state]
    if spot.state == "another last character":
        last = "1" if known[-1] == "0" else "0"
        return known[:-1] + last if not known.isdigit() else None
    every = [v for o in lab.ground.contract.operations for p in o.parameters for v in p.given]
    if spot.state == "another case":
        if _UUID.fullmatch(known):  # "case insensitive on input" (RFC 9562, 4)
            return None
        return known.swapcase() if known.swapcase() not in (known, *every) else None
    if spot.state == "same beginning":
        turned = known[: len(known) // 2] + known[len(known) // 2 :][::-1]
        return turned if turned not in (known, *every) else None
    name = spot.place[1:]
    own = [
        v
        for o in lab.ground.contract.operations
        if (p := o.parameter(name, "path"))
        for v in p.given
    ]
    others = [
        each
        for operation in lab.ground.contract.operations
        for parameter in operation.parameters
        if parameter.location == "path" and parameter.name != name
        for each in lab.target.known(parameter)
        if each not in own
    ]
    return others[0] if others else None


_PARENTED = at_resources("retrieve", "parents", "create")


@rule(
    Law.ROUTING, "The path decides what is meant, whatever the query says.", _PARENTED, apart=True
)
def the_query_does_not_override_the_path(lab: Lab, spot: Spot) -> Judgement:
    """An item is read with its parent's id in the path and another parent's id under the same name
    in the query. Finds: a framework that merges path and query into one map.
    """
    resource = resource_of(lab, spot.operation)
    live = lab.fresh(resource)
    other, name = lab.parents(resource, 1), resource.parents[-1]
    if spot.operation.parameter(name, "query") is not None:
        return not_applicable("the query has a parameter of this name")
    request = lab.request(spot.operation, live.path)
    pair = f"{quote(name, safe='')}={quote(str(other[name]), safe='')}"
    step = lab.send(spot.operation, replace(request, target=f"{request.target}?{pair}"), live.steps)
    if step.answer.status == 400:
        return not_applicable("a query that is not declared is refused")
    if step.answer.accepted or step.answer.status != 404:
        return held() if step.answer.accepted else not_reached(answered(step.answer))
    return broken(
        f"{said(live.id)} is there under {said(live.path[name])}, as the path says.",
        f"With ?{pair} it is not found.",
        (*live.steps, step),
        claims.accepted(),
    )
