"""One finding as plain text: for the message of a failed test."""

from __future__ import annotations

from tallystick.errors import printable

from ..findings import Again, Cause
from ..mask import Mask
from ..verdicts import Verdict
from .body import readable
from .curl import curl_line
from .matrix import place
from .reproduction import shell_lines

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
    return "\n".join([_clean(lines, mask), *curls, _clean(_answer(verdict, mask), mask)])


def cause_text(cause: Cause, origin: str, mask: Mask) -> str:
    """A finding in a few lines, with what else it breaks and how often it was seen."""
    subject, finding = cause.shown.subject, cause.finding
    where = place(subject.member, subject.state)
    lines = [
        f"{cause.id} {cause.severity.word}: {cause.rule}: {cause.operation}",
        f"expected: {finding.expectation}",
        f"observed: {finding.observation}",
        f"clause:   {cause.clause}",
        *([f"at:       {where}"] if where else []),
        f"seen:     {seen(cause)}",
        *(f"also at:  {each}" for each in also_at(cause)[:8]),
        *(f"also broken by this: {each}" for each in also_broken(cause)),
    ]
    curls = [printable(each) for each in shell_lines(cause.recipe, origin, mask)]
    return "\n".join([_clean(lines, mask), *curls, _clean(_answer(cause.shown, mask), mask)])


def seen(cause: Cause) -> str:
    """How often a fault was seen, and whether it showed again."""
    finding = cause.finding
    times = f"{finding.seen} of {finding.tries} tries"
    shown, tried = cause.repeats
    if cause.again is Again.UNTRIED:
        return f"{times}; not sent again: {cause.why_untried}"
    if cause.again is Again.GONE:
        return f"{times}; NOT REPEATED when it was sent again {tried} times: perhaps flaky"
    if cause.flaky:
        return f"{times}; flaky: it showed again {shown} of {tried} times"
    return f"{times}; sent again, it showed again"


def also_at(cause: Cause) -> list[str]:
    """The other places of the same rule: members with their states, operations where they differ."""
    found: dict[str, None] = {}
    for each in cause.others:
        subject = each.subject
        where = place(subject.member, subject.state) or subject.pointer
        own = subject.operation == cause.operation
        found[where if own else f"{subject.operation} {where}"] = None
    return list(found)


def also_broken(cause: Cause) -> list[str]:
    """The rules that the same cause breaks, each with its operations."""
    rules: dict[str, list[str]] = {}
    for each in cause.also:
        operations = rules.setdefault(each.rule, [])
        if each.subject.operation not in operations:
            operations.append(each.subject.operation)
    return [
        rule if operations == [cause.operation] else f"{rule} ({', '.join(operations)})"
        for rule, operations in rules.items()
    ]


def _answer(verdict: Verdict, mask: Mask) -> list[str]:
    if verdict.finding is None or not verdict.finding.steps:
        return []
    answer = verdict.finding.steps[-1].answer
    body = readable(mask.body(answer.body), ANSWER_LIMIT)
    return [f"answer:   {answer.failure or answer.status}", *body.splitlines()]


def _clean(lines: list[str], mask: Mask) -> str:
    return "\n".join(printable(mask.text(line)) for line in lines)
