"""Types and enums: exactly the values that the schema admits, judged by their JSON type."""

from __future__ import annotations

from pydantic import MISSING

from ..probes.lab import Lab
from ..probes.members import Member
from ..probes.states import ABSENT, INTEGRAL_FLOAT, LONGEST, NOT_IN_ENUM, NULL, WIDE, State
from ..probes.trials import tried
from ..verdicts import Law
from . import claims
from .acceptance import accepted, refused
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

_SPECIAL = (ABSENT, NULL, INTEGRAL_FLOAT)


def _wrong_type(member: Member, state: State) -> bool:
    return not state.valid and state.name.startswith("wrong type")


def _other_wrong(member: Member, state: State) -> bool:
    enum = state.name in NOT_IN_ENUM
    return not (state.valid or enum or _wrong_type(member, state) or state.name in _SPECIAL)


@rule(
    Law.TYPES,
    "A value of another JSON type is refused; nothing is coerced.",
    lambda ground: at_states(ground, _wrong_type),
    apart=True,
)
def wrong_types_are_refused(lab: Lab, spot: Spot) -> Judgement:
    """Each member is sent with a value of every other JSON type, and with what a lenient server
    takes for the right one: a number as text, the word true, one item without its array. Finds:
    a model that coerces.
    """
    _, state = spot.stated
    return refused(lab, spot, f"{spot.place} does not admit {said(state.value)}, by its type.")


@rule(
    Law.TYPES,
    "A number without a fraction is an integer, however it is written.",
    lambda ground: at_states(ground, lambda m, s: s.name == INTEGRAL_FLOAT and s.valid),
    apart=True,
)
def integral_floats_are_integers(lab: Lab, spot: Spot) -> Judgement:
    """An integer is sent with a fraction of zero. Finds: a check of the language's type in
    place of the value.
    """
    _, state = spot.stated
    return accepted(lab, spot, f"{spot.place} is an integer, and {said(state.value)} is one.")


@rule(
    Law.TYPES,
    "A value that is not in the enum is refused, one in another case too.",
    lambda ground: at_states(
        ground,
        lambda m, s: not s.valid and s.name in NOT_IN_ENUM,
    ),
    apart=True,
)
def unknown_enum_values_are_refused(lab: Lab, spot: Spot) -> Judgement:
    """A word that is not in the enum is sent, and one that is, in another letter case, with a blank
    behind it, and by its number. Finds: an enum that is not checked, or without its case.
    """
    _, state = spot.stated
    return refused(lab, spot, f"{said(state.value)} is not in the enum of {spot.place}.")


@rule(
    Law.TYPES,
    "Every value of an enum is accepted.",
    lambda ground: at_states(ground, lambda m, s: s.valid and s.name.startswith("enum: ")),
    apart=True,
)
def enum_values_are_accepted(lab: Lab, spot: Spot) -> Judgement:
    """Every value of each enum is sent. Finds: a value that was added to the document and not
    to the server.
    """
    _, state = spot.stated
    return accepted(lab, spot, f"{said(state.value)} is in the enum of {spot.place}.")


def _valid_value(member: Member, state: State) -> bool:
    special = state.name in _SPECIAL or state.name.startswith("enum: ")
    return state.valid and not special and state.value is not MISSING


@rule(
    Law.TYPES,
    "A value which the schema admits is accepted.",
    lambda ground: at_states(ground, _valid_value),
    apart=True,
)
def valid_values_are_accepted(lab: Lab, spot: Spot) -> Judgement:
    """Examples, defaults, bounds and neighbours of each member are sent. A refusal counts only
    where the contract names the value; otherwise it may have reasons of its own. Finds: zero
    refused where the schema admits it.
    """
    _, state = spot.stated
    return accepted(lab, spot, f"{spot.place} admits {said(state.value)}.")


@rule(
    Law.TYPES,
    "A value beyond a declared bound, length, count or pattern is refused.",
    lambda ground: at_states(ground, _other_wrong),
    apart=True,
)
def declared_bounds_are_kept(lab: Lab, spot: Spot) -> Judgement:
    """A value beyond each declared bound, length or count is sent, and a text that only nearly
    matches a pattern; one that fits is accepted. Finds: a maximum that only the document has; a
    pattern that is looked for at the beginning only.
    """
    _, state = spot.stated
    return refused(lab, spot, f"{spot.place} does not admit {said(state.value)}.")


_MOST = 1000
"""Characters of a text beyond which a server may have limits of its own."""


def _longest(member: Member, state: State) -> bool:
    short = isinstance(state.value, str) and len(state.value) <= _MOST
    return state.valid and state.name == LONGEST and short


@rule(
    Law.TYPES,
    "A text of the greatest length is accepted; lengths are counted in characters.",
    lambda ground: at_states(ground, _longest),
    apart=True,
)
def lengths_count_characters(lab: Lab, spot: Spot) -> Judgement:
    """A text of exactly the greatest length is sent, in plain letters, in letters of two bytes,
    and in characters that UTF-16 writes as two. Where it is refused, a shorter one of the same
    letters is sent: if that is accepted, nothing but the length can be at fault (JSON Schema
    2020-12, Validation 6.3.1). Finds: < for <=; a length in bytes.
    """
    member, state = spot.stated
    if lab.ground.names_item(spot.operation, member) or not isinstance(state.value, str):
        return not_applicable("it names the item")
    most = len(state.value)
    texts = {LONGEST: (state.value, state.value[:-1])}
    for letter in (WIDE, "\U0001f600"):
        texts[f"{LONGEST}: {letter}"] = letter * most, letter * max(1, most // 4)
    judged = False
    for name, both in texts.items():
        if not all(lab.ground.oracle.fits(member.pointer, each) for each in both):
            continue
        longest, shorter = (State(f"{name} {len(each)}", each, True) for each in both)
        trial = tried(lab, spot.operation, member, longest)
        judged = judged or trial.answer.accepted
        if trial.answer.accepted or not trial.answer.refused:
            continue
        if tried(lab, spot.operation, member, shorter).answer.accepted:
            return broken(
                f"{spot.place} admits a text of {most} characters, whatever letters it has.",
                f"One that ends in {said(both[0][-1])}: {answered(trial.answer)}; "
                f"with {len(both[1])} characters it is accepted.",
                trial.asked,
                claims.accepted(),
            )
    return (
        held() if judged else not_reached("no text of this length is accepted, nor a shorter one")
    )
