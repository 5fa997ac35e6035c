"""One contract as requests and as answers read it: normal forms and judges, each made once."""

from __future__ import annotations

from tallystick.contract import Contract, Direction

from .normal import Forms
from .oracle import Oracle


class Readings:
    """What all parts of a comparison ask of one of its contracts."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._differ = any(
            member.read_only or member.write_only
            for schema in contract.schemas.values()
            for member in schema.properties
        )
        self._forms: dict[Direction, Forms] = {}
        self._oracles: dict[Direction, Oracle] = {}

    def forms(self, direction: Direction) -> Forms:
        """The normal forms of its schemas in one direction."""
        way = self._told(direction)
        if way not in self._forms:
            self._forms[way] = Forms(self.contract, way)
        return self._forms[way]

    def oracle(self, direction: Direction) -> Oracle:
        """The judge of values in one direction."""
        way = self._told(direction)
        if way not in self._oracles:
            self._oracles[way] = Oracle(self.contract, way)
        return self._oracles[way]

    def _told(self, direction: Direction) -> Direction:
        """One direction for both, where no member travels one way only."""
        return direction if self._differ else "request"
