"""The argument and the options that verbs on a document share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

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


def files_so(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem | str]:
    """Files, of what may be one: the shell knows which there are."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]
