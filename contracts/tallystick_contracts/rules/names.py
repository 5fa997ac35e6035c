"""Names: two that are only alike are two, and each is kept as it was sent."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from pydantic import MISSING

from tallystick.contract import Resource
from tallystick.document import Json

from ..probes.bodies import body_for, key_of, telling
from ..probes.ground import Ground, Shape
from ..probes.lab import Lab
from ..probes.live import Created, Live, NotReached
from ..probes.members import Member
from ..probes.places import ITEM, at, put, same
from ..probes.places import shown as place_of
from ..probes.trials import created, resource_of
from ..probes.visible import picked
from ..verdicts import Law, Step
from . import claims
from .lists import changed_item, listed
from .rule import (
    Judgement,
    Spot,
    answered,
    at_operations,
    broken,
    held,
    not_applicable,
    not_reached,
    rule,
    said,
)

# --- names ---------------------------------------------------------------------------------------


def _number(name: str) -> str:
    """A number for a name, which no other name of the run is likely to have."""
    return str(10**8 + int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big"))


_Twin = Callable[[str], tuple[str, str]]

PREFIX, ZEROS = "a longer name", "zeros before a number"
_TWINS: Mapping[str, _Twin] = {
    "letter case": lambda name: (f"Case-{name}", f"case-{name}"),
    "a blank at the end": lambda name: (f"{name}-x", f"{name}-x "),
    "accents": lambda name: (f"caf\u00e9-{name}", f"cafe-{name}"),
    PREFIX: lambda name: (f"{name}-longer", f"{name}-long"),
    ZEROS: lambda name: (f"00{_number(name)}", _number(name)),
    "composed characters": lambda name: (
        f"\u00e9-{name}",
        unicodedata.normalize("NFD", f"\u00e9-{name}"),
    ),
    "the 256th character": lambda name: (name.ljust(255, "x") + "a", name.ljust(255, "x") + "b"),
}
"""Two names that only a careless server takes for one, by what tells them apart."""


def _named(ground: Ground) -> Iterator[Spot]:
    for shape in ground.bodied:
        key, resource = ground.key(shape.operation), ground.resource(shape.operation)
        if ground.role(shape.operation) == "create" and key and resource and resource.retrieve:
            for state, twin in _TWINS.items():
                if all(ground.oracle.fits(key.pointer, each) for each in twin("ts1-1")):
                    yield Spot(shape.operation, key.pointer, f"/{key.name}", state)


@rule(Law.ROUTING, "Two different names are two different items.", _named, apart=True)
def different_names_are_told_apart(lab: Lab, spot: Spot) -> Judgement:
    """An item is created, and another one looked for whose name differs by letter case, a blank, an
    accent, zeros before a number, its end, or its 256th character. It must not be found; created,
    it must be an item of its own. A server that changes such a name when it takes it makes no
    promise here. Finds: keys that are cut, trimmed, lowered or stripped of accents.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    one, other = _TWINS[spot.state](lab.name())
    first = _made(lab, spot, one)
    if first is None:
        return not_applicable("the server refuses or changes such names")
    stranger = Live(resource, first.parents, other, first.steps)
    read = lab.read(stranger)
    if read is not None and read.answer.accepted:
        if not _kept(lab, spot):
            return not_applicable("the server refuses or changes such names")
        return broken(
            f"{said(one)} was created, and {said(other)} was not.",
            f"{said(other)} can be read: {answered(read.answer)}.",
            (*first.steps, read),
            claims.refused(),
        )
    body = put(telling(lab, operation), (key_of(lab, operation),), other)
    second = lab.create(resource, first.parents, body, named=False)
    if spot.state in (PREFIX, ZEROS) and second.answer.status == 409:
        return broken(
            f"{said(other)} is free, though {said(one)} is there.",
            f"A create of it: {answered(second.answer)}.",
            (*first.steps, second.step),
            claims.accepted(),
        )
    before, earlier = first.shown, (first.last,) if first.last else ()
    again = lab.read(first)
    if second.answer.accepted and again is not None and not same(before, first.shown):
        return broken(
            f"{said(one)} and {said(other)} are two items.",
            f"A create of {said(other)} changes what {said(one)} reads.",
            (*first.steps, *earlier, second.step, again),
            claims.same((), -3),
        )
    if second.live is None or resource.list is None:
        return held()
    listing_of = lab.ground.contract.operation(resource.list)
    for live in (first, second.live):
        found, there = listed(lab, listing_of, live)
        if not found and there.complete and _kept(lab, spot):
            return broken(
                f"{said(one)} and {said(other)} are two items, and the list shows both.",
                f"{said(live.id)} is not in it.",
                (*first.steps, second.step, *there.steps),
                *there.claims(claims.listed(resource.key or "", live.id)),
            )
    return held()


