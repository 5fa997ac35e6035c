"""Requests and answers that one contract admits and the other refuses: made, and checked in both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from tallystick.contract import Contract, Operation
from tallystick.document import Json

from .collecting import Collection
from .records import Spot, Witness
from .replies import covering_answer
from .replies import refusal as answer_refusal
from .requests import Asked, refusal, request

Side = Literal["old", "new"]
_NOTHING = Asked()


def sent(
    held: Collection,
    spot: Spot,
    old: Operation | None,
    new: Operation | None,
    side: Side = "old",
    asked: Asked = _NOTHING,
) -> Witness | None:
    """A request that the contract of ``side`` admits and the other refuses; None if none is found.

    Args:
        old, new: the operation in both; None where it is not there.
        asked: what the request has beside what it must have.
    """
    here, mine, there, theirs = _sides(held, old, new, side)
    if mine is None:
        return None
    value = request(here, mine, asked)
    received = mine.incoming is not None
    if received and theirs is None:
        return Witness(spot, value, "/path", side)
    fault = refusal(there, value, theirs if received else None)
    if fault is None or refusal(here, value, mine if received else None) is not None:
        return None
    return Witness(spot, value, fault, side)


def answered(
    spot: Spot, old: Operation, new: Operation, side: Side, answer: Mapping[str, Json]
) -> Witness | None:
    """An answer as a witness, if the contract of ``side`` admits it and the other refuses it."""
    mine, theirs = (old, new) if side == "old" else (new, old)
    fault = answer_refusal(theirs, answer)
    if fault is None or answer_refusal(mine, answer) is not None:
        return None
    return Witness(spot, dict(answer), fault, side)


def status_of(declared: str, other: Operation) -> int:
    """A status that falls under a declaration, and that the other operation does not declare if there is one."""
    if declared.isdigit():
        return int(declared)
    start = int(declared[0]) * 100 if declared[0].isdigit() else 400
    stop = start + 100 if declared[0].isdigit() else 600
    free = (each for each in range(start, stop) if covering_answer(other, each) is None)
    return next(free, start)


def _sides(
    held: Collection, old: Operation | None, new: Operation | None, side: Side
) -> tuple[Contract, Operation | None, Contract, Operation | None]:
    if side == "old":
        return held.old, old, held.new, new
    return held.new, new, held.old, old
