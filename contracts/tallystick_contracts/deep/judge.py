"""A failure that Schemathesis reports, looked at again: a fault, or nothing that was promised."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pydantic import MISSING

from tallystick.contract import Operation
from tallystick.document import Json

from ..exchange import Answer, Request
from ..probes.ground import Ground
from ..probes.oracle import Complaint, Oracle
from ..probes.places import shown
from ..probes.requests import encoded
from ..rules.answers import PASSIVE, Objection, objections
from ..rules.catalogue import SCHEMATHESIS, SECRECY, By, Entry
from ..verdicts import Claim, Kind, Law, Standing, Step
from .checks import objection
from .tame import tame

Send = Callable[[Request], Answer]


_OURS = {name: Entry(name, Law.ANSWERS, said, By.ANSWERS) for name, said in PASSIVE.items()}
CHECKS: Mapping[str, Entry] = {
    **_OURS,
    **{each.name: each for each in (SECRECY, *SCHEMATHESIS)},
}
"""By name: the passive rules, and the checks of Schemathesis itself."""
CLAIMS: Mapping[str, Claim] = {
    SECRECY.name: Claim(Kind.SECRECY),
    "not_a_server_error": Claim(Kind.STATUS, value=["1XX", "2XX", "3XX", "4XX"]),
    "positive_data_acceptance": Claim(Kind.STATUS, value=["2XX"]),
    "ensure_resource_availability": Claim(Kind.STATUS, value=["2XX"]),
    **{
        name: Claim(Kind.STATUS, value=["4XX"])
        for name in (
            "ignored_auth",
            "negative_data_rejection",
            "missing_required_header",
            "unsupported_method",
            "use_after_free",
        )
    },
}
"""What each check says of the last answer, as data."""
OTHER = Entry("other", Law.ANSWERS, "An answer is as declared.", By.SCHEMATHESIS)
UNANSWERED = "no_request_makes_the_server_fail"


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
    objection: Objection | None = None
    """The passive rule's own words, where it is one."""


DROPPED = Judgement(None)


def judged(failure: Failure, ground: Ground, lenient: Oracle, send: Send) -> Judgement:
    """Whether a failure is a fault.

    Args:
        failure: what Schemathesis reports.
        ground: the contract and the strict oracle of answers.
        lenient: an oracle for requests, which takes ``format`` as a note.
        send: sends a control request.
    """
    if failure.check in PASSIVE:
        return _passive(failure, ground)
    if failure.check in _SEEN_BY_OURS:
        return _second_opinion(failure, ground)
    look = _LOOKS.get(failure.check)
    return look(failure, lenient, ground, send) if look else _fault(failure)


def _fault(failure: Failure, observation: str = "") -> Judgement:
    said = " ".join((observation or failure.message or failure.title).split())
    return Judgement(Standing.BROKEN, f"The answer was {failure.answer.status}: {said}"[:600])


def _passive(failure: Failure, ground: Ground) -> Judgement:
    step = failure.steps[-1]
    found = objection(ground, failure.operation, step, failure.check)
    return DROPPED if found is None else Judgement(Standing.BROKEN, found.observation, found)


def _second_opinion(failure: Failure, ground: Ground) -> Judgement:
    """What both engines see, ours tells; two must agree before a server is blamed."""
    if any(objections(ground, failure.operation, failure.steps[-1])):
        return DROPPED
    reason = f"Schemathesis objects ({failure.title}), the other validator does not"
    return Judgement(Standing.NOT_APPLICABLE, reason)


def _accepted_negative(failure: Failure, lenient: Oracle, ground: Ground, send: Send) -> Judgement:
    """What was broken on purpose may be valid again on the wire: our oracle reads the bytes."""
    if not failure.answer.accepted:
        return DROPPED
    body, pointer = _json(failure.request), _schema_of(failure.operation)
    if pointer is None or body is MISSING:
        reason = "a changed parameter or media type was accepted; on the wire it may be valid"
        return Judgement(Standing.NOT_APPLICABLE, reason)
    found = lenient.complaints(pointer, body, "request")
    return (
        _fault(failure, f"a body was accepted that is not valid {_told(found)}")
        if found
        else DROPPED
    )


def _refused_positive(failure: Failure, lenient: Oracle, ground: Ground, send: Send) -> Judgement:
    """A control request tells a rule of the business from a broken promise.

    The body is sent again with the document's own sample for each scalar: the same members are
    present, and null where they were. If that is refused as well, no drawn number or text can
    have been the reason.
    """
    body, pointer = _json(failure.request), _schema_of(failure.operation)
    reason = "a valid request was refused, perhaps by a rule that the document does not state"
    if pointer is None or body is MISSING or not lenient.fits(pointer, body):
        return Judgement(Standing.NOT_APPLICABLE, reason)
    tamed = tame(ground, failure.operation, body)
    request = failure.request
    control = Request(request.method, request.target, request.headers, encoded(tamed))
    answer = send(control)
    if answer.status != failure.answer.status or not lenient.fits(pointer, tamed):
        return Judgement(Standing.NOT_APPLICABLE, reason)
    return _fault(failure, "a valid body was refused, and its like with samples for values too")


def _method(failure: Failure, lenient: Oracle, ground: Ground, send: Send) -> Judgement:
    if failure.answer.accepted and failure.method not in ("HEAD", "OPTIONS"):
        return _fault(failure, f"{failure.method} is not declared here")
    reason = f"{failure.method} is refused with {failure.answer.status} in place of 405"
    return Judgement(Standing.NOT_APPLICABLE, reason)


def _if_accepted(failure: Failure, lenient: Oracle, ground: Ground, send: Send) -> Judgement:
    return _fault(failure) if failure.answer.accepted else DROPPED


def _availability(failure: Failure, lenient: Oracle, ground: Ground, send: Send) -> Judgement:
    """A name that no path can hold cannot be read back; what is slow is not lost."""
    segments = failure.request.target.partition("?")[0].split("/")[1:]
    if any(each in ("", ".", "..") or "%2F" in each.upper() for each in segments):
        reason = "the name that was created cannot stand in a path"
        return Judgement(Standing.NOT_APPLICABLE, reason)
    return DROPPED if send(failure.request).accepted else _fault(failure)


_SEEN_BY_OURS = frozenset(
    {
        "not_a_server_error",
        "content_type_conformance",
        "response_schema_conformance",
    }
)
_LOOKS: Mapping[str, Callable[[Failure, Oracle, Ground, Send], Judgement]] = {
    "negative_data_rejection": _accepted_negative,
    "positive_data_acceptance": _refused_positive,
    "unsupported_method": _method,
    "ignored_auth": _if_accepted,
    "missing_required_header": _if_accepted,
    "ensure_resource_availability": _availability,
}


def _json(request: Request) -> Json | MISSING:
    try:
        value: Json = json.loads(request.body or b"")
    except (ValueError, RecursionError):
        return MISSING
    return value


def _schema_of(operation: Operation) -> str | None:
    media = operation.body.json if operation.body else None
    return media.schema if media else None


def clause(failure: Failure) -> str:
    """The pointer of the clause that a failure is about."""
    declared = failure.operation.response(failure.answer.status)
    body = failure.operation.body
    if failure.check == "response_headers_conformance" and declared:
        return declared.pointer
    if failure.check in ("negative_data_rejection", "positive_data_acceptance") and body:
        return body.pointer
    return failure.operation.pointer


def _told(found: tuple[Complaint, ...]) -> str:
    """The first complaint in words."""
    place = shown(found[0].path)
    return f"at {place}: {found[0].message}" if place else f": {found[0].message}"
