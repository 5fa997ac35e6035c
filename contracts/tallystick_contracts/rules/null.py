"""Null: admitted where the schema admits it, refused elsewhere, with one meaning in an update."""

from __future__ import annotations

from pydantic import MISSING

from tallystick.document import Json

from ..mirror import Mirror
from ..probes.lab import Lab
from ..probes.members import Member
from ..probes.places import at, same
from ..probes.states import NULL, State
from ..probes.trials import Trial, tried
from ..verdicts import Law
from . import claims
from .acceptance import accepted, control_of, refused
from .rule import (
    Judgement,
    Spot,
    answered,
    at_states,
    broken,
    held,
    not_applicable,
    not_reached,
    rule,
    said,
)


def _admitted(member: Member, state: State) -> bool:
    return state.name == NULL and state.valid and member.declared.null != "refused"


@rule(
    Law.NULL,
    "Null is accepted where the schema admits it.",
    lambda ground: at_states(ground, _admitted),
    apart=True,
)
def null_is_accepted_where_admitted(lab: Lab, spot: Spot) -> Judgement:
    return accepted(lab, spot, f"{spot.place} admits null, so null is accepted.")


@rule(
    Law.NULL,
    "Null is refused where the schema does not admit it.",
    lambda ground: at_states(ground, lambda m, s: s.name == NULL and not s.valid),
    apart=True,
)
def null_is_refused_elsewhere(lab: Lab, spot: Spot) -> Judgement:
    return refused(lab, spot, f"{spot.place} does not admit null, so null is refused.")


@rule(
    Law.NULL,
    "Null in an update does what the contract declares: leave, clear, or be refused.",
    lambda ground: at_states(ground, lambda m, s: s.name == NULL and s.valid, "update"),
    apart=True,
)
def null_follows_its_convention(lab: Lab, spot: Spot) -> Judgement:
    member, state = spot.stated
    trial = tried(lab, spot.operation, member, state)
    if member.declared.null == "refused":
        return _declared_refused(lab, spot, trial)
    if not trial.answer.accepted:
        return not_reached(answered(trial.answer))
    shape = lab.ground.shape(spot.operation)
    mirror = shape.mirror(member.path) if shape else None
    if mirror is None or trial.after is MISSING:
        return not_applicable("no read shows this member")
    before = at(trial.before, mirror.response)
    if before is MISSING or before is None:
        return not_reached(f"{spot.place} could not be given a value first")
    after = at(trial.after, mirror.response)
    return _compared(spot, member.declared.null, (before, after, mirror.default), trial, mirror)


def _declared_refused(lab: Lab, spot: Spot, trial: Trial) -> Judgement:
    if trial.answer.accepted:
        return broken(
            f"Null for {spot.place} is declared to be refused.",
            f"It was accepted: {answered(trial.answer)}.",
            trial.asked,
            claims.refused(),
        )
    if not trial.answer.refused:
        return not_reached(answered(trial.answer))
    if control_of(lab, spot, spot.stated[1]) is None:
        return not_reached("no request of this operation is accepted, so a refusal tells nothing")
    return held()


def _compared(
    spot: Spot,
    convention: str | None,
    values: tuple[Json | MISSING, Json | MISSING, Json | MISSING],
    trial: Trial,
    mirror: Mirror,
) -> Judgement:
    before, after, default = values
    cleared = after is MISSING or after is None or same(after, default)
    became = "unchanged" if same(before, after) else "cleared" if cleared else "something else"
    if convention is None:
        return not_applicable(f"no convention is declared; the server seems to say: {became}")
    if became == convention:
        return held()
    cleared_values = [None] if default is MISSING else [None, default]
    claim = (
        claims.same(mirror.response, -3)
        if convention == "unchanged"
        else claims.reads_one_of(mirror.response, cleared_values)
    )
    wanted = "leave it as it is" if convention == "unchanged" else "clear it"
    return broken(
        f"Null for {spot.place} is declared to {wanted}.",
        f"It was {said(before)} before and is {said(after)} after.",
        trial.compared,
        claim,
    )
