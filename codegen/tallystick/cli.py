"""The verbs on a document: assemble, lint, generate. The only place in this floor that prints.

Each verb imports what it needs when it runs: `--help` needs no validator, `lint` no template.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from tallystick.errors import DocumentError, TallystickError, UsageError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from tallystick.config import Configuration
    from tallystick.document import Reach
    from tallystick.document.assemble import Assembled
    from tallystick.generate import Generated
    from tallystick.ledger import Entry
    from tallystick.lint import Finding

T = TypeVar("T")

PathType = click.Path(path_type=Path)

spec_argument = click.argument("spec", type=PathType, required=False)
overlay_option = click.option(
    "--overlay",
    "overlays",
    type=PathType,
    multiple=True,
    help="An OpenAPI Overlay to apply; may be given several times.",
)

root_option = click.option(
    "--ref-root",
    "root",
    type=PathType,
    help="The folder whose files a $ref may name; else it may name none.",
)


class Verbs(click.Group):
    """The verbs of this floor, and those that other distributions add by entry points."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every verb, in alphabetical order."""
        return sorted({*super().list_commands(ctx), *(each.name for each in _added())})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb of this name; one that is added is imported only now."""
        found = super().get_command(ctx, cmd_name)
        if found is not None:
            return found
        added = next((each for each in _added() if each.name == cmd_name), None)
        return _loaded(added) if added else None


def _added() -> Sequence[EntryPoint]:
    from importlib.metadata import entry_points

    return tuple(entry_points(group="tallystick.verbs"))


def _loaded(entry: EntryPoint) -> click.Command:
    try:
        command: click.Command = entry.load()
    except ModuleNotFoundError as error:
        raise UsageError(
            f"`tallystick {entry.name}` needs the package {error.name!r}",
            hint="install tallystick with its extra: pip install 'tallystick[contracts]'",
        ) from None
    return command


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tallystick")
def tallystick() -> None:
    """One OpenAPI document: a typed client, server stubs, and proof that they fit."""


@tallystick.command()
@click.argument("pages", type=PathType, nargs=-1)
@click.option("-o", "--output", type=PathType, help="The document to write.")
@click.option("--check", "only_check", is_flag=True, help="Write nothing; say whether it is stale.")
def assemble(pages: tuple[Path, ...], output: Path | None, only_check: bool) -> None:
    """Merge pages with OpenAPI fragments into one document and its vendor.lock."""
    from tallystick.config import configuration
    from tallystick.document.assemble import assemble as assemble_pages
    from tallystick.output import write_file

    settings = configuration(Path.cwd())
    sources = pages or ((settings.pages,) if settings.pages else ())
    target = output or settings.spec
    if not sources or target is None:
        raise UsageError("no pages or no output named", hint="tallystick assemble PAGES... -o FILE")
    made = assemble_pages(sources)
    files = assembled_files(made, target)
    if only_check:
        stale = [difference for path, text in files.items() if (difference := _stale(path, text))]
        if stale:
            click.echo("".join(stale), nl=False)
            click.echo(f"stale: {shown(target)} is not what the pages make", err=True)
            sys.exit(1)
        click.echo(f"up to date: {shown(target)}")
        return
    written = [shown(path) for path, text in files.items() if write_file(path, text, parents=True)]
    click.echo(f"wrote {', '.join(written)}" if written else f"up to date: {shown(target)}")


def assembled_files(made: Assembled, target: Path) -> dict[Path, str]:
    """The two files of an assembled document: itself, and its lock beside it."""
    return {target: made.text, target.parent / "vendor.lock": made.lock}


def current(path: Path) -> str:
    """The text that stands in ``path`` now; none if there is no such file, or it is no text."""
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _stale(path: Path, text: str) -> str:
    import difflib

    old = current(path)
    lines_of = (old.splitlines(keepends=True), text.splitlines(keepends=True))
    return "".join(
        difflib.unified_diff(*lines_of, f"{shown(path)} (now)", f"{shown(path)} (pages)")
    )


@tallystick.command()
@spec_argument
@overlay_option
@root_option
def lint(spec: Path | None, overlays: tuple[Path, ...], root: Path | None) -> None:
    """Check a document's structure, and what it says about null, defaults and presence."""
    from tallystick.config import configuration
    from tallystick.lint import lines

    settings = configuration(Path.cwd())
    chosen = the_spec(settings, spec)
    reach = the_reach(settings, root)
    findings = findings_of(chosen, the_overlays(settings, spec, overlays), reach)
    for line in lines(findings):
        click.echo(line)
    click.echo(f"{shown(chosen)}: {counted(findings)}", err=True)
    sys.exit(1 if any(each.severity == "error" for each in findings) else 0)


def counted(findings: Sequence[Finding]) -> str:
    """How many findings there are of each severity: ``0 errors, 1 warning, 2 infos``."""
    counts = ((kind, sum(f.severity == kind for f in findings)) for kind in _SEVERITIES)
    return ", ".join(f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in counts)


_SEVERITIES = ("error", "warning", "info")


def findings_of(
    spec: Path, overlays: Sequence[Path], reach: Reach | None = None
) -> tuple[Finding, ...]:
    """The findings on a document, also on one of which no contract can be made."""
    from tallystick.contract import build
    from tallystick.document import load
    from tallystick.lint import lint as lint_document

    document = load(spec, overlays, reach)
    try:
        contract = build(document)
    except DocumentError as error:
        findings = lint_document(document, None)
        if not any(each.severity == "error" for each in findings):
            raise error from None
        return findings
    return lint_document(document, contract)


@tallystick.command()
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
    with _uncollected():
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
    sys.exit(1 if (only_check and differences) or (strict and _lax(made, settings, spec)) else 0)


@contextmanager
def _uncollected() -> Generator[None]:
    """No search for cycles meanwhile: next to nothing becomes free, and each object is looked at
    again and again, which takes a fifth of the time of a large document."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def stale_text(folder: Path, paths: Sequence[str]) -> str:
    """One line: which files of ``folder`` differ from what would be generated."""
    if not paths:
        return f"up to date: {shown(folder)}"
    return f"stale: {', '.join(paths)} in {shown(folder)}; run `tallystick generate`"


def _lax(made: Generated, settings: Configuration, spec: Path | None) -> bool:
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


def the_spec(settings: Configuration, spec: Path | None) -> Path:
    """The document that is meant: the argument, else the configured one."""
    return needed(spec or settings.spec, "no document named", "SPEC, or [tool.tallystick] spec")


def the_overlays(
    settings: Configuration, spec: Path | None, overlays: Sequence[Path]
) -> tuple[Path, ...]:
    """The overlays that are meant: those given, else the configured ones of the configured document."""
    return tuple(overlays) or (() if spec else settings.overlays)


def the_reach(settings: Configuration, root: Path | None) -> Reach:
    """What references may reach: the folder given, else the configured one."""
    return replace(settings.reach, folder=root or settings.reach.folder)


def needed(value: T | None, what: str, how: str) -> T:
    """``value``, which must be there.

    Raises:
        UsageError: it is not.
    """
    if value is None:
        raise UsageError(what, hint=f"give {how}")
    return value


def shown(path: Path) -> str:
    """A path as the reader would type it: relative to where the command runs, if below it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def run(command: Callable[[], object]) -> int:
    """Run a command line; the exit code says how it ended, and bad input is one line."""
    try:
        command()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except TallystickError as error:
        click.echo(f"tallystick: {error}", err=True)
        return 2
    except (KeyboardInterrupt, click.Abort):
        click.echo("tallystick: interrupted", err=True)
        return 130
    except BrokenPipeError:
        return 141
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else 1
    return 0
