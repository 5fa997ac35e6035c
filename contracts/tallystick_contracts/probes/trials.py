"""A member put into a state, sent, and the effect read: what most rules judge, sent only once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TypeAlias, cast

from pydantic import MISSING

from tallystick.contract import Operation, Resource
from tallystick.document import Json

from ..exchange import Answer
from ..mirror import Mirror
from ..verdicts import Step
from .lab import Lab
from .live import Live, NotReached
from .maps import is_map
from .members import Member
from .places import ITEM, Path, at, put, same
from .samples import Unsatisfiable
from .states import LONGEST, NULL, State


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


def body_for(lab: Lab, operation: Operation, member: Member, value: Json | MISSING) -> Json:
    """The smallest body in which ``member`` has ``value``; MISSING leaves it out."""
    try:
        return lab.ground.with_member(operation, lab.base(operation), member.path, value)
    except Unsatisfiable as error:
        raise NotReached(f"no valid body was found for {operation.key}: {error.what}") from None


def _tried(lab: Lab, operation: Operation, member: Member, state: State) -> Trial:
    body = body_for(lab, operation, member, state.value)
    shape = lab.ground.shape(operation)
    if state.valid and shape is not None and not lab.ground.oracle.fits(shape.pointer, body):
        raise NotReached("the body as a whole does not admit it, with nothing else beside it")
    role = lab.ground.role(operation)
    if role == "create":
        is_key = names_item(lab, operation, member)
        rename = not is_key or (state.valid and not state.falsy)
        return created(lab, operation, body, named=rename)
    if role in ("update", "replace"):
        live = dressed(lab, operation)
        if not names_item(lab, operation, member):
            body = addressed(lab, operation, body, live)
        primed = _primed(lab, operation, member, state, live) if role == "update" else None
        lead = (primed.step,) if primed else ()
        return replace(updated(lab, operation, body, live, lead, wait=state.valid), primed=primed)
    return acted(lab, operation, body)


def sent(lab: Lab, operation: Operation, body: Json) -> Trial:
    """A body sent to an operation: on a new item, on one that cases share, or as an action."""
    role = lab.ground.role(operation)
    if role == "create":
        return created(lab, operation, body)
    if role in ("update", "replace"):
        live = dressed(lab, operation)
        return updated(lab, operation, addressed(lab, operation, body, live), live, wait=False)
    return acted(lab, operation, body)


def created(lab: Lab, operation: Operation, body: Json, *, named: bool = True) -> Trial:
    """A create with ``body``; after a refusal the item is looked for."""
    made = lab.create(resource_of(lab, operation), body=body, named=named)
    live = made.live
    if live is not None:
        steps = (made.step, *((live.last,) if live.last else ()))
        return Trial(operation, made.body, made.step, steps, MISSING, live.shown, True, live)
    return Trial(operation, made.body, made.step, (made.step,))


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
    resource = resource_of(lab, operation)
    create = next((o for o in lab.ground.contract.operations if o.pointer == resource.create), None)
    made = lab.create(resource, body=telling(lab, create)) if create else None
    live = made.live if made and made.live else lab.fresh(resource)
    body = addressed(lab, operation, telling(lab, operation), live)
    if not unshown(lab, operation, body, live.shown):
        return live
    step = lab.send(operation, lab.request(operation, live.path, body), live.steps)
    if step.answer.accepted:
        lab.read_until(live, operation, lambda shown: not unshown(lab, operation, body, shown))
        live.steps = (*live.steps, step)
    return live


def names_item(lab: Lab, operation: Operation, member: Member) -> bool:
    """Whether the member is the name by which the item is addressed."""
    return lab.ground.names_item(operation, member)


def addressed(lab: Lab, operation: Operation, body: Json, live: Live) -> Json:
    """``body`` with the item's own name, where an update or replacement repeats it."""
    key = lab.ground.key(operation)
    if key is None or not isinstance(body, dict) or key.read_only:
        return body
    replaces = lab.ground.role(operation) == "replace"
    return put(body, (key.name,), live.id) if replaces or key.name in body else body


def telling(lab: Lab, operation: Operation) -> Json:
    """A body in which every member that a read shows has a value other than its default."""
    key = ("telling", operation.pointer)
    if key not in lab.constants:
        body = lab.base(operation)
        shape = lab.ground.shape(operation)
        for member in shape.members if shape else ():
            mirror = shape.mirror(member.path) if shape else None
            shows = mirror is not None and (mirror.comparable or _plain_container(lab, member))
            state = priming(lab, member, mirror, MISSING) if mirror and shows else None
            if state is not None and not names_item(lab, operation, member):
                body = lab.ground.with_member(operation, body, member.path, state.value)
        lab.constants[key] = body
    return lab.constants[key]


def widest(lab: Lab, operation: Operation) -> Json:
    """A body in which every text that a read shows is as long as it may be, up to a thousand."""
    body, shape = lab.base(operation), lab.ground.shape(operation)
    for member in shape.members if shape else ():
        mirror = shape.mirror(member.path) if shape else None
        state = lab.ground.states.named(member, LONGEST)
        if mirror is None or state is None or not state.valid or ITEM in member.path:
            continue
        text = isinstance(state.value, str) and len(state.value) <= 1000
        if text and not names_item(lab, operation, member):
            body = lab.ground.with_member(operation, body, member.path, state.value)
    return body


def _plain_container(lab: Lab, member: Member) -> bool:
    """Whether it is a map, or an array of what is no container: nothing within it is a member."""
    contract = lab.ground.contract
    core = contract.core(member.pointer)
    if core.types - {"null"} == frozenset({"array"}) and core.items is not None:
        return not {"object", "array"} & contract.core(core.items).types
    return is_map(core)


