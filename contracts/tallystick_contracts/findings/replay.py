"""A finding sent again: whether the fault still shows, step by step."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from tallystick.document import Json

from ..exchange import Answer, Exchange, Request
from ..probes.places import at
from ..verdicts import Kind
from .checks import Seen, check
from .recipe import Recipe, Source, Values, anew, claim_with, request_with

UNTRIED_STEP = "step {number} was answered {now}, and {then} when the fault was found"
NO_TIME = "there was no time left to send it again"
_NEGATIVE = frozenset({Kind.SAME, Kind.NONE_OF, Kind.UNLISTED})
"""What holds from the start and must not stop to hold, rather than come to hold."""


_OF_THE_BODY = frozenset(
    {Kind.EQUALS, Kind.ONE_OF, Kind.NONE_OF, Kind.SAME, Kind.FITS, Kind.LENGTH, Kind.CHANGED}
)
_ELSEWHERE = frozenset({401, 403, 404, 410, 429})
"""Statuses that say of an item only that there is none, or none for who asks."""


class Again(StrEnum):
    """What became of a replay."""

    SHOWS = "repeated"
    """The fault shows again."""
    GONE = "not repeated"
    """Everything is as the contract says."""
    UNTRIED = "not tried"
    """It could not be tried; the reason says why."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One step of a replay."""

    request: Request
    answer: Answer
    then: Answer
    """What was answered when the fault was found."""
    claims: tuple[Seen, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A replay."""

    again: Again
    sent: tuple[Sent, ...] = ()
    reason: str = ""


def replay(
    recipe: Recipe,
    exchange: Exchange,
    *,
    secrets: Sequence[str] = (),
    patience: float | None = None,
    number: int | None = None,
    seconds: float = float("inf"),
) -> Outcome:
    """Send the steps of a finding again and check its claims.

    Args:
        recipe: the finding, with its secrets put in.
        exchange: the way to the server.
        secrets: what no answer may hold.
        patience: seconds for an effect to show; those of the recipe when None.
        number: decides the fresh names; a random one when None.
        seconds: after which no further step is sent, and nothing is awaited.

    Returns:
        Whether the fault shows, with every step that was sent.
    """
    if not recipe.claims:
        return Outcome(Again.UNTRIED, (), "the rule says no expectation that a replay could check")
    chosen = random.SystemRandom().getrandbits(48) if number is None else number
    waits = recipe.patience if patience is None else patience
    run = _Run(recipe, exchange, secrets, waits, chosen, time.monotonic() + seconds)
    return run.outcome()


class _Run:
    """One replay on its way."""

    def __init__(
        self,
        recipe: Recipe,
        exchange: Exchange,
        secrets: Sequence[str],
        patience: float,
        number: int,
        end: float,
    ) -> None:
        self._recipe, self._exchange, self._secrets = recipe, exchange, secrets
        self._patience, self._end = patience, end
        fresh = (each for each in recipe.variables if each.source is Source.FRESH)
        self._values: dict[str, Json] = {
            each.name: anew(each, number + place) for place, each in enumerate(fresh)
        }
        self._requests: list[Request] = []
        self._answers: list[Answer] = []

    def outcome(self) -> Outcome:
        """Send everything, and judge it."""
        steps, block = self._recipe.steps, self._recipe.block
        while len(self._answers) < len(steps):
            index = len(self._answers)
            if time.monotonic() >= self._end:
                return Outcome(Again.UNTRIED, self._sent(), NO_TIME)
            if index in block:
                self._together(block)
            else:
                self._one(index)
            reason = self._spoiled(index)
            if reason:
                return Outcome(Again.UNTRIED, self._sent(), reason)
        holds = all(seen.holds for sent in self._sent() for seen in sent.claims)
        return Outcome(Again.GONE if holds else Again.SHOWS, self._sent())

    def _one(self, index: int) -> None:
        request = request_with(self._recipe, index, self._values)
        self._note(request, self._exchange.send(request), index)
        if index == len(self._recipe.steps) - 1 and request.method == "GET":
            self._await(request)

    def _together(self, block: range) -> None:
        requests = [request_with(self._recipe, each, self._values) for each in block]
        answers = self._exchange.send_all(requests)
        for index, request, answer in zip(block, requests, answers, strict=True):
            self._note(request, answer, index)

    def _await(self, request: Request) -> None:
        """Ask the last read again as long as it may still come to say something else."""
        end, pause = min(self._end, time.monotonic() + self._patience), 0.01
        while True:
            seen = self._checked(len(self._answers) - 1)
            broken = [each for each in seen if not each.holds]
            waiting = bool(broken) and all(each.claim.kind not in _NEGATIVE for each in broken)
            if not waiting or time.monotonic() >= end:
                return
            time.sleep(pause)
            pause = min(pause * 1.5, 1.0)
            self._answers[-1] = self._exchange.send(request)

    def _note(self, request: Request, answer: Answer, index: int) -> None:
        self._requests.append(request)
        self._answers.append(answer)
        for variable in self._recipe.variables:
            if variable.source is Source.ANSWER and variable.step == index:
                found = at(answer.content, variable.path)
                if isinstance(found, str | int):
                    self._values[variable.name] = found

    def _spoiled(self, index: int) -> str:
        """Why it cannot go on: a step that only leads here was not answered as it was then.

        Nor one whose body is judged, where what it asks for is not there, or not for us.
        """
        kinds = {claim.kind for claim in self._recipe.claims if claim.step == index}
        then, now = self._recipe.steps[index].answer, self._answers[index]
        if index in self._recipe.block or (kinds and not self._is_elsewhere(kinds, now)):
            return ""
        if then.accepted and not now.accepted:
            return UNTRIED_STEP.format(
                number=index + 1, now=now.failure or now.status, then=then.status
            )
        return ""

    @staticmethod
    def _is_elsewhere(kinds: set[Kind], now: Answer) -> bool:
        return kinds <= _OF_THE_BODY and now.status in _ELSEWHERE

    def _checked(self, index: int) -> tuple[Seen, ...]:
        recipe, answers = self._recipe, self._answers
        found: list[Seen] = []
        for claim in recipe.claims:
            last = max(recipe.block) if claim.kind is Kind.ACCEPTED and recipe.block else claim.step
            if last == index and claim.of < len(answers):
                current = claim_with(recipe, claim, self._values)
                found.append(check(current, answers, recipe.block, self._secrets))
        return tuple(found)

    def _sent(self) -> tuple[Sent, ...]:
        return tuple(
            Sent(request, answer, self._recipe.steps[index].answer, self._checked(index))
            for index, (request, answer) in enumerate(
                zip(self._requests, self._answers, strict=True)
            )
        )


def revealed(recipe: Recipe, values: Mapping[str, str]) -> Recipe:
    """A recipe whose requests hold ``$NAME`` for secrets, with the secrets themselves.

    Args:
        recipe: as it was read from a file.
        values: by name without ``$``; a name that is none of the keys stays as it stands.
    """
    names = sorted(values, key=len, reverse=True)

    def text(masked: str) -> str:
        for name in names:
            masked = masked.replace(f"${name}", values[name])
        return masked

    def octets(masked: bytes) -> bytes:
        for name in names:
            masked = masked.replace(f"${name}".encode(), values[name].encode())
        return masked

    def request(masked: Request) -> Request:
        headers = tuple((name, text(value)) for name, value in masked.headers)
        body = None if masked.body is None else octets(masked.body)
        return replace(masked, target=text(masked.target), headers=headers, body=body)

    steps = tuple(replace(each, request=request(each.request)) for each in recipe.steps)
    return replace(recipe, steps=steps)


__all__ = ["Again", "Outcome", "Sent", "Values", "replay", "revealed"]
