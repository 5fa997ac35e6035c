"""``tallystick assemble``: pages with OpenAPI fragments made one document."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tallystick.errors import UsageError

from .options import PathType
from .paths import current, shown

if TYPE_CHECKING:
    from tallystick.document.assemble import Assembled


@click.command()
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


def _stale(path: Path, text: str) -> str:
    import difflib

    old = current(path)
    lines_of = (old.splitlines(keepends=True), text.splitlines(keepends=True))
    return "".join(
        difflib.unified_diff(*lines_of, f"{shown(path)} (now)", f"{shown(path)} (pages)")
    )