def changing(
    lab: Lab, operation: Operation, live: Live, beside: Member | None = None
) -> tuple[Json, int]:
    """A body of members which would all change something that a read shows, and how many.

    Args:
        lab: the bench.
        operation: the update.
        live: the item as a read showed it.
        beside: a member that is left out with all within.
    """
    shape, count = lab.ground.shape(operation), 0
    body = lab.base(operation)
    for member in shape.members if shape else ():
        mirror = shape.mirror(member.path) if shape else None
        within = beside is not None and member.path[: len(beside.path)] == beside.path
        if mirror is None or not mirror.comparable or within:
            continue
        current = at(live.shown, mirror.response)
        values = [v for v in lab.ground.states.values(member) if not same(v.value, current)]
        if values:
            body = lab.ground.with_member(operation, body, member.path, values[0].value)
            count += 1
    return body, count


def unlike(lab: Lab, operation: Operation, shown: Json | MISSING) -> Json:
    """A body in which every member that a read shows has a value other than ``shown`` has."""
    body, shape = lab.base(operation), lab.ground.shape(operation)
    for member in shape.members if shape else ():
        mirror = shape.mirror(member.path) if shape else None
        if mirror is None or names_item(lab, operation, member):
            continue
        if not (mirror.comparable or _plain_container(lab, member)):
            continue
        state = priming(lab, member, mirror, at(shown, mirror.response))
        if state is not None:
            value = _renamed(lab, member, state.value)
            body = lab.ground.with_member(operation, body, member.path, value)
    return body


def _renamed(lab: Lab, member: Member, value: Json | MISSING) -> Json | MISSING:
    """A map with an entry of a name that nothing has had, as far as it admits that."""
    if not isinstance(value, dict) or not is_map(lab.ground.contract.core(member.pointer)):
        return value
    renamed: Json = {lab.name(): each for each in list(value.values())[:1]}
    return renamed if lab.ground.oracle.fits(member.pointer, renamed) else value


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
        wanted = lab.ground.shape(operation)
        found = wanted.mirrors if wanted else ()
        if before is not MISSING and not _unshown(found, body, before):
            # Nothing should move, so there is nothing to wait for but a move.
            read = lab.settle(live, operation, lambda shown: not same(shown, before))
        else:
            read, visible = lab.read_until(
                live, operation, lambda shown: not _unshown(found, body, shown)
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


def priming(lab: Lab, member: Member, mirror: Mirror, current: Json | MISSING) -> State | None:
    """A value of the member that differs from what is shown and from what absent means."""
    values = lab.ground.states.values(member)
    telling = [
        v for v in values if not same(v.value, current) and not same(v.value, mirror.default)
    ]
    # What is empty tells nothing when it is lost.
    telling.sort(key=lambda v: (v.value in ([], {}), not v.promised, v.falsy))
    return next(iter(telling), None)


Unshown: TypeAlias = tuple[Mirror, Json, Json | MISSING]
"""A place, what was sent there, and what is shown instead."""


def unshown(lab: Lab, operation: Operation, body: Json, shown: Json | MISSING) -> list[Unshown]:
    """What was sent and is not shown: the place, what was sent, what is shown instead."""
    shape = lab.ground.shape(operation)
    return _unshown(shape.mirrors if shape else (), body, shown)


def _unshown(mirrors: tuple[Mirror, ...], body: Json, shown: Json | MISSING) -> list[Unshown]:
    found: list[Unshown] = []
    for mirror in mirrors:
        sent = picked(body, mirror.request)
        if not mirror.comparable:
            lengths = _lengths(body, shown, mirror)
            if lengths is not None:
                found.append(lengths)
            continue
        if all(each is MISSING or each is None for each in sent):
            continue
        seen = picked(shown, mirror.response)
        for index, value in enumerate(sent):
            there = seen[index] if index < len(seen) else MISSING
            if value is not MISSING and value is not None and not same(value, there):
                found.append((mirror, value, there))
                break
    return found


def told(body: Json, mirror: Mirror) -> bool:
    """Whether ``body`` has something at a place that a read shows as it was sent."""
    if not mirror.comparable:
        return isinstance(at(body, mirror.request), list)
    return any(each is not MISSING and each is not None for each in picked(body, mirror.request))


def _lengths(
    body: Json, shown: Json | MISSING, mirror: Mirror
) -> tuple[Mirror, Json, Json | MISSING] | None:
    """An array must come back with as many items as were sent."""
    sent, seen = at(body, mirror.request), at(shown, mirror.response)
    if isinstance(sent, list) and (not isinstance(seen, list) or len(seen) != len(sent)):
        return mirror, sent, seen
    return None


def picked(value: Json | MISSING, path: Path) -> list[Json | MISSING]:
    """Everything that stands at ``path``, one for each item of the arrays on the way."""
    if ITEM not in path:
        for token in path:
            value = value.get(token, MISSING) if isinstance(value, dict) else MISSING
        return [value]
    found: list[Json | MISSING] = [value]
    for token in path:
        deeper: list[Json | MISSING] = []
        for each in found:
            if token == ITEM:
                deeper.extend(each if isinstance(each, list) else ())
            elif isinstance(each, dict):
                deeper.append(each.get(token, MISSING))
            else:
                deeper.append(MISSING)
        found = deeper
    return found


def key_of(lab: Lab, operation: Operation) -> str:
    """The member of a create's body that names the item.

    Raises:
        NotReached: there is none.
    """
    name = lab.ground.key_name(operation)
    if name is None:
        raise NotReached("the server chooses the names")
    return name


def resource_of(lab: Lab, operation: Operation) -> Resource:
    """The resource on which an operation works.

    Raises:
        NotReached: there is none.
    """
    resource = lab.ground.resource(operation)
    if resource is None:
        raise NotReached("the contract has no resource here")
    return resource
