"""What a search has seen so far: the checks that held, the faults, the reasons, each cause once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from tallystick.contract import Contract, Operation

from ..exchange import Answer
from ..probes.ground import Ground
from ..probes.oracle import Oracle
from ..rules.answers import PASSIVE, promised
from ..verdicts import Claim, Finding, Standing, Subject, Verdict
from .judge import CHECKS, CLAIMS, OTHER, Failure, Judgement, clause, judged
from .relay import OutOfTime, Relay


class Tally:
    """Failures become verdicts here; of the same cause the shortest exchange is kept."""

    def __init__(self, ground: Ground, lenient: Oracle, relay: Relay) -> None:
        self._ground, self._lenient, self._relay = ground, lenient, relay
        self._held: Counter[tuple[str, str]] = Counter()
        self._faults: dict[tuple[str, str, str], tuple[Failure, Judgement]] = {}
        self._reasons: Counter[tuple[str, str, str]] = Counter()
        self._seen: dict[tuple[str, str, str, int], int] = {}

    def holds(self, check: str, operation: str) -> None:
        """A check passed on an answer of an operation."""
        if check in CHECKS and self._has(check, operation):
            self._held[check, operation] += 1

    def _has(self, check: str, key: str) -> bool:
        """Whether the contract has what a check looks at; else it passes on anything."""
        operation = self._ground.contract.find(*key.split(" ", 1))
        if operation is None:
            return False
        if check in PASSIVE:
            return check in promised(self._ground, operation)
        needed = _HAS.get(check)
        return needed is None or needed(self._ground.contract, operation)

    def answered(self, operation: Operation, answer: Answer) -> None:
        """An undeclared refusal is a gap of the document: told once, with how often it came."""
        if answer.refused and operation.response(answer.status) is None:
            status = answer.status
            reason = (
                f"The answer was {status}. It is not declared; an overlay can say what it means."
            )
            self._reasons["statuses_are_declared", operation.key, reason] += 1

    def fails(self, failure: Failure) -> None:
        """A check failed; the same cause is judged again only by a shorter exchange."""
        cause = (failure.check, failure.operation.key, failure.title, failure.answer.status)
        size = _size(failure)
        if self._seen.get(cause, size + 1) <= size:
            return
        self._seen[cause] = size
        try:
            judgement = judged(failure, self._ground, self._lenient, self._relay.send)
        except OutOfTime:
            return
        key = (failure.check, failure.operation.key, _gist(judgement.observation))
        if judgement.standing is Standing.BROKEN:
            kept = self._faults.get(key)
            if kept is None or size < _size(kept[0]):
                self._faults[key] = (failure, judgement)
        elif judgement.standing is not None:
            self._reasons[failure.check, failure.operation.key, judgement.observation] += 1

    def verdicts(self) -> tuple[Verdict, ...]:
        """One verdict for each fault, each reason, and each check that held on an operation."""
        broken = {key[:2] for key in self._faults}
        faults = [self._broken(*found) for found in self._faults.values()]
        reasons = [
            self._plain(check, operation, Standing.NOT_APPLICABLE, count, reason)
            for (check, operation, reason), count in self._reasons.items()
        ]
        held = [
            self._plain(check, operation, Standing.HELD, count)
            for (check, operation), count in self._held.items()
            if (check, operation) not in broken
        ]
        return (*faults, *reasons, *held)

    def _broken(self, failure: Failure, judgement: Judgement) -> Verdict:
        check, own = CHECKS.get(failure.check, OTHER), judgement.objection
        subject = Subject(failure.operation.key, clause(failure))
        promise = check.promise
        claims: tuple[Claim, ...] = (CLAIMS[failure.check],) if failure.check in CLAIMS else ()
        if own is not None:
            claims = own.claims
            subject = Subject(failure.operation.key, own.pointer, own.place, own.state)
            promise = own.expectation
        tried = self._held[failure.check, failure.operation.key] + 1
        finding = Finding(promise, judgement.observation, failure.steps, claims, tries=tried)
        return Verdict(
            failure.check, check.law, subject, Standing.BROKEN, finding=finding, tried=tried
        )

    def _plain(
        self, check: str, operation: str, standing: Standing, count: int, reason: str = ""
    ) -> Verdict:
        method, _, path = operation.partition(" ")
        found = self._ground.contract.find(method, path)
        subject = Subject(operation, found.pointer if found else "#")
        law = CHECKS.get(check, OTHER).law
        return Verdict(check, law, subject, standing, reason, tried=count)


_HAS: Mapping[str, Callable[[Contract, Operation], bool]] = {
    "response_headers_conformance": lambda _, o: any(each.headers for each in o.responses),
    "response_schema_conformance": lambda _, o: any(
        media.schema for each in o.responses for media in each.content
    ),
    "content_type_conformance": lambda _, o: any(each.content for each in o.responses),
    "ignored_auth": lambda _, o: bool(o.security),
    "missing_required_header": lambda _, o: any(
        each.required and each.location == "header" for each in o.parameters
    ),
    "use_after_free": lambda contract, _: any(each.delete for each in contract.resources),
    "ensure_resource_availability": lambda contract, _: any(
        each.create for each in contract.resources
    ),
}
"""By check of Schemathesis, which passes where it does not apply: what it needs to see."""


def _size(failure: Failure) -> int:
    return sum(
        100 + len(step.request.target) + len(step.request.body or b"") for step in failure.steps
    )


def _gist(observation: str) -> str:
    """An observation without the values in it, which differ from case to case."""
    return "".join(char for char in observation.split('"')[0] if not char.isdigit())[:80]
