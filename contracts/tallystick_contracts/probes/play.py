"""Sequences of requests, played on items of their own and compared with the model at every step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from pydantic import MISSING

from tallystick.contract import Operation, Resource
from tallystick.document import Json

from ..verdicts import Step
from .bodies import addressed, key_of, unlike
from .lab import Lab
from .live import Live, NotReached
from .model import Deviation, Model, unmoved
from .places import Path, at, differences, leaves, put, same
from .shrinking import shortest

Kind: TypeAlias = Literal["create", "again", "update", "refused", "delete", "read"]


@dataclass(frozen=True, slots=True)
class Act:
    """One request of a sequence."""

    kind: Kind
    """``again`` creates a name that is taken, or was until it was deleted; ``refused`` is an
    update that the schema does not admit."""
    item: int
    """Which of the items; a create makes it."""
    body: Json | MISSING = MISSING
    parent: int = 0
    """Of a create: under which parent."""
    namesake: int | None = None
    """Of a create: the item whose name it takes, under another parent."""


@dataclass(frozen=True, slots=True)
class Surprise:
    """A step after which an item is not what the contract says."""

    act: Act
    item: int
    """The item in question, which need not be that of the act."""
    deviation: Deviation
    steps: tuple[Step, ...] = field(repr=False)
    """Every request of the sequence, and the read that shows it."""
    acts: tuple[Act, ...] = field(repr=False, default=())
    """The sequence that shows it."""

    def like(self, other: Surprise | None) -> bool:
        """Whether the other one shows a fault of the same kind: the same promise, broken alike."""
        if other is None:
            return False
        mine = self.act.kind, self.touched, self.deviation.why, self.deviation.falsy
        there = other.act.kind, other.touched, other.deviation.why, other.deviation.falsy
        return mine == there

    @property
    def touched(self) -> bool:
        """Whether it shows on the item that was asked for."""
        return self.item == self.act.item


class Play:
    """Items of one resource and what happened to them.

    Args:
        lab: the bench.
        resource: of which kind.
        wide: whether every other item is looked at after each step too.
    """

    def __init__(self, lab: Lab, resource: Resource, *, wide: bool = False) -> None:
        self.lab, self.resource, self.wide = lab, resource, wide
        self.items: dict[int, Live] = {}
        self.gone: set[int] = set()
        self.refused = 0
        """How many requests which the schema admits were refused."""
        self.last: Step | None = None
        """The exchange of the last act."""
        self._trail: list[Step] = []
        self._create = _operation(lab, resource.create)
        self._update = _operation(lab, resource.update)

    @property
    def blind(self) -> bool:
        """Whether no read has shown any item, so that nothing was compared."""
        return all(each.shown is MISSING for each in self.items.values())

    def play(self, acts: Sequence[Act]) -> Surprise | None:
        """Do all of it, up to the first surprise."""
        for act in acts:
            found = self.do(act)
            if found is not None:
                return found
        return None

    def do(self, act: Act) -> Surprise | None:
        """One request, and what it left.

        Raises:
            NotReached: a plain valid create is refused.
        """
        # What was sent and is no falsy value comes first: its loss is the plainer fault.
        found = min(self._acted(act), key=lambda each: each.falsy, default=None)
        if found is not None:
            return self._surprise(act, act.item, found)
        return self._beside(act) if self.wide else None

    def _acted(self, act: Act) -> Iterator[Deviation]:
        if act.kind == "create":
            yield from self._created(act)
            return
        live = self.items.get(act.item)
        if live is None or (act.item in self.gone and act.kind != "again"):
            return
        if act.kind == "again":
            yield from self._again(act, live)
        elif act.kind == "delete":
            self._deleted(act, live)
        elif act.kind == "read":
            before = live.shown
            self._read(live)
            yield from self._vanished(live, before)
            yield from unmoved(before, live.shown)
        else:
            yield from self._updated(act, live)

    def _created(self, act: Act) -> Iterator[Deviation]:
        if self._create is None:
            raise NotReached("the contract has no operation that creates this resource")
        body = self.lab.base(self._create) if act.body is MISSING else act.body
        named = act.namesake is None or act.namesake not in self.items
        if not named and act.namesake is not None:
            body = put(body, (key_of(self.lab, self._create),), self.items[act.namesake].id)
        parents = self.lab.parents(self.resource, act.parent)
        made = self.lab.create(self.resource, parents, body, named=named)
        self._note(made.step)
        if made.live is None:
            self.refused += 1
            return
        self.items[act.item] = made.live
        self.gone.discard(act.item)
        if made.live.last is not None:
            yield from self._model(self._create).created(made.body, made.live.shown)
            yield from self._answered(self._create, made.step, made.live)

    def _answered(self, operation: Operation, step: Step, live: Live) -> Iterator[Deviation]:
        """Where an answer that shows the item shows something else than a read does."""
        ground, read = self.lab.ground, self.lab.ground.read_of(operation)
        own = ground.answer_schema(operation)
        there = ground.answer_schema(read) if read else None
        body = step.answer.content
        if own is None or there is None or body is MISSING or live.shown is MISSING:
            return
        if ground.contract.target(own) != ground.contract.target(there):
            return
        body = ground.steady(self.resource, ground.reading(own, body))
        for place in differences(body, live.shown):
            # A read may know more by then: null members may have a value.
            if at(body, place) not in (None, MISSING):
                yield Deviation(place, place, "answer", at(live.shown, place), at(body, place))

    def _again(self, act: Act, live: Live) -> Iterator[Deviation]:
        """A create of the same name: refused while it is there; as good as new once it is gone."""
        if self._create is None or self.lab.ground.key(self._create) is None:
            return
        key = key_of(self.lab, self._create)
        body = put(
            self.lab.base(self._create) if act.body is MISSING else act.body, (key,), live.id
        )
        before = live.shown
        made = self.lab.create(self.resource, live.parents, body, named=False)
        self._note(made.step)
        if made.answer.refused:
            if act.item not in self.gone:
                self._read(live)
                yield from unmoved(before, live.shown)
        elif made.live is not None:
            self.items[act.item] = made.live
            if act.item in self.gone:
                self.gone.discard(act.item)
                yield from self._model(self._create).created(made.body, made.live.shown)

    def _deleted(self, act: Act, live: Live) -> None:
        operation = _operation(self.lab, self.resource.delete)
        if operation is None:
            return
        self._note(self.lab.send(operation, self.lab.request(operation, live.path), live.steps))
        if self.last is not None and self.last.answer.accepted:
            self.gone.add(act.item)

    def _updated(self, act: Act, live: Live) -> Iterator[Deviation]:
        operation = self._update
        if operation is None or act.body is MISSING:
            return
        lab, before = self.lab, live.shown
        body = addressed(lab, operation, act.body, live)
        step = lab.send(operation, lab.request(operation, live.path, body), live.steps)
        self._note(step)
        model = self._model(operation)
        if step.answer.accepted and act.kind == "update":
            lab.read_until(live, operation, lambda shown: not model.updated(before, body, shown))
            yield from model.updated(before, body, live.shown)
            if operation.poll is None:
                yield from self._answered(operation, step, live)
        elif step.answer.accepted:
            self._read(live)
        else:
            self.refused += act.kind == "update"
            lab.settle(live, operation, lambda shown: not same(shown, before))
            yield from unmoved(before, live.shown) if step.answer.refused else ()

    def _beside(self, act: Act) -> Surprise | None:
        """What the act did to the others."""
        for index, live in self.items.items():
            if index in self.gone:
                continue
            before = live.shown
            self._read(live)
            for found in (*self._vanished(live, before), *unmoved(before, live.shown)):
                by = Act("read", index) if index == act.item else act
                return self._surprise(by, index, replace(found, why="unsent"))
        return None

    def _vanished(self, live: Live, before: Json | MISSING) -> tuple[Deviation, ...]:
        """An item that could be read, and cannot any more."""
        refused = live.last is not None and live.last.answer.refused
        if before is MISSING or not refused:
            return ()
        return (Deviation((), (), "refused", before, MISSING),)

    def _read(self, live: Live) -> None:
        self.lab.read(live)

    def _model(self, operation: Operation) -> Model:
        shape = self.lab.ground.shape(operation)
        if shape is None:
            raise NotReached("the operation has no JSON body")
        return Model(self.lab.ground.contract, shape)

    def _note(self, step: Step) -> None:
        self.last = step
        self._trail.append(step)

    def _surprise(self, act: Act, item: int, deviation: Deviation) -> Surprise:
        read = self.items[item].last if item in self.items else None
        return Surprise(act, item, deviation, (*self._trail, *((read,) if read else ())))


def shrunk(
    lab: Lab, resource: Resource, acts: Sequence[Act], found: Surprise, *, wide: bool
) -> Surprise:
    """The same fault shown by the fewest requests with the smallest bodies, on fresh items."""
    best = replace(found, acts=tuple(acts))

    def shows(part: Sequence[Act]) -> bool:
        nonlocal best
        again = Play(lab, resource, wide=wide).play(part)
        if again is None or not found.like(again):
            return False
        best = replace(again, acts=tuple(part))
        return True

    kept = _one(acts, shows) or shortest(acts, shows)
    for index in reversed(range(len(kept))):
        kept = _leaner(lab, resource, kept, index, shows)
    return best


def of_any_value(lab: Lab, resource: Resource, found: Surprise) -> bool:
    """Whether a falsy value that was lost would have been lost as well if it were another one."""
    last, operation = found.act, _operation(lab, resource.update)
    if last.kind == "update" and operation is not None and found.acts:
        return _all_lost(lab, resource, operation, found)
    if last.kind in ("create", "again"):
        operation = _operation(lab, resource.create)
    shape = lab.ground.shape(operation) if operation else None
    members = shape.members if shape else ()
    member = next((each for each in members if each.path == found.deviation.sent), None)
    if operation is None or member is None or last.body is MISSING or not found.acts:
        return False
    values = [e for e in lab.ground.states.values(member) if not e.falsy]
    values.sort(key=lambda each: not each.promised)
    for state in values[:1]:
        body = lab.ground.with_member(operation, last.body, member.path, state.value)
        acts = [replace(e, body=body) if e is last else e for e in found.acts]
        again = Play(lab, resource).play(acts)
        return again is not None and again.deviation.why == "sent"
    return False


def _all_lost(lab: Lab, resource: Resource, operation: Operation, found: Surprise) -> bool:
    """Whether an update with other values, sent in place of the last one, would be lost as well."""
    play = Play(lab, resource)
    before = play.play(found.acts[:-1])
    live = play.items.get(found.act.item) if before is None else None
    if live is None:
        return False
    body = unlike(lab, operation, live.shown)
    again = play.do(Act("update", found.act.item, body))
    return again is not None and again.deviation.why == "sent" and not again.deviation.falsy


def _one(acts: Sequence[Act], shows: Callable[[Sequence[Act]], bool]) -> list[Act] | None:
    """The last act on a new item alone, if that is enough."""
    last = acts[-1]
    made = next((each for each in acts if each.kind == "create" and each.item == last.item), None)
    part = [last] if last.kind == "create" or made is None else [made, last]
    return part if len(part) < len(acts) and shows(part) else None


def _leaner(
    lab: Lab,
    resource: Resource,
    acts: list[Act],
    index: int,
    shows: Callable[[Sequence[Act]], bool],
) -> list[Act]:
    """One act with as few members as show the fault."""
    act = acts[index]
    pointer = {"create": resource.create, "again": resource.create}.get(act.kind, resource.update)
    operation = _operation(lab, pointer)
    if operation is None or not isinstance(act.body, dict):
        return acts
    base = lab.base(operation)
    chosen = [(path, value) for path, value in leaves(act.body) if not same(at(base, path), value)]

    def with_only(part: Sequence[tuple[Path, Json]]) -> list[Act]:
        body = base
        for path, value in part:
            body = lab.ground.with_member(operation, body, path, value)
        return [*acts[:index], replace(act, body=body), *acts[index + 1 :]]

    if len(chosen) < 2 or not shows(with_only(chosen)):
        return acts
    return with_only(shortest(chosen, lambda part: shows(with_only(part)), 60))


def _operation(lab: Lab, pointer: str | None) -> Operation | None:
    return lab.ground.contract.operation(pointer) if pointer else None
