"""Answers: every one, whatever was asked, is what the contract declares for its status."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from pydantic import MISSING

from tallystick.contract import Media, Operation, Response, downward, is_json
from tallystick.document import Json, join

from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.oracle import Complaint
from ..probes.places import shown
from ..verdicts import Claim, Kind, Law, Step
from . import claims
from .control import plain
from .rule import (
    Judgement,
    Spot,
    answered,
    at_operations,
    broken,
    held,
    not_reached,
    rule,
)

HEADERS = "declared_headers_are_answered"


@dataclass(frozen=True, slots=True)
class Objection:
    """What is wrong with one answer."""

    rule: str
    pointer: str
    place: str
    state: str
    expectation: str
    observation: str
    applies: bool = True
    """False: it is no fault of the server that can be told; reported as not applicable."""
    claims: tuple[Claim, ...] = ()


def objections(ground: Ground, operation: Operation, step: Step) -> Iterator[Objection]:
    """Everything that is wrong with an answer to a declared operation."""
    answer = step.answer
    status = str(answer.status)
    if answer.flaky:
        yield Objection(
            "no_request_makes_the_server_fail",
            operation.pointer,
            "",
            "flaky",
            "A server answers every request.",
            f"Flaky: {answer.flaky}; when it was sent again, the answer was {status}.",
            applies=False,
        )
    if answer.status == 501 and step.request.method != operation.method:
        return  # the method is not the document's, and may be unknown (RFC 9110, 15.6.2)
    if answer.failure or answer.status >= 500:
        yield Objection(
            "no_request_makes_the_server_fail",
            operation.pointer,
            "",
            status or "failure",
            "A server answers every request, and none with a status of the class 5xx.",
            f"{answered(answer)}.",
            claims=(claims.answered(),),
        )
        return
    declared = operation.response(answer.status)
    if declared is None:
        yield Objection(
            "statuses_are_declared",
            join(operation.pointer, "responses"),
            "",
            status,
            f"The answers declared are {', '.join(each.status for each in operation.responses)}.",
            f"The answer was {answer.status}."
            + (" It is not declared; an overlay can say what it means." * answer.refused),
            applies=not answer.refused,
            claims=(claims.statuses(*(each.status for each in operation.responses)),),
        )
        return
    yield from _of_headers(ground, declared, step)
    yield from _of_body(ground, declared, step)


def _of_headers(ground: Ground, declared: Response, step: Step) -> Iterator[Objection]:
    """OpenAPI 3.1, 4.8.17 and 4.8.21: what is required is there, and what is there fits."""
    for header in declared.headers:
        value = step.answer.header(header.name)
        if value is None and header.required:
            yield Objection(
                HEADERS,
                header.pointer,
                "",
                f"{declared.status} {header.name}",
                f"An answer {declared.status} has the header field {header.name}.",
                f"It is missing (status {step.answer.status}).",
            )
        elif value is not None and header.schema and not _reads(ground, header.schema, value):
            yield Objection(
                HEADERS,
                header.pointer,
                "",
                f"{declared.status} {header.name}",
                f"The header field {header.name} of an answer {declared.status} fits its schema.",
                f"It is {value[:80]!r}.",
            )


def _reads(ground: Ground, schema: str, text: str) -> bool:
    """Whether some reading of a field fits; arrays and objects are not judged."""
    if {"array", "object"} & ground.contract.core(schema).types:
        return True
    readings: list[Json] = [text]
    with suppress(ValueError):
        readings.append(json.loads(text))
    return any(ground.oracle.fits(schema, each) for each in readings)


def _under(status: int, declared: str) -> str:
    """By what an answer is declared, where that is not its own status."""
    return "" if declared == str(status) else f", by {declared!r} alone"


def _of_body(ground: Ground, declared: Response, step: Step) -> Iterator[Objection]:
    answer, status = step.answer, declared.status
    yield from _of_length(declared, step)
    if not declared.content or step.request.method == "HEAD":
        return
    sent = (answer.header("content-type") or "").split(";")[0].strip().lower()
    media = next((each for each in declared.content if _matches(each, sent)), None)
    if media is None:
        wanted = ", ".join(each.media_type for each in declared.content)
        yield Objection(
            "content_types_are_declared",
            join(declared.pointer, "content"),
            "",
            status,
            f"An answer {answer.status} is declared as {wanted}{_under(answer.status, status)}.",
            f"Its content type was {sent or 'missing'} (status {answer.status}).",
            claims=(Claim(Kind.MEDIA_TYPE, value=[each.media_type for each in declared.content]),),
        )
        return
    if media.schema is None or not is_json(media.media_type):
        return
    value = answer.content
    if value is MISSING:
        yield Objection(
            "bodies_fit_their_schema",
            media.pointer,
            "",
            status,
            f"The body of an answer {status} is JSON.",
            f"It is not JSON: {answer.body[:80]!r}." if answer.body else "The body is empty.",
            claims=(Claim(Kind.FITS, value=True),),
        )
        return
    yield from _of_text(media, step, status)
    for complaint in ground.oracle.of_body(media.schema, answer.body):
        yield _complaint(complaint, status, claims.fits(ground.contract, complaint))


def exercised(ground: Ground, operation: Operation, step: Step) -> Iterator[str]:
    """The passive rules that have something to judge in an answer: the others hold of anything."""
    answer = step.answer
    yield "no_request_makes_the_server_fail"
    if answer.failure or answer.status >= 500:
        return
    yield "statuses_are_declared"
    declared = operation.response(answer.status)
    if declared is not None and declared.headers:
        yield HEADERS
    if declared is None or not declared.content or step.request.method == "HEAD":
        return
    yield "content_types_are_declared"
    sent = (answer.header("content-type") or "").split(";")[0].strip().lower()
    media = next((each for each in declared.content if _matches(each, sent)), None)
    if media is not None:
        yield from _of_schema(ground, media)


def promised(ground: Ground, operation: Operation) -> frozenset[str]:
    """The passive rules for which some declared answer of an operation has something."""
    found = {"no_request_makes_the_server_fail", "statuses_are_declared"}
    found |= {HEADERS for response in operation.responses if response.headers}
    for media in (each for response in operation.responses for each in response.content):
        found |= {"content_types_are_declared", *_of_schema(ground, media)}
    return frozenset(found)


def _of_schema(ground: Ground, media: Media) -> tuple[str, ...]:
    if media.schema is None or not is_json(media.media_type):
        return ()
    if media.pointer not in ground.asking:
        below = downward(ground.contract.schemas, [media.schema])
        nodes = [each.node for each in map(ground.contract.schema, below)]
        words = {word for node in nodes if isinstance(node, Mapping) for word in node}
        rules = ("bodies_fit_their_schema", *(r for word, r in _RULE_OF.items() if word in words))
        ground.asking[media.pointer] = rules
    return ground.asking[media.pointer]


def _of_length(declared: Response, step: Step) -> Iterator[Objection]:
    """RFC 9110, 8.6: the length is that of the content in octets."""
    answer = step.answer
    said, coded = answer.header("content-length"), answer.header("content-encoding")
    if said is None or coded is not None or step.request.method == "HEAD":
        return
    if said.strip() != str(len(answer.body)):
        yield Objection(
            "content_lengths_are_true",
            declared.pointer,
            "",
            declared.status,
            "Content-Length is the number of octets of the body (RFC 9110, 8.6).",
            f"It says {said}, and the body has {len(answer.body)}.",
        )


def _of_text(media: Media, step: Step, status: str) -> Iterator[Objection]:
    """RFC 8259: no byte order mark (8.1), each member of an object once (4)."""
    text, promise = step.answer.body, "The body is JSON as RFC 8259 has it for exchange"
    if text.startswith(b"\xef\xbb\xbf"):
        seen = "It begins with a byte order mark (8.1)."
        yield Objection("answers_are_plain_json", media.pointer, "", status, f"{promise}.", seen)
    if step.answer.doubled is not None:
        seen = f"An object has the member {step.answer.doubled} twice (4)."
        yield Objection("answers_are_plain_json", media.pointer, "", status, f"{promise}.", seen)


_RULE_OF = {"required": "required_members_are_answered", "format": "formats_are_kept"}


def _complaint(complaint: Complaint, status: str, told: tuple[Claim, ...]) -> Objection:
    place = shown(complaint.path)
    return Objection(
        _RULE_OF.get(complaint.keyword, "bodies_fit_their_schema"),
        complaint.pointer,
        place,
        status,
        f"The body of an answer {status} fits its declared schema ({complaint.keyword}).",
        f"At {place or 'the top'}: {complaint.message}.",
        claims=told,
    )


def _matches(media: Media, sent: str) -> bool:
    wanted = media.media_type.split(";")[0].strip().lower()
    if wanted in (sent, "*/*"):
        return True
    return wanted.endswith("/*") and sent.startswith(wanted[:-1])


PASSIVE: dict[str, str] = {
    "no_request_makes_the_server_fail": "Every request is answered, and never with a status 5xx.",
    "statuses_are_declared": "The status of every answer is declared.",
    "content_types_are_declared": "The content type of every answer is the declared one.",
    HEADERS: "A required header field is in the answer, and what is declared fits its schema.",
    "required_members_are_answered": "Every required member is in the answer.",
    "formats_are_kept": "Dates, addresses and ids in answers keep their declared format.",
    "content_lengths_are_true": "Content-Length is the number of octets of the body.",
    "answers_are_plain_json": "A JSON answer has no byte order mark, and no member twice.",
    "bodies_fit_their_schema": "The body of every answer fits the schema declared for its status.",
}
"""Rules which are judged on every answer of the run: name to promise."""

PASSIVE_TOLD: Mapping[str, tuple[str, str]] = {
    "no_request_makes_the_server_fail": (
        "Every answer of the run is looked at, whichever rule asked for it.",
        "A body that ends in a 500.",
    ),
    "statuses_are_declared": (
        "Every status is looked for among those declared; an undeclared refusal is a gap told.",
        "A 202 where 200 is declared.",
    ),
    "content_types_are_declared": (
        "The media type of every answer is compared with those declared for its status.",
        "An error page in HTML.",
    ),
    HEADERS: (
        "The header fields of every answer are compared with those declared for its status.",
        "A 201 without the Location that is required.",
    ),
    "required_members_are_answered": (
        "Every JSON answer is validated against the schema of its status (``required``).",
        "A member that is left out where its value is null.",
    ),
    "formats_are_kept": (
        "Every JSON answer is validated against the schema of its status (``format``).",
        "A date without its zone.",
    ),
    "content_lengths_are_true": (
        "The Content-Length of every answer is compared with its octets.",
        "A length that counts characters.",
    ),
    "answers_are_plain_json": (
        "The octets of every JSON answer are looked at (RFC 8259, 4 and 8.1).",
        "A byte order mark.",
    ),
    "bodies_fit_their_schema": (
        "Every JSON answer is validated against the schema of its status (all other keywords).",
        "A number written as text.",
    ),
    "credentials_never_come_back": (
        "The credentials of the run are looked for in the head and body of every answer.",
        "An error that repeats the header it refuses.",
    ),
}
"""By rule that is judged on every answer: how it is tried, and an example of what it finds."""


def _succeeds(operation: Operation) -> bool:
    return operation.success is not None


@rule(
    Law.ANSWERS,
    "Every operation answers a plain valid request with its declared success.",
    lambda ground: at_operations(ground, _succeeds),
    apart=True,
)
def operations_succeed(lab: Lab, spot: Spot) -> Judgement:
    """Each operation is sent its smallest valid request, on something that exists. Finds: an
    operation that is declared and not served.
    """
    operation = spot.operation
    steps = plain(lab, operation)
    answer = steps[-1].answer
    if answer.accepted:
        return held()
    if answer.status in (404, 409) or not answer.refused:
        return not_reached(f"{answered(answer)}; name existing ids with --given")
    promise = f"{operation.key} is declared to succeed."
    if operation.body is None and lab.ground.role(operation) != "action":
        return broken(
            promise, f"A plain request was refused: {answered(answer)}.", steps, claims.accepted()
        )
    return not_reached(f"a minimal valid request was refused: {answered(answer)}")
