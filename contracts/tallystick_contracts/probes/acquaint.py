"""Getting to know how long updates take, before one that seems lost is waited for."""

from __future__ import annotations

import time

from tallystick.contract import Operation
from tallystick.document import Json

from .bodies import body_for, priming
from .lab import Lab
from .live import Live, NotReached
from .members import Member
from .patience import LONG
from .places import ITEM, at
from .trials import filled, resource_of, sent


def acquaint(lab: Lab, operation: Operation) -> None:
    """Update an item of the operation's resource as often as it takes to know how quick that is.

    So the whole budget of an update is waited only where updates are not known to be quick.
    """
    resource = lab.ground.resource(operation)
    for pointer in (resource.update, resource.replace) if resource else ():
        update = lab.ground.contract.operation(pointer) if pointer else None
        if update is not None and lab.patience.wonders(update):
            lab.patience.asked(update)
            try:
                _acquaint(lab.part(f"{update.key} acquaint", lab.stop), update)
            except NotReached:
                continue


def _acquaint(lab: Lab, update: Operation) -> None:
    """One plain member after the other, over and over, but for those whose updates are not seen."""
    shape = lab.ground.shape(update)
    live = filled(lab, resource_of(lab, update))
    members = [each for each in shape.members if ITEM not in each.path] if shape else []
    end = time.monotonic() + LONG
    while members and not lab.patience.knows(update) and time.monotonic() < end:
        member = members.pop(0)
        body = _plain(lab, update, member, live)
        if body is not None:
            trial = sent(lab, update, body, live, wait=True)
            if trial.answer.accepted and trial.visible:
                members.append(member)


def _plain(lab: Lab, update: Operation, member: Member, live: Live) -> Json:
    """A body that changes the member to something nobody takes for absent; None if there is none."""
    shape = lab.ground.shape(update)
    mirror = shape.mirror(member.path) if shape else None
    if mirror is None or not mirror.comparable or lab.ground.names_item(update, member):
        return None
    state = priming(lab, member, mirror, at(live.shown, mirror.response))
    return None if state is None or state.falsy else body_for(lab, update, member, state.value)
