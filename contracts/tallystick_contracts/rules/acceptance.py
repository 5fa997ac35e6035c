"""Whether a body is taken or refused, judged against a control so that nothing is invented."""

from __future__ import annotations

from contextlib import suppress

from ..probes.lab import Lab
from ..probes.live import NotReached
from ..probes.places import same
from ..probes.states import INTEGRAL_FLOAT, State
from ..probes.trials import Trial, tried
from . import claims
from .rule import Judgement, Spot, answered, broken, held, not_applicable, not_reached, said


def accepted(lab: Lab, spot: Spot, expectation: str) -> Judgement:
    """The member in this state must be taken.

    A refusal of a value that the schema admits may have reasons of its own, unless the contract
    promises that very state. Whether the rest of the body is at fault is told by a control: the
    same request with another value of the member.
    """
    member, state = spot.stated
    trial = tried(lab, spot.operation, member, state)
    if trial.answer.accepted:
        return held()
    if trial.answer.status == 409 and lab.ground.role(spot.operation) == "create":
        return not_applicable("the server says that this item is there already")
    if not trial.answer.refused:
        return not_reached(f"{answered(trial.answer)}, which is judged with the answers")
    return _refused(lab, spot, state, trial, expectation)


def _refused(lab: Lab, spot: Spot, state: State, trial: Trial, expectation: str) -> Judgement:
    control = control_of(lab, spot, state)
    observation = f"{answered(trial.answer)} for {spot.place} = {said(state.value)}"
    if control is None:
        return not_reached(f"no request of this operation is accepted: {observation}")
    if state.promised or _asked_as_integer(state, control[0]):
        beside = f"; with {said(control[0].value)} it is accepted"
        return broken(expectation, observation + beside + ".", trial.asked, claims.accepted())
    return not_applicable(
        f"refused for reasons of its own: {observation}, while {said(control[0].value)} is accepted"
    )


def control_of(lab: Lab, spot: Spot, state: State) -> tuple[State, Trial] | None:
    """Another valid state of the member which the server accepts, the likeliest first."""
    member, _ = spot.stated
    others = [
        each for each in lab.ground.states.of(member) if each.valid and each.name != state.name
    ]
    if state.name == INTEGRAL_FLOAT:
        others.sort(key=lambda each: not same(each.value, state.value))
    for other in others[:4]:
        with suppress(NotReached):  # the body as a whole need not admit it
            trial = tried(lab, spot.operation, member, other)
            if trial.answer.accepted:
                return other, trial
    return None


def _asked_as_integer(state: State, control: State) -> bool:
    return state.name == INTEGRAL_FLOAT and same(state.value, control.value)


def refused(lab: Lab, spot: Spot, expectation: str) -> Judgement:
    """The member in this state must be refused with an answer of the class 4xx."""
    member, state = spot.stated
    trial = tried(lab, spot.operation, member, state)
    if trial.answer.accepted:
        what = (
            "without it" if spot.state == "absent" else f"with {spot.place} = {said(state.value)}"
        )
        observation = f"The request {what} was accepted: {answered(trial.answer)}."
        return broken(expectation, observation, trial.asked, claims.refused())
    if not trial.answer.refused:
        return not_reached(f"{answered(trial.answer)}, which is judged with the answers")
    if control_of(lab, spot, state) is None:
        return not_reached("no request of this operation is accepted, so a refusal tells nothing")
    return held()
