"""``tallystick run``: the main job, from the pages to the verdict."""

from __future__ import annotations

from typing import Any

import click

from tallystick.cli import overlay_option, root_option, spec_argument
from tallystick_contracts.cli.options import suite_options


@click.command()
@spec_argument
@overlay_option
@root_option
@suite_options
def run(**asked: Any) -> None:
    """The main job: check the document, generate, serve it, and prove that the halves fit."""
    from tallystick_contracts.cli.job import do

    do(**asked)
