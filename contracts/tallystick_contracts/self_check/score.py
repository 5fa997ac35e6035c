"""The suite tried on the sandbox of a contract, with one fault after the other switched on."""

from __future__ import annotations

import logging
import multiprocessing
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass

from tallystick.contract import Contract

from ..rules import Case
from ..rules.choice import EVERY, Choice
from ..run import plan, run
from ..sandbox import FAULTS, Fault, sandbox
from ..target import in_process
from ..verdicts import Result, Verdict
from .order import parts
from .records import Score, Skipped, Trial

POLL = 0.15
"""Seconds to wait for an update in a sandbox that makes it visible at once."""
_KEY = "self-check:key-7"
"""A key that Basic authentication takes too (RFC 7617)."""

Progress = Callable[[int, int, str], None]


def score(
    contract: Contract,
    *,
    seed: int = 1,
    workers: int = 2,
    on_progress: Progress = lambda done, total, label: None,
    faults: Iterable[Fault] = tuple(FAULTS.values()),
    choice: Choice = EVERY,
) -> Score:
    """How many faults the suite catches.

    Args:
        contract: whose sandbox is made faulty.
        seed: which values are sent.
        workers: processes; 1 for this one alone.
        on_progress: told when a fault is done.
        faults: which to try; those that cannot show in the contract are skipped.
        choice: which rules count.
    """
    started = time.monotonic()
    every = tuple(faults)
    wanted = [each for each in every if each.applies(contract)]
    bench = Bench.of(contract, seed, choice)
    done: dict[str, Trial] = {}
    for trial in _tried(bench, wanted, workers):
        done[trial.fault] = trial
        on_progress(len(done), len(wanted), trial.fault)
    return Score(
        contract.title,
        tuple(done[each.name] for each in wanted),
        tuple(_skipped(each) for each in every if each not in wanted),
        tuple(sorted({rule for rule, _ in bench.false_alarms})),
        time.monotonic() - started,
    )


def _skipped(fault: Fault) -> Skipped:
    return Skipped(fault.name, fault.family, fault.sentence, f"it needs {fault.needs}")


@dataclass(frozen=True, slots=True)
class Bench:
    """What all trials share."""

    contract: Contract
    seed: int
    plan: Sequence[Case]
    costs: Sequence[int]
    """How many requests each case of the plan takes on the correct sandbox."""
    false_alarms: frozenset[tuple[str, str]]
    """Rule and operation of what is broken on the correct sandbox."""
    choice: Choice = EVERY

    @classmethod
    def of(cls, contract: Contract, seed: int, choice: Choice = EVERY) -> Bench:
        """The plan, and what it says of the correct sandbox."""
        cases = _planned(contract, seed, choice)
        correct = _run(contract, seed, (), cases, choice)
        alarms = frozenset((each.rule, each.subject.operation) for each in correct.broken)
        costs = [each.tried for each in correct.verdicts[: len(cases)]]
        return cls(contract, seed, cases, costs, alarms, choice)

    def trial(self, fault: Fault) -> Trial:
        """Try the suite until it finds the fault."""
        started, requests = time.monotonic(), 0
        found: Verdict | None = None
        for cases in parts(self.plan, fault.breaks, self.costs):
            result = _run(self.contract, self.seed, (fault.name,), cases, self.choice)
            requests += result.requests
            found = self._found(result, fault)
            if found is not None:
                break
        return Trial(
            fault.name,
            fault.family,
            fault.sentence,
            fault.breaks,
            found.rule if found else "",
            found.law if found else None,
            requests,
            time.monotonic() - started,
        )

    def _found(self, result: Result, fault: Fault) -> Verdict | None:
        """A broken verdict that is none on the correct sandbox, best one of the fault's laws."""
        broken = [
            each
            for each in result.broken
            if (each.rule, each.subject.operation) not in self.false_alarms
        ]
        return min(broken, key=lambda each: each.law not in fault.breaks, default=None)


_LOG = logging.getLogger("tallystick_contracts.sandbox")


@contextmanager
def _quiet() -> Generator[None]:
    """A faulty sandbox need not log that its answers break the contract."""
    before, _LOG.disabled = _LOG.disabled, True
    try:
        yield
    finally:
        _LOG.disabled = before


def _planned(contract: Contract, seed: int, choice: Choice) -> list[Case]:
    return [each for each in plan(contract, seed=seed) if choice.admits(each.rule.name)]


def _run(
    contract: Contract,
    seed: int,
    faults: tuple[str, ...],
    cases: Sequence[Case],
    choice: Choice,
) -> Result:
    app = sandbox(contract, key=_KEY, seed=seed, faults=faults)
    target = in_process(contract, app, key=_KEY, poll_budget=POLL)
    try:
        with _quiet():
            return run(contract, target, seed=seed, cases=cases, choice=choice)
    finally:
        target.close()


# --- processes ---------------------------------------------------------------------------------

_BENCHES: list[Bench] = []
"""The bench of a worker process."""


def _tried(bench: Bench, faults: Sequence[Fault], workers: int) -> Iterator[Trial]:
    if workers < 2 or len(faults) < 2:
        yield from (bench.trial(each) for each in faults)
        return
    with ProcessPoolExecutor(
        workers,
        multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(bench.contract, bench.seed, bench.costs, bench.false_alarms, bench.choice),
    ) as pool:
        for each in as_completed(pool.submit(_trial, fault.name) for fault in faults):
            yield each.result()


def _begin(
    contract: Contract,
    seed: int,
    costs: Sequence[int],
    alarms: frozenset[tuple[str, str]],
    choice: Choice,
) -> None:
    cases = _planned(contract, seed, choice)
    _BENCHES[:] = [Bench(contract, seed, cases, costs, alarms, choice)]


def _trial(fault: str) -> Trial:
    return _BENCHES[0].trial(FAULTS[fault])
