"""The argument and the options that verbs on a document share."""

from __future__ import annotations

from pathlib import Path

import click

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
