"""Presence: what may be left out and what may not (JSON Schema 2020-12, Validation 6.5.3)."""

from __future__ import annotations

from tallystick.contract import Operation
from tallystick.document import join

from ..probes.lab import Lab
from ..probes.states import ABSENT
from ..verdicts import Law
from . import claims
from .acceptance import accepted, refused
from .control import needs_acceptance
from .rule import (
    Judgement,
    Spot,
    answered,
    at_operations,
    at_states,
    broken,
    held,
    not_reached,
    rule,
)


@rule(
    Law.PRESENCE,
    "An optional member may be left out.",
    lambda ground: at_states(ground, lambda m, s: s.name == ABSENT and not m.declared.required),
    apart=True,
)
def optional_members_may_be_left_out(lab: Lab, spot: Spot) -> Judgement:
    """Each optional member is left out of the smallest body, which is sent to an item of its
    own. Finds: a server that asks for a member which the schema leaves optional.
    """
    return accepted(lab, spot, f"{spot.place} is not required, so it may be left out.")


@rule(
    Law.PRESENCE,
    "A required member may not be left out.",
    lambda ground: at_states(ground, lambda m, s: s.name == ABSENT and m.declared.required),
    apart=True,
)
def required_members_may_not_be_left_out(lab: Lab, spot: Spot) -> Judgement:
    """Each required member is left out of an otherwise good body, at every depth; the same body
    with it is accepted. Finds: a handler that reads the member with a default of its own.
    """
    return refused(lab, spot, f"{spot.place} is required, so a body without it is refused.")


def _required_body(operation: Operation) -> bool:
    return operation.body is not None and operation.body.required


@rule(
    Law.PRESENCE,
    "A required body may not be left out.",
    lambda ground: (
        Spot(each.operation, join(each.operation.body.pointer, "required"), state=ABSENT)
        for each in at_operations(ground, _required_body)
        if each.operation.body is not None
    ),
    apart=True,
)
def required_bodies_may_not_be_left_out(lab: Lab, spot: Spot) -> Judgement:
    """The request is sent without a body. Finds: a handler that takes a missing body for an
    empty object.
    """
    operation = spot.operation
    step = lab.send(operation, lab.request(operation, lab.path(operation)))
    if step.answer.accepted:
        expectation = "The request body is required, so a request without one is refused."
        return broken(
            expectation, f"It was accepted: {answered(step.answer)}.", (step,), claims.refused()
        )
    if not step.answer.refused:
        return not_reached(answered(step.answer))
    needs_acceptance(lab, operation)
    return held()
