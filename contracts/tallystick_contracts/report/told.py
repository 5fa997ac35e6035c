"""One finding as plain text: for the message of a failed test."""

from __future__ import annotations

from tallystick.errors import printable

from ..verdicts import Verdict
from .body import readable
from .curl import curl_line
from .mask import Mask
from .matrix import place

ANSWER_LIMIT = 800


def finding_text(verdict: Verdict, origin: str, mask: Mask) -> str:
    """A broken verdict in a few lines: expectation, observation, curl lines, answer, clause.

    Args:
        verdict: a broken one.
        origin: the base URL of the server.
        mask: the secrets.
    """
    subject, finding = verdict.subject, verdict.finding
    where = place(subject.member, subject.state)
    lines = [f"{verdict.rule}: {subject.operation}" + (f" {where}" if where else "")]
    if finding is None:
        return _clean([*lines, verdict.reason], mask)
    lines += [f"expected: {finding.expectation}", f"observed: {finding.observation}"]
    lines += [f"clause:   {subject.pointer}"]
    curls = [printable(curl_line(step.request, origin, mask)) for step in finding.steps]
    answers: list[str] = []
    if finding.steps:
        answer = finding.steps[-1].answer
        body = readable(mask.body(answer.body), ANSWER_LIMIT)
        answers = [f"answer:   {answer.failure or answer.status}", *body.splitlines()]
    return "\n".join([_clean(lines, mask), *curls, _clean(answers, mask)])


def _clean(lines: list[str], mask: Mask) -> str:
    return "\n".join(printable(mask.text(line)) for line in lines)
