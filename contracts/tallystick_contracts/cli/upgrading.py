"""A new edition of the document, from its text to the files, all or nothing: what ``upgrade`` does."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from tallystick.cli import (
    counted,
    findings_in,
    is_lax,
    needed,
    shown,
    the_overlays,
    the_reach,
    the_spec,
)
from tallystick.cli.uncollected import uncollected
from tallystick.config import Configuration, configuration
from tallystick.contract import Contract
from tallystick.document import Document, load, read
from tallystick.document.load import assembled
from tallystick.document.read import decode, read_bytes
from tallystick.evolve.show import met
from tallystick.generate import Generated, of_document
from tallystick.lint import lines
from tallystick.output import Replaced, Together, finish_together, preview, write, write_together
from tallystick_contracts.cli.edition import Edition, edition, past
from tallystick_contracts.cli.job import key_for
from tallystick_contracts.cli.options import chosen, load_own
from tallystick_contracts.cli.progress import console, progress, step
from tallystick_contracts.cli.release import Release, release
from tallystick_contracts.cli.upgrade_summary import in_short, own_faults, summary
from tallystick_contracts.old_client import Uses, uses
from tallystick_contracts.run import run as run_laws
from tallystick_contracts.sandbox import Server, sandbox
from tallystick_contracts.target import at_url
from tallystick_contracts.through import imported, through_client
from tallystick_contracts.verdicts import Result


@dataclass(frozen=True, slots=True)
class Job:
    """What one upgrade is about."""

    settings: Configuration
    sources: tuple[Path, ...]
    spec: Path
    overlays: tuple[tuple[Path, ...], tuple[Path, ...]]
    """Those of the present document, and those of the new one."""
    root: Path | None
    output: Path
    package: str
    budget: float
    seed: int
    strict: bool
    force: bool

    @property
    def lock(self) -> Path:
        return self.output / "names.lock"


@dataclass(frozen=True, slots=True)
class Both:
    """The package of the present document, and that of the new one."""

    old: Generated
    new: Generated

    @property
    def differ(self) -> bool:
        """Whether the contract is another one."""
        return self.old.contract.digest != self.new.contract.digest


def upgrade(
    new: tuple[Path, ...],
    spec: Path | None,
    overlays: tuple[Path, ...],
    old_overlays: tuple[Path, ...],
    root: Path | None,
    output: Path | None,
    package: str | None,
    dry: bool,
    strict: bool,
    force: bool,
    fail_on: str,
    budget: float,
    seed: int,
) -> None:
    """What the verb does; see its options."""
    settings = configuration(Path.cwd())
    applied = the_overlays(settings, spec, overlays)
    job = Job(
        settings=settings,
        sources=new,
        spec=the_spec(settings, spec),
        overlays=(tuple(old_overlays) or applied, applied),
        root=root,
        output=needed(output or settings.output, "no output folder named", "-o DIR"),
        package=needed(package or settings.package, "no package named", "--package NAME"),
        budget=budget,
        seed=seed,
        strict=strict,
        force=force,
    )
    sys.exit(_upgraded(job, dry, fail_on, console()))


def _upgraded(job: Job, dry: bool, fail_on: str, screen: Console) -> int:
    if job.settings.file is not None and not dry:
        finish_together(job.settings.file.parent, force=job.force)
    made = _read(job, screen)
    document = _loaded(made.document, job.overlays[1], job)
    if not _is_clean(document, screen):
        return _refused(screen)
    both = _generated(job, document, screen)
    if job.strict and is_lax(both.new, job.settings, None):
        return _refused(screen)
    with uncollected():
        found = release(both.old, both.new) if both.differ else None
    wanted = _wanted(job, made, both, found)
    changes = preview(wanted, force=job.force)
    if not (changes.written or changes.deleted):
        screen.print("nothing to do: the document and the package are as they would be written")
        return 0
    seen: Uses | None = None
    if both.differ:
        with tempfile.TemporaryDirectory(prefix="tallystick-") as scratch:
            if not _holds(job, both.new, Path(scratch), screen):
                return _refused(screen)
            seen = _seen(job, both, found, Path(scratch), screen)
    failed = found is not None and met(found.view, fail_on)
    if not (dry or failed):
        changes = _written(job, wanted, screen)
    for line in summary(found, seen, changes, wrote=not (dry or failed)):
        screen.print(line, highlight=False, soft_wrap=True)
    return 1 if failed else 0


def _refused(screen: Console) -> int:
    screen.print("nothing was written")
    return 1


def _read(job: Job, screen: Console) -> Edition:
    with step(screen, "read") as say:
        made = edition(job.sources, job.spec, job.settings.pages)
        say(f"{shown(job.spec)} from {made.made_of}", True)
    return made


def _loaded(document: Document, overlays: Sequence[Path], job: Job) -> Document:
    reach = the_reach(job.settings, job.root)
    return assembled(document, (read(each) for each in overlays), reach)


def _is_clean(document: Document, screen: Console) -> bool:
    with step(screen, "lint") as say:
        findings = findings_in(document)
        errors = [each for each in findings if each.severity == "error"]
        say(counted(findings), not errors)
    for line in lines(errors):
        screen.print(line, markup=False, highlight=False, soft_wrap=True)
    return not errors


def _generated(job: Job, document: Document, screen: Console) -> Both:
    with step(screen, "generate") as say:
        before = load(job.spec, job.overlays[0], the_reach(job.settings, job.root))
        with uncollected():
            old = of_document(before, package=job.package, lock=job.lock)
            new = of_document(document, package=job.package, lock=job.lock)
        count = len(new.contract.operations), len(new.models.definitions)
        say(f"{count[0]} operations, {count[1]} models", True)
    return Both(old, new)


def _holds(job: Job, made: Generated, scratch: Path, screen: Console) -> bool:
    """Whether the new contract holds in its own sandbox, through its own client."""
    with step(screen, "suite") as say:
        result = _own(job, made, scratch / "new")
        count = f"{len(result.verdicts)} verdicts, {len(result.broken)} broken"
        say(f"{count}, {result.requests} requests{_left(result.left_out)}", not result.broken)
    for line in own_faults(result.broken):
        screen.print(line, markup=False, highlight=False, soft_wrap=True)
    return not result.broken


def _own(job: Job, made: Generated, folder: Path) -> Result:
    load_own(())
    contract: Contract = made.contract
    key, budget = key_for(contract), job.budget / 2
    write(made.files, folder)
    with Server(sandbox(contract, key=key, seed=job.seed)) as server:
        target = at_url(contract, server.url, key=key, budget=budget)
        package = imported(folder, made.package)
        client = through_client(target, contract, package, server.url, key, budget)
        try:
            with progress("suite") as report:
                result = run_laws(
                    contract,
                    client.target,
                    seed=job.seed,
                    on_progress=report,
                    choice=chosen((), ()),
                )
        finally:
            client.close()
            target.close()
    if result.interrupted:
        raise KeyboardInterrupt
    return result


def _seen(job: Job, both: Both, found: Release | None, scratch: Path, screen: Console) -> Uses:
    with step(screen, "old client") as say:
        with progress("old client") as report:
            seen = uses(
                both.old.contract,
                both.new.contract,
                f"{job.package}_before",
                scratch / "old",
                key=key_for(both.old.contract),
                budget=job.budget / 2,
                seed=job.seed,
                comparison=found.view.comparison if found else None,
                on_progress=report,
            )
        if seen.interrupted:
            raise KeyboardInterrupt
        say(f"{in_short(seen)}{_left(seen.left_out)}", True)
    return seen


def _left(left_out: Sequence[str]) -> str:
    return ", stopped at the end of the budget" if left_out else ""


def _wanted(job: Job, made: Edition, both: Both, found: Release | None) -> Together:
    files = dict(made.files)
    folder = job.settings.history
    if both.differ and folder is not None:
        beside = (job.spec, job.spec.parent / "vendor.lock", *job.overlays[0])
        files |= past(folder, beside)
    if found is not None:
        files |= _told_on(job.output / "CHANGELOG.md", found)
    tree = dict(both.new.files if found is None else found.files)
    return Together(_top(job, files), {job.output: tree}, files)


def _told_on(changelog: Path, found: Release) -> dict[Path, bytes | None]:
    """The CHANGELOG with the entry of this release."""
    text = decode(read_bytes(changelog), str(changelog)) if changelog.is_file() else None
    entered = found.changelog(text)
    return {} if entered is None else {changelog: entered.encode()}


def _top(job: Job, files: dict[Path, bytes | None]) -> Path:
    """The folder of the configuration, if all is below it; else the lowest that all is below."""
    places = [os.path.realpath(each.parent) for each in (*files, job.output)]
    common = Path(os.path.commonpath(places))
    top = job.settings.file.parent.resolve() if job.settings.file else common
    return top if common.is_relative_to(top) else common


def _written(job: Job, wanted: Together, screen: Console) -> Replaced:
    with step(screen, "write") as say:
        changes = write_together(wanted, force=job.force)
        say(f"{len(changes.written)} written, {len(changes.deleted)} deleted", True)
    return changes
