"""One deep search: every phase of Schemathesis within a budget, then the drawn round trips."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from schemathesis.errors import SchemathesisError

from tallystick.contract import Contract
from tallystick.document import Json
from tallystick.errors import UsageError

from ..exchange import Log, Recorder
from ..probes.cleaning import clean
from ..probes.ground import Ground, ground
from ..probes.oracle import Oracle
from ..safety import Leftover
from ..target import Target
from ..verdicts import Result, Verdict
from .engine import Run, search
from .fresh import FreshNames
from .hooks import load_formats, load_hooks
from .known import known_ids
from .relay import OutOfTime, Relay
from .setup import document_of, with_examples
from .tally import Tally
from .within import wait_for_others

Progress = Callable[[int, int, str], None]
ROUND_TRIPS = 0.25
"""The share of the budget that drawn round trips may take."""


@dataclass(frozen=True, slots=True)
class Depth:
    """What a deep search found."""

    verdicts: tuple[Verdict, ...]
    engines: Mapping[str, int]
    """Requests sent by ``schemathesis`` and by ``hypothesis``."""
    seconds: float = 0.0
    left_out: tuple[str, ...] = ()
    """What the budget did not allow, one sentence each."""
    log: Log = field(default_factory=Log, repr=False)
    """The exchanges; they count from the start of the target's meter."""
    residue: tuple[Leftover, ...] = ()
    """What was created, by whichever engine, and is still there."""
    removed: int = 0
    """How many items were removed so far."""

    def of(self, admits: Callable[[str], bool]) -> Depth:
        """This search with the verdicts of the rules that count, by name."""
        return replace(self, verdicts=tuple(each for each in self.verdicts if admits(each.rule)))

    def added_to(self, result: Result) -> Result:
        """A result of the laws with what this search found beside."""
        return replace(
            result,
            verdicts=(*result.verdicts, *self.verdicts),
            requests=result.requests + sum(self.engines.values()),
            seconds=result.seconds + self.seconds,
            engines={**result.engines, **self.engines},
            left_out=(*result.left_out, *self.left_out),
            log=result.log.then(self.log),
            residue=self.residue or result.residue,
            removed=max(result.removed, self.removed),
        )


def deep(
    contract: Contract,
    target: Target,
    *,
    seed: int = 1,
    budget: float = 30.0,
    examples: int = 30,
    on_progress: Progress | None = None,
    database: Path | None = None,
) -> Depth:
    """Search for faults that directed probes miss.

    Args:
        contract: what is promised.
        target: the server; nothing is sent to anywhere else.
        seed: the same seed, the same requests, as long as the budget is not spent before.
        budget: seconds; kept within one, whatever is being drawn or shrunk.
        examples: how many cases Schemathesis draws for an operation in a phase, and Hypothesis
            for a round trip.
        on_progress: told seconds passed, the budget, and what is being done.
        database: the folder in which found faults are kept, to be tried first the next time; None
            keeps nothing.
    """
    try:
        document = document_of(contract, read_only=target.read_only)
        load_hooks()
        load_formats(seed)
    except UsageError as error:
        return Depth((), {}, left_out=(f"the deep search: {error.what}",))
    wait_for_others()
    started, budget = time.monotonic(), max(0.0, min(budget, target.meter.left))
    base, recorder = ground(contract, seed), Recorder(contract, target.meter.started)
    run = Run(contract, target, seed, budget, examples, on_progress or _quiet, database)
    try:
        found = _searched(run, base, document, recorder)
    finally:
        residue = clean(base, _recorded(target, recorder, "cleaning"))
    return replace(
        found,
        seconds=time.monotonic() - started,
        log=recorder.log(),
        residue=residue,
        removed=target.ledger.removed if target.ledger else 0,
    )


def _recorded(target: Target, recorder: Recorder, engine: str) -> Target:
    return replace(target, exchange=recorder.over(target.exchange, engine))


def _searched(run: Run, base: Ground, document: dict[str, Json], recorder: Recorder) -> Depth:
    from .properties import round_trips

    started, contract, target = time.monotonic(), run.contract, run.target
    # First what ends in time: Schemathesis may be left drawing, and Hypothesis runs one at a time.
    trips = Relay(_recorded(target, recorder, "hypothesis"), run.budget * ROUND_TRIPS)
    trips.document = document
    try:
        found, cut = round_trips(run, base, trips)
    finally:
        trips.close()
    wait_for_others(run.budget - (time.monotonic() - started))
    left = run.budget - (time.monotonic() - started)
    relay = Relay(_recorded(target, recorder, "schemathesis"), left)
    tally = Tally(base, Oracle(contract, formats=False), relay)
    left_out: list[str] = []
    try:
        ids = known_ids(base, target, relay)
        relay.rename = FreshNames(base).request
        relay.document = with_examples(document, contract, ids)
        left_out += search(run, base, relay, tally, ids)
    except OutOfTime:
        left_out.append(f"Schemathesis: the budget of {run.budget:g} s was spent")
    except SchemathesisError as error:
        left_out.append(f"Schemathesis cannot use this document: {error}")
    finally:
        relay.close()
    engines = {"schemathesis": relay.requests, "hypothesis": trips.requests}
    return Depth((*tally.verdicts(), *found), engines, left_out=(*left_out, *cut))


def _quiet(done: int, total: int, label: str) -> None:
    """Nobody wants to know."""
