"""What a run changed of things that were there before it: put back as they were."""

from __future__ import annotations

from pydantic import MISSING

from tallystick.contract import Operation, Resource
from tallystick.document import Json

from ..safety import Leftover
from .bodies import addressed
from .lab import Lab
from .live import Gone, Live, NotReached, OutOfTime
from .places import ITEM, at, same


def restored(lab: Lab) -> tuple[Leftover, ...]:
    """Put back what there is one of and can be changed; tell what could not be put back, and why.

    It takes what is left of the budget, the reserve included; Ctrl-C stops it at once.
    """
    left: list[Leftover] = []
    reason = ""
    with lab.target.meter.closing():
        for live, before in lab.originals:
            if not _changing(lab, live.resource):
                continue
            try:
                reason = reason or _restored(lab, live, before)
            except (OutOfTime, Gone, NotReached) as error:
                reason = str(error) or "no time was left"
            except KeyboardInterrupt:
                lab.target.stop.heard = True
                reason = "it was stopped"
            if reason:
                path = live.last.request.target if live.last else live.resource.collection
                told = f"it was changed, and not put back: {reason}"
                left.append(Leftover(_changing(lab, live.resource)[0].key, path, told))
            reason = reason if lab.target.stop.heard else ""
    return tuple(left)


def _restored(lab: Lab, live: Live, before: Json) -> str:
    """Why the item does not read as before; empty if it does."""
    lab.read(live)
    return "" if same(live.shown, before) else put_back(lab, live, before)


def put_back(lab: Lab, live: Live, before: Json) -> str:
    """Send what an item read before, by an update, and by a replacement if that is not enough.

    Returns:
        Why it does not read as before; empty if it does.
    """
    reason = "no operation changes it"
    for operation in _changing(lab, live.resource):
        reason = _sent_back(lab, operation, live, before)
        if not reason:
            break
    return reason


def _sent_back(lab: Lab, operation: Operation, live: Live, before: Json) -> str:
    shape, whole = lab.ground.shape(operation), lab.ground.role(operation) == "replace"
    body = lab.base(operation)
    for mirror in shape.mirrors if shape else ():
        there = at(before, mirror.response)
        moved = whole or not same(there, at(live.shown, mirror.response))
        if shape and there is not MISSING and moved and ITEM not in mirror.request:
            more = lab.ground.with_member(operation, body, mirror.request, there)
            # What was there before need not be what a request may send.
            body = more if lab.ground.oracle.fits(shape.pointer, more) else body
    sent = addressed(lab, operation, body, live)
    step = lab.send(operation, lab.request(operation, live.path, sent), live.steps)
    if not step.answer.accepted:
        return step.answer.failure or f"{operation.key} answered {step.answer.status}"
    lab.read_until(live, operation, lambda shown: same(shown, before))
    return "" if same(live.shown, before) else "a read shows it otherwise"


def _changing(lab: Lab, resource: Resource) -> list[Operation]:
    pointers = (resource.update, resource.replace)
    return [lab.ground.contract.operation(each) for each in pointers if each]
