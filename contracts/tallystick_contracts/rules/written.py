"""What is written only: it is taken, and no answer holds it (OpenAPI 3.1, ``writeOnly``)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from pydantic import MISSING

from ..probes.bodies import addressed, body_for
from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.live import Live, NotReached
from ..probes.members import Member
from ..probes.pages import listing
from ..probes.places import at
from ..probes.samples import Unsatisfiable
from ..probes.trials import resource_of
from ..verdicts import Law, Step
from .rule import Judgement, Spot, answered, broken, held, not_applicable, not_reached, rule, said

_LEAST = 6
"""Characters of a value that is looked for: a shorter one may stand somewhere by chance."""


def _written(ground: Ground) -> Iterator[Spot]:
    for shape in ground.bodied:
        role, resource = ground.role(shape.operation), ground.resource(shape.operation)
        if role not in ("create", "update", "replace") or resource is None:
            continue
        for member in shape.members:
            core = ground.contract.core(member.pointer)
            if member.declared.write_only and "string" in core.types and core.enum is None:
                yield Spot(shape.operation, member.pointer, member.place, "", member)


@rule(
    Law.CREDENTIALS,
    "No answer holds what a request sent as writeOnly.",
    _written,
    apart=True,
)
def what_is_written_only_is_never_answered(lab: Lab, spot: Spot) -> Judgement:
    """A value that nothing else has is sent in each writeOnly member; the member, and the value
    wherever it stands, is looked for in the answer, in a read and in the list. Finds: a password
    that comes back; a secret in an undeclared member.
    """
    operation, member = spot.operation, spot.member
    resource = resource_of(lab, operation)
    if member is None:
        return not_applicable("there is no such member")
    value = _value(lab, member)
    body = body_for(lab, operation, member, value)
    if lab.ground.role(operation) == "create":
        made = lab.create(resource, body=body)
        live, step = made.live, made.step
    else:
        live = lab.fresh(resource)
        request = lab.request(operation, live.path, addressed(lab, operation, body, live))
        step = lab.send(operation, request, live.steps)
    if not step.answer.accepted:
        return not_reached(answered(step.answer))
    shown = [step]
    if live is not None:
        live.steps = live.steps if step in live.steps else (*live.steps, step)
        read = lab.read(live)
        shown += [read] if read else []
        shown += _listed(lab, live)
    for each in shown:
        before = live.steps if live is not None and each not in live.steps else ()
        there = at(each.answer.content, member.path)
        if there is not MISSING and there is not None:
            return broken(
                f"{spot.place} is writeOnly, so no answer has it (OpenAPI, Schema Object).",
                f"The answer to {each.request.method} {each.request.target} has it: {said(there)}.",
                (*before, each),
            )
        if len(value) >= _LEAST and value.encode() in each.answer.body:
            return broken(
                f"{spot.place} is writeOnly, so no answer holds what was sent.",
                f"The answer to {each.request.method} {each.request.target} holds {value}.",
                (*before, each),
            )
    return held()


def _value(lab: Lab, member: Member) -> str:
    """A value that nothing else has, as far as the member admits one.

    Raises:
        NotReached: it admits no text that could be found.
    """
    value = lab.fresh_value(member.pointer, None)
    if isinstance(value, str) and len(value) >= _LEAST:
        return value
    with suppress(Unsatisfiable):
        value = lab.ground.samples.one(member.pointer)
    if not isinstance(value, str):
        raise NotReached("no text was found that the member admits")
    return value


def _listed(lab: Lab, live: Live) -> tuple[Step, ...]:
    pointer = live.resource.list
    if pointer is None:
        return ()
    try:
        return listing(lab, lab.ground.contract.operation(pointer), live.parents, live.steps).steps
    except NotReached:
        return ()
