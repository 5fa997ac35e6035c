"""Combinations: every two members of a body meet in every pair of their states."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pydantic import MISSING

from tallystick.contract import Operation, Resource
from tallystick.document import Json

from ..probes.bodies import telling
from ..probes.combining import body_of, factors, halves, rows
from ..probes.ground import Ground
from ..probes.lab import Lab
from ..probes.live import NotReached
from ..probes.play import Act, Play, Surprise, shrunk
from ..probes.samples import Unsatisfiable
from ..probes.trials import resource_of
from ..verdicts import Law
from .rule import Judgement, Spot, Where, at_operations, held, not_applicable, not_reached, rule
from .surprises import told


def _combined(role: str) -> Where:
    def where(ground: Ground) -> Iterator[Spot]:
        for each in at_operations(ground, lambda o: ground.role(o) == role):
            resource = ground.resource(each.operation)
            made = resource is not None and resource.create is not None
            if made and len(factors(ground, each.operation)) > 1:
                yield each

    return where


@rule(
    Law.UPDATES,
    "An update does to each member what its state says, whatever is sent beside it.",
    _combined("update"),
    apart=True,
)
def members_of_an_update_do_not_meddle(lab: Lab, spot: Spot) -> Judgement:
    """One item is updated with the rows of a covering array: every two members meet in every pair
    of the states absent, null, a value and a falsy value, at every depth. After each update a
    read is compared with the state that the contract promises; what differs is shrunk to the
    fewest members on a new item. Finds: null beside zero taken for "no change at all".
    """
    resource = resource_of(lab, spot.operation)
    if resource.retrieve is None:
        return not_applicable("no read shows what was sent")
    session = _Session(lab, spot.operation, Play(lab, resource), [])
    found = session.begun(resource)
    return found or session.judged(lambda body, turn: Act("update", 0, body))


@rule(
    Law.READS,
    "A create keeps each member as its state says, whatever is sent beside it.",
    _combined("create"),
    apart=True,
)
def members_of_a_create_do_not_meddle(lab: Lab, spot: Spot) -> Judgement:
    """An item is created for each row of a covering array, in which every two members meet in
    every pair of the states absent, null, a value and a falsy value, and read back. Finds: a
    default that is missed only where a sibling is null.
    """
    resource = resource_of(lab, spot.operation)
    if resource.retrieve is None:
        return not_applicable("no read shows what was made")
    session = _Session(lab, spot.operation, Play(lab, resource), [])
    return session.judged(lambda body, turn: Act("create", turn, body))


@dataclass(slots=True)
class _Session:
    lab: Lab
    operation: Operation
    play: Play
    acts: list[Act]
    accepted: int = 0

    def begun(self, resource: Resource) -> Judgement | None:
        """An item whose members have values other than their defaults, as far as it can be had."""
        create = self.lab.ground.contract.operation(resource.create or "")
        self.acts += [
            Act("create", 0, telling(self.lab, create)),
            Act("update", 0, telling(self.lab, self.operation)),
        ]
        for act in self.acts:
            found = self.play.do(act)
            if found is None and not self.play.items:
                self.acts[0] = Act("create", 0)
                found = self.play.do(self.acts[0])
            if found is not None:
                return self._told(found)
        if not self.play.items:
            raise NotReached("no item could be created")
        return None

    def judged(self, act: Callable[[Json, int], Act]) -> Judgement:
        ground = self.lab.ground
        base = self.lab.base(self.operation)
        pending = [(row, 0) for row in rows(ground, self.operation)]
        for turn, (row, depth) in enumerate(pending):
            live = self.play.items.get(0)
            updating = ground.role(self.operation) == "update"
            current = live.shown if live and updating else MISSING
            try:
                body = body_of(ground, self.operation, base, row, current=current, turn=turn)
            except Unsatisfiable as reason:
                return not_reached(f"no valid body was found: {reason.what}")
            self.acts.append(act(body, turn))
            refused = self.play.refused
            found = self.play.do(self.acts[-1])
            if found is not None:
                return self._told(found)
            if self.play.refused > refused and depth < 2:
                pending += [(each, depth + 1) for each in halves(row, {})][: 400 - len(pending)]
            self.accepted += self.play.refused == refused
        if not self.accepted:
            raise NotReached("no combination of members is accepted")
        if self.play.blind:
            raise NotReached("no read shows an item, which is judged with the answers")
        return held()

    def _told(self, found: Surprise) -> Judgement:
        resource = resource_of(self.lab, self.operation)
        return told(self.lab, resource, shrunk(self.lab, resource, self.acts, found, wide=False))
