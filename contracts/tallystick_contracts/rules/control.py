"""Controls: whether an operation takes anything at all, and what is so in turn as well as at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from pydantic import MISSING

from tallystick.contract import Operation

from ..probes.lab import Lab
from ..probes.live import NotReached
from ..probes.trials import resource_of
from ..verdicts import Step
from .rule import Judge, Judgement, Spot, answered


def plain(lab: Lab, operation: Operation) -> tuple[Step, ...]:
    """A plain valid request of an operation on something that exists; the last step is its own.

    Raises:
        NotReached: what it takes cannot be made.
    """
    role = lab.ground.role(operation)
    if role == "create":
        return (lab.create(resource_of(lab, operation)).step,)
    resource = lab.ground.of_item(operation)
    live = lab.fresh(resource) if resource else None
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


WHEN = {False: "at the same time", True: "one after the other"}
BESIDE = {False: "beside", True: "before and after"}
"""Words for what is sent at the same time, and for its control, by ``Lab.in_turn``."""


def not_in_turn(sequential: str) -> Callable[[Judge], Judge]:
    """Look whether what is broken is so too when nothing is sent at the same time.

    Args:
        sequential: the rule that names it then.
    """

    def controlled(judge: Judge) -> Judge:
        @wraps(judge)
        def judged(lab: Lab, spot: Spot) -> Judgement:
            first = judge(lab, spot)
            if first.finding is None:
                return first
            with lab.one_by_one():
                control = judge(lab, spot)
            if control.finding is None:
                return first
            finding = replace(control.finding, together=0)
            return replace(control, finding=finding, rule=control.rule or sequential)

        return judged

    return controlled
