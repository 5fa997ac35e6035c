"""What is judged on every answer of a run, whichever rule asked for it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tallystick.contract import Operation

from ..probes.ground import Ground
from ..target import Target
from ..verdicts import Claim, Finding, Kind, Law, Standing, Step, Subject, Verdict
from .answers import HEADERS, PASSIVE, Objection, exercised, objections, promised
from .catalogue import SECRECY

_Key = tuple[str, str, str, str]
_Kept = tuple[Objection, Step, tuple[Step, ...]]
_NOTHING = {
    "statuses_are_declared": "no answer had a status that could be declared",
    "content_types_are_declared": "no answer came for which a media type is declared",
    "bodies_fit_their_schema": "no answer came with a body for which a schema is declared",
    HEADERS: "no answer came for which a header field is declared",
    "required_members_are_answered": "no answer came whose schema requires a member",
    "formats_are_kept": "no answer came whose schema has a format",
}
"""Why a rule was not reached, where the contract would have something for it."""
_Kind = tuple[str, str, int, bool, str | None]
"""An operation, a method, a status, whether nothing came, and a content type."""
_Leak = tuple[Step, tuple[Step, ...]]


@dataclass(slots=True)
class Watch:
    """Sees every exchange, keeps the first objection of each kind.

    Args:
        ground: the contract.
        target: whose secrets must not come back.
    """

    ground: Ground
    target: Target
    _answers: dict[str, int] = field(default_factory=dict[str, int])
    _operations: dict[str, Operation] = field(default_factory=dict[str, Operation])
    _broken: dict[_Key, _Kept] = field(default_factory=dict[_Key, _Kept])
    _kinds: Counter[_Kind] = field(default_factory=Counter[_Kind])
    """How many answers of each kind came."""
    _exercised: dict[_Kind, tuple[str, ...]] = field(default_factory=dict[_Kind, tuple[str, ...]])
    """By kind of answer: the rules that had something to judge."""
    _counts: dict[_Key, int] = field(default_factory=dict[_Key, int])
    _leaks: dict[str, _Leak] = field(default_factory=dict[str, _Leak])

    def see(self, operation: Operation, step: Step, led_by: tuple[Step, ...]) -> None:
        """Judge one exchange."""
        key = operation.key
        self._operations[key] = operation
        self._answers[key] = self._answers.get(key, 0) + 1
        kind = _kind(key, step)
        self._kinds[kind] += 1
        if kind not in self._exercised:
            self._exercised[kind] = tuple(exercised(self.ground, operation, step))
        counted: set[_Key] = set()
        for objection in objections(self.ground, operation, step):
            which = (key, objection.rule, objection.place, objection.state)
            self._counts[which] = self._counts.get(which, 0) + (which not in counted)
            counted.add(which)
            kept = self._broken.get(which)
            if kept is None or self._length(operation, led_by) < self._length(operation, kept[2]):
                self._broken[which] = (objection, step, led_by)
        if key not in self._leaks and self._leaked(step):
            self._leaks[key] = (step, led_by)

    def _length(self, operation: Operation, led_by: tuple[Step, ...]) -> tuple[bool, int]:
        """What tells how the item came to be is shorter to replay than what does not."""
        return self.ground.of_item(operation) is not None and not led_by, len(led_by)

    def _leaked(self, step: Step) -> bool:
        fields = " ".join(value for _, value in step.answer.headers)
        return any(
            len(secret) >= 4 and (secret.encode() in step.answer.body or secret in fields)
            for secret in self.target.secrets
        )

    def verdicts(self) -> tuple[Verdict, ...]:
        """One verdict for each objection, and one for each rule and operation without any."""
        found: list[Verdict] = []
        for key, operation in self._operations.items():
            for rule in PASSIVE:
                found.extend(self._of(rule, key, operation))
            found.append(self._secrecy(key, operation))
        return tuple(found)

    def _of(self, rule: str, key: str, operation: Operation) -> list[Verdict]:
        told = [
            self._verdict(objection, step, led_by, self._counts[which])
            for which, (objection, step, led_by) in self._broken.items()
            if which[:2] == (key, rule)
        ]
        if any(each.standing is Standing.BROKEN for each in told):
            return told
        subject = Subject(key, operation.pointer)
        judged = self._judged(key, rule)
        if judged:
            return [Verdict(rule, Law.ANSWERS, subject, Standing.HELD, tried=judged), *told]
        reached = rule in promised(self.ground, operation)
        standing = Standing.NOT_REACHED if reached else Standing.NOT_APPLICABLE
        reason = _NOTHING.get(rule, "no answer came") if reached else "no answer declares such"
        return [Verdict(rule, Law.ANSWERS, subject, standing, reason, tried=0), *told]

    def _judged(self, key: str, rule: str) -> int:
        """How many answers of an operation a rule judged."""
        kinds = (kind for kind, rules in self._exercised.items() if rule in rules)
        return sum(self._kinds[kind] for kind in kinds if kind[0] == key)

    def _verdict(
        self, objection: Objection, step: Step, led_by: tuple[Step, ...], count: int
    ) -> Verdict:
        operation = next(key for (key, *_), kept in self._broken.items() if kept[0] is objection)
        subject = Subject(operation, objection.pointer, objection.place, objection.state)
        if not objection.applies:
            standing, reason = Standing.NOT_APPLICABLE, objection.observation
            return Verdict(objection.rule, Law.ANSWERS, subject, standing, reason, tried=count)
        finding = Finding(
            objection.expectation,
            objection.observation,
            (*led_by, step),
            objection.claims,
            seen=count,
            tries=self._answers[operation],
        )
        return Verdict(
            objection.rule, Law.ANSWERS, subject, Standing.BROKEN, "", finding, tried=count
        )

    def _secrecy(self, key: str, operation: Operation) -> Verdict:
        rule, subject = SECRECY.name, Subject(key, operation.pointer)
        tried = self._answers[key]
        if not self.target.secrets:
            reason = "no credential was given"
            return Verdict(rule, Law.CREDENTIALS, subject, Standing.NOT_APPLICABLE, reason)
        if key not in self._leaks:
            return Verdict(rule, Law.CREDENTIALS, subject, Standing.HELD, tried=tried)
        step, led_by = self._leaks[key]
        finding = Finding(
            SECRECY.promise,
            f"The answer {step.answer.status} holds it.",
            (*led_by, step),
            (Claim(Kind.SECRECY),),
        )
        return Verdict(rule, Law.CREDENTIALS, subject, Standing.BROKEN, "", finding, tried)


def _kind(key: str, step: Step) -> _Kind:
    answer = step.answer
    failed, sent = bool(answer.failure), answer.header("content-type")
    return key, step.request.method, answer.status, failed, sent
