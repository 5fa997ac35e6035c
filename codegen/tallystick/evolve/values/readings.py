"""One contract as requests and as answers read it: normal forms and judges, each made once."""

from __future__ import annotations

from tallystick.contract import Contract, Direction

from .normal import Forms
from .oracle import Oracle


class Readings:
    """What all parts of a comparison ask of one of its contracts."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract
        self._forms: dict[Direction, Forms] = {}
        self._oracles: dict[Direction, Oracle] = {}

    def forms(self, direction: Direction) -> Forms:
        """The normal forms of its schemas in one direction."""
        if direction not in self._forms:
            self._forms[direction] = Forms(self.contract, direction)
        return self._forms[direction]

    def oracle(self, direction: Direction) -> Oracle:
        """The judge of values in one direction."""
        if direction not in self._oracles:
            self._oracles[direction] = Oracle(self.contract, direction)
        return self._oracles[direction]
