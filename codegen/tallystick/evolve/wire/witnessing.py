"""Requests and answers that one contract admits and the other refuses: made, and checked in both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, TypeAlias

from tallystick.contract import Operation
from tallystick.document import Json

from ..kinds import KINDS, severities
from ..records import READERS, Spot, Witness
from .alignment import Pair
from .collecting import Collection, Draft
from .replies import covering_answer
from .replies import refusal as answer_refusal
from .requests import Asked, refusal, request
from .words import named

Side: TypeAlias = Literal["old", "new"]
SIDES: tuple[Side, ...] = ("old", "new")
_NOTHING = Asked()
REQUEST = "request"
"""What ``Spot.part`` is where the value is a whole request."""
ANSWER = "answer"


def sides(draft: Draft) -> tuple[Side, ...]:
    """Of which contract an example must be, to show whom a change breaks."""
    severity = severities(KINDS[draft.kind], draft.direction)
    clients = any(severity[each] == "breaking" for each in READERS if each != "server")
    asked = draft.direction != "response"
    found: list[Side] = []
    if clients:
        found.append("old" if asked else "new")
    if severity["server"] == "breaking":
        found.append("new" if asked else "old")
    return tuple(found)


def with_requests(
    held: Collection,
    draft: Draft,
    old: Operation | None,
    new: Operation | None,
    asked: Mapping[Side, Asked] | None = None,
) -> Draft:
    """A change with the requests that show it.

    Args:
        old, new: the operation in both contracts; None where it is not there.
        asked: what a request of each has beside what it must have.
    """
    given = asked or {}
    found = (_sent(held, draft, (old, new), each, given) for each in sides(draft))
    return replace(draft, witnesses=tuple(each for each in found if each is not None))


def spot_of(draft: Draft, part: str) -> Spot:
    """Where a whole request or answer travels."""
    operation = draft.operation
    return Spot(named(operation) if operation else "", part, draft.direction)


def _sent(
    held: Collection,
    draft: Draft,
    both: tuple[Operation | None, Operation | None],
    side: Side,
    asked: Mapping[Side, Asked],
) -> Witness | None:
    """A request that the contract of ``side`` admits and the other refuses, if there is one."""
    here, there = (held.old, held.new) if side == "old" else (held.new, held.old)
    mine, theirs = both if side == "old" else both[::-1]
    if mine is None:
        return None
    value = request(here, mine, asked.get(side, _NOTHING))
    received = mine.incoming is not None
    spot = spot_of(draft, REQUEST)
    if theirs is None:  # refused, or taken for one of another operation
        return Witness(spot, value, "/path", side)
    fault = refusal(there.contract, value, theirs if received else None)
    if fault is None or refusal(here.contract, value, mine if received else None) is not None:
        return None
    return Witness(spot, value, fault, side)


def with_misread(
    held: Collection,
    draft: Draft,
    old: Operation,
    new: Operation,
    asked: Mapping[Side, Asked],
    at: str,
) -> Draft:
    """A change with requests that both contracts admit, and in which the other reads something else.

    Args:
        at: where in the request it stands.
    """
    spot = spot_of(draft, REQUEST)
    found: list[Witness] = []
    for side in sides(draft):
        here, mine = (held.old, old) if side == "old" else (held.new, new)
        found.append(Witness(spot, request(here, mine, asked.get(side, _NOTHING)), at, side))
    return replace(draft, witnesses=tuple(found))


def with_accept(
    held: Collection, draft: Draft, old: Operation, new: Operation, media_type: str | None
) -> Draft:
    """A change of answers with a request that asks for a media type which none is any more."""
    asking = replace(draft, kind="operation-removed", direction="request")
    found = with_requests(held, asking, old, new, {"old": Asked(accept=media_type)})
    return replace(draft, witnesses=found.witnesses)


def with_answers(
    draft: Draft, old: Operation, new: Operation, answers: Mapping[Side, dict[str, Json]]
) -> Draft:
    """A change with the answers that one contract declares and the other does not."""
    found: list[Witness] = []
    for side in sides(draft):
        mine, theirs = (old, new) if side == "old" else (new, old)
        answer = answers.get(side)
        fault = None if answer is None else answer_refusal(theirs, answer)
        if answer is not None and fault is not None and answer_refusal(mine, answer) is None:
            found.append(Witness(spot_of(draft, ANSWER), answer, fault, side))
    return replace(draft, witnesses=tuple(found))


def status_of(declared: str, pair: Pair, *, shared: bool) -> int:
    """A status that falls under a declaration.

    Args:
        shared: whether both contracts have it: then one that neither has by its code; else one
            that only one of them declares, if there is one.
    """
    if declared.isdigit():
        return int(declared)
    ranged = declared[0].isdigit()
    start = int(declared[0]) * 100 if ranged else 400
    both = (pair.old, pair.new)
    codes = {each.status for operation in both for each in operation.responses}
    free = [n for n in range(start, start + (100 if ranged else 200)) if str(n) not in codes]
    for status in () if shared else free:
        if sum(covering_answer(each, status) is not None for each in both) == 1:
            return status
    return free[0]
