"""What a surprise in a sequence of requests is called: the rule that it breaks, and two sentences."""

from __future__ import annotations

from pydantic import MISSING

from tallystick.contract import Resource

from ..probes.lab import Lab
from ..probes.places import shown as place_of
from ..probes.play import Surprise, of_any_value
from ..verdicts import Claim, Subject
from . import claims
from .rule import Judgement, answered, broken, said, said_apart

_OF_UPDATE = {
    "sent": "updates_take_effect",
    "unsent": "other_members_do_not_move",
    "null": "null_follows_its_convention",
    "default": "unset_reads_as_its_default",
    "refused": "refused_updates_change_nothing",
    "answer": "the_answer_of_an_update_is_the_item",
}
_OF_CREATE = {
    "sent": "created_values_can_be_read_back",
    "null": "absent_means_default",
    "default": "unset_reads_as_its_default",
    "refused": "duplicate_creates_are_refused",
    "answer": "the_answer_of_a_create_is_the_item",
}


def told(lab: Lab, resource: Resource, found: Surprise) -> Judgement:
    """The surprise as a broken rule, named by its cause."""
    expectation, observation = _sentences(lab, found)
    subject = _subject(lab, resource, found)
    return broken(
        expectation,
        observation,
        found.steps,
        *_claims(found),
        rule=_rule(lab, resource, found),
        subject=subject,
    )


def _claims(found: Surprise) -> tuple[Claim, ...]:
    """The expectation as data, where it is of one place of the last read."""
    deviation = found.deviation
    indexed = any(token.isdigit() for token in deviation.place)
    if deviation.why in ("null", "answer") or indexed or not deviation.place:
        return ()
    if deviation.wanted is MISSING:
        return ()
    if deviation.why == "default":
        return (claims.reads_one_of(deviation.place, (deviation.wanted,)),)
    return (claims.reads(deviation.place, deviation.wanted),)


def _subject(lab: Lab, resource: Resource, found: Surprise) -> Subject | None:
    """The operation that was at fault, and the member of its body."""
    pointers = {"create": resource.create, "again": resource.create, "read": resource.retrieve}
    pointer = pointers.get(found.act.kind, resource.update)
    if pointer is None:
        return None
    operation = lab.ground.contract.operation(pointer)
    shape = lab.ground.shape(operation)
    members = shape.members if shape and found.touched else ()
    member = next((each for each in members if each.path == found.deviation.sent), None)
    if member is None:
        return Subject(operation.key, operation.pointer)
    return Subject(
        operation.key, member.pointer, member.place, _STATES.get(found.deviation.why, "")
    )


_STATES = {"null": "null", "unsent": "absent", "default": "absent"}


def _rule(lab: Lab, resource: Resource, found: Surprise) -> str:
    act, deviation = found.act, found.deviation
    if deviation.place == () and deviation.seen is MISSING:
        return "created_items_stay"
    if not found.touched:
        return "" if act.kind == "create" else "updates_leave_other_items_alone"
    if act.kind == "read":
        return "reads_repeat"
    if deviation.falsy and not of_any_value(lab, resource, found):
        return "falsy_is_not_absent"
    table = _OF_CREATE if act.kind in ("create", "again") else _OF_UPDATE
    return table.get(deviation.why, "")


def _sentences(lab: Lab, found: Surprise) -> tuple[str, str]:
    act, deviation = found.act, found.deviation
    sent, place = place_of(deviation.sent), place_of(deviation.place)
    verb = {"create": "create", "again": "create"}.get(act.kind, "update")
    body = said(act.body)
    was, seen = said_apart(deviation.wanted, deviation.seen)
    observation = f"{place} reads {seen} afterwards."
    if deviation.place == () and deviation.seen is MISSING:
        read = found.steps[-1].answer if found.steps else None
        told = f": {answered(read)}" if read else ""
        return "The item was created, and nobody deleted it.", f"It cannot be read any more{told}."
    if not found.touched:
        return (
            f"A {act.kind} of another item leaves {place} of this one as it was, {was}.",
            observation,
        )
    if act.kind == "read":
        return f"Nobody changed {place}, so it still reads {was}.", observation
    promise = {
        "sent": f"The {verb} with {body} sends {sent} as {was}, and it reads so afterwards.",
        "unsent": f"The {verb} with {body} does not send {place}, so it stays as it was, {was}.",
        "null": f"The {verb} with {body} sends null for {sent}, so it reads {was}.",
        "default": f"The {verb} with {body} does not set {sent}, so it reads as its default, {was}.",
        "answer": f"The answer to the {verb} with {body} shows {place} as a read does, {was}.",
        "refused": f"The {verb} with {body} was refused, so {place} stays as it was, {was}.",
    }
    if deviation.why == "answer":
        observation = f"It says {seen}."
    return promise[deviation.why], observation
