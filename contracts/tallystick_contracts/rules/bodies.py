"""Bodies on the wire: what is no body of the operation is refused, what is one is read, however written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

from pydantic import MISSING

from tallystick.contract import Operation
from tallystick.document import Json, join

from ..probes.bodies import addressed
from ..probes.ground import Ground, Shape
from ..probes.lab import Lab
from ..probes.live import Live, NotReached
from ..probes.members import Member
from ..probes.places import ITEM, same
from ..probes.requests import encoded
from ..probes.trials import dressed
from ..verdicts import Law, Step
from . import claims
from .control import needs_acceptance
from .rule import (
    Judgement,
    Spot,
    answered,
    broken,
    held,
    not_applicable,
    not_reached,
    rule,
)

Wire = Callable[[bytes], "tuple[bytes, str | None]"]
"""The bytes of a good body made into those to send, with their media type; None for the right one."""

_UNREADABLE: Mapping[str, tuple[str, Wire]] = {
    "malformed JSON": ("JSON that ends in the middle", lambda good: (good[:-1] + b",", None)),
    "trailing comma": ("JSON with a comma too many", lambda good: (good[:-1] + b",}", None)),
    "text behind": ("JSON with more text behind it", lambda good: (good + b" x", None)),
    "two values": ("two JSON values", lambda good: (good + good, None)),
    "single quotes": (
        "JSON in single quotes",
        lambda good: (good.replace(b'"', b"'") + b"'", None),
    ),
    "comment": ("JSON with a comment", lambda good: (b"/* x */" + good, None)),
    "not a number": (
        "JSON with NaN, which is no value of it",
        lambda good: (b'{"tallystick": NaN,' + good[1:].lstrip(), None),
    ),
    "empty": ("no octets, declared as JSON", lambda good: (b"", None)),
    "invalid UTF-8": (
        "bytes that are not UTF-8 (RFC 8259, 8.1)",
        lambda good: (b'{"\xff\xfe": "\xc3("}', None),
    ),
    "invalid UTF-8 in a text": (
        "bytes that are not UTF-8 (RFC 8259, 8.1)",
        lambda good: (good.replace(b'":"', b'":"\xff', 1), None),
    ),
    "wrong content type": ("a media type that is not declared", lambda good: (good, "text/plain")),
    "content type of a form": (
        "the media type of a form",
        lambda good: (good, "application/x-www-form-urlencoded"),
    ),
    "content type with the same beginning": (
        "a media type that only begins like the declared one",
        lambda good: (good, "application/jsonx"),
    ),
    "array": ("an array in place of the object", lambda good: (b"[" + good + b"]", None)),
    "text": ("a text in place of the object", lambda good: (encoded(good.decode()), None)),
    "null": ("null in place of the object", lambda good: (b"null", None)),
}
"""What a body is not, and how it is written."""

_TYPED = ("array", "text", "null")
_OF_MEDIA = ("wrong content type", "content type of a form", "content type with the same beginning")


def _unreadable(ground: Ground) -> Iterator[Spot]:
    for shape in ground.bodied:
        body = shape.operation.body
        if body is None:
            continue
        types = ground.contract.schema(shape.pointer).types
        declared = {media.media_type for media in body.content}
        for state, (_, wire) in _UNREADABLE.items():
            if state in _TYPED and types != frozenset({"object"}):
                continue
            media = wire(b"{}")[1]
            if state in _OF_MEDIA and (media in declared or any("*" in each for each in declared)):
                continue
            if state == "empty" and not body.required:
                continue
            yield Spot(shape.operation, join(body.pointer, "content"), "", state)


def _good(lab: Lab, operation: Operation) -> Json:
    body = lab.named(operation, lab.base(operation))
    if body is MISSING:
        raise NotReached("the operation has no JSON body")
    return body


@rule(
    Law.REFUSALS,
    "A body that is not what is declared is refused, and changes nothing.",
    _unreadable,
    apart=True,
)
def unreadable_bodies_are_refused(lab: Lab, spot: Spot) -> Judgement:
    """A good body is spoilt on the wire: JSON cut short, with a comma or text too much, with NaN,
    in bytes that are not UTF-8, as an array or null, under another media type. Finds: a lenient
    parser; a content type that is not looked at, or only its beginning.
    """
    operation = spot.operation
    what, wire = _UNREADABLE[spot.state]
    good = encoded(_good(lab, operation))
    octets, media = wire(good)
    if (octets, media) == (good, None):
        return not_applicable("the smallest body has nothing to spoil in this way")
    return refused_whole(lab, spot, octets, media, f"A body of {what} is refused.")


def refused_whole(
    lab: Lab, spot: Spot, octets: bytes, media: str | None, promise: str
) -> Judgement:
    """Whether a body is refused, and the item that it was to change is as it was."""
    operation = spot.operation
    live = None
    if lab.ground.role(operation) in ("update", "replace"):
        live = dressed(lab, operation)
    before = live.shown if live else MISSING
    earlier = (live.last,) if live and live.last else ()
    request = lab.request(operation, lab.path(operation, live), raw=octets, media_type=media)
    step = lab.send(operation, request, live.steps if live else ())
    steps: tuple[Step, ...] = (*(live.steps if live else ()), step)
    if step.answer.accepted:
        observation = f"It was accepted: {answered(step.answer)}."
        return broken(promise, observation, steps, claims.refused())
    if not step.answer.refused:
        return not_reached(f"{answered(step.answer)}, which is judged with the answers")
    needs_acceptance(lab, operation)
    if live is not None and (read := lab.read(live)) is not None and not same(before, live.shown):
        return broken(
            "A refused update changes nothing.",
            "The item changed.",
            (*steps[:-1], *earlier, step, read),
            claims.same((), -3),
        )
    return held()


# --- however it is written -----------------------------------------------------------------------


def _escaped(good: bytes) -> bytes:
    """Every letter of a member's name and of a text as an escape (RFC 8259, 7)."""
    text = good.decode()
    inside, found, skip = False, "", False
    for each in text:
        if each == '"' and not skip:
            inside = not inside
        plain = not inside or each in '"\\' or skip
        skip = each == "\\" and not skip
        found += each if plain else f"\\u{ord(each):04x}" if ord(each) < 0x10000 else each
    return found.encode()


