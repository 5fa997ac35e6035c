"""The examples of a comparison that concern an old client: what it sends, and what it cannot read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from tallystick.contract import Body, Contract, Response, downward
from tallystick.document import Json
from tallystick.evolve import Change, Comparison, Witness

from ..exchange import Answer, Request
from ..verdicts import Step
from .records import Trouble, Use


def foreseen(use: Use, half: Any, comparison: Comparison) -> Use:
    """``use``, with the examples of the comparison that concern it."""
    old = comparison.old
    operation = next(each for each in old.operations if each.key == use.operation)
    asked, told = _below(old, operation.body), _below(old, *operation.responses)
    more: list[Trouble] = []
    for change in comparison.changes:
        at = _schema_at(old, change.old)
        for witness in change.witnesses:
            if at in asked and change.severity["typed client"] == "breaking":
                more += _refusal(use, change, witness)
            if at in told:
                more += _unreadable_answer(use, change, witness, half)
    return replace(use, troubles=(*use.troubles, *more))


def _below(contract: Contract, *bodies: Body | Response | None) -> set[str]:
    """The schemas of some bodies, and all below them."""
    starts = [media.schema for body in bodies if body for media in body.content if media.schema]
    return downward(contract.schemas, starts)


def _schema_at(contract: Contract, pointer: str | None) -> str:
    """The schema that a pointer is in."""
    while pointer and pointer not in contract.schemas:
        pointer = pointer.rpartition("/")[0]
    return pointer or ""


def _refusal(use: Use, change: Change, witness: Witness) -> Iterator[Trouble]:
    if witness.valid_in == "old" and witness.spot.part.startswith("request body"):
        yield Trouble("may be refused", change.sentence, _sent(use, witness))


def _unreadable_answer(use: Use, change: Change, witness: Witness, half: Any) -> Iterator[Trouble]:
    body = _BODY_OF_ANSWER.fullmatch(witness.spot.part)
    if body is None or witness.valid_in != "new":
        return
    name = witness.spot.operation
    error = _unread(name, half, body["status"], body["type"], witness.value)
    if error:
        sentence = f"{error} ({change.sentence})"
        yield Trouble("may be unreadable", sentence, _came(use, witness, body["status"]))


_BODY_OF_ANSWER = re.compile(r"answer (?P<status>\S+) (?P<type>\S+)")


def _unread(name: str, half: Any, status: str, media_type: str, value: Json) -> str:
    """What the old client says of a successful answer; nothing where it reads it."""
    for operation in half.operations.OPERATIONS:
        if f"{operation.method} {operation.path}" != name:
            continue
        for answer in operation.successes:
            if answer.kind and (answer.status, answer.media_type) == (status, media_type):
                return _complaint(answer.kind, value)
    return ""


def _complaint(kind: Any, value: Json) -> str:
    try:
        kind.read(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = "/".join(str(part) for part in first["loc"])
        return f"/{place}: {first['msg']}"
    except ValueError as error:
        return str(error)
    return ""


def _sent(use: Use, witness: Witness) -> tuple[Step, ...]:
    """The example as an exchange, if it is one of this operation."""
    if witness.spot.operation != use.operation:
        return ()
    method, _, path = use.operation.partition(" ")
    body = json.dumps(witness.value).encode()
    return (Step(Request(method, path, body=body), Answer(400)),)


def _came(use: Use, witness: Witness, status: str) -> tuple[Step, ...]:
    if witness.spot.operation != use.operation:
        return ()
    method, _, path = use.operation.partition(" ")
    code = int(status) if status.isdigit() else 200
    body = json.dumps(witness.value).encode()
    return (Step(Request(method, path), Answer(code, body=body)),)
