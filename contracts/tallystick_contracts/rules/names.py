"""Names: two that are only alike are two, however a path writes them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from pydantic import MISSING

from ..probes.bodies import key_of, telling
from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.live import Created, Live, NotReached
from ..probes.places import at, put, same
from ..probes.places import shown as place_of
from ..probes.trials import resource_of
from ..verdicts import Law, Step
from . import claims
from .lists import listed
from .rule import (
    Judgement,
    Spot,
    answered,
    at_operations,
    broken,
    held,
    not_applicable,
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
    first = named_so(lab, spot, one)
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


def named_so(lab: Lab, spot: Spot, name: str) -> Live | None:
    """An item of this name, as it was sent; None where it is refused or called otherwise."""
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    body = put(lab.base(operation), (key_of(lab, operation),), name)
    made = lab.create(resource, body=body, named=False)
    kept = made.live is not None and same(at(made.live.shown, (resource.key or "",)), name)
    return made.live if kept else None


def _kept(lab: Lab, spot: Spot) -> bool:
    """Whether both kinds of name are kept as they are sent."""
    return all(named_so(lab, spot, each) is not None for each in _TWINS[spot.state](lab.name())[1:])


_LONG = 300
TELLING: Mapping[str, str] = {
    "beyond the basic plane": "\U0001f980",
    "unicode": "Zo\u00eb-\u6771\u4eac",
    "long": "x" * _LONG,
    "escaped": 'a"b\\c\n\td',
    "markup": "<b>a & b</b> 'c' %41 &lt;",
}


def telling_names(ground: Ground) -> Iterator[Spot]:
    """The names of a create with what a careless server changes in a text."""
    for shape in ground.bodied:
        key, resource = ground.key(shape.operation), ground.resource(shape.operation)
        if ground.role(shape.operation) == "create" and key and resource and resource.retrieve:
            for state, text in TELLING.items():
                if ground.oracle.fits(key.pointer, text):
                    yield Spot(shape.operation, key.pointer, f"/{key.name}", state)


def _composed(ground: Ground) -> Iterator[Spot]:
    return (each for each in telling_names(ground) if each.state == "unicode")


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
    live = named_so(lab, spot, f"{lab.name()}{TELLING[spot.state]}")
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
