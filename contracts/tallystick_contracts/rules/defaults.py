"""Defaults: absent means the default, and only absent does (JSON Schema 2020-12, Validation 9.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import MISSING

from tallystick.contract import Operation
from tallystick.document import Json, join

from ..mirror import Mirror
from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.members import Member
from ..probes.places import ITEM, Path, at, differences, includes, related, same
from ..probes.places import shown as place_of
from ..probes.states import ABSENT, State
from ..probes.trials import Trial, created, tried
from ..probes.visible import told, unshown
from ..verdicts import Law
from . import claims
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
    spot,
)

_WHOLE = ("create", "replace")
"""Requests which say the whole item, so that absent means something other than "as it is"."""


def _defaulted(ground: Ground) -> Iterator[Spot]:
    """Every optional member that has a default, absent."""
    wanted = at_states(
        ground,
        lambda m, s: (
            s.name == ABSENT and not m.declared.required and m.declared.default is not MISSING
        ),
        *_WHOLE,
    )
    for each in wanted:
        yield spot(each.operation, *each.stated, "default")


@rule(
    Law.DEFAULTS,
    "A member left out means the same as its default spelled out.",
    _defaulted,
    apart=True,
)
def absent_means_default(lab: Lab, spot: Spot) -> Judgement:
    """An item is made with the member left out, another with its default spelled out; both read
    the same, but for what differs between two items anyhow. Finds: a default that is applied to
    a missing object only, not to a missing member of it.
    """
    member, state = spot.stated
    default = member.declared.default
    spelled = State("default", default, True, True)
    left_out = tried(lab, spot.operation, member, state)
    spelt = tried(lab, spot.operation, member, spelled)
    if not (left_out.answer.accepted and spelt.answer.accepted):
        return not_reached(
            f"absent: {answered(left_out.answer)}; spelled out: {answered(spelt.answer)}"
        )
    shape = lab.ground.shape(spot.operation)
    if shape is None or shape.mirror(member.path) is None:
        return not_applicable("no read shows this member")
    if left_out.after is MISSING or spelt.after is MISSING:
        return not_applicable("no read shows what was made")
    apart = _apart(lab, spot.operation, left_out, spelt)
    if not apart:
        return held()
    shown = at(left_out.after, apart[0]), at(spelt.after, apart[0])
    return broken(
        f"{spot.place} left out means {said(default)}, its default.",
        f"Left out, {place_of(apart[0])} reads {said(shown[0])}; spelled out, {said(shown[1])}.",
        (*left_out.steps, *spelt.steps),
        claims.same(apart[0], -1 - len(spelt.steps), step=-1),
    )


def _apart(lab: Lab, operation: Operation, one: Trial, other: Trial) -> list[Path]:
    """Where two items differ, beyond what differs between two made by one and the same request."""
    resource = lab.ground.resource(operation)
    named = (resource.key,) if resource and resource.key else ()
    found = [place for place in differences(one.after, other.after) if place != named]
    if not found or lab.ground.role(operation) != "create":
        return found
    twin = created(lab, operation, one.body)
    noise = list(differences(one.after, twin.after))
    return [place for place in found if not any(related(place, each) for each in noise)]


def _shown_defaults(ground: Ground) -> Iterator[Spot]:
    """Every member of a create for which the answer's schema says what unset means."""
    for each in at_states(
        ground, lambda m, s: s.name == ABSENT and not m.declared.required, "create"
    ):
        shape, (member, _) = ground.shape(each.operation), each.stated
        mirror = shape.mirror(member.path) if shape else None
        if mirror is not None and mirror.default is not MISSING and ITEM not in mirror.response:
            shown = ground.contract.schema(mirror.response_pointer).node
            told = isinstance(shown, Mapping) and "default" in shown
            pointer = join(mirror.response_pointer if told else member.pointer, "default")
            yield Spot(each.operation, pointer, each.place, ABSENT, each.member, each.value)


@rule(
    Law.DEFAULTS,
    "A member that nobody set reads as the default of the answer.",
    _shown_defaults,
    apart=True,
)
def unset_reads_as_its_default(lab: Lab, spot: Spot) -> Judgement:
    """An item is made without the member and read; the answer's schema says as what it reads.
    Finds: null shown for a member that nobody set.
    """
    member, state = spot.stated
    shape = lab.ground.shape(spot.operation)
    mirror = shape.mirror(member.path) if shape else None
    trial = tried(lab, spot.operation, member, state)
    if not trial.answer.accepted or trial.after is MISSING or mirror is None:
        return not_reached(answered(trial.answer))
    read, default = at(trial.after, mirror.response), _unset(lab, spot, trial, mirror.default)
    # What stands within a default may have defaults of its own.
    if read is MISSING or default is MISSING or includes(read, default):
        return held()
    return broken(
        f"{spot.place} was not set, and its default is {said(default)}.",
        f"It reads {said(read)}.",
        trial.steps,
        claims.reads_one_of(mirror.response, (default,)),
    )