def _made(lab: Lab, spot: Spot, name: str) -> Live | None:
    """An item of this name, as it was sent; None where it is refused or called otherwise."""
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    body = put(lab.base(operation), (key_of(lab, operation),), name)
    made = lab.create(resource, body=body, named=False)
    kept = made.live is not None and same(at(made.live.shown, (resource.key or "",)), name)
    return made.live if kept else None


def _kept(lab: Lab, spot: Spot) -> bool:
    """Whether both kinds of name are kept as they are sent."""
    return all(_made(lab, spot, each) is not None for each in _TWINS[spot.state](lab.name())[1:])


_LONG = 300
_TOO_LONG = 414
"""The status of a server that does not take so long a path (RFC 9110, 15.5.15)."""
_TELLING: Mapping[str, str] = {
    "beyond the basic plane": "\U0001f980",
    "unicode": "Zo\u00eb-\u6771\u4eac",
    "long": "x" * _LONG,
    "escaped": 'a"b\\c\n\td',
    "markup": "<b>a & b</b> 'c' %41 &lt;",
}


def _texts(ground: Ground) -> Iterator[Spot]:
    for shape in ground.bodied:
        key, resource = ground.key(shape.operation), ground.resource(shape.operation)
        if ground.role(shape.operation) == "create" and key and resource and resource.retrieve:
            for state, text in _TELLING.items():
                if ground.oracle.fits(key.pointer, text):
                    yield Spot(shape.operation, key.pointer, f"/{key.name}", state)


def _every_text(ground: Ground) -> Iterator[Spot]:
    """The names, and every other text of a create that may hold any characters."""
    yield from _texts(ground)
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
    text = f"{lab.name()}{_TELLING[spot.state]}"
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
    for each in _texts(ground):
        resource = ground.resource(each.operation)
        if resource is not None and resource.update:
            yield each


@rule(Law.UPDATES, "An item of any name can be updated.", _updated, apart=True)
def items_of_any_name_can_be_updated(lab: Lab, spot: Spot) -> Judgement:
    """An item whose name has characters beyond ASCII, or is long, is updated and read. Finds: an
    update that is accepted and finds no row.
    """
    live = _made(lab, spot, f"{lab.name()}{_TELLING[spot.state]}")
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


def _composed(ground: Ground) -> Iterator[Spot]:
    return (each for each in _texts(ground) if each.state == "unicode")


@rule(
    Law.ROUTING,
    "A path is read the same however it is escaped.",
    _composed,
    apart=True,
)
def paths_are_read_however_escaped(lab: Lab, spot: Spot) -> Judgement:
    """An item whose name has characters beyond ASCII is read with its escapes in lower case, and
    with a letter escaped that need not be (RFC 3986, 6.2.2.1 and 6.2.2.2). Finds: a decoder that
    knows capitals only.
    """
    live = _made(lab, spot, f"{lab.name()}{_TELLING[spot.state]}")
    read = live.last if live else None
    if live is None or read is None or not read.answer.accepted:
        return not_applicable("the server refuses or changes such names")
    target, read_of = (
        read.request.target,
        lab.ground.contract.operation(live.resource.retrieve or ""),
    )
    before, slash, name = target.rpartition("/")
    for other in (
        re.sub("%[0-9A-F]{2}", lambda each: each[0].lower(), target),
        f"{before}{slash}%{ord(name[0]):02X}{name[1:]}",
    ):
        step = lab.send(read_of, replace(read.request, target=other), live.steps)
        if step.answer.refused:
            return broken(
                f"{other} is another way to write {target}.",
                f"{answered(step.answer)}; written as usual it is found.",
                (*live.steps, step),
                claims.accepted(),
            )
    return held()


