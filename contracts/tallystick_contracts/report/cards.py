"""A fault as the page shows it: one card with its exchange, and the other places where it shows."""

from __future__ import annotations

from dataclasses import dataclass

from tallystick.errors import printable

from ..verdicts import Step, Verdict
from .body import readable
from .curl import curl_line
from .mask import Mask
from .matrix import Cause, place

BODY_LIMIT = 4000
OTHER_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Message:
    """One exchange, readable."""

    request: str
    request_headers: str
    request_body: str
    answer: str
    answer_headers: str
    answer_body: str


@dataclass(frozen=True, slots=True)
class Other:
    """The same fault at another place."""

    place: str
    observation: str
    pointer: str


@dataclass(frozen=True, slots=True)
class Card:
    """One fault."""

    number: int
    anchor: str
    rule: str
    law: str
    operation: str
    pointer: str
    expectation: str
    observation: str
    place: str
    """The member and its state, where there is one."""
    curl: tuple[str, ...]
    messages: tuple[Message, ...]
    others: tuple[Other, ...]
    more: int

    @property
    def length(self) -> int:
        """Characters of the exchange and of the other places."""
        texts = [*self.curl, *(each.answer_body + each.request_body for each in self.messages)]
        return sum(map(len, texts)) + sum(len(each.observation) for each in self.others)


def card(
    number: int, anchor: str, cause: Cause, origin: str, mask: Mask, *, exchange: bool = True
) -> Card:
    """The card of one fault.

    Args:
        number: its place on the page.
        anchor: its id on the page.
        cause: the fault.
        origin: the base URL of the server.
        mask: the secrets.
        exchange: whether to tell the exchange and the other places too.
    """
    shown, others = cause.shown, cause.others if exchange else ()
    finding, steps = shown.finding, shown.finding.steps if shown.finding and exchange else ()
    return Card(
        number=number,
        anchor=anchor,
        rule=shown_text(cause.rule, mask),
        law=shown.law.value,
        operation=shown_text(cause.operation, mask),
        pointer=shown_text(shown.subject.pointer, mask),
        expectation=shown_text(finding.expectation if finding else "", mask),
        observation=shown_text(finding.observation if finding else shown.reason, mask),
        place=shown_text(place(shown.subject.member, shown.subject.state), mask),
        curl=tuple(printable(curl_line(each.request, origin, mask)) for each in steps),
        messages=tuple(_message(each, mask) for each in steps),
        others=tuple(_other(each, mask) for each in others[:OTHER_LIMIT]),
        more=len(cause.others) - len(others[:OTHER_LIMIT]),
    )


def _other(verdict: Verdict, mask: Mask) -> Other:
    subject = verdict.subject
    observation = verdict.finding.observation if verdict.finding else verdict.reason
    named = place(subject.member, subject.state)
    return Other(
        shown_text(named, mask), shown_text(observation, mask), shown_text(subject.pointer, mask)
    )


def _message(step: Step, mask: Mask) -> Message:
    request, answer = step.request, step.answer
    return Message(
        request=shown_text(f"{request.method} {request.target}", mask),
        request_headers=_headers(request.headers, mask),
        request_body=_body(request.body, mask),
        answer=shown_text(answer.failure or str(answer.status), mask),
        answer_headers=_headers(answer.headers, mask),
        answer_body=_body(answer.body, mask),
    )


def _headers(headers: tuple[tuple[str, str], ...], mask: Mask) -> str:
    return "\n".join(shown_text(f"{name}: {value}", mask) for name, value in headers)


def _body(body: bytes | None, mask: Mask) -> str:
    text = mask.text(readable(mask.body(body) if body else None, BODY_LIMIT))
    return "\n".join(printable(line.expandtabs(4)) for line in text.split("\n"))


def shown_text(text: str, mask: Mask) -> str:
    """``text`` masked, on one line, without control characters."""
    return printable(mask.text(text))
