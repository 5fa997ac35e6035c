"""Types and enums: exactly the values that the schema admits, judged by their JSON type."""

from __future__ import annotations

from pydantic import MISSING

from ..probes.lab import Lab
from ..probes.members import Member
from ..probes.states import ABSENT, INTEGRAL_FLOAT, NULL, State
from ..verdicts import Law
from .acceptance import accepted, refused
from .rule import Judgement, Spot, at_states, rule, said

_SPECIAL = (ABSENT, NULL, INTEGRAL_FLOAT)


def _wrong_type(member: Member, state: State) -> bool:
    return not state.valid and state.name.startswith("wrong type")


def _other_wrong(member: Member, state: State) -> bool:
    enum = state.name in ("unknown enum value", "enum in another case")
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
        lambda m, s: not s.valid and s.name in ("unknown enum value", "enum in another case"),
    ),
    apart=True,
)
def unknown_enum_values_are_refused(lab: Lab, spot: Spot) -> Judgement:
    """A word that is not in the enum is sent, and one that is, in another letter case. Finds:
    an enum that is not checked, or without its case.
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
    "A value beyond a declared bound, length or count is refused.",
    lambda ground: at_states(ground, _other_wrong),
    apart=True,
)
def declared_bounds_are_kept(lab: Lab, spot: Spot) -> Judgement:
    """A value beyond each declared bound, length or count is sent; one within it is accepted.
    Finds: a maximum that only the document has.
    """
    _, state = spot.stated
    return refused(lab, spot, f"{spot.place} does not admit {said(state.value)}.")