_WRITTEN: Mapping[str, tuple[str, Wire]] = {
    "charset": ("a charset", lambda good: (good, "application/json; charset=utf-8")),
    "charset in quotes": ("a charset", lambda good: (good, 'application/json;charset="UTF-8"')),
    "media type in capitals": ("capitals", lambda good: (good, "Application/JSON")),
    "blanks": (
        "blanks",
        lambda good: (b" \r\n\t" + json.dumps(json.loads(good), indent=3).encode() + b"\n", None),
    ),
    "escapes": ("escapes", lambda good: (_escaped(good), None)),
}
"""Ways to write the same body (RFC 8259, 2 and 7; RFC 9110, 8.3.1)."""


def _written(ground: Ground) -> Iterator[Spot]:
    for shape in ground.bodied:
        body = shape.operation.body
        plain = body is not None and any(m.media_type == "application/json" for m in body.content)
        for state in _WRITTEN if plain and body else ():
            yield Spot(shape.operation, join(body.pointer, "content") if body else "", "", state)


@rule(
    Law.TYPES,
    "A body is read the same however its JSON and its media type are written.",
    _written,
    apart=True,
)
def bodies_are_read_however_written(lab: Lab, spot: Spot) -> Judgement:
    """A body that is accepted is sent again with a charset, with its media type in capitals, with
    blanks between its tokens, or with every letter escaped. Finds: a content type compared as a
    text; a parser made by hand.
    """
    operation = spot.operation
    what, wire = _WRITTEN[spot.state]
    live = _target(lab, operation)
    octets, media = wire(
        encoded(
            addressed(lab, operation, _good(lab, operation), live)
            if live
            else _good(lab, operation)
        )
    )
    request = lab.request(operation, lab.path(operation, live), raw=octets, media_type=media)
    step = lab.send(operation, request, live.steps if live else ())
    if step.answer.accepted:
        return held()
    if not step.answer.refused:
        return not_reached(f"{answered(step.answer)}, which is judged with the answers")
    plain = lab.request(operation, lab.path(operation, live), _good(lab, operation))
    control = lab.send(operation, plain, live.steps if live else ())
    if not control.answer.accepted:
        return not_reached(f"no body is accepted: {answered(control.answer)}")
    return broken(
        f"With {what} it is the same body, so it is accepted.",
        f"{answered(step.answer)}; written plainly it is accepted.",
        (*(live.steps if live else ()), step),
        claims.accepted(),
    )


