"""What users of an old client see of a server of the new contract, operation by operation.

The rules of the old contract are tried through the client that was generated from it, against the
sandbox of the new contract: what is sent is what such users send, and what they see is a value, a
refusal, an answer that their client cannot read, or a promise of old that is no longer kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any, Literal, TypeAlias

from pydantic import ValidationError

from tallystick.contract import Body, Contract, Operation, Response, downward
from tallystick.document import Json
from tallystick.evolve import Change, Comparison, Witness
from tallystick.generate import generated
from tallystick.output import write

from .exchange import Answer, Request
from .rules import Case
from .run import Progress, plan, run
from .sandbox import Server, sandbox
from .target import Target, at_url, in_process
from .through import Called, imported, through_client
from .verdicts import Law, Result, Step, Verdict

Kind: TypeAlias = Literal[
    "refused", "unreadable", "different", "may be refused", "may be unreadable"
]
"""refused: the server takes a request no longer. unreadable: the client raises on an answer.
different: the client gives back a value, and an old promise about it is broken. Those that may be
are examples of the comparison, which the client sends or cannot read; no call met one."""
_MAY_BE = frozenset({"may be refused", "may be unreadable"})


@dataclass(frozen=True, slots=True)
class Trouble:
    """One way in which the old client fails, with the shortest exchange that shows it."""

    kind: Kind
    sentence: str
    steps: tuple[Step, ...]
    """In order; the last one is the offending answer."""
    seen: int = 1
    """How many calls showed it."""


@dataclass(frozen=True, slots=True)
class Use:
    """What users of the old client see of one operation."""

    operation: str
    """``POST /v1/things``."""
    name: str
    """How Python calls it: ``things.create``."""
    calls: int
    """How often its method was called."""
    taken: int
    """How many of the calls the server took."""
    troubles: tuple[Trouble, ...]

    @property
    def fails(self) -> bool:
        """Whether a call did not go as it did before."""
        return any(each.kind not in _MAY_BE for each in self.troubles)

    @property
    def works(self) -> bool:
        """Whether calls were taken, every one went as it did before, and none is known to fail."""
        return bool(self.taken) and not self.troubles


@dataclass(frozen=True, slots=True)
class Uses:
    """What users of the old client see."""

    operations: tuple[Use, ...]
    """Every operation of the old contract, in its order."""
    calls: int
    seconds: float
    left_out: tuple[str, ...]
    """What the budget did not allow."""
    interrupted: bool = False


def uses(
    old: Contract,
    new: Contract,
    package: str,
    scratch: Path,
    *,
    key: str,
    budget: float,
    seed: int = 1,
    comparison: Comparison | None = None,
    on_progress: Progress = lambda done, total, label: None,
) -> Uses:
    """What users of the client of ``old`` see of a server of ``new``.

    Args:
        package: a name for the client of old, which no other package that is loaded has.
        scratch: a folder to generate it into.
        budget: seconds.
        comparison: of both contracts; its examples of answers are read by the old client too.

    Raises:
        TallystickError: no client can be made of the old contract.
    """
    write(generated(old, package).files, scratch)
    half = imported(scratch, package)
    calls: list[Called] = []
    with Server(sandbox(new, key=key, seed=seed)) as server:
        target = at_url(old, server.url, key=key, budget=budget)
        client = through_client(target, old, half, server.url, key, budget, calls.append)
        try:
            cases = in_turn(old, seed)
            result = run(old, client.target, seed=seed, on_progress=on_progress, cases=cases)
        finally:
            client.close()
            target.close()
    with _controls(old, new, key, seed) as controls:
        result = _new_in(result, cases, old, controls.before, seed)
        found = [_use(each, calls, result, controls) for each in old.operations]
    if comparison is not None:
        found = [_foreseen(each, half, comparison) for each in found]
    return Uses(tuple(found), len(calls), result.seconds, result.left_out, result.interrupted)


def _new_in(
    result: Result, cases: Sequence[Case], old: Contract, before: Target, seed: int
) -> Result:
    """``result`` without what a server of the old contract breaks as well."""
    broken = {(each.rule, each.subject) for each in result.broken}
    again = [each for each in cases if (each.rule.name, each.spot.subject) in broken]
    if not again:
        return result
    tried = run(old, before, seed=seed, cases=again)
    known = {(each.rule, each.subject) for each in tried.broken}
    left = (each for each in result.verdicts if (each.rule, each.subject) not in known)
    return replace(result, verdicts=tuple(left))


_SAID = frozenset({Law.PRESENCE, Law.NULL, Law.DEFAULTS, Law.ANSWERS, Law.UPDATES, Law.READS})
"""The laws whose requests a typed client can say, for the most part."""


def in_turn(contract: Contract, seed: int) -> list[Case]:
    """What is tried: the operations in turn, so that a short budget leaves none of them out.

    First whether each succeeds at all. What deletes comes last: the others may need what it deletes.
    """
    cases: dict[str, list[Case]] = {each.key: [] for each in contract.operations}
    for case in plan(contract, seed=seed):
        if case.rule.law in _SAID:
            cases.setdefault(case.spot.subject.operation, []).append(case)
    deletes = {each.key for each in contract.operations if each.method == "DELETE"}
    for each in cases.values():
        each.sort(key=lambda case: case.rule.law is not Law.ANSWERS)
    rounds = list(zip_longest(*(each for key, each in cases.items() if key not in deletes)))
    rounds += zip_longest(*(each for key, each in cases.items() if key in deletes))
    return [case for each in rounds for case in each if case is not None]


@dataclass(frozen=True, slots=True)
class Controls:
    """Servers of both contracts, for requests whose refusal does not depend on what they hold."""

    before: Target
    now: Target
    routes: frozenset[tuple[str, str]]
    """What the new contract has."""

    def are_other(self, request: Request) -> bool:
        """Whether a request is refused by the new contract, and not by the old one."""
        now, before = (each.exchange.send(request) for each in (self.now, self.before))
        return now.status in _REFUSED and before.status not in _REFUSED


@contextmanager
def _controls(old: Contract, new: Contract, key: str, seed: int) -> Generator[Controls]:
    with ExitStack() as stack:
        both: list[Target] = []
        for contract in (old, new):
            server = sandbox(contract, key=key, seed=seed)
            both.append(in_process(contract, server, key=key))
            stack.callback(both[-1].close)
        yield Controls(both[0], both[1], frozenset(map(_route, new.operations)))


def _use(operation: Operation, calls: Sequence[Called], result: Result, controls: Controls) -> Use:
    """What is seen of one operation; ``calls`` are those of every operation."""
    mine = [each for each in calls if each.operation == operation.pointer]
    if _route(operation) not in controls.routes:
        return Use(operation.key, operation.name, len(mine), 0, tuple(_gone(mine)))
    raised = [*_unreadable(mine), *_refused(mine, controls)]
    known = {step.request for trouble in raised for step in trouble.steps}
    failed = {each.request for each in mine if each.error}
    sent = {each.request for each in calls}
    broken = [each for each in result.broken if each.subject.operation == operation.key]
    other = _different(broken, sent - known - (failed if raised else set()))
    taken = sum(each.answer.accepted for each in mine)
    return Use(operation.key, operation.name, len(mine), taken, (*raised, *other))


def _gone(calls: Sequence[Called]) -> Iterator[Trouble]:
    refused = [each for each in calls if not each.answer.accepted]
    if refused:
        least = _least(refused)
        yield Trouble("refused", "the operation is gone", (_step(least),), len(refused))


def _unreadable(calls: Sequence[Called]) -> Iterator[Trouble]:
    found = [each for each in calls if each.unreadable]
    if found:
        yield Trouble("unreadable", _least(found).error, (_step(_least(found)),), len(found))


def _route(operation: Operation) -> tuple[str, str]:
    """What a server tells operations apart by."""
    return operation.method, re.sub(r"\{[^{}]*\}", "{}", operation.path)


_REFUSED = frozenset({400, 401, 403, 405, 406, 413, 415, 422, 501})
"""Refusals that do not depend on what a server holds."""


def _refused(calls: Sequence[Called], controls: Controls) -> Iterator[Trouble]:
    """Requests that were taken before, of each answer the shortest; any, where none is taken."""
    suspects = [each for each in calls if each.answer.status in _REFUSED]
    if calls and not any(each.answer.accepted for each in calls):
        suspects = [each for each in calls if not each.unreadable and each.answer.status]
    said: dict[tuple[int, bytes], list[Called]] = {}
    for each in suspects:
        said.setdefault((each.answer.status, each.answer.body), []).append(each)
    groups = sorted(said.values(), key=len, reverse=True)[:_CONTROLLED]
    new = [same for same in groups if controls.are_other(_least(same).request)]
    if new:
        least = _least([each for same in new for each in same])
        sentence = f"{least.answer.status} for a request that was taken before"
        yield Trouble("refused", sentence, (_step(least),), sum(map(len, new)))


_CONTROLLED = 20
"""How many different refusals of an operation are looked into."""


def _different(broken: Iterable[Verdict], sent: set[Request]) -> Iterator[Trouble]:
    """Broken promises whose offending answer came through the client, one for each member."""
    members: dict[str, list[Verdict]] = {}
    for each in broken:
        if each.finding and each.finding.steps[-1].request in sent:
            members.setdefault(each.subject.member or each.rule, []).append(each)
    for verdicts in members.values():
        finding = verdicts[0].finding
        assert finding is not None
        place = verdicts[0].subject.member
        sentence = f"{place}: {finding.observation}" if place else finding.observation
        yield Trouble("different", sentence, finding.steps, len(verdicts))


def _foreseen(use: Use, half: Any, comparison: Comparison) -> Use:
    """``use``, with the examples of the comparison that concern it."""
    old = comparison.old
    operation = next(each for each in old.operations if each.key == use.operation)
    asked, told = _below(old, operation.body), _below(old, *operation.responses)
    more: list[Trouble] = []
    for change in comparison.changes:
        at = _schema_at(old, change.old)
        for witness in change.witnesses:
            if at in asked and change.severity["typed client"] == "breaking":
                more += _refusal(use, change, witness)
            if at in told:
                more += _unreadable_answer(use, change, witness, half)
    return replace(use, troubles=(*use.troubles, *more))


def _below(contract: Contract, *bodies: Body | Response | None) -> set[str]:
    """The schemas of some bodies, and all below them."""
    starts = [media.schema for body in bodies if body for media in body.content if media.schema]
    return downward(contract.schemas, starts)


def _schema_at(contract: Contract, pointer: str | None) -> str:
    """The schema that a pointer is in."""
    while pointer and pointer not in contract.schemas:
        pointer = pointer.rpartition("/")[0]
    return pointer or ""


def _refusal(use: Use, change: Change, witness: Witness) -> Iterator[Trouble]:
    if witness.valid_in == "old" and witness.spot.part.startswith("request body"):
        yield Trouble("may be refused", change.sentence, _sent(use, witness))


def _unreadable_answer(use: Use, change: Change, witness: Witness, half: Any) -> Iterator[Trouble]:
    body = _BODY_OF_ANSWER.fullmatch(witness.spot.part)
    if body is None or witness.valid_in != "new":
        return
    name = witness.spot.operation
    error = _unread(name, half, body["status"], body["type"], witness.value)
    if error:
        sentence = f"{error} ({change.sentence})"
        yield Trouble("may be unreadable", sentence, _came(use, witness, body["status"]))


_BODY_OF_ANSWER = re.compile(r"answer (?P<status>\S+) (?P<type>\S+)")


def _unread(name: str, half: Any, status: str, media_type: str, value: Json) -> str:
    """What the old client says of a successful answer; nothing where it reads it."""
    for operation in half.operations.OPERATIONS:
        if f"{operation.method} {operation.path}" != name:
            continue
        for answer in operation.successes:
            if answer.kind and (answer.status, answer.media_type) == (status, media_type):
                return _complaint(answer.kind, value)
    return ""


def _complaint(kind: Any, value: Json) -> str:
    try:
        kind.read(value)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = "/".join(str(part) for part in first["loc"])
        return f"/{place}: {first['msg']}"
    except ValueError as error:
        return str(error)
    return ""


def _sent(use: Use, witness: Witness) -> tuple[Step, ...]:
    """The example as an exchange, if it is one of this operation."""
    if witness.spot.operation != use.operation:
        return ()
    method, _, path = use.operation.partition(" ")
    body = json.dumps(witness.value).encode()
    return (Step(Request(method, path, body=body), Answer(400)),)


def _came(use: Use, witness: Witness, status: str) -> tuple[Step, ...]:
    if witness.spot.operation != use.operation:
        return ()
    method, _, path = use.operation.partition(" ")
    code = int(status) if status.isdigit() else 200
    body = json.dumps(witness.value).encode()
    return (Step(Request(method, path), Answer(code, body=body)),)


def _least(calls: Sequence[Called]) -> Called:
    return min(calls, key=lambda each: len(each.request.body or b"") + len(each.answer.body))


def _step(called: Called) -> Step:
    return Step(called.request, called.answer)
