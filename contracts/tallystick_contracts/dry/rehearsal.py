"""A rehearsal: the plan of a contract tried on its own sandbox, so that its size is known."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from tallystick.contract import Contract

from ..rules.choice import EVERY, Choice
from ..run import plan, run
from ..sandbox import sandbox
from ..target import in_process
from ..verdicts import Law, Standing
from .questions import Question, questions

_KEY = "rehearsal:key-7"
"""A key that Basic authentication takes too (RFC 7617)."""
_POLL = 0.2


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One rule on one operation."""

    operation: str
    law: Law
    rule: str
    cases: int
    """How many would be tried."""
    judged: int
    """How many of them judged the sandbox, which is right in everything."""
    requests: int
    """How many exchanges that took, those that other cases had made already left out."""
    reasons: tuple[tuple[str, str, int], ...]
    """Of the others: the standing, the reason, how many."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would be tried on a server, and what the document leaves open."""

    title: str
    digest: str
    rows: tuple[Rehearsed, ...]
    questions: tuple[Question, ...]
    requests: int
    """Of the laws; the search by drawn values takes what is left of the budget."""

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return sum(each.cases for each in self.rows)


def rehearse(contract: Contract, *, seed: int = 1, choice: Choice = EVERY) -> Rehearsal:
    """Try every case of the plan on the sandbox, in this process, and ask what is open.

    Args:
        contract: whose plan.
        seed: which values are sent.
        choice: which rules count.
    """
    target = in_process(
        contract, sandbox(contract, key=_KEY, seed=seed), key=_KEY, poll_budget=_POLL
    )
    cases = [each for each in plan(contract, seed=seed) if choice.admits(each.rule.name)]
    planned = Counter((each.spot.operation.key, each.rule.law, each.rule.name) for each in cases)
    try:
        result = run(contract, target, seed=seed, choice=choice)
    finally:
        target.close()
    judged: Counter[tuple[str, Law, str]] = Counter()
    sent: Counter[tuple[str, Law, str]] = Counter()
    reasons: dict[tuple[str, Law, str], Counter[tuple[str, str]]] = {}
    for each in result.verdicts:
        key = each.subject.operation, each.law, each.rule
        if each.standing in (Standing.HELD, Standing.BROKEN):
            judged[key] += 1
            sent[key] += each.tried if key in planned else 0
        else:
            reasons.setdefault(key, Counter())[each.standing.value, each.reason] += 1
    keys = dict.fromkeys([*planned, *judged, *reasons])
    rows = tuple(
        Rehearsed(
            *key,
            cases=planned[key],
            judged=judged[key],
            requests=sent[key],
            reasons=tuple((*why, count) for why, count in reasons.get(key, Counter()).items()),
        )
        for key in keys
    )
    return Rehearsal(
        contract.title, contract.digest, rows, questions(contract, seed), result.requests
    )
