"""What a run changed of things that were there before it: put back as they were."""

from __future__ import annotations

import copy

from pydantic import MISSING

from tallystick.contract import Operation, Resource
from tallystick.document import Json

from ..safety import Leftover
from .bodies import addressed
from .lab import Lab
from .live import Gone, Live, NotReached, OutOfTime
from .places import ITEM, at, same

_STOPPED = "it was stopped"


def restored(lab: Lab) -> tuple[Leftover, ...]:
    """Put back what there is one of and can be changed; tell what could not be put back, and why.

    It takes what is left of the budget, the reserve included; Ctrl-C stops it at once.
    """
    left: list[Leftover] = []
    reason = ""
    with lab.target.meter.closing():
        for original in lab.originals:
            changing = _changing(lab, original.resource)
            if not changing:
                continue
            reason = reason if reason == _STOPPED else _restored(lab, original)
            if reason:
                path = original.last.request.target if original.last else ""
                told = f"it was changed, and not put back: {reason}"
                left.append(Leftover(changing[0].key, path, told))
    return tuple(left)


def _restored(lab: Lab, original: Live) -> str:
    """Why the item does not read as it did at first; empty if it does."""
    live, before = copy.copy(original), original.shown
    try:
        lab.read(live)
        if before is MISSING or same(live.shown, before):
            return ""
        return put_back(lab, live, before)
    except OutOfTime:
        return "no time was left"
    except (Gone, NotReached) as error:
        return str(error)
    except KeyboardInterrupt:
        lab.target.stop.heard = True
        return _STOPPED


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
