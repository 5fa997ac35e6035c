"""The whole suite on one target: laws first, then Schemathesis and Hypothesis, one result."""

from __future__ import annotations

import os
import warnings
from collections import Counter
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import click
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.errors import HypothesisWarning
from rich.console import Console

from tallystick.cli import shown
from tallystick.contract import Contract
from tallystick.errors import printable
from tallystick_contracts.cli.progress import progress
from tallystick_contracts.deep import deep, left_behind
from tallystick_contracts.findings import Cause, causes, confirmed
from tallystick_contracts.observed import Observation, Observed, Tally
from tallystick_contracts.probes.cleaning import clean
from tallystick_contracts.probes.ground import ground
from tallystick_contracts.report import (
    Mask,
    never_lines,
    print_report,
    seen_line,
    write_report,
)
from tallystick_contracts.rules.choice import EVERY, Choice
from tallystick_contracts.run import run
from tallystick_contracts.target import Target
from tallystick_contracts.verdicts import Result, Standing

_DEEP_SHARE = 0.5


def watched(target: Target, tally: Tally) -> Target:
    """``target``, with every exchange shown to ``tally``."""
    return replace(target, exchange=Observed(target.exchange, tally))


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is tried."""

    seed: int
    budget: float
    """Seconds for every engine, which the meter of the target keeps; the laws come first, the rest
    takes what is left, and never more than half."""
    workers: int | None = None
    """How many cases of the laws are tried at the same time; as many as hide the time that the
    server takes when None."""
    database: Path | None = None
    """The folder in which found faults are kept; None keeps nothing."""


def judge(
    contract: Contract,
    target: Target,
    effort: Effort,
    *,
    tally: Tally | None = None,
    choice: Choice = EVERY,
) -> Result:
    """The verdicts of every engine on ``target``, and what was seen of the contract.

    Args:
        effort: how much is tried.
        tally: what looks on; one of its own when None.
        choice: which rules count.
    """
    target.meter.kept_back = min(_AGAIN, effort.budget * _AGAIN_SHARE)
    tally = tally or Tally(contract)
    result = _judged(contract, watched(target, tally), effort, choice)
    return replace(result, observed=tally.observation())


def _judged(contract: Contract, target: Target, effort: Effort, choice: Choice) -> Result:
    seed, database = effort.seed, effort.database
    with progress("laws") as report:
        laws = run(
            contract,
            target,
            seed=seed,
            on_progress=report,
            workers=effort.workers,
            database=database,
            choice=choice,
        )
    if not choice.searches:
        return laws
    left = effort.budget - laws.seconds - target.meter.kept_back
    left = min(left, effort.budget * _DEEP_SHARE)
    if laws.interrupted or left < 1 or not any(each.standing in _TRIED for each in laws.verdicts):
        return laws
    try:
        with _homeless(), progress("deep") as report:
            found = deep(
                contract, target, seed=seed, budget=left, on_progress=report, database=database
            )
            found = found.of(choice.admits)
    except KeyboardInterrupt:
        residue = target.ledger.leftovers() if target.ledger else ()
        return replace(laws, interrupted=True, residue=residue)
    return found.added_to(laws)


@contextmanager
def _homeless() -> Generator[None]:
    """Keep Hypothesis from leaving its folder where the command runs, or anywhere.

    It does without a folder that cannot be made. A thread that an interruption leaves behind still
    writes for a moment, so its home stays what it is.
    """
    set_hypothesis_home_dir(Path(os.devnull, "hypothesis"))
    # Meant so: what is found is kept elsewhere. For the threads that are left behind as well.
    warnings.filterwarnings("ignore", "The database setting is not configured", HypothesisWarning)
    try:
        yield
    finally:
        if not left_behind():
            set_hypothesis_home_dir(None)


_TRIED = (Standing.HELD, Standing.BROKEN)


def merged(results: Iterable[Result]) -> Result:
    """Several runs on the same server as one."""
    first, *more = results
    for each in more:
        first = replace(
            first,
            verdicts=(*first.verdicts, *each.verdicts),
            requests=first.requests + each.requests,
            seconds=first.seconds + each.seconds,
            engines={**first.engines, **each.engines},
            left_out=(*first.left_out, *each.left_out),
            residue=tuple(dict.fromkeys((*first.residue, *each.residue))),
            removed=max(first.removed, each.removed),
            interrupted=first.interrupted or each.interrupted,
            log=first.log.then(each.log, first.seconds),
            observed=each.observed or first.observed,
        )
    return first


def told(result: Result, contract: Contract, target: Target) -> tuple[Result, tuple[Cause, ...]]:
    """The findings of a run, each sent again as long as there is time, and what that leaves."""
    found = causes(result, contract)
    target.meter.kept_back = 0.0
    if not found or result.interrupted:
        return result, found
    sent = target.meter.requests
    try:
        found = confirmed(found, contract, target, min(_AGAIN, target.meter.left))
    except KeyboardInterrupt:
        result = replace(result, interrupted=True)
    residue = clean(ground(contract, result.seed), target)
    requests = result.requests + target.meter.requests - sent
    return replace(result, requests=requests, residue=residue), found


_AGAIN = 10.0
"""Seconds at most to send all findings again."""
_AGAIN_SHARE = 0.05
"""The share of a budget that is kept back for it."""


def present(
    result: Result,
    target: Target,
    console: Console,
    folder: Path | None,
    *,
    found: Sequence[Cause] | None = None,
    verbose: bool = False,
) -> None:
    """Print the matrix and the findings, and write the report where a folder is named.

    Args:
        found: the findings, as ``told`` gives them.
        verbose: whether to list what was never seen.
    """
    mask = Mask(target.secrets)
    print_report(result, console, mask, found)
    if _mostly_untried(result):
        hint = "most of it could not be tried; say which ids exist: --given NAME=VALUE"
        console.print(hint, markup=False, highlight=False)
    if result.observed is not None:
        _print_seen(result.observed, console, verbose)
    if folder is not None:
        console.print(
            f"report: {shown(write_report(result, folder, mask, found))}", highlight=False
        )


def _print_seen(observation: Observation, console: Console, verbose: bool) -> None:
    lines = [seen_line(observation)]
    if verbose:
        lines += ["", "never seen", *never_lines(observation)]
    elif observation.never:
        lines.append("what was never seen: --verbose lists it")
    for line in lines:
        console.print(printable(line), markup=False, highlight=False, soft_wrap=True)


def seen_enough(result: Result, percent: float | None) -> bool:
    """Whether at least ``percent`` of what the contract allows was seen; else one line says so."""
    seen = result.observed
    if percent is None or seen is None or seen.percent >= percent:
        return True
    click.echo(
        f"observed {seen.percent:.1f} % of what the contract allows, under --fail-under {percent:g}",
        err=True,
    )
    return False


def exit_code(result: Result) -> int:
    """0 the contract holds, 1 a rule is broken, 2 nothing could be tried, 130 it was stopped."""
    if result.interrupted:
        return 130
    if result.broken:
        return 1
    return 0 if result.holds and not _mostly_untried(result) else 2


def _mostly_untried(result: Result) -> bool:
    """Whether more could not be tried than was: nothing is proved then."""
    counts = Counter(
        each.standing for each in result.verdicts if not each.reason.startswith("read-only")
    )
    return counts[Standing.NOT_REACHED] > counts[Standing.HELD]
