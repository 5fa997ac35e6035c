"""Queries: what a parameter does not admit, and what it means when left out."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import MISSING

from tallystick.contract import Operation, Parameter
from tallystick.document import Json, join

from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.live import Live
from ..probes.pages import items_of
from ..probes.places import at, same
from ..probes.samples import bounds
from ..verdicts import Law, Step
from . import claims
from .control import needs_acceptance
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
)

_READS = ("GET", "HEAD", "QUERY")


# --- what is not admitted ------------------------------------------------------------------------


def _wrong(ground: Ground) -> Iterator[Spot]:
    for operation in ground.contract.operations:
        if operation.method not in _READS:
            continue
        for parameter in operation.parameters:
            for state in _unfit(ground, parameter) if parameter.location == "query" else {}:
                yield Spot(operation, parameter.schema, f"?{parameter.name}", state)


def _unfit(ground: Ground, parameter: Parameter) -> dict[str, Json]:
    """Texts that no reading makes a value of the parameter."""
    core = ground.contract.core(parameter.schema)
    values = [each for each in core.enum or () if isinstance(each, str)]
    if values and core.types <= {"string", "null"}:
        found: dict[str, Json] = {"unknown enum value": f"{values[0]}_unknown"}
        if values[0].swapcase() not in values:
            found["enum in another case"] = values[0].swapcase()
        return found
    if core.types == frozenset({"integer"}):
        low, high = bounds(ground.samples.keywords(parameter.schema))
        beyond: dict[str, Json] = {"no number": "many", "a fraction": "1.5"}
        beyond |= {} if low is None else {"below the minimum": int(low) - 1}
        return beyond | ({} if high is None else {"above the maximum": int(high) + 1})
    if core.types == frozenset({"boolean"}):
        return {"no boolean": "perhaps"}
    return {}


@rule(
    Law.REFUSALS,
    "A parameter of the query that its schema does not admit is refused.",
    _wrong,
    apart=True,
)
def wrong_parameters_are_refused(lab: Lab, spot: Spot) -> Judgement:
    """A word that is not in the enum of a parameter, and one that is no number where a number is
    declared, are sent in the query of a read that is accepted otherwise. Finds: an unknown filter
    that lists everything.
    """
    operation = spot.operation
    parameter = operation.parameter(spot.place[1:], "query")
    if parameter is None:
        return not_applicable("there is no such parameter")
    value = _unfit(lab.ground, parameter)[spot.state]
    resource = lab.ground.resource(operation)
    one = lab.ground.role(operation) == "retrieve" and resource is not None and resource.create
    live = lab.fresh(resource) if one and resource else None
    request = lab.request(operation, lab.path(operation, live), more=[(parameter, value)])
    step = lab.send(operation, request)
    if step.answer.accepted:
        return broken(
            f"{parameter.name} does not admit {said(value)}.",
            f"The request with it was accepted: {answered(step.answer)}.",
            (*(live.steps if live else ()), step),
            claims.refused(),
        )
    if not step.answer.refused:
        return not_reached(f"{answered(step.answer)}, which is judged with the answers")
    needs_acceptance(lab, operation)
    return held()


# --- defaults -----------------------------------------------------------------------------------


def _defaulted(ground: Ground) -> Iterator[Spot]:
    for operation in ground.contract.operations:
        if operation.method != "GET" or ground.answer_schema(operation) is None:
            continue
        for parameter in operation.parameters:
            told = parameter.default not in (MISSING, None)
            if parameter.location == "query" and told and not parameter.required:
                pointer = join(parameter.schema, "default")
                yield Spot(operation, pointer, f"?{parameter.name}")


@rule(
    Law.DEFAULTS,
    "A parameter left out means the same as its default spelled out.",
    _defaulted,
)
def absent_parameters_mean_their_default(lab: Lab, spot: Spot) -> Judgement:
    """A read is asked without the parameter and with its default; both answers show the same items
    in the same order. Of a limit more items are created than its default, where that is not much,
    and no more come than it says. Finds: a page that is longer when nobody says how long.
    """
    operation, resource = spot.operation, lab.ground.resource(spot.operation)
    parameter = operation.parameter(spot.place[1:], "query")
    if parameter is None or parameter.default is MISSING:
        return not_applicable("there is no such parameter")
    role = lab.ground.role(operation)
    lives: list[Live] = []
    if role in ("list", "retrieve") and resource is not None and resource.create:
        first = lab.fresh(resource)
        more = _enough(parameter) if role == "list" else 0
        lives = [first, *(lab.fresh(resource, first.parents) for _ in range(more))]
    path = lab.path(operation, None)
    if lives:
        path = dict(lives[0].parents) if role == "list" else lives[0].path
    made = tuple(step for live in lives for step in live.steps)
    plain = lab.send(operation, lab.request(operation, path), made)
    spelt = lab.send(
        operation, lab.request(operation, path, more=[(parameter, parameter.default)]), made
    )
    if not plain.answer.accepted or not spelt.answer.accepted:
        return not_reached(f"{answered(plain.answer)}, {answered(spelt.answer)}")
    key = resource.key if resource else None
    one, other = (_told(lab, operation, step, key) for step in (plain, spelt))
    if same(one, other):
        return held()
    return broken(
        f"{parameter.name} left out means {said(parameter.default)}, its default.",
        f"Left out, the answer shows {_count(one)}; spelled out, {_count(other)}.",
        (*made, plain, spelt),
    )


def _enough(parameter: Parameter) -> int:
    """How many items show whether a limit holds that nobody asked for."""
    default = parameter.default
    return default if isinstance(default, int) and 2 <= default <= 30 else 2


def _told(lab: Lab, operation: Operation, step: Step, key: str | None) -> Json:
    """The ids of a list in their order, or what stands still of anything else."""
    content = step.answer.content
    if content is MISSING:
        return None
    ids: list[Json] = []
    for item in items_of(step) or () if key else ():
        named = at(item, (key or "",))
        if named is not MISSING:
            ids.append(named)
    if ids:
        return ids
    resource, schema = lab.ground.resource(operation), lab.ground.answer_schema(operation)
    read = lab.ground.reading(schema, content)
    return read if resource is None else lab.ground.steady(resource, read)


def _count(value: Json) -> str:
    return f"{len(value)} items, {said(value)}" if isinstance(value, list) else said(value)
