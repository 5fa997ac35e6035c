"""The main job, from the pages to the verdict, one step after the other: what ``run`` does."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import click
from rich.console import Console

from tallystick.cli import (
    assembled_files,
    counted,
    current,
    findings_of,
    shown,
    stale_text,
    the_overlays,
    the_reach,
    the_spec,
)
from tallystick.config import Configuration, configuration
from tallystick.contract import Contract
from tallystick.document import Json, Reach
from tallystick.document.assemble import assemble
from tallystick.generate import Generated, generate
from tallystick.lint import lines
from tallystick.output import check, write
from tallystick_contracts.cli.judge import (
    Effort,
    exit_code,
    judge,
    merged,
    present,
    seen_enough,
    told,
    watched,
)
from tallystick_contracts.cli.options import chosen, grouped, load_own
from tallystick_contracts.cli.progress import console, progress, step
from tallystick_contracts.findings import Cause, causes
from tallystick_contracts.observed import Tally
from tallystick_contracts.rules.choice import CLIENT, Choice
from tallystick_contracts.run import run as run_laws
from tallystick_contracts.sandbox import Server, sandbox
from tallystick_contracts.target import Target, at_url
from tallystick_contracts.through import imported, through_client
from tallystick_contracts.verdicts import Result, Standing


@dataclass(frozen=True, slots=True)
class Job:
    """What one run is about."""

    settings: Configuration
    spec: Path
    overlays: tuple[Path, ...]
    reach: Reach
    """What the references of the document may reach."""
    own: bool
    """Whether the document is the configured one, with pages and output beside it."""


def do(
    spec: Path | None,
    overlays: tuple[Path, ...],
    root: Path | None,
    key: str | None,
    given: tuple[tuple[str, Json], ...],
    budget: float,
    seed: int,
    checks: tuple[str, ...],
    rules: tuple[str, ...],
    without: tuple[str, ...],
    report: Path | None,
    least: float | None,
    verbose: bool,
    workers: int | None,
    database: Path | None,
) -> None:
    """What the verb does; see its options."""
    load_own(checks)
    source = click.get_current_context().get_parameter_source("database")
    if source is click.core.ParameterSource.DEFAULT:
        database = None  # the server is the run's own, so there is no next time
    choice = chosen(rules, without)
    settings = configuration(Path.cwd())
    job = Job(
        settings,
        the_spec(settings, spec),
        the_overlays(settings, spec, overlays),
        the_reach(settings, root),
        not spec,
    )
    screen = console()
    with tempfile.TemporaryDirectory(prefix="tallystick-") as scratch:
        fine = _assembled(job, screen)
        fine &= _linted(job, screen)
        made, package, fresh = _generated(job, Path(scratch), screen)
        result, target, found = _suite(
            made,
            package,
            key or key_for(made.contract),
            given,
            Effort(seed, budget, workers, database),
            choice,
            screen,
        )
        folder = report or Path("reports")
        result = replace(result, residue=())  # the server was the run's own, and is gone
        present(result, target, screen, folder, found=found, verbose=verbose)
    enough = seen_enough(result, least)
    sys.exit(exit_code(result) or (0 if fine and fresh and enough else 1))


def key_for(contract: Contract) -> str:
    """A key for the sandbox; Basic authentication takes a user and a password (RFC 7617)."""
    basic = any(scheme.scheme == "basic" for scheme in contract.security.values())
    return "tallystick:run-key" if basic else "tallystick-run-key"


def _assembled(job: Job, screen: Console) -> bool:
    """Whether the document is what its pages make; true where it has none."""
    if not (job.own and job.settings.pages):
        return True
    with step(screen, "assemble") as say:
        made = assemble([job.settings.pages])
        files = assembled_files(made, job.spec)
        stale = [shown(path) for path, text in files.items() if current(path) != text]
        say(
            f"stale: {', '.join(stale)}" if stale else f"{shown(job.spec)} is up to date", not stale
        )
    return not stale


def _linted(job: Job, screen: Console) -> bool:
    with step(screen, "lint") as say:
        findings = findings_of(job.spec, job.overlays, job.reach)
        errors = [each for each in findings if each.severity == "error"]
        say(counted(findings), not errors)
    for line in lines(errors):
        screen.print(line, markup=False, highlight=False)
    return not errors


def _generated(job: Job, scratch: Path, screen: Console) -> tuple[Generated, Path, bool]:
    """The package, where it stands, and whether what stood there was up to date."""
    output = job.settings.output if job.own else None
    package = (job.settings.package if job.own else None) or "generated_package"
    with step(screen, "generate") as say:
        lock = output / "names.lock" if output else None
        made = generate(job.spec, job.overlays, package=package, lock=lock, reach=job.reach)
        differences = check(made.files, output) if output else ()
        what = f"{len(made.contract.operations)} operations, {len(made.models.definitions)} models"
        if output and differences:
            say(stale_text(output, [each.path for each in differences]), False)
        elif output:
            say(f"{shown(output)} is up to date: {what}", True)
        else:
            say(what, True)
    if output and not differences:
        return made, output, True
    write(made.files, scratch / "generated")
    return made, scratch / "generated", not differences


def _suite(
    made: Generated,
    folder: Path,
    key: str,
    given: tuple[tuple[str, Json], ...],
    effort: Effort,
    choice: Choice,
    screen: Console,
) -> tuple[Result, Target, tuple[Cause, ...]]:
    """The suite against the sandbox on loopback: raw, then through the generated client.

    Args:
        effort: how much is tried.
        choice: which rules count.
    """
    seed, budget = effort.seed, effort.budget
    contract: Contract = made.contract
    tally = Tally(contract)
    with Server(sandbox(contract, key=key, seed=seed)) as server:
        known = grouped(contract, given)
        target = at_url(contract, server.url, key=key, given=known, budget=budget)
        with step(screen, "suite") as say:
            raw = judge(contract, target, effort, tally=tally, choice=choice)
            say(_counted(raw), raw.holds)
        if raw.interrupted:
            target.close()
            return raw, target, causes(raw, contract)
        with step(screen, "client") as say, progress("client") as shown_progress:
            package = imported(folder, made.package)
            client = through_client(target, contract, package, server.url, key, budget)
            behind = watched(client.target, tally)
            laws = run_laws(
                contract, behind, seed=seed + 1, on_progress=shown_progress, choice=choice
            )
            say(f"{_counted(laws)}, {client.called} through the client", laws.holds)
        client.close()
        both = merged((raw, _by_client(laws, client.called)))
        target.meter.grant(10.0)
        both, found = told(both, contract, target)
        target.close()
    return replace(both, observed=tally.observation()), target, found


def _by_client(laws: Result, called: int) -> Result:
    """The laws through the client, told apart from those that went raw."""
    verdicts = tuple(
        replace(each, rule=each.rule + CLIENT) if each.standing is Standing.BROKEN else each
        for each in laws.verdicts
    )
    rest = laws.requests - called
    engines = {"client": called, "beside the client": rest}
    return replace(laws, verdicts=verdicts, engines=engines, log=laws.log.by("client"))


def _counted(result: Result) -> str:
    counts = f"{len(result.verdicts)} verdicts, {len(result.broken)} broken"
    return f"{counts}, {result.requests} requests" + (", stopped" if result.interrupted else "")
