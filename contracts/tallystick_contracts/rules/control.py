"""Controls: whether an operation takes anything at all, so that a refusal tells something."""

from __future__ import annotations

from pydantic import MISSING

from tallystick.contract import Operation

from ..probes.lab import Lab
from ..probes.live import NotReached
from ..probes.trials import resource_of
from ..verdicts import Step
from .rule import answered


def plain(lab: Lab, operation: Operation) -> tuple[Step, ...]:
    """A plain valid request of an operation on something that exists; the last step is its own.

    Raises:
        NotReached: what it takes cannot be made.
    """
    role = lab.ground.role(operation)
    if role == "create":
        return (lab.create(resource_of(lab, operation)).step,)
    resource = lab.ground.resource(operation)
    live = None
    if (
        resource is not None
        and role in ("retrieve", "update", "replace", "delete")
        and resource.create
    ):
        live = lab.fresh(resource)
    body = lab.base(operation) if operation.body and operation.body.json else MISSING
    step = lab.send(operation, lab.request(operation, lab.path(operation, live), body))
    return (*(live.steps if live else ()), step)


def needs_acceptance(lab: Lab, operation: Operation) -> None:
    """Make sure that a request of an operation was accepted in this run.

    A plain one is sent where none was; a server which refuses whatever comes shows nothing by
    one more refusal.

    Raises:
        NotReached: it was not.
    """
    key = ("refuses", operation.pointer)
    if operation.pointer in lab.taken:
        return
    if key not in lab.memory:
        lab.memory[key] = answered(plain(lab, operation)[-1].answer)
    if operation.pointer not in lab.taken:
        raise NotReached(
            f"no request of this operation is accepted ({lab.memory[key]}), "
            "so a refusal tells nothing"
        )
