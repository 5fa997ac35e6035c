"""A result without its exchanges, in which every text is masked and printable."""

from __future__ import annotations

from dataclasses import replace

from tallystick.errors import printable

from ..mask import Mask
from ..verdicts import Result, Subject, Verdict
from .cards import shown_text


def clean_result(result: Result, mask: Mask) -> Result:
    """The result as the page may show it; the cards and the timeline hold the exchanges."""
    return Result(
        title=printable(mask.text(result.title)),
        digest=mask.text(result.digest),
        target=printable(mask.text(result.target)),
        seed=result.seed,
        verdicts=tuple(_clean_verdict(each, mask) for each in result.verdicts),
        requests=result.requests,
        seconds=result.seconds,
        engines={mask.text(name): count for name, count in result.engines.items()},
        switched_off=tuple(shown_text(each, mask) for each in result.switched_off),
        left_out=tuple(shown_text(each, mask) for each in result.left_out),
        residue=mask.record(result.residue),
        observed=mask.record(result.observed),
        interrupted=result.interrupted,
    )


def clean_subject(subject: Subject, mask: Mask) -> Subject:
    """What a rule was tried on, as the page may show it."""
    return Subject(
        operation=shown_text(subject.operation, mask),
        pointer=shown_text(subject.pointer, mask),
        member=shown_text(subject.member, mask),
        state=shown_text(subject.state, mask),
    )


def _clean_verdict(verdict: Verdict, mask: Mask) -> Verdict:
    return replace(
        verdict,
        rule=shown_text(verdict.rule, mask),
        subject=clean_subject(verdict.subject, mask),
        reason=shown_text(verdict.reason, mask),
        finding=None,
    )
