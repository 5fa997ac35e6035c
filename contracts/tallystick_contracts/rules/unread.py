"""Updates that nothing reads: an answer that says "unchanged" tells whether a member moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast

from tallystick.contract import Operation
from tallystick.document import Json

from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.live import NotReached
from ..probes.members import Member
from ..probes.places import ITEM, at, same
from ..probes.states import FALSY
from ..verdicts import Law, Step
from .rule import Judgement, Spot, answered, broken, held, not_applicable, not_reached, rule, said

_CASES = ("value", "falsy value", "null", "beside others", "two at once", "another path")


def _unread(ground: Ground) -> Iterator[Spot]:
    """Every member at the top of an update whose answer tells, and whose effect no read shows."""
    for shape in ground.bodied:
        operation, outcome = shape.operation, shape.operation.outcome
        tells = outcome is not None and outcome.unchanged and outcome.accepted
        if not tells or operation.method != "PATCH" or ground.read_of(operation) is not None:
            continue
        for member in shape.members:
            if len(member.path) == 1 and ITEM not in member.path and _values(ground, member):
                for case in _CASES:
                    yield Spot(operation, member.pointer, member.place, case, member)


def _values(ground: Ground, member: Member) -> list[Json]:
    """Values of a member of which each two differ; at least two, or none."""
    states = ground.states.values(member)
    distinct: list[Json] = []
    for state in (*(each for each in states if each.promised), *states):
        if not any(same(state.value, each) for each in distinct):
            distinct.append(cast(Json, state.value))  # never MISSING: they are values
    return distinct if len(distinct) > 1 else []


@dataclass(slots=True)
class _Talk:
    """Updates of one thing, one after the other, and whether each said that it changed something."""

    lab: Lab
    operation: Operation
    path: Mapping[str, Json]
    steps: list[Step] = field(default_factory=list[Step])

    def moved(self, body: Json) -> bool:
        """Send an update; whether it says that it changed something.

        Raises:
            NotReached: it was refused, or says neither.
        """
        request = self.lab.request(self.operation, self.path, body)
        step = self.lab.send(self.operation, request, tuple(self.steps))
        self.steps.append(step)
        outcome = self.lab.ground.outcome(self.operation)
        word = at(step.answer.content, (outcome.member,))
        if not step.answer.accepted or word not in (*outcome.unchanged, *outcome.accepted):
            raise NotReached(f"{answered(step.answer)}, or the answer does not tell")
        return word in outcome.accepted


@rule(
    Law.UPDATES,
    "An update that no read shows is told by what the next one says: unchanged, or not.",
    _unread,
)
def unread_updates_take_effect(lab: Lab, spot: Spot) -> Judgement:
    """A member is set, and set again to the same: the answer says "unchanged". Set to another value
    it says that it changed. So it is told without a read whether null left it as it was, whether
    zero was kept, and whether an update of another member moved it. Finds: a change that is dropped
    where no read would show it.
    """
    member, operation = spot.member, spot.operation
    if member is None:
        return not_applicable("there is no member")
    talk = _Talk(lab, operation, lab.path(operation))
    values = _values(lab.ground, member)
    falsy = [each for each in values if any(same(each, nothing) for nothing in FALSY)]
    name = member.path[-1]
    first, second = values[0], values[1]
    if spot.state == "falsy value":
        if not falsy:
            return not_applicable("none of its values is falsy")
        second = falsy[0]
        first = next(each for each in values if not same(each, second))
    talk.moved({name: first})
    return _judged(lab, spot, talk, {name: first}, {name: second})


def _judged(
    lab: Lab, spot: Spot, talk: _Talk, first: dict[str, Json], second: dict[str, Json]
) -> Judgement:
    others = _others(lab, spot)
    if spot.state == "null":
        if spot.member is None or spot.member.declared.null != "unchanged":
            return not_applicable("null is not declared to leave it as it is")
        talk.moved(dict.fromkeys(first))
        return _expect(talk, first, False, "null leaves it as it is")
    if spot.state in ("beside others", "two at once") and not others:
        return not_applicable("there is no other member")
    if spot.state == "beside others":
        _change(talk, others)
        return _expect(talk, first, False, "an update of another member leaves it as it is")
    if spot.state == "two at once":
        talk.moved(others[0])
        talk.moved({**others[1], **second})
        kept = _expect(talk, second, False, "it was sent beside another")
        return kept if kept.finding else _expect(talk, others[1], False, "both were sent at once")
    if spot.state == "another path":
        return _elsewhere(lab, spot, talk, first, second)
    changed = _expect(talk, second, True, "it is another value")
    return changed if changed.finding else _expect(talk, second, False, "it was just sent")


def _others(lab: Lab, spot: Spot) -> list[dict[str, Json]]:
    """Another member with one value and with another one."""
    shape = lab.ground.shape(spot.operation)
    for member in shape.members if shape else ():
        if len(member.path) == 1 and member is not spot.member and member != spot.member:
            values = _values(lab.ground, member)
            if values:
                return [{member.path[0]: values[0]}, {member.path[0]: values[1]}]
    return []


def _change(talk: _Talk, bodies: list[dict[str, Json]]) -> None:
    for body in bodies:
        talk.moved(body)


def _elsewhere(
    lab: Lab, spot: Spot, talk: _Talk, first: dict[str, Json], second: dict[str, Json]
) -> Judgement:
    with suppress(NotReached):
        path = {each: _second(lab, spot.operation, each) for each in talk.path}
        if path != talk.path:
            other = _Talk(lab, spot.operation, path, talk.steps)
            other.moved(first)
            other.moved(second)
            return _expect(talk, first, False, "an update at another path leaves it as it is")
    return not_applicable("only one path is known")


def _second(lab: Lab, operation: Operation, name: str) -> Json:
    parameter = operation.parameter(name, "path")
    values = lab.target.known(parameter) if parameter else ()
    if len(values) < 2:
        raise NotReached(f"only one value is known for {{{name}}}")
    return values[1]


def _expect(talk: _Talk, body: dict[str, Json], moves: bool, why: str) -> Judgement:
    if talk.moved(body) is moves:
        return held()
    wanted = "changes something" if moves else "changes nothing"
    if not talk.steps[-1].answer.accepted:
        return not_reached(answered(talk.steps[-1].answer))
    return broken(
        f"An update with {said(body)} {wanted}: {why}.",
        f"It says that it {'changed nothing' if moves else 'changed something'}.",
        talk.steps,
    )
