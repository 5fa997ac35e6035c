"""Credentials: without the right one every operation refuses, and nothing changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import MISSING

from tallystick.contract import Operation
from tallystick.document import Json, join

from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.live import Live
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
    "prefix only",
)


def _secured(ground: Ground) -> Iterator[Spot]:
    for operation in ground.contract.operations:
        if operation.security and all(operation.security):
            for kind in KINDS:
                pointer = join(operation.pointer, "security")
                yield Spot(operation, pointer, "", kind)


@rule(
    Law.CREDENTIALS,
    "A request without the right credential is refused and changes nothing.",
    _secured,
    apart=True,
)
def wrong_credentials_are_refused(lab: Lab, spot: Spot) -> Judgement:
    operation = spot.operation
    values = {name: lab.target.credentials[name] for name in _names(lab, operation)}
    if not values:
        return not_applicable("no credential was given to the run")
    wrong = _wrong(lab, spot.state, values)
    if wrong is None:
        return not_applicable("the scheme has no such part")
    live, body = _subject(lab, operation)
    before, earlier = (live.shown, live.last) if live else (MISSING, None)
    path = lab.path(operation, live)
    step = lab.send(operation, lab.request(operation, path, body, credentials=wrong))
    steps: tuple[Step, ...] = (*(live.steps if live else ()), step)
    if step.answer.accepted:
        return broken(
            f"{operation.key} needs the credential of {', '.join(values)}.",
            f"With {spot.state} it was accepted: {answered(step.answer)}.",
            steps,
            claims.refused(),
        )
    if not step.answer.refused:
        return not_reached(answered(step.answer))
    needs_acceptance(lab, operation)
    if live is not None and before is not MISSING:
        read = lab.read(live)
        if read is not None and not same(before, live.shown):
            return broken(
                "A request without the right credential changes nothing.",
                f"With {spot.state} it was refused, and the item changed.",
                (*steps[:-1], *((earlier,) if earlier else ()), step, read),
                claims.same((), -3),
            )
    return _not_made(lab, operation, body, path, steps)


def _names(lab: Lab, operation: Operation) -> tuple[str, ...]:
    known = lab.target.credentials
    return next((each for each in operation.security if all(n in known for n in each)), ())


def _subject(lab: Lab, operation: Operation) -> tuple[Live | None, Json | MISSING]:
    """The item to act on, and a body that would change it."""
    role, resource = lab.ground.role(operation), lab.ground.resource(operation)
    live = None
    if (
        resource is not None
        and resource.create
        and role in ("update", "replace", "delete", "retrieve")
    ):
        live = lab.shared(resource)
    if lab.ground.shape(operation) is None:
        return live, MISSING
    if role == "create":
        return live, lab.named(operation, lab.base(operation))
    return live, lab.ground.full(operation)


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
    if read is not None and read.answer.accepted:
        return broken(
            "A create without the right credential makes nothing.",
            "It was refused, and the item can be read.",
            (*steps, read),
            claims.refused(),
        )
    return held()


def _wrong(lab: Lab, kind: str, values: Mapping[str, str]) -> dict[str, str] | None:
    if kind == "no credential":
        return {}
    changed: dict[str, str] = {}
    for name, value in values.items():
        scheme = lab.ground.contract.security[name]
        wrong = _other(kind, value, scheme.prefix)
        if wrong is None or wrong == value:
            return None
        changed[name] = wrong
    return changed


def _other(kind: str, value: str, prefix: str) -> str | None:
    prefix = prefix if value.startswith(prefix) else ""
    key = value[len(prefix) :]
    if kind == "wrong key":
        return prefix + "wrong-" + key[::-1]
    if kind == "key cut short":
        return prefix + key[:-1] if len(key) > 1 else None
    if kind == "key in another case":
        return prefix + key.swapcase()
    if not prefix:
        return None
    if kind == "no prefix":
        return key
    if kind == "prefix only":
        return prefix.strip()
    return ("Basic " if prefix.lower().startswith("bearer") else "Bearer ") + key
