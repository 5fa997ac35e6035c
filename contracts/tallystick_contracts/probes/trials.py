"""A member put into a state, sent, and the effect read: what most rules judge, sent only once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from pydantic import MISSING

from tallystick.contract import Operation, Resource
from tallystick.document import Json

from ..exchange import Answer
from ..verdicts import Step
from .bodies import addressed, body_for, priming, telling
from .lab import Lab
from .live import Live, NotReached
from .members import Member
from .places import at, same
from .states import NULL, State
from .visible import unshown


@dataclass(frozen=True, slots=True)
class Trial:
    """One body sent to one operation."""

    operation: Operation
    body: Json
    step: Step
    """The exchange in question."""
    steps: tuple[Step, ...] = field(repr=False)
    """What led to it, itself, and the read after it."""
    before: Json | MISSING = field(repr=False, default=MISSING)
    after: Json | MISSING = field(repr=False, default=MISSING)
    """What reads showed; MISSING where there is no read."""
    visible: bool = True
    """Whether everything sent was shown in time."""
    live: Live | None = field(repr=False, default=None)
    primed: Trial | None = field(repr=False, default=None)
    """The update of the same member that came first, so that this one shows."""
    earlier: Step | None = field(repr=False, default=None)
    """The read that showed ``before``."""

    @property
    def asked(self) -> tuple[Step, ...]:
        """What led to the exchange in question, and itself."""
        place = next(n for n, each in enumerate(self.steps) if each is self.step)
        return self.steps[: place + 1]

    @property
    def compared(self) -> tuple[Step, ...]:
        """All steps, the read before the exchange in question included: the third from the end."""
        before = (self.earlier,) if self.earlier else ()
        return (*self.asked[:-1], *before, *self.steps[len(self.asked) - 1 :])

    @property
    def answer(self) -> Answer:
        """The answer in question."""
        return self.step.answer


def tried(lab: Lab, operation: Operation, member: Member, state: State) -> Trial:
    """The member in this state, the rest minimal; sent once and remembered.

    Raises:
        NotReached: what it takes cannot be made.
    """
    key = ("tried", operation.pointer, member.path, state.name)
    if key not in lab.memory:
        try:
            lab.memory[key] = _tried(lab, operation, member, state)
        except NotReached as reason:
            lab.memory[key] = reason
    kept = lab.memory[key]
    if isinstance(kept, NotReached):
        raise kept
    return cast(Trial, kept)


def _tried(lab: Lab, operation: Operation, member: Member, state: State) -> Trial:
    body = body_for(lab, operation, member, state.value)
    shape = lab.ground.shape(operation)
    if state.valid and shape is not None and not lab.ground.oracle.fits(shape.pointer, body):
        raise NotReached("the body as a whole does not admit it, with nothing else beside it")
    role = lab.ground.role(operation)
    if role == "create":
        is_key = lab.ground.names_item(operation, member)
        rename = not is_key or (state.valid and not state.falsy)
        return created(lab, operation, body, named=rename)
    if role in ("update", "replace"):
        live = dressed(lab, operation)
        if not lab.ground.names_item(operation, member):
            body = addressed(lab, operation, body, live)
        primed = _primed(lab, operation, member, state, live) if role == "update" else None
        lead = (primed.step,) if primed else ()
        return replace(updated(lab, operation, body, live, lead, wait=state.valid), primed=primed)
    return acted(lab, operation, body)


def sent(
    lab: Lab, operation: Operation, body: Json, live: Live | None = None, *, wait: bool = False
) -> Trial:
    """A body sent to an operation: to make an item, to update one, or as an action.

    Args:
        lab: the bench.
        operation: the operation.
        body: what to send.
        live: the item that is updated; the one that cases share, when it is None.
        wait: whether to wait until an update is visible.
    """
    role = lab.ground.role(operation)
    if role == "create":
        return created(lab, operation, body)
    if role in ("update", "replace"):
        live = live or dressed(lab, operation)
        return updated(lab, operation, addressed(lab, operation, body, live), live, wait=wait)
    return acted(lab, operation, body)


def created(lab: Lab, operation: Operation, body: Json, *, named: bool = True) -> Trial:
    """A create with ``body``; after a refusal the item is looked for."""
    made = lab.create(resource_of(lab, operation), body=body, named=named)
    live = made.live
    if live is not None:
        steps = (made.step, *((live.last,) if live.last else ()))
        return Trial(operation, made.body, made.step, steps, MISSING, live.shown, True, live)
    return Trial(operation, made.body, made.step, (made.step,))


def filled(lab: Lab, resource: Resource, parents: Mapping[str, Json] | None = None) -> Live:
    """A new item with a value of its own wherever a create takes one and a read shows it.

    A plain one, where the server refuses that.

    Raises:
        NotReached: the server refuses every create.
    """
    create = lab.ground.contract.operation(resource.create) if resource.create else None
    if create is not None and lab.ground.shape(create) is not None:
        made = lab.create(resource, parents, telling(lab, create))
        if made.live is not None:
            return made.live
    return lab.fresh(resource, parents)


def dressed(lab: Lab, operation: Operation) -> Live:
    """An item, shared by cases, in which nothing has its default: so that a reset would show."""
    key = ("dressed", operation.pointer)
    if key not in lab.memory:
        lab.memory[key] = dress(lab, operation)
    return cast(Live, lab.memory[key])


def dress(lab: Lab, operation: Operation) -> Live:
    """A new item in which every member that a read shows has a value other than its default.

    Raises:
        NotReached: the server refuses every create.
    """
    live = filled(lab, resource_of(lab, operation))
    body = addressed(lab, operation, telling(lab, operation), live)
    if not unshown(lab, operation, body, live.shown):
        return live
    step = lab.send(operation, lab.request(operation, live.path, body), live.steps)
    if step.answer.accepted:
        lab.read_until(live, operation, lambda shown: not unshown(lab, operation, body, shown))
        live.steps = (*live.steps, step)
    return live


def updated(
    lab: Lab,
    operation: Operation,
    body: Json,
    live: Live,
    lead: tuple[Step, ...] = (),
    *,
    wait: bool = True,
) -> Trial:
    """An update or replacement of ``live``; what is sent is awaited, what is refused is looked at.

    Args:
        lab: the bench.
        operation: the update.
        body: what to send.
        live: the item.
        lead: exchanges since the item was made that matter.
        wait: whether to wait until it is visible; an invalid body that is taken need not be.

    Raises:
        NotReached: no update of this operation was ever seen to take effect.
    """
    if lab.in_vain(operation):
        raise NotReached("no update of this operation was seen to take effect")
    if live.resource.single:  # other cases change it too
        lab.read(live)
    before, earlier = live.shown, live.last
    led_by = (*live.steps, *lead)
    step = lab.send(operation, lab.request(operation, live.path, body), led_by)
    visible = True
    if step.answer.accepted and wait:
        if before is not MISSING and not unshown(lab, operation, body, before):
            # Nothing should move, so there is nothing to wait for but a move.
            read = lab.settle(live, operation, lambda shown: not same(shown, before))
        else:
            read, visible = lab.read_until(
                live, operation, lambda shown: not unshown(lab, operation, body, shown)
            )
    else:
        read = lab.read(live)
    steps = (*led_by, step, *((read,) if read else ()))
    return Trial(operation, body, step, steps, before, live.shown, visible, live, earlier=earlier)


def acted(lab: Lab, operation: Operation, body: Json) -> Trial:
    """A request to an operation that neither creates nor updates an item."""
    step = lab.send(operation, lab.request(operation, lab.path(operation), body))
    return Trial(operation, body, step, (step,))


def _primed(
    lab: Lab, operation: Operation, member: Member, state: State, live: Live
) -> Trial | None:
    """Where the item already shows the value, or null is to be sent: another value first."""
    shape = lab.ground.shape(operation)
    mirror = shape.mirror(member.path) if shape else None
    if mirror is None or not state.valid or state.value is MISSING or live.shown is MISSING:
        return None
    current = at(live.shown, mirror.response)
    if state.name != NULL and not (mirror.comparable and same(current, state.value)):
        return None
    other = priming(lab, member, mirror, current)
    if other is None or (
        state.name == NULL and current not in (MISSING, None) and not same(current, mirror.default)
    ):
        return None
    body = addressed(lab, operation, body_for(lab, operation, member, other.value), live)
    trial = updated(lab, operation, body, live)
    return trial if trial.answer.accepted else None


def resource_of(lab: Lab, operation: Operation) -> Resource:
    """The resource on which an operation works.

    Raises:
        NotReached: there is none.
    """
    resource = lab.ground.resource(operation)
    if resource is None:
        raise NotReached("the contract has no resource here")
    return resource
