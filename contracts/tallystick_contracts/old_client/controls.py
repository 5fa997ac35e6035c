"""Servers of both contracts that a refused request is sent to again: is it the contract that refuses?"""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from tallystick.contract import Contract, Operation

from ..exchange import Request
from ..sandbox import sandbox
from ..target import Target, in_process

REFUSED = frozenset({400, 401, 403, 405, 406, 413, 415, 422, 501})
"""Refusals that do not depend on what a server holds."""


@dataclass(frozen=True, slots=True)
class Controls:
    """Servers of both contracts, for requests whose refusal does not depend on what they hold."""

    before: Target
    now: Target
    routes: frozenset[tuple[str, str]]
    """What the new contract has."""

    def are_other(self, request: Request) -> bool:
        """Whether a request is refused by the new contract, and not by the old one."""
        now, before = (each.exchange.send(request) for each in (self.now, self.before))
        return now.status in REFUSED and before.status not in REFUSED


@contextmanager
def control_servers(old: Contract, new: Contract, key: str, seed: int) -> Generator[Controls]:
    with ExitStack() as stack:
        both: list[Target] = []
        for contract in (old, new):
            server = sandbox(contract, key=key, seed=seed)
            both.append(in_process(contract, server, key=key))
            stack.callback(both[-1].close)
        yield Controls(both[0], both[1], frozenset(map(route, new.operations)))


def route(operation: Operation) -> tuple[str, str]:
    """What a server tells operations apart by."""
    return operation.method, re.sub(r"\{[^{}]*\}", "{}", operation.path)
