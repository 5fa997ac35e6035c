"""Histories: which request comes next, chosen by what it can still reveal of several live items."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pydantic import MISSING

from tallystick.contract import Operation, Resource
from tallystick.document import Json

from .bodies import telling
from .lab import Lab
from .live import NotReached
from .members import Member
from .places import at, same
from .play import Act, Play
from .states import NULL, State
from .visible import unshown

Move: TypeAlias = Literal[
    "create",
    "change",
    "change another",
    "back",
    "same",
    "null",
    "refused",
    "again",
    "delete",
    "read",
]

NAMESAKE = 3
"""The item that has the name of the first one, under another parent."""
LATER = 1
"""Items that are made while the others live."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What may come next."""

    move: Move
    item: int


@dataclass(slots=True)
class Author:
    """Writes a history, step by step, with the items as they are.

    Args:
        lab: the bench.
        resource: of which kind the items are.
        play: where the history is played.
        items: how many are alive at the same time.

    A step is worth what it has not yet followed: the last move on the same item, the last move on
    another one, and the two moves before. Ties are broken by the seed.
    """

    lab: Lab
    resource: Resource
    play: Play
    items: int = 4
    _met: Counter[tuple[str, ...]] = field(default_factory=Counter[tuple[str, ...]])
    _last: list[Choice] = field(default_factory=list[Choice])
    _on: dict[int, list[Move]] = field(default_factory=dict[int, list[Move]])
    _sent: dict[int, list[Json]] = field(default_factory=dict[int, list[Json]])
    _turn: int = 0
    _source: random.Random = field(init=False)

    def __post_init__(self) -> None:
        """Take the source of chance that belongs to this resource."""
        self._source = self.lab.ground.samples.source("history", self.resource.collection)

    def acts(self, steps: int) -> Iterator[Act]:
        """That many acts; each is to be played before the next is asked for."""
        for index in range(self.items):
            yield self._born(index)
            if index not in self.play.items:
                yield Act("create", index)
        for _ in range(steps):
            act = self._next()
            if act is None:
                return
            yield act

    # --- which -----------------------------------------------------------------------------

    def _next(self) -> Act | None:
        choices = [each for each in self._possible() if self._worth(each) >= 0]
        self._source.shuffle(choices)
        for choice in sorted(choices, key=self._worth, reverse=True):
            act = self._written(choice)
            if act is not None:
                self._note(choice)
                return act
        return None

    def _possible(self) -> list[Choice]:
        found: list[Choice] = []
        if len(self.play.items) < self.items + LATER:
            found.append(Choice("create", len(self.play.items)))
        for item in self.play.items:
            gone = item in self.play.gone
            found += [Choice("again", item)] if self._named else []
            if gone:
                continue
            found.append(Choice("read", item))
            found += [Choice("delete", item)] if self.resource.delete else []
            if self.resource.update:
                moves: tuple[Move, ...] = ("change", "change another", "back", "same", "null")
                found += [Choice(move, item) for move in (*moves, "refused")]
        return found

    def _worth(self, choice: Choice) -> float:
        score = sum(1.0 / (1 + self._met[each]) for each in self._signs(choice))
        if choice.move == "back" and self._ways_back(choice.item):
            score += 3.0 / (1 + self._met["item", str(choice.item), "back"])
        if choice.move == "delete" and len(self.play.items) - len(self.play.gone) < 2:
            return -1.0
        return score

    def _signs(self, choice: Choice) -> list[tuple[str, ...]]:
        own = self._on.get(choice.item, [])
        found: list[tuple[str, ...]] = [("own", *own[-1:], choice.move)]
        found.append(("own", *own[-2:], choice.move))
        if self._last:
            beside = "same" if self._last[-1].item == choice.item else "other"
            found.append((beside, self._last[-1].move, choice.move))
        found.append(("item", str(choice.item), choice.move))
        return found

    def _note(self, choice: Choice) -> None:
        for sign in self._signs(choice):
            self._met[sign] += 1
        self._last.append(choice)
        self._on.setdefault(choice.item, []).append(choice.move)
        self._turn += 1

    # --- what ------------------------------------------------------------------------------

    def _born(self, index: int) -> Act:
        """A new item: whole, of the least, with nulls, or named as the first under another parent."""
        self._on[index] = ["create"]
        if index == NAMESAKE and self._named and self._has_two_parents():
            return Act("create", index, self._body(index), parent=1, namesake=0)
        return Act("create", index, self._body(index))

    def _body(self, index: int) -> Json | MISSING:
        create = self._operation(self.resource.create)
        if create is None or self.lab.ground.shape(create) is None:
            return MISSING
        if index in (0, NAMESAKE):
            return telling(self.lab, create)
        if index != 2:
            return MISSING
        body = self.lab.base(create)
        for member in self._members(create):
            null = self.lab.ground.states.named(member, NULL)
            if len(member.path) == 1 and null is not None and null.valid:
                body = self.lab.ground.with_member(create, body, member.path, None)
        return body

    def _written(self, choice: Choice) -> Act | None:
        item = choice.item
        if choice.move == "create":
            return self._born(item)
        if choice.move == "read":
            return Act("read", item)
        if choice.move == "delete":
            return Act("delete", item)
        if choice.move == "again":
            create = self._operation(self.resource.create)
            if create is None:
                return None
            whole = self._turn % 2 == 0 and self.lab.ground.shape(create) is not None
            return Act(
                "again", item, self.lab.ground.full(create) if whole else self.lab.base(create)
            )
        update = self._operation(self.resource.update)
        body = self._update(update, choice) if update else MISSING
        if body is MISSING:
            return None
        if choice.move != "refused":
            self._sent.setdefault(item, []).append(body)
        return Act("refused" if choice.move == "refused" else "update", item, body)

    def _update(self, operation: Operation, choice: Choice) -> Json | MISSING:
        shown = self.play.items[choice.item].shown
        if choice.move == "back":
            earlier = self._ways_back(choice.item)
            return earlier[0] if earlier else self._away(operation, choice.item)
        base, members = self.lab.base(operation), self._members(operation)
        count = 2 if choice.move == "change another" else 1
        body, done = base, 0
        for offset in range(len(members)):
            member = members[(self._turn * 3 + offset) % len(members)]
            state = self._state(operation, member, choice.move, shown)
            if state is None:
                continue
            body = self.lab.ground.with_member(operation, body, member.path, state.value)
            done += 1
            if done == count:
                break
        fits = self._fits(operation, body)
        wrong = fits if choice.move == "refused" else not fits
        return MISSING if not done or wrong else body

    def _ways_back(self, item: int) -> list[Json]:
        """Bodies that the item was sent before and that would be a change again."""
        operation, live = self._operation(self.resource.update), self.play.items.get(item)
        sent = self._sent.get(item, [])
        if operation is None or live is None:
            return []
        return [each for each in sent if unshown(self.lab, operation, each, live.shown)]

    def _away(self, operation: Operation, item: int) -> Json | MISSING:
        """Other values for what was sent first, so that the way back is a change."""
        sent, shown = self._sent.get(item, []), self.play.items[item].shown
        body, done = self.lab.base(operation), False
        for member in self._members(operation) if sent else ():
            if at(sent[0], member.path) in (MISSING, None):
                continue
            state = self._state(operation, member, "change", shown)
            if state is not None:
                body = self.lab.ground.with_member(operation, body, member.path, state.value)
                done = True
        return body if done and self._fits(operation, body) else MISSING

    def _state(
        self, operation: Operation, member: Member, move: Move, shown: Json | MISSING
    ) -> State | None:
        states = self.lab.ground.states
        if move == "null":
            null = states.named(member, NULL)
            return null if null and null.valid and member.declared.null != "refused" else None
        if move == "refused":
            wrong = [each for each in states.of(member) if not each.valid]
            wrong = [each for each in wrong if each.value is not MISSING]
            return wrong[self._turn % len(wrong)] if wrong else None
        shape = self.lab.ground.shape(operation)
        mirror = shape.mirror(member.path) if shape else None
        if mirror is None or not mirror.comparable:
            return None
        there = at(shown, mirror.response)
        alike = move == "same"
        values = [each for each in states.values(member) if same(each.value, there) is alike]
        values.sort(key=lambda each: not (each.promised or each.falsy))
        return values[self._turn % min(3, len(values))] if values else None

    def _members(self, operation: Operation) -> list[Member]:
        shape, key = self.lab.ground.shape(operation), self.lab.ground.key(operation)
        named = (key.name,) if key else None
        return [each for each in shape.members if each.path != named] if shape else []

    def _fits(self, operation: Operation, body: Json) -> bool:
        shape = self.lab.ground.shape(operation)
        return shape is not None and self.lab.ground.oracle.fits(shape.pointer, body)

    @property
    def _named(self) -> bool:
        create = self._operation(self.resource.create)
        return create is not None and self.lab.ground.key(create) is not None

    def _has_two_parents(self) -> bool:
        try:
            return bool(self.resource.parents) and bool(self.lab.parents(self.resource, 1))
        except NotReached:
            return False

    def _operation(self, pointer: str | None) -> Operation | None:
        return self.lab.ground.contract.operation(pointer) if pointer else None
