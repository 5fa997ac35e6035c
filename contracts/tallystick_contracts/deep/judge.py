"""A failure that Schemathesis reports, looked at again: a fault, or nothing that was promised."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tallystick.contract import Contract, Operation
from tallystick.document import Json

from ..exchange import Answer, Request
from ..probes.ground import Ground
from ..probes.oracle import Oracle
from ..probes.requests import encoded
from ..verdicts import Law, Standing, Step
from .checks import complaints, told
from .tame import tame

Send = Callable[[Request], Answer]


@dataclass(frozen=True, slots=True)
class Check:
    """What a check of Schemathesis promises, in our words."""

    law: Law
    promise: str


CHECKS: Mapping[str, Check] = {
    "not_a_server_error": Check(Law.ANSWERS, "no request makes the server fail"),
    "status_code_conformance": Check(Law.ANSWERS, "only declared statuses are answered"),
    "content_type_conformance": Check(Law.ANSWERS, "the declared media type is answered"),
    "response_headers_conformance": Check(Law.ANSWERS, "the declared header fields are answered"),
    "response_schema_conformance": Check(Law.ANSWERS, "an answer fits its declared schema"),
    "answer_is_valid": Check(Law.ANSWERS, "an answer fits its declared schema"),
    "every_request_is_answered": Check(Law.ANSWERS, "every request gets an answer"),
    "no_secret_comes_back": Check(Law.CREDENTIALS, "a credential never comes back"),
    "ignored_auth": Check(Law.CREDENTIALS, "a request without a valid credential is refused"),
    "negative_data_rejection": Check(Law.REFUSALS, "a body that the schema refuses is refused"),
    "missing_required_header": Check(Law.REFUSALS, "a required header field is asked for"),
    "positive_data_acceptance": Check(Law.PRESENCE, "a body that the schema admits is accepted"),
    "unsupported_method": Check(Law.ROUTING, "a method that is not declared is refused"),
    "use_after_free": Check(Law.READS, "what was deleted is gone"),
    "ensure_resource_availability": Check(Law.READS, "what was created can be read"),
}
OTHER = Check(Law.ANSWERS, "an answer is as declared")


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed check, with the exchanges that led to it."""

    check: str
    operation: Operation
    title: str
    message: str
    steps: tuple[Step, ...]
    method: str
    """The method sent, which need not be that of the operation."""

    @property
    def answer(self) -> Answer:
        """The offending answer."""
        return self.steps[-1].answer

    @property
    def request(self) -> Request:
        """The request that it answers."""
        return self.steps[-1].request


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a failure is; None for the standing drops it, since another check tells it better."""

    standing: Standing | None
    observation: str = ""
    """For a fault what the server did, else the reason why it is none."""


DROPPED = Judgement(None)


def judged(failure: Failure, ground: Ground, lenient: Oracle, send: Send) -> Judgement:
    """Whether a failure is a fault.

    Args:
        failure: what Schemathesis reports.
        ground: the contract and the strict oracle of answers.
        lenient: an oracle for requests, which takes ``format`` as a note.
        send: sends a control request.
    """
    look = _LOOKS.get(failure.check)
    return look(failure, ground, lenient, send) if look else _fault(failure)


def _fault(failure: Failure, observation: str = "") -> Judgement:
    status = f"the answer was {failure.answer.status}"
    said = " ".join((observation or failure.message or failure.title).split())
    return Judgement(Standing.BROKEN, f"{status}: {said}"[:600])


def _status(failure: Failure, ground: Ground, lenient: Oracle, send: Send) -> Judgement:
    """An undeclared refusal is a gap of the document, told once; a failure is told elsewhere."""
    status = failure.answer.status
    if status >= 500:
        return DROPPED
    if failure.answer.refused:
        reason = f"{status} is answered and not declared: declare it in an overlay"
        return Judgement(Standing.NOT_APPLICABLE, reason)
    return _fault(failure, "the document does not declare this status")


def _server_error(failure: Failure, ground: Ground, lenient: Oracle, send: Send) -> Judgement:
    declared = failure.operation.response(failure.answer.status)
    if declared is not None and declared.status != "default":
        return DROPPED
    return _fault(failure, "the server failed")


def _schema(failure: Failure, ground: Ground, lenient: Oracle, send: Send) -> Judgement:
    """Two engines must agree before a server is blamed; ours tells the fault."""
    return DROPPED


def _valid(failure: Failure, ground: Ground, lenient: Oracle, send: Send) -> Judgement:
    declared = failure.operation.response(failure.answer.status)
    found = complaints(ground.oracle, declared, failure.answer)
    return _fault(failure, told(found)) if found else DROPPED


def _accepted_negative(failure: Failure, ground: Ground, lenient: Oracle, send: Send) -> Judgement:
    """What was broken on purpose may be valid again on the wire: our oracle reads the bytes."""
    if not failure.answer.accepted:
        return DROPPED
    body, pointer = _json(failure.request), _schema_of(failure.operation)
    if pointer is None or body is _NOT_JSON:
        reason = "a changed parameter or media type was accepted; on the wire it may be valid"
        return Judgement(Standing.NOT_APPLICABLE, reason)
    found = lenient.complaints(pointer, body)
    return (
        _fault(failure, f"a body was accepted that is not valid {told(found)}")
        if found
        else DROPPED
    )


def _refused_positive(failure: Failure, ground: Ground, lenient: Oracle, send: Send) -> Judgement:
    """A control request tells a rule of the business from a broken promise.

    The body is sent again with the document's own sample for each scalar: the same members are
    present, and null where they were. If that is refused as well, no drawn number or text can
    have been the reason.
    """
    body, pointer = _json(failure.request), _schema_of(failure.operation)
    reason = "a valid request was refused, perhaps by a rule that the document does not state"
    if pointer is None or body is _NOT_JSON or not lenient.fits(pointer, body):
        return Judgement(Standing.NOT_APPLICABLE, reason)
    tamed = tame(ground, failure.operation, body)
    request = failure.request
    control = Request(request.method, request.target, request.headers, encoded(tamed))
    answer = send(control)
    if answer.status != failure.answer.status or not lenient.fits(pointer, tamed):
        return Judgement(Standing.NOT_APPLICABLE, reason)
    return _fault(failure, "a valid body was refused, and its like with samples for values too")


def _method(failure: Failure, ground: Ground, lenient: Oracle, send: Send) -> Judgement:
    if failure.answer.accepted and failure.method not in ("HEAD", "OPTIONS"):
        return _fault(failure, f"{failure.method} is not declared here")
    reason = f"{failure.method} is refused with {failure.answer.status} in place of 405"
    return Judgement(Standing.NOT_APPLICABLE, reason)


def _if_accepted(failure: Failure, ground: Ground, lenient: Oracle, send: Send) -> Judgement:
    return _fault(failure) if failure.answer.accepted else DROPPED


def _availability(failure: Failure, ground: Ground, lenient: Oracle, send: Send) -> Judgement:
    """A name that no path can hold cannot be read back; what is slow is not lost."""
    segments = failure.request.target.partition("?")[0].split("/")[1:]
    if any(each in ("", ".", "..") or "%2F" in each.upper() for each in segments):
        reason = "the name that was created cannot stand in a path"
        return Judgement(Standing.NOT_APPLICABLE, reason)
    return DROPPED if send(failure.request).accepted else _fault(failure)


_LOOKS: Mapping[str, Callable[[Failure, Ground, Oracle, Send], Judgement]] = {
    "status_code_conformance": _status,
    "not_a_server_error": _server_error,
    "response_schema_conformance": _schema,
    "answer_is_valid": _valid,
    "negative_data_rejection": _accepted_negative,
    "positive_data_acceptance": _refused_positive,
    "unsupported_method": _method,
    "ignored_auth": _if_accepted,
    "missing_required_header": _if_accepted,
    "ensure_resource_availability": _availability,
}


class _NotJson:
    """The body is not JSON."""


_NOT_JSON = _NotJson()


def _json(request: Request) -> Json | _NotJson:
    try:
        value: Json = json.loads(request.body or b"")
    except (ValueError, RecursionError):
        return _NOT_JSON
    return value


def _schema_of(operation: Operation) -> str | None:
    media = operation.body.json if operation.body else None
    return media.schema if media else None


def clause(contract: Contract, failure: Failure) -> str:
    """The pointer of the clause that a failure is about."""
    declared = failure.operation.response(failure.answer.status)
    body = failure.operation.body
    if failure.check in ("answer_is_valid", "content_type_conformance") and declared:
        return declared.pointer
    if failure.check in ("negative_data_rejection", "positive_data_acceptance") and body:
        return body.pointer
    return failure.operation.pointer
