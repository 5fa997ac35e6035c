"""One deep search: every phase of Schemathesis within a budget, then the drawn round trips."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tallystick.contract import Contract
from tallystick.errors import UsageError

from ..probes.ground import ground
from ..probes.oracle import Oracle
from ..target import Target
from ..verdicts import Verdict
from .engine import Run, search
from .known import known_ids
from .relay import OutOfTime, Relay
from .setup import document_of
from .tally import Tally

Progress = Callable[[int, int, str], None]
ROUND_TRIPS = 0.25
"""The share of the budget that drawn round trips may take."""


@dataclass(frozen=True, slots=True)
class Depth:
    """What a deep search found."""

    verdicts: tuple[Verdict, ...]
    engines: Mapping[str, int]
    """Requests sent by ``schemathesis`` and by ``hypothesis``."""
    left_out: tuple[str, ...] = ()
    """What the budget did not allow, one sentence each."""


def deep(
    contract: Contract,
    target: Target,
    *,
    seed: int = 1,
    budget: float = 30.0,
    on_progress: Progress | None = None,
) -> Depth:
    """Search for faults that directed probes miss.

    Args:
        contract: what is promised.
        target: the server; nothing is sent to anywhere else.
        seed: the same seed, the same requests, as long as the budget is not spent before.
        budget: seconds; not exceeded but by the answer under way.
        on_progress: told seconds passed, the budget, and what is being done.
    """
    from .properties import round_trips

    try:
        document = document_of(contract)
    except UsageError as error:
        return Depth((), {}, (f"the deep search: {error.what}",))
    base, lenient = ground(contract, seed), Oracle(contract, formats=False)
    relay = Relay(target, document, budget * (1 - ROUND_TRIPS))
    tally = Tally(base, lenient, relay)
    run = Run(contract, target, seed, budget, on_progress or _quiet)
    left_out: list[str] = []
    try:
        ids = known_ids(base, target, relay)
        left_out += search(run, base.oracle, relay, tally, ids)
    except OutOfTime:
        left_out.append(f"Schemathesis: the budget of {budget:g} s was spent")
    trips = Relay(target, document, budget - (budget * (1 - ROUND_TRIPS) - relay.left))
    found, cut = round_trips(run, base, trips)
    engines = {"schemathesis": relay.requests, "hypothesis": trips.requests}
    return Depth((*tally.verdicts(), *found), engines, (*left_out, *cut))


def _quiet(done: int, total: int, label: str) -> None:
    """Nobody wants to know."""