def _unset(lab: Lab, spot: Spot, trial: Trial, default: Json | MISSING) -> Json | MISSING:
    """What a member stands for that was not sent: what the default of an object around it says,
    where that was not sent either; MISSING where it says null."""
    shape, (member, _) = lab.ground.shape(spot.operation), spot.stated
    for size in range(1, len(member.path)):
        around = (
            next((m for m in shape.members if m.path == member.path[:size]), None)
            if shape
            else None
        )
        whole = around.declared.default if around else MISSING
        if whole is MISSING or at(trial.body, member.path[:size]) is not MISSING:
            continue
        inner = at(whole, member.path[size:])
        if not isinstance(whole, dict):
            return MISSING
        return default if inner is MISSING else inner
    return default


def _falsy(member: Member, state: State) -> bool:
    return state.valid and state.falsy


@rule(
    Law.DEFAULTS,
    "Zero, false, an empty text or list is a value, not an absence.",
    lambda ground: at_states(ground, _falsy),
    apart=True,
)
def falsy_is_not_absent(lab: Lab, spot: Spot) -> Judgement:
    """Zero, false, an empty text, list or object is sent and read back. Finds: ``value or
    default`` in the code.
    """
    return survives(lab, spot)


def _beside_default(ground: Ground) -> Iterator[Spot]:
    for each in at_states(
        ground, lambda m, s: s.valid and not s.falsy and s.value is not None, *_WHOLE
    ):
        if each.value is None or each.member is None or each.value.value is MISSING:
            continue
        shape = ground.shape(each.operation)
        mirror = shape.mirror(each.member.path) if shape else None
        default = mirror.default if mirror else MISSING
        if default not in (MISSING, None) and not same(default, each.value.value):
            yield each


@rule(
    Law.DEFAULTS, "An explicit value is kept, whatever the default is.", _beside_default, apart=True
)
def explicit_values_beat_defaults(lab: Lab, spot: Spot) -> Judgement:
    """A value other than the default is sent to a member that has one, and read back. Finds:
    defaults laid over what was sent.
    """
    return survives(lab, spot)


def survives(lab: Lab, spot: Spot) -> Judgement:
    """What was sent is what is read, this member and everything sent with it."""
    member, state = spot.stated
    if lab.ground.role(spot.operation) != "create" and lab.ground.names_item(
        spot.operation, member
    ):
        return not_applicable("it is the name by which the item is addressed")
    trial = tried(lab, spot.operation, member, state)
    if not trial.answer.accepted:
        return not_applicable(f"it was not accepted: {answered(trial.answer)}")
    if trial.after is MISSING:
        return not_applicable("no read shows what was sent")
    return kept(lab, spot, trial, member.path)


def kept(lab: Lab, spot: Spot, trial: Trial, path: Path) -> Judgement:
    """Whether the read after a trial shows what was sent at ``path`` and below."""
    shape = lab.ground.shape(spot.operation)
    watched = [each for each in (shape.mirrors if shape else ()) if related(each.request, path)]
    if not watched:
        return not_applicable("no read shows this member")
    for mirror, sent, there in unshown(lab, spot.operation, trial.body, trial.after):
        if mirror.request[: len(path)] == path:
            return broken(
                *_lost(mirror, sent, there), trial.steps, claims.shows(mirror, trial.body)
            )
    within = [each for each in watched if each.request[: len(path)] == path]
    if not any(told(trial.body, each) for each in within):
        return not_applicable("nothing was sent that a read shows as it was sent")
    return held()


def _lost(mirror: Mirror, sent: Json, there: Json | MISSING) -> tuple[str, str]:
    """In words what was to be read, and what was."""
    place = place_of(mirror.request)
    if isinstance(sent, list) and isinstance(there, list) and not mirror.comparable:
        return (
            f"{place} was sent with {len(sent)} items, and has as many afterwards: {said(sent)}.",
            f"It has {len(there)}: {said(there)}.",
        )
    return f"{place} was sent as {said(sent)}, and reads so afterwards.", f"It reads {said(there)}."
