"""The findings as the page tells them: one for each cause, with an id to link to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..findings import Cause, causes
from ..mask import Mask
from ..verdicts import Result, Subject
from .cards import Card, anchor, card, shown_text
from .clean import clean_subject

CARD_LIMIT = 300
"""Findings that are told with everything; the others are counted."""
EXCHANGE_BUDGET = 2_000_000
"""Characters of exchanges on a page; of findings after that only the sentences are told."""


@dataclass(frozen=True, slots=True)
class Found:
    """The findings of a page."""

    cards: tuple[Card, ...]
    more: int
    """How many there are beside those that have a card."""
    links: Mapping[tuple[str, Subject], str]
    """By rule and subject, as the page shows them: the anchor of the finding."""
    requests: Mapping[tuple[str, str, int], str]
    """By method, target and status of a step: the anchor of the first finding that tells it."""

    @property
    def count(self) -> int:
        """All findings."""
        return len(self.cards) + self.more


def found(
    result: Result,
    mask: Mask,
    told: Sequence[Cause] | None = None,
    tests: Mapping[str, str] | None = None,
) -> Found:
    """The findings of a run, masked.

    Args:
        result: the run.
        mask: the secrets.
        told: its findings, the worst first; those of ``result`` without their places if None.
        tests: by the id of a finding, the text of its pytest file.
    """
    every = causes(result) if told is None else told
    shown = every[:CARD_LIMIT]
    cards: list[Card] = []
    left = EXCHANGE_BUDGET
    for number, cause in enumerate(shown, 1):
        made = card(
            number,
            cause,
            result.target,
            mask,
            (tests or {}).get(cause.id, ""),
            exchange=left > 0,
        )
        left -= made.length
        cards.append(made)
    return Found(tuple(cards), len(every) - len(shown), _links(shown, mask), _requests(shown))


def _links(shown: Sequence[Cause], mask: Mask) -> dict[tuple[str, Subject], str]:
    return {
        (shown_text(each.rule, mask), clean_subject(each.subject, mask)): anchor(cause)
        for cause in shown
        for each in cause.verdicts
    }


def _requests(shown: Sequence[Cause]) -> dict[tuple[str, str, int], str]:
    told: dict[tuple[str, str, int], str] = {}
    for cause in shown:
        for step in cause.finding.steps:
            key = (step.request.method, step.request.target, step.answer.status)
            told.setdefault(key, anchor(cause))
    return told