@rule(
    Law.ROUTING,
    "An item may have any name, a word of the path too.",
    lambda ground: at_operations(
        ground, lambda o: ground.role(o) == "create" and ground.key(o) is not None
    ),
    once=True,
    apart=True,
)
def a_word_of_the_path_is_a_name(lab: Lab, spot: Spot) -> Judgement:
    """An item is called as the last segment of its collection's path. Finds: a route that takes
    the name for the collection.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    key = lab.ground.key(operation)
    word = operation.path.rstrip("/").rpartition("/")[2]
    if key is None or word.startswith("{") or not lab.ground.oracle.fits(key.pointer, word):
        return not_applicable("the name cannot be a word of the path")
    made = lab.create(resource, body=put(lab.base(operation), (key.name,), word), named=False)
    if not (made.answer.accepted or made.answer.status == 409):
        return not_applicable(f"such a name is refused: {answered(made.answer)}")
    live = Live(resource, lab.parents(resource), word, (made.step,))
    read = lab.read(live)
    if read is None or read.answer.accepted:
        return held()
    return broken(
        f"{said(word)} exists, so it can be read.",
        f"{answered(read.answer)}.",
        (made.step, read),
        claims.accepted(),
    )


@rule(
    Law.REFUSALS,
    "A refused create leaves the name free.",
    lambda ground: at_operations(
        ground, lambda o: ground.role(o) == "create" and ground.key(o) is not None
    ),
    apart=True,
)
def refused_creates_leave_the_name_free(lab: Lab, spot: Spot) -> Judgement:
    """A create is refused for a member that does not fit; a good one with the same name follows, and
    reads as one before did. Finds: a name that is taken before the rest of the body is looked at;
    a good create into which something of the refused one comes.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    body, shape = lab.named(operation, lab.base(operation)), lab.ground.shape(operation)
    if body is MISSING:
        return not_applicable("the create takes no body")
    whole = put(
        lab.ground.full(operation), (key_of(lab, operation),), at(body, (key_of(lab, operation),))
    )
    wrong = [
        lab.ground.with_member(operation, whole, member.path, state.value)
        for member in (shape.members if shape else ())
        if member.path != (key_of(lab, operation),)
        for state in lab.ground.states.of(member)
        if not state.valid and state.name.startswith("wrong type")
    ]
    if not wrong:
        return not_applicable("the body has no other member that could be wrong")
    path = lab.parents(resource)
    control = lab.fresh(resource, path, body if isinstance(body, dict) else None)
    refused = lab.send(operation, lab.request(operation, path, wrong[0]))
    if not refused.answer.refused:
        return not_applicable(f"it was not refused: {answered(refused.answer)}")
    made = lab.create(resource, path, body, named=False)
    if made.answer.accepted:
        return _as_without(lab, spot, control, refused, made)
    if made.answer.status != 409:
        raise NotReached(f"a valid create was {answered(made.answer)}")
    return broken(
        "A refused create makes nothing, so the name is free.",
        f"The good create with that name: {answered(made.answer)}.",
        (refused, made.step),
        claims.accepted(),
    )


def _as_without(lab: Lab, spot: Spot, control: Live, refused: Step, made: Created) -> Judgement:
    """Whether a create after a refused one reads as the same create before it."""
    shape = lab.ground.shape(spot.operation)
    shown = made.live.shown if made.live else MISSING
    if shape is None or shown is MISSING or control.shown is MISSING:
        return held()
    for mirror in shape.mirrors:
        there, wanted = at(shown, mirror.response), at(control.shown, mirror.response)
        if mirror.response[:1] == (control.resource.key,) or same(there, wanted):
            continue
        read = made.live.last if made.live else None
        return broken(
            f"A refused create leaves nothing behind: the same body reads {said(wanted)} at "
            f"{place_of(mirror.response)} before and after it.",
            f"After it, it reads {said(there)}.",
            (refused, made.step, *((read,) if read else ())),
            claims.reads_none_of(mirror.response, [] if there is MISSING else [there]),
        )
    return held()
