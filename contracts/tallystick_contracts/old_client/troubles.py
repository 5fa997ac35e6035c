"""The troubles that calls show: refusals, answers that cannot be read, promises no longer kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tallystick.contract import Operation

from ..exchange import Request
from ..through import Called
from ..verdicts import Result, Step, Verdict
from .controls import REFUSED, Controls, route
from .records import Trouble, Use


def use_of(
    operation: Operation, calls: Sequence[Called], result: Result, controls: Controls
) -> Use:
    """What is seen of one operation; ``calls`` are those of every operation."""
    mine = [each for each in calls if each.operation == operation.pointer]
    if route(operation) not in controls.routes:
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


def _refused(calls: Sequence[Called], controls: Controls) -> Iterator[Trouble]:
    """Requests that were taken before, of each answer the shortest; any, where none is taken."""
    suspects = [each for each in calls if each.answer.status in REFUSED]
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


def _least(calls: Sequence[Called]) -> Called:
    return min(calls, key=lambda each: len(each.request.body or b"") + len(each.answer.body))


def _step(called: Called) -> Step:
    return Step(called.request, called.answer)
