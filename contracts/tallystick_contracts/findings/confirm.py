"""Findings sent again before they are told: what does not repeat is called so."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tallystick.contract import Contract

from ..exchange import Answer, Exchange, Request
from ..target import Meter, Target
from ..verdicts import Verdict
from .causes import Cause, clause_of, identity, promise_of
from .recipe import recipe_of
from .replay import NO_TIME, Again, replay
from .severity import severity_of

PATIENCE = 0.5
"""Seconds for an effect to show: the run has waited the whole poll budget before."""
TRIES = 3
"""How often a finding is sent that does not show at once."""
_OTHERS = 3
"""How many other verdicts of a cause are sent if the one to be shown does not repeat."""
BY_CLIENT = " (client)"
"""What a rule's name ends with where it was tried through a generated client."""


def confirmed(
    found: Sequence[Cause], contract: Contract, target: Target, seconds: float = 10.0
) -> tuple[Cause, ...]:
    """Each cause with what became of sending it again.

    Of a cause whose finding does not repeat another finding is shown, if that one does.

    Args:
        found: the causes of a run.
        contract: the document.
        target: the server.
        seconds: how long this may take; what is not sent again by then is told so.
    """
    deadline = time.monotonic() + seconds
    exchange = _Counting(target.exchange, target.meter)
    told: list[Cause] = []
    for cause in found:
        if time.monotonic() >= deadline:
            told.append(_untried(cause, NO_TIME))
        elif cause.rule.endswith(BY_CLIENT):
            told.append(_untried(cause, "it shows through the generated client"))
        else:
            told.append(_confirmed(cause, contract, exchange, tuple(target.secrets), deadline))
    return tuple(told)


def _untried(cause: Cause, reason: str) -> Cause:
    return replace(cause, again=Again.UNTRIED, repeats=(0, 0), why_untried=reason)


def _confirmed(
    cause: Cause,
    contract: Contract,
    exchange: Exchange,
    secrets: tuple[str, ...],
    deadline: float,
) -> Cause:
    first: Cause | None = None
    for verdict in _candidates(cause):
        tried = _sent_again(_showing(cause, verdict, contract), exchange, secrets, deadline)
        first = first or tried
        if tried.again is Again.SHOWS and not tried.flaky:
            return tried
        if time.monotonic() >= deadline:
            break
    return first or cause


def _candidates(cause: Cause) -> Iterator[Verdict]:
    """The finding to be shown, then the shortest others of its rule, then those of other rules."""
    yield cause.shown
    others = sorted(cause.others, key=lambda each: len(each.finding.steps) if each.finding else 0)
    yield from others[:_OTHERS]
    yield from cause.also[:_OTHERS]


def _showing(cause: Cause, verdict: Verdict, contract: Contract) -> Cause:
    if verdict is cause.shown:
        return cause
    if verdict.rule == cause.rule:
        others = tuple(each for each in (cause.shown, *cause.others) if each is not verdict)
        return replace(cause, shown=verdict, others=others, recipe=recipe_of(verdict, contract))
    also = tuple(each for each in (cause.shown, *cause.also) if each is not verdict)
    grade = severity_of(verdict.rule, verdict.law)
    return replace(
        cause,
        id=identity(verdict),
        promise=promise_of(verdict),
        severity=grade.severity,
        why=grade.why,
        clause=clause_of(verdict.subject.pointer, contract),
        shown=verdict,
        others=(),
        also=(*cause.others[:1], *also),
        recipe=recipe_of(verdict, contract),
    )


def _sent_again(
    cause: Cause, exchange: Exchange, secrets: tuple[str, ...], deadline: float
) -> Cause:
    shown, tried = 0, 0
    while tried < TRIES and time.monotonic() < deadline:
        left = deadline - time.monotonic()
        outcome = replay(cause.recipe, exchange, secrets=secrets, patience=PATIENCE, seconds=left)
        if outcome.again is Again.UNTRIED:
            return _untried(cause, outcome.reason)
        tried += 1
        shown += outcome.again is Again.SHOWS
        if shown == tried:
            break
    return replace(
        cause, again=Again.SHOWS if shown else Again.GONE, repeats=(shown, tried), why_untried=""
    )


class _Counting:
    """An exchange that counts what it sends.

    Args:
        exchange: what sends.
        meter: what counts.
    """

    def __init__(self, exchange: Exchange, meter: Meter) -> None:
        self._exchange, self._meter = exchange, meter

    def send(self, request: Request) -> Answer:
        self._meter.requests += 1
        return self._exchange.send(request)

    def send_all(self, requests: Sequence[Request]) -> tuple[Answer, ...]:
        self._meter.requests += len(requests)
        return self._exchange.send_all(requests)

    def close(self) -> None:
        self._exchange.close()