def _target(lab: Lab, operation: Operation) -> Live | None:
    return dressed(lab, operation) if lab.ground.role(operation) in ("update", "replace") else None


# --- extremes ------------------------------------------------------------------------------------


def _extremes(lab: Lab, shape: Shape) -> Iterator[tuple[str, Json | bytes]]:
    """Bodies at the limits of what a server can hold: the first member of a fitting type."""
    base = _good(lab, shape.operation)
    for state, kind, raw in (
        ("a number of 5000 digits", "integer", b"9" * 5000),
        ("a number of 30 digits", "integer", b"9" * 30),
        ("an exponent of 400", "number", b"1e400"),
        ("half of a surrogate pair", "string", b'"\\ud800"'),
        ("a NUL", "string", b'"a\\u0000b"'),
    ):
        member = _member(lab, shape, kind)
        if member is not None:
            marked = lab.ground.with_member(shape.operation, base, member.path, "tallystick-mark")
            yield state, encoded(marked).replace(b'"tallystick-mark"', raw)
    yield from _twice(lab, shape, base)
    deep = b"[" * 2000 + b"]" * 2000
    good = encoded(base)
    yield (
        "2000 arrays in each other",
        good[:-1] + (b"," if len(good) > 2 else b"") + b'"x":' + deep + b"}",
    )


def _twice(lab: Lab, shape: Shape, base: Json) -> Iterator[tuple[str, bytes]]:
    """A member that stands twice: which one counts is not said (RFC 8259, 4)."""
    for member in shape.members:
        states = [each for each in lab.ground.states.values(member) if each.promised]
        if (
            len(member.path) > 1
            or len(states) < 2
            or lab.ground.names_item(shape.operation, member)
        ):
            continue
        marked = lab.ground.with_member(shape.operation, base, member.path, "tallystick-mark")
        first, second = (encoded(each.value) for each in states[:2] if each.value is not MISSING)
        name = encoded(member.declared.name)
        both = first + b"," + name + b":" + second
        yield "a member twice", encoded(marked).replace(b'"tallystick-mark"', both)
        return


def _member(lab: Lab, shape: Shape, kind: str) -> Member | None:
    kinds = {"integer", "number"} if kind in ("integer", "number") else {kind}
    found = [
        each
        for each in shape.members
        if kinds & lab.ground.contract.core(each.pointer).types and ITEM not in each.path
    ]
    return found[0] if found else None


@rule(
    Law.ANSWERS,
    "A body at the limits of JSON is answered, and what was taken can be read.",
    lambda ground: (
        Spot(shape.operation, shape.pointer, "", "extreme")
        for shape in ground.bodied
        if ground.role(shape.operation) in ("create", "update", "replace")
    ),
    apart=True,
)
def extreme_bodies_are_answered(lab: Lab, spot: Spot) -> Judgement:
    """A number of 5000 digits, one beyond every float, half of a surrogate pair, a NUL, a
    member that stands twice, 2000 arrays in each other: the server may take or refuse them, but
    answers, and what it took can be read. Finds: a parser that runs out of stack; a text that
    cannot be encoded again.
    """
    operation = spot.operation
    shape = lab.ground.shape(operation)
    for state, body in _extremes(lab, shape) if shape else ():
        live = _target(lab, operation)
        path = lab.path(operation, live)
        octets = body if isinstance(body, bytes) else encoded(body)
        step = lab.send(operation, lab.request(operation, path, raw=octets), ())
        steps = (*(live.steps if live else ()), step)
        if step.answer.failure or step.answer.status >= 500:
            return broken(
                f"A body with {state} is taken or refused.",
                f"{answered(step.answer)}.",
                steps,
                claims.answered(),
            )
        made = _made(lab, operation, path, step) if live is None else live
        read = lab.read(made) if made is not None and step.answer.accepted else None
        if read is not None and not read.answer.accepted and made is live:
            return broken(
                f"The body with {state} was accepted, so the item can be read.",
                f"{answered(read.answer)}.",
                (*steps, read),
            )
    return held()


def _made(lab: Lab, operation: Operation, path: Mapping[str, Json], step: Step) -> Live | None:
    resource = lab.ground.resource(operation)
    return lab.noted(resource, path, MISSING, step) if resource is not None else None
