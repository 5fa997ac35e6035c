"""Credentials: without the right one every operation refuses, and nothing changes."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import quote

from pydantic import MISSING

from tallystick.contract import Operation
from tallystick.document import Json, join

from ..exchange import Request
from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.live import Live, NotReached
from ..probes.places import same
from ..probes.trials import resource_of
from ..verdicts import Law, Step
from . import claims
from .control import needs_acceptance
from .rule import Judgement, Spot, answered, broken, held, not_applicable, not_reached, rule

KINDS = (
    "no credential",
    "wrong key",
    "key cut short",
    "key in another case",
    "no prefix",
    "wrong scheme",
    "another wrong scheme",
    "prefix only",
    "empty key",
)
"""What is tried on every operation."""

HEAD = "no credential, by HEAD"
"""What is tried on every read."""

ELSEWHERE, RESERVED = "no credential, another parent", "no credential, a reserved name"
"""What is tried where there are several parents, and on reads of what is there from the start."""

ESCAPED = "no credential, a letter of the path escaped"

SUBTLE = (
    "key with more behind it",
    "key of the same length",
    "key with its characters in another order",
    "key beyond ASCII",
    "key with more behind a comma",
    "key with more words behind it",
    "key with an escape",
    "key with underscores for hyphens",
    "key as the user of Basic",
    "scheme cut short",
    "key in the query",
    "key in another header",
    "key in a cookie",
    "no blank behind the scheme",
    ESCAPED,
)
"""What is tried once for each way in which operations are secured, on a read where there is one."""


def _secured(ground: Ground) -> Iterator[Spot]:
    for operation in ground.contract.operations:
        if operation.security and all(operation.security):
            pointer = join(operation.pointer, "security")
            for order, kind in enumerate(KINDS, -len(KINDS)):
                yield Spot(operation, pointer, "", kind, order=order)
            if operation.method == "GET":
                yield Spot(operation, pointer, "", HEAD)
            resource = ground.resource(operation)
            if resource is not None and resource.parents:
                yield Spot(operation, pointer, "", ELSEWHERE)
            if ground.role(operation) == "retrieve" and ground.reserved(resource):
                yield Spot(operation, pointer, "", RESERVED)
    for operation in _first_secured(ground):
        for kind in SUBTLE:
            yield Spot(operation, join(operation.pointer, "security"), "", kind)


def _first_secured(ground: Ground) -> Iterator[Operation]:
    """The first operation of each kind of security, rather one that changes nothing."""
    secured = [each for each in ground.contract.operations if each.security and all(each.security)]
    secured.sort(key=lambda each: each.method != "GET" or ground.role(each) != "list")
    seen: set[object] = set()
    for each in secured:
        if each.security not in seen:
            seen.add(each.security)
            yield each


@rule(
    Law.CREDENTIALS,
    "A request without the right credential is refused and changes nothing.",
    _secured,
    apart=True,
)
def wrong_credentials_are_refused(lab: Lab, spot: Spot) -> Judgement:
    """Every operation is called without the credential, with a wrong key, a key cut short or in
    another case, without its scheme, with another; once also with keys that a careless
    comparison takes for the right one, and with the right key at a place that no scheme
    declares; a read also by HEAD. What it was to change is read with the right one. Finds: an
    operation that was forgotten; a key compared by its beginning.
    """
    operation = spot.operation
    values = {name: lab.target.credentials[name] for name in _names(lab, operation)}
    if not values:
        return not_applicable("no credential was given to the run")
    elsewhere = _elsewhere(lab, spot.state, values)
    wrong = {} if elsewhere else _wrong(lab, spot.state, values)
    if wrong is None:
        return not_applicable("the scheme has no such part")
    try:
        live, body, path = _subject(lab, operation, spot.state)
    except NotReached as reason:
        if spot.state != ELSEWHERE:
            raise
        return not_applicable(str(reason))
    before, earlier = (live.shown, live.last) if live else (MISSING, None)
    request = lab.request(operation, path, body, credentials=wrong)
    if spot.state == HEAD:
        request = replace(request, method="HEAD")
    if spot.state == ESCAPED:
        request = replace(request, target=_escaped(operation, request.target))
    step = lab.send(operation, elsewhere(request) if elsewhere else request)
    steps: tuple[Step, ...] = (*(live.steps if live else ()), step)
    if step.answer.accepted:
        if live is not None:
            lab.read(live)  # what it changed is not to be told of the next case
        return broken(
            f"{operation.key} needs the credential of {', '.join(values)}.",
            f"It was accepted with {spot.state}: {answered(step.answer)}.",
            steps,
            claims.refused(),
        )
    if not step.answer.refused:
        return not_reached(answered(step.answer))
    needs_acceptance(lab, operation)
    if live is not None and before is not MISSING:
        read = lab.read(live)
        seen = (*steps[:-1], *((earlier,) if earlier else ()), step, *((read,) if read else ()))
        if read is not None and read.answer.refused:
            return broken(
                "A request without the right credential leaves the right one as good as before.",
                f"After one with {spot.state} a read with the right one says: "
                f"{answered(read.answer)}.",
                seen,
                claims.accepted(),
            )
        if read is not None and not same(before, live.shown):
            return broken(
                "A request without the right credential changes nothing.",
                f"It was refused with {spot.state}, and the item changed.",
                seen,
                claims.same((), -3),
            )
    return _not_made(lab, operation, body, path, steps)


def _names(lab: Lab, operation: Operation) -> tuple[str, ...]:
    known = lab.target.credentials
    return next((each for each in operation.security if all(n in known for n in each)), ())


def _subject(
    lab: Lab, operation: Operation, kind: str
) -> tuple[Live | None, Json | MISSING, dict[str, Json]]:
    """The item to act on, a body that would change it, and the values of the path.

    Raises:
        NotReached: there is no second parent, or nothing can be created.
    """
    role, resource = lab.ground.role(operation), lab.ground.resource(operation)
    live, parents = None, dict[str, Json]()
    if resource is not None and kind == ELSEWHERE:
        parents = lab.parents(resource, 1)
    if resource is not None and kind == RESERVED:
        live = Live(resource, lab.parents(resource), lab.ground.reserved(resource)[0], ())
        lab.read(live)
    elif resource is not None and lab.ground.of_item(operation):
        live = lab.fresh(resource, parents) if parents else lab.shared(resource)
    path = {**lab.path(operation, live), **parents}
    if lab.ground.shape(operation) is None:
        return live, MISSING, path
    if role == "create":
        return live, lab.named(operation, lab.base(operation)), path
    return live, lab.ground.full(operation), path


def _not_made(
    lab: Lab,
    operation: Operation,
    body: Json | MISSING,
    path: Mapping[str, Json],
    steps: tuple[Step, ...],
) -> Judgement:
    key = lab.ground.key(operation) if lab.ground.role(operation) == "create" else None
    if key is None or lab.ground.read_of(operation) is None or not isinstance(body, dict):
        return held()
    ghost = Live(resource_of(lab, operation), path, body.get(key.name), steps)
    read = lab.read(ghost)
    if read is not None and read.answer.accepted and ghost.shown is not MISSING:
        return broken(
            "A create without the right credential makes nothing.",
            "It was refused, and the item can be read.",
            (*steps, read),
            claims.refused(),
        )
    return held()


def _wrong(lab: Lab, kind: str, values: Mapping[str, str]) -> dict[str, str] | None:
    if kind in ("no credential", HEAD, ESCAPED, ELSEWHERE, RESERVED):
        return {}
    changed: dict[str, str] = {}
    for name, value in values.items():
        scheme = lab.ground.contract.security[name]
        wrong = _other(kind, value, scheme.prefix)
        if wrong is None or wrong == value:
            return None
        changed[name] = wrong
    return changed


def _elsewhere(
    lab: Lab, kind: str, values: Mapping[str, str]
) -> Callable[[Request], Request] | None:
    """The right key at a place where no scheme of the contract has it; None for other kinds."""
    name, value = next(iter(values.items()))
    scheme = lab.ground.contract.security[name]
    key = value.removeprefix(scheme.prefix)
    places = {
        (s.location, (s.parameter or "").lower()) for s in lab.ground.contract.security.values()
    }
    if kind == "key in the query" and ("query", "api_key") not in places:
        pair = f"api_key={quote(key, safe='')}"
        return lambda r: replace(r, target=r.target + ("&" if "?" in r.target else "?") + pair)
    if kind == "key in another header" and ("header", "x-api-key") not in places:
        return lambda r: replace(r, headers=(*r.headers, ("X-API-Key", key)))
    if kind == "key in a cookie" and ("cookie", "api_key") not in places:
        return lambda r: replace(
            r, headers=(*r.headers, ("Cookie", f"api_key={quote(key, safe='')}"))
        )
    return None


def _escaped(operation: Operation, target: str) -> str:
    """The same path, with one letter of a fixed part as an escape (RFC 3986, 6.2.2.2)."""
    fixed = next((part for part in operation.path.split("/") if part.isalpha()), "")
    return target.replace(f"/{fixed}", f"/%{ord(fixed[0]):02X}{fixed[1:]}", 1) if fixed else target


_HYPHENS = str.maketrans("-_", "_-")


def _subtle(kind: str, prefix: str, key: str) -> str | None:
    """A key, or a scheme, that only a careless comparison takes for the right one."""
    last = "a" if key[-1:] != "a" else "b"
    wrong = {
        "key with more behind it": prefix + key + "x",
        "key of the same length": prefix + key[:-1] + last,
        "key with its characters in another order": prefix + key[::-1],
        "key beyond ASCII": prefix + key[:-1] + "\u00e9",
        "key with more behind a comma": prefix + key + ",x",
        "key with more words behind it": prefix + key + " x",
        "key with an escape": f"{prefix}%{ord(key[0]):02X}{key[1:]}" if key else prefix,
        "key with underscores for hyphens": prefix + key.translate(_HYPHENS),
    }
    if kind == "key as the user of Basic":
        user = base64.b64encode(f"{key}:".encode()).decode()
        return None if prefix.lower().startswith("basic") else f"Basic {user}"
    if kind == "no blank behind the scheme":
        return prefix.rstrip() + key if prefix != prefix.rstrip() else None
    if kind == "scheme cut short":
        scheme = prefix.rstrip()
        return (
            scheme[: len(scheme) // 2] + " " + key if len(scheme) > 3 and prefix != scheme else None
        )
    return wrong.get(kind)


def _other(kind: str, value: str, prefix: str) -> str | None:
    prefix = prefix if value.startswith(prefix) else ""
    key = value[len(prefix) :]
    if kind in SUBTLE:
        return _subtle(kind, prefix, key)
    if kind == "wrong key":
        return prefix + "wrong-" + key[::-1]
    if kind == "key cut short":
        return prefix + key[:-1] if len(key) > 1 else None
    if kind == "key in another case":
        return prefix + key.swapcase()
    if not prefix:
        return "" if kind == "empty key" else None
    if kind == "no prefix":
        return key
    if kind == "prefix only":
        return prefix.strip()
    if kind == "empty key":
        return None
    others = [each for each in ("Bearer ", "Basic ", "Token ") if each.lower() != prefix.lower()]
    return others[kind == "another wrong scheme"] + key
