"""``tallystick upgrade``: a new edition of the document, from its text to the files."""

from __future__ import annotations

from typing import Any

import click

from tallystick.cli import PathType, overlay_option, root_option
from tallystick_contracts.cli.options import Duration


@click.command()
@click.argument("new", type=PathType, nargs=-1)
@click.option("--spec", type=PathType, help="The present document; else the configured one.")
@overlay_option
@click.option("--old-overlay", "old_overlays", type=PathType, multiple=True, help="For it alone.")
@root_option
@click.option("-o", "--output", type=PathType, help="The folder of the distribution.")
@click.option("--package", help="The name of the package that people import.")
@click.option("--dry-run", "dry", is_flag=True, help="Write nothing.")
@click.option("--strict", is_flag=True, help="Fail if anything is approximated or ignored.")
@click.option("--force", is_flag=True, help="Overwrite files of ours that were edited by hand.")
@click.option(
    "--fail-on",
    type=click.Choice(["breaking", "risky", "any", "never"]),
    default="never",
    show_default=True,
    help="Write nothing, and exit 1, if clients meet such a change, or a worse one.",
)
@click.option(
    "--budget",
    type=Duration(),
    default="20s",
    show_default=True,
    help="Time for the suite: half for the new contract, half for the old client.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Same seed, same run.")
def upgrade(**asked: Any) -> None:
    """Take NEW, a document or pages, and say what it changes; then write all of it, or nothing.

    NEW left out, the document is assembled anew from the configured pages.
    """
    from tallystick_contracts.cli import upgrading

    upgrading.upgrade(**asked)
