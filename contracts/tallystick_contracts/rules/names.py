"""Names: two that are only alike are two, and each is kept as it was sent."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping

from pydantic import MISSING

from tallystick.document import Json

from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.live import Created, Live, NotReached
from ..probes.places import at, put, same
from ..probes.trials import key_of, resource_of, telling
from ..verdicts import Law
from . import claims
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

_Twin = Callable[[str], tuple[str, str]]

_TWINS: Mapping[str, _Twin] = {
    "letter case": lambda name: (f"Case-{name}", f"case-{name}"),
    "a blank at the end": lambda name: (f"{name}-x", f"{name}-x "),
    "accents": lambda name: (f"caf\u00e9-{name}", f"cafe-{name}"),
    "a longer name": lambda name: (f"{name}-longer", f"{name}-long"),
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
    accent, its end, or its 256th character. It must not be found; created, it must be an item of
    its own. A server that changes such a name when it takes it makes no promise here. Finds: keys
    that are cut, trimmed, lowered or stripped of accents.
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
    before, earlier = first.shown, (first.last,) if first.last else ()
    again = lab.read(first)
    if second.answer.accepted and again is not None and not same(before, first.shown):
        return broken(
            f"{said(one)} and {said(other)} are two items.",
            f"A create of {said(other)} changes what {said(one)} reads.",
            (*first.steps, *earlier, second.step, again),
            claims.same((), -3),
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
_TELLING: Mapping[str, str] = {
    "beyond the basic plane": "\U0001f980",
    "unicode": "Zo\u00eb-\u6771\u4eac",
    "long": "x" * _LONG,
    "escaped": 'a"b\\c\n\td',
}


def _texts(ground: Ground) -> Iterator[Spot]:
    for shape in ground.bodied:
        key, resource = ground.key(shape.operation), ground.resource(shape.operation)
        if ground.role(shape.operation) == "create" and key and resource and resource.retrieve:
            for state, text in _TELLING.items():
                if ground.oracle.fits(key.pointer, text):
                    yield Spot(shape.operation, key.pointer, f"/{key.name}", state)


@rule(Law.READS, "A text that was accepted is kept, character by character.", _texts, apart=True)
def accepted_texts_are_kept(lab: Lab, spot: Spot) -> Judgement:
    """A name with characters beyond ASCII, beyond the basic plane, with escapes, or of 300
    characters is sent; where it is taken, the answer shows it, but for blanks, letter case and
    composition. Finds: a name that is cut; a character that becomes a question mark.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    text = f"{lab.name()}{_TELLING[spot.state]}"
    body = put(lab.base(operation), (key_of(lab, operation),), text)
    made = lab.create(resource, body=body, named=False)
    if not made.answer.accepted:
        return not_applicable(f"such a text is refused: {answered(made.answer)}")
    shown = _shown(made, resource.key or "")
    if not isinstance(shown, str):
        return not_reached("no answer shows the name")
    if _plain(shown) == _plain(text):
        return held()
    return broken(
        f"The create names the item {said(text)}, and it was accepted.",
        f"The item is called {said(shown)}.",
        (made.step,),
        claims.reads_one_of((key_of(lab, operation),), (text,)),
    )


def _shown(made: Created, key: str) -> Json | MISSING:
    """The name as the answer of a create shows it, else as a read does."""
    told = at(made.answer.content, (key,))
    return told if told is not MISSING or made.live is None else at(made.live.shown, (key,))


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


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
    """A create is refused for a member that does not fit; a good one with the same name follows.
    Finds: a name that is taken before the rest of the body is looked at.
    """
    operation, resource = spot.operation, resource_of(lab, spot.operation)
    body, shape = lab.named(operation, lab.base(operation)), lab.ground.shape(operation)
    if body is MISSING:
        return not_applicable("the create takes no body")
    wrong = [
        lab.ground.with_member(operation, body, member.path, state.value)
        for member in (shape.members if shape else ())
        if member.path != (key_of(lab, operation),)
        for state in lab.ground.states.of(member)
        if not state.valid and state.name.startswith("wrong type")
    ]
    if not wrong:
        return not_applicable("the body has no other member that could be wrong")
    path = lab.parents(resource)
    refused = lab.send(operation, lab.request(operation, path, wrong[0]))
    if not refused.answer.refused:
        return not_applicable(f"it was not refused: {answered(refused.answer)}")
    made = lab.create(resource, path, body, named=False)
    if made.answer.accepted:
        return held()
    if made.answer.status != 409:
        raise NotReached(f"a valid create was {answered(made.answer)}")
    return broken(
        "A refused create makes nothing, so the name is free.",
        f"The good create with that name: {answered(made.answer)}.",
        (refused, made.step),
        claims.accepted(),
    )
