"""``tallystick generate``: the package of a document written, checked or shown."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .chosen import needed, the_overlays, the_reach, the_spec
from .options import PathType, overlay_option, root_option, spec_argument
from .paths import shown
from .uncollected import uncollected

if TYPE_CHECKING:
    from tallystick.config import Configuration
    from tallystick.generate import Generated
    from tallystick.ledger import Entry


@click.command()
@spec_argument
@overlay_option
@root_option
@click.option("-o", "--output", type=PathType, help="The folder of the distribution.")
@click.option("--package", help="The name of the package that people import.")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 if it is stale.")
@click.option("--diff", "show_diff", is_flag=True, help="Show what changes before it is written.")
@click.option("--strict", is_flag=True, help="Fail if anything is approximated or ignored.")
@click.option("--force", is_flag=True, help="Overwrite files of ours that were edited by hand.")
def generate(
    spec: Path | None,
    overlays: tuple[Path, ...],
    root: Path | None,
    output: Path | None,
    package: str | None,
    only_check: bool,
    show_diff: bool,
    strict: bool,
    force: bool,
) -> None:
    """Write the package of a document: models, client, server stubs, ledger."""
    from tallystick.config import configuration
    from tallystick.generate import generate as generate_package
    from tallystick.output import check, difference_text, write

    settings = configuration(Path.cwd())
    chosen = the_spec(settings, spec)
    folder = needed(output or settings.output, "no output folder named", "-o DIR")
    name = needed(package or settings.package, "no package named", "--package NAME")
    with uncollected():
        made = generate_package(
            chosen,
            the_overlays(settings, spec, overlays),
            package=name,
            lock=folder / "names.lock",
            reach=the_reach(settings, root),
        )
    differences = check(made.files, folder) if show_diff or only_check else ()
    if show_diff or only_check:
        click.echo(difference_text(differences), nl=False)
    if only_check:
        click.echo(stale_text(folder, [each.path for each in differences]), err=bool(differences))
    else:
        done = write(made.files, folder, force=force)
        click.echo(f"{shown(folder)}: {len(done.written)} written, {done.unchanged} unchanged")
    click.echo(made.ledger.summary())
    sys.exit(1 if (only_check and differences) or (strict and is_lax(made, settings, spec)) else 0)


def stale_text(folder: Path, paths: Sequence[str]) -> str:
    """One line: which files of ``folder`` differ from what would be generated."""
    if not paths:
        return f"up to date: {shown(folder)}"
    return f"stale: {', '.join(paths)} in {shown(folder)}; run `tallystick generate`"


def is_lax(made: Generated, settings: Configuration, spec: Path | None) -> bool:
    """Whether something is lost that is not allowed, or allowed that is not lost; says which."""
    from tallystick.ledger import Allowed, judged

    chosen = spec is None or settings.spec is None or spec.resolve() == settings.spec.resolve()
    allowed = tuple(Allowed(*each) for each in settings.allow) if chosen else ()
    lost, unneeded = judged(made.ledger, allowed)
    for line in told(lost):
        click.echo(line, err=True)
    for each in unneeded:
        where = shown(settings.file) if settings.file else "allow"
        click.echo(f"{where}: nothing is lost that {each} allows: remove it", err=True)
    return bool(lost or unneeded)


def told(lost: Sequence[Entry]) -> list[str]:
    """One line for each kind of loss: where it is first, what, why, and how many more there are."""
    kinds: dict[tuple[str, str, str], list[Entry]] = {}
    for entry in lost:
        keyword = entry.pointer.rpartition("/")[2]
        kinds.setdefault((keyword, entry.standing, entry.reason), []).append(entry)
    return [
        f"{first.pointer}: {first.standing}: {first.reason}"
        + (f" (and {len(more)} more of {first.pointer.rpartition('/')[2]})" if more else "")
        for first, *more in kinds.values()
    ]
