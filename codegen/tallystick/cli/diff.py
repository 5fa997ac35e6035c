"""``tallystick diff``: what changed from one document to another, and whom it breaks."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tallystick.errors import TallystickError

from .chosen import the_reach
from .ends import End, ends
from .options import PathType, files_so, overlay_option, root_option
from .packages import packages_compared
from .paths import shown
from .printing import put
from .uncollected import uncollected

if TYPE_CHECKING:
    from tallystick.config import Configuration
    from tallystick.contract import Contract
    from tallystick.document import Reach
    from tallystick.evolve import Comparison, PythonChange, Reader, Verdict
    from tallystick.evolve.show import View

READERS: dict[str, tuple[Reader, ...]] = {
    "clients": ("typed client", "hand-written client"),
    "typed": ("typed client",),
    "hand-written": ("hand-written client",),
    "server": ("server",),
    "all": ("typed client", "hand-written client", "server"),
}


@click.command()
@click.argument("old", required=False, shell_complete=files_so)
@click.argument("new", required=False, shell_complete=files_so)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown", "html"]),
    default="text",
    show_default=True,
    help="How it is told: Markdown is a comment for a pull request, HTML one page.",
)
@click.option("-o", "--output", type=PathType, help="The file to write; else standard output.")
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Each change by itself, and what changes nothing that travels.",
)
@click.option(
    "--reader",
    type=click.Choice(list(READERS)),
    default="clients",
    show_default=True,
    help="Whom the verdict is about.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["breaking", "risky", "any", "never"]),
    default="breaking",
    show_default=True,
    help="Exit 1 if there is such a change, or a worse one.",
)
@click.option(
    "--tries",
    type=click.IntRange(0, 100_000),
    default=200,
    show_default=True,
    help="Values to draw where only a search can find a counter-example.",
)
@click.option(
    "--python/--no-python",
    default=None,
    help="Compare the generated packages too; as a rule where the document is the configured one.",
)
@overlay_option
@click.option("--old-overlay", "old_overlays", type=PathType, multiple=True, help="For OLD alone.")
@click.option("--new-overlay", "new_overlays", type=PathType, multiple=True, help="For NEW alone.")
@root_option
def diff(
    old: str | None,
    new: str | None,
    form: str,
    output: Path | None,
    everything: bool,
    reader: str,
    fail_on: str,
    tries: int,
    python: bool | None,
    overlays: tuple[Path, ...],
    old_overlays: tuple[Path, ...],
    new_overlays: tuple[Path, ...],
    root: Path | None,
) -> None:
    """Say what changed from OLD to NEW, whom it breaks, and show an example of it.

    Each is a file, or REV:path as a git revision has it. NEW left out is the configured document
    as it stands, OLD left out is that of the last commit; a REV alone is the configured document
    of that revision.
    """
    from tallystick.config import configuration
    from tallystick.evolve.show import View, met

    settings = configuration(Path.cwd())
    given = ((*overlays, *old_overlays), (*overlays, *new_overlays))
    both = ends(settings, (old, new), given)
    with uncollected():
        comparison = _compared(both, the_reach(settings, root), tries)
        package, release = _released(comparison, both, settings, python)
        view = View(comparison, READERS[reader], everything, package, release, Path.cwd())
        if output is None:
            _print(view, form)
        else:
            _write(view, form, output)
    sys.exit(1 if met(view, fail_on) else 0)


def _compared(both: Sequence[End], reach: Reach, tries: int) -> Comparison:
    from tallystick.evolve.compare import compare

    old, new = (_contract(each, reach) for each in both)
    return compare(old, new, tries)


def _contract(end: End, reach: Reach) -> Contract:
    from tallystick.contract import build
    from tallystick.document.revisions import load_at

    return build(load_at(end.text, end.overlays, reach))


def _released(
    comparison: Comparison, both: Sequence[End], settings: Configuration, python: bool | None
) -> tuple[tuple[PythonChange, ...] | None, Verdict]:
    """What changes for those who use the package, and what is to be released.

    Args:
        python: whether packages are compared; None: those of the configured document, if they
            can be made.
    """
    from tallystick.evolve.release.verdict import verdict

    unasked = settings.package is not None and all(each.configured for each in both)
    if not (unasked if python is None else python):
        return None, verdict(comparison)
    try:
        name = settings.package or "generated_package"
        lock = _lock(both[0], settings)
        changes, same = packages_compared(comparison.old, comparison.new, name, lock)
    except TallystickError as error:
        if python:
            raise
        click.echo(f"the packages are not compared: {error}", err=True)
        return None, verdict(comparison)
    return changes, verdict(comparison, changes, same_files=same)


def _lock(old: End, settings: Configuration) -> str | None:
    """The names of the old package, if it is the configured one and was generated."""
    from tallystick.document.revisions import text_at

    if settings.output is None or not old.configured:
        return None
    return text_at(old.text, settings.output / "names.lock")


def _print(view: View, form: str) -> None:
    """Print it: in colour on a terminal, else as plain text."""
    if form == "text":
        from rich.console import Console

        from tallystick.evolve.show import print_text

        console = Console()
        if console.is_terminal:
            print_text(view, console)
            return
    put(_text(view, form))


def _text(view: View, form: str) -> str:
    from tallystick.evolve.show import diff_json, diff_markdown, text_lines

    if form == "text":
        return "".join(f"{line.plain}\n" for line in text_lines(view))
    if form == "html":
        from tallystick.evolve.page import page

        return page(view)
    return diff_json(view) if form == "json" else diff_markdown(view)


def _write(view: View, form: str, output: Path) -> None:
    from tallystick.evolve.show import text_lines
    from tallystick.output import write_file

    write_file(output, _text(view, form))
    click.echo(f"{shown(output)}: {next(text_lines(view)).plain}")
