"""Texts: what was accepted is kept as it was sent, in names and elsewhere."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from pydantic import MISSING

from tallystick.contract import Resource
from tallystick.document import Json

from ..probes.bodies import body_for, key_of, telling
from ..probes.ground import Ground, Shape
from ..probes.lab import Lab
from ..probes.live import Created, Live
from ..probes.members import Member
from ..probes.places import ITEM, at, put, same
from ..probes.trials import created, resource_of
from ..probes.visible import picked
from ..verdicts import Law
from . import claims
from .lists import changed_item, listed
from .names import TELLING, named_so, telling_names
from .rule import (
    Judgement,
    Spot,
    answered,
    broken,
    held,
    not_applicable,
    not_reached,
    rule,
    said,
)

_TOO_LONG = 414
"""The status of a server that does not take so long a path (RFC 9110, 15.5.15)."""


def _every_text(ground: Ground) -> Iterator[Spot]:
    """The names, and every other text of a create that may hold any characters."""
    yield from telling_names(ground)
    for shape in ground.bodied:
        resource = ground.resource(shape.operation)
        if ground.role(shape.operation) != "create" or resource is None or not resource.retrieve:
            continue
        for member in shape.members:
            if _is_text(ground, shape, member):
                place = member.place
                yield Spot(shape.operation, member.pointer, place, "any characters", member)


_ANY = "a & b <i> 'c' \"d\" \\ %41 &lt; Zo\u00eb-\u6771\u4eac \U0001f980"


def _is_text(ground: Ground, shape: Shape, member: Member) -> bool:
    """Whether it is a text that a read shows, that may hold any characters, and is no name."""
    mirror = shape.mirror(member.path)
    named = ground.names_item(shape.operation, member)
    plain = mirror is not None and mirror.comparable and not named
    return (
        plain
        and ground.contract.core(member.pointer).enum is None
        and _fitting(ground, member) != ""
    )


def _fitting(ground: Ground, member: Member) -> str:
    """The text, or as much of it as the member admits; empty where it admits none of it."""
    lengths = (len(_ANY), 20, 10)
    return next((_ANY[:n] for n in lengths if ground.oracle.fits(member.pointer, _ANY[:n])), "")


@rule(
    Law.READS, "A text that was accepted is kept, character by character.", _every_text, apart=True
)
def accepted_texts_are_kept(lab: Lab, spot: Spot) -> Judgement:
    """A name with characters beyond ASCII, beyond the basic plane, with escapes, with markup, or of
    300 characters is sent, and such a text in every other member; where it is taken, the answer
    shows it, but for blanks, letter case and composition, and the item can be read. Finds: a name
    that is cut; a character that becomes a question mark; a text that is escaped for HTML.
    """
    if spot.member is not None:
        return _text_kept(lab, spot, spot.member)
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    text = f"{lab.name()}{TELLING[spot.state]}"
    body = put(lab.base(operation), (key_of(lab, operation),), text)
    made = lab.create(resource, body=body, named=False)
    if not made.answer.accepted:
        return not_applicable(f"such a text is refused: {answered(made.answer)}")
    read = made.live.last if made.live else None
    if read is not None and read.answer.status == _TOO_LONG:
        return not_reached("a path with such a name is longer than the server takes")
    if made.live is not None and read is not None and read.answer.refused:
        return broken(
            f"The item {said(text)} was created, so it can be read.",
            f"{_renamed(text, made.live.id)}{answered(read.answer)}.",
            (made.step, read),
            claims.accepted(),
        )
    shown = _shown(made, resource.key or "")
    if not isinstance(shown, str):
        return not_reached("no answer shows the name")
    if _plain(shown) == _plain(text):
        return _in_list(lab, made, shown) or held()
    return broken(
        f"The create names the item {said(text)}, and it was accepted.",
        f"The item is called {said(shown)}.",
        (made.step,),
        claims.reads_one_of((key_of(lab, operation),), (text,)),
    )


def _renamed(sent: str, told: Json) -> str:
    """What the answer of a create made of a name, where that is another one."""
    return "" if same(sent, told) else f"The create calls it {said(told)}, and of that name "


def _in_list(lab: Lab, made: Created, shown: str) -> Judgement | None:
    """What is wrong, if a list does not show the name that a read shows."""
    live = made.live
    if live is None or live.shown is MISSING or live.resource.list is None:
        return None
    found, there = listed(lab, lab.ground.contract.operation(live.resource.list), live)
    if found or not there.complete or not same(at(live.shown, (live.resource.key or "",)), shown):
        return None
    return broken(
        f"The list shows {said(shown)}, as a read does.",
        "No item of this name is in it.",
        (*live.steps, *there.steps),
        *there.claims(claims.listed(live.resource.key or "", shown)),
    )


def _text_kept(lab: Lab, spot: Spot, member: Member) -> Judgement:
    text = _fitting(lab.ground, member)
    body = body_for(lab, spot.operation, member, text)
    trial = created(lab, spot.operation, body)
    if not trial.answer.accepted:
        return not_applicable(f"such a text is refused: {answered(trial.answer)}")
    shape = lab.ground.shape(spot.operation)
    mirror = shape.mirror(member.path) if shape else None
    shown = picked(trial.after, mirror.response)[:1] if mirror else []
    if not shown or not isinstance(shown[0], str):
        return not_reached("no read shows it")
    if _plain(shown[0]) == _plain(text):
        return held()
    return broken(
        f"{spot.place} was sent as {said(text)}, and it was accepted.",
        f"It reads {said(shown[0])}.",
        trial.steps,
        *([claims.reads(mirror.response, text)] if mirror and ITEM not in member.path else []),
    )


def _shown(made: Created, key: str) -> Json | MISSING:
    """The name as the answer of a create shows it, else as a read does."""
    told = at(made.answer.content, (key,))
    return told if told is not MISSING or made.live is None else at(made.live.shown, (key,))


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _updated(ground: Ground) -> Iterator[Spot]:
    for each in telling_names(ground):
        resource = ground.resource(each.operation)
        if resource is not None and resource.update:
            yield each


@rule(Law.UPDATES, "An item of any name can be updated.", _updated, apart=True)
def items_of_any_name_can_be_updated(lab: Lab, spot: Spot) -> Judgement:
    """An item whose name has characters beyond ASCII, or is long, is updated and read. Finds: an
    update that is accepted and finds no row.
    """
    live = named_so(lab, spot, f"{lab.name()}{TELLING[spot.state]}")
    if live is None or live.shown is MISSING:
        return not_applicable("the server refuses or changes such names, or shows no item")
    before = live.shown
    resource = resource_of(lab, spot.operation)
    changed = changed_item(lab, resource, live)
    if changed is None:
        return _not_found(lab, resource, live) or not_applicable("no update of it is accepted")
    if changed.last is None or not same(before, changed.shown):
        return held()
    return broken(
        f"An accepted update of {said(live.id)} becomes visible.",
        "It reads as before.",
        (*changed.steps, changed.last),
        claims.accepted(),
    )


def _not_found(lab: Lab, resource: Resource, live: Live) -> Judgement | None:
    """What is wrong, if an update does not find what a read finds, and finds another item."""
    update = lab.ground.contract.operation(resource.update or "")
    plain = lab.fresh(resource, live.parents)
    body = telling(lab, update)
    one, other = (
        lab.send(update, lab.request(update, each.path, body), each.steps) for each in (live, plain)
    )
    if one.answer.status != 404 or not other.answer.accepted:
        return None
    return broken(
        f"{said(live.id)} can be read, so it can be updated as any other item.",
        f"{answered(one.answer)}.",
        (*live.steps, *((live.last,) if live.last else ()), one),
        claims.accepted(),
    )
