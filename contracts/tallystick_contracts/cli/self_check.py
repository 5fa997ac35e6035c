"""``tallystick test --self-check``: how many seeded faults the suite would catch, without a server."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator

import click
from rich.console import Console

from tallystick.contract import Contract
from tallystick.errors import UsageError, printable
from tallystick_contracts.cli.plain import as_json
from tallystick_contracts.cli.progress import progress
from tallystick_contracts.dry import Question, questions
from tallystick_contracts.report.off import off_lines
from tallystick_contracts.rules.choice import Choice
from tallystick_contracts.self_check import Score, Trial, score

_NOTES = 3


def self_check(
    contract: Contract,
    screen: Console,
    *,
    seed: int,
    form: str,
    least: float | None,
    choice: Choice,
) -> int:
    """Print the score of a contract, as text or as JSON; the exit code.

    Raises:
        UsageError: there is nothing that a fault could show in.
    """
    workers = min(2, os.cpu_count() or 1)
    with progress("self-check") as report:
        found = score(contract, seed=seed, workers=workers, on_progress=report, choice=choice)
    if not found.trials:
        raise UsageError(
            f"no fault of the bank can show in {contract.title}",
            hint="its operations neither create nor change nor read anything",
        )
    if form == "json":
        told = {"caught": found.caught, "percent": found.percent}
        click.echo(as_json(found, {**told, "switched_off": list(choice.off)}))
    else:
        for line in (*lines(found, questions(contract, seed)), *off_lines(choice.off)):
            screen.print(printable(line), markup=False, highlight=False, soft_wrap=True)
    if least is None or found.percent >= least:
        return 0
    click.echo(
        f"caught {found.percent:.1f} % of the faults, under --fail-under {least:g}", err=True
    )
    return 1


def lines(found: Score, asked: tuple[Question, ...]) -> Iterator[str]:
    """A score as text; ``asked`` is what the document leaves open."""
    yield (
        f"{found.title}: the suite catches {found.caught} of {len(found.trials)} faults "
        f"({found.percent:.1f} %), {found.seconds:.1f} s"
    )
    yield ""
    yield from _families(found.trials)
    if found.missed:
        yield ""
        yield "missed"
    for each in found.missed:
        yield f"  {each.fault} ({each.family}): {each.sentence}"
        yield f"    {_needed(each, asked)}"
    if found.false_alarms:
        yield ""
        yield f"not counted, since broken without a fault too: {', '.join(found.false_alarms)}"
    if found.skipped:
        yield ""
        yield f"not counted, since they cannot show in this document: {len(found.skipped)}"
    for skipped in found.skipped:
        yield f"  {skipped.fault}: {skipped.reason}"


def _families(trials: Iterable[Trial]) -> Iterator[str]:
    every: Counter[str] = Counter()
    caught: Counter[str] = Counter()
    for each in trials:
        every[each.family] += 1
        caught[each.family] += each.caught
    for family, count in every.items():
        yield f"  {family:<12} {caught[family]:>3} of {count}"


def _needed(trial: Trial, asked: tuple[Question, ...]) -> str:
    """The notes that would let a rule of the fault's laws say more."""
    notes = [each for each in asked if each.laws & trial.laws and each.note != "responses"]
    notes.sort(key=lambda each: len(each.laws))  # what decides least is nearest
    if not notes:
        return "no overlay note would show it; the requests that the contract allows cannot"
    told = [f"{each.note} at {each.target}" for each in notes[:_NOTES]]
    more = f", and {len(notes) - _NOTES} more (--dry)" if len(notes) > _NOTES else ""
    return f"an overlay may show it: {'; '.join(told)}{more}"
