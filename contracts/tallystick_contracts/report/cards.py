"""A fault as the page shows it: one card with its exchange, and the other places where it shows."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from tallystick.errors import printable

from ..findings import Cause
from ..mask import Mask
from ..rules.choice import CLIENT
from ..rules.pages import address, page
from ..verdicts import Step, Verdict
from .body import readable
from .curl import curl_line
from .matrix import place
from .reproduction import shell_lines
from .told import seen

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
    """The same fault at another place, or as another rule sees it."""

    rule: str
    """Empty where it is the rule of the card."""
    operation: str
    place: str
    observation: str
    pointer: str


@dataclass(frozen=True, slots=True)
class Card:
    """One fault."""

    number: int
    id: str
    anchor: str
    """Its id on the page."""
    severity: str
    why: str
    """The reason for the severity."""
    rule: str
    law: str
    operation: str
    promise: str
    page: str
    """The command that prints the page of the rule; empty where it has none."""
    address: str
    """Where the page can be read; empty where the project declares no such place."""
    clause: str
    expectation: str
    observation: str
    place: str
    """The member and its state, where there is one."""
    tries: str
    """How often it was seen."""
    replay: str
    """The command that sends it again."""
    curl: tuple[str, ...]
    test: str
    """The text of its pytest file; empty where none was written."""
    messages: tuple[Message, ...]
    others: tuple[Other, ...]
    also: tuple[Other, ...]
    more: int
    """How many of both are not here."""

    @property
    def length(self) -> int:
        """Characters of the exchange and of the other places."""
        texts = [
            self.test,
            *self.curl,
            *(each.answer_body + each.request_body for each in self.messages),
        ]
        every = (*self.others, *self.also)
        return sum(map(len, texts)) + sum(len(each.observation) for each in every)


def card(
    number: int, cause: Cause, origin: str, mask: Mask, test: str = "", *, exchange: bool = True
) -> Card:
    """The card of one fault.

    Args:
        number: its place on the page.
        cause: the fault.
        origin: the base URL of the server.
        mask: the secrets.
        test: the text of its pytest file.
        exchange: whether to tell the exchange and the other places too.
    """
    finding, subject = cause.finding, cause.shown.subject
    steps = finding.steps if exchange else ()
    limit = OTHER_LIMIT if exchange else 0
    others, also = cause.others[:limit], cause.also[:limit]
    return Card(
        number=number,
        id=cause.id,
        anchor=anchor(cause),
        severity=cause.severity.word,
        why=cause.why,
        rule=shown_text(cause.rule, mask),
        law=cause.law.value,
        operation=shown_text(cause.operation, mask),
        promise=shown_text(cause.promise, mask),
        page=f"tallystick rules {_plain(cause.rule)}" if page(cause.rule) else "",
        address=address(cause.rule),
        clause=shown_text(str(cause.clause), mask),
        expectation=shown_text(finding.expectation, mask),
        observation=shown_text(finding.observation, mask),
        place=shown_text(place(subject.member, subject.state), mask),
        tries=shown_text(seen(cause), mask),
        replay=f"tallystick replay findings/{cause.id}.json {_url(origin, mask)}",
        curl=tuple(printable(line) for line in _curl(cause, origin, mask)) if exchange else (),
        test=_lines(test) if exchange else "",
        messages=tuple(_message(each, mask) for each in steps),
        others=tuple(_other(each, cause, mask) for each in others),
        also=tuple(_other(each, cause, mask) for each in also),
        more=len(cause.others) + len(cause.also) - len(others) - len(also),
    )


def _plain(rule: str) -> str:
    return rule.removesuffix(CLIENT)


def _url(origin: str, mask: Mask) -> str:
    return shlex.quote(shown_text(origin, mask)) if "://" in origin else '"$BASE_URL"'


def _curl(cause: Cause, origin: str, mask: Mask) -> tuple[str, ...]:
    if cause.recipe.steps:
        return shell_lines(cause.recipe, origin, mask)
    return tuple(curl_line(each.request, origin, mask) for each in cause.finding.steps)


def _lines(text: str) -> str:
    return "\n".join(printable(line) for line in text.split("\n"))


def anchor(cause: Cause) -> str:
    """The id of a finding on the page."""
    return f"finding-{cause.id}"


def _other(verdict: Verdict, cause: Cause, mask: Mask) -> Other:
    subject = verdict.subject
    return Other(
        rule=shown_text("" if verdict.rule == cause.rule else verdict.rule, mask),
        operation=shown_text(subject.operation, mask),
        place=shown_text(place(subject.member, subject.state), mask),
        observation=shown_text(
            verdict.finding.observation if verdict.finding else verdict.reason, mask
        ),
        pointer=shown_text(subject.pointer, mask),
    )


def _message(step: Step, mask: Mask) -> Message:
    request, answer = step.request, step.answer
    return Message(
        request=shown_text(f"{request.method} {request.target}", mask),
        request_headers=_headers(request.headers, mask),
        request_body=_body(request.body, mask),
        answer=shown_text(
            f"no answer: {answer.failure}" if answer.failure else f"answer {answer.status}", mask
        ),
        answer_headers=_headers(answer.headers, mask),
        answer_body=_body(answer.body, mask),
    )


def _headers(headers: tuple[tuple[str, str], ...], mask: Mask) -> str:
    return "\n".join(shown_text(f"{name}: {value}", mask) for name, value in headers)


def _body(body: bytes | None, mask: Mask) -> str:
    text = mask.text(readable(mask.body(body) if body else None, BODY_LIMIT))
    return _lines(text.expandtabs(4))


def shown_text(text: str, mask: Mask) -> str:
    """``text`` masked, on one line, without control characters."""
    return printable(mask.text(text))
