"""``tallystick serve``: the sandbox on a loopback port until it is told to stop."""

from __future__ import annotations

from typing import Any

import click

from tallystick.cli import PathType, overlay_option, root_option, spec_argument
from tallystick_contracts.cli.completing import faults_so
from tallystick_contracts.cli.options import Duration

DEFAULT_KEY = "sandbox-key"


@click.command()
@spec_argument
@overlay_option
@root_option
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option(
    "--key", help=f"The key to ask for; else that of the environment, else {DEFAULT_KEY}."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Decides ids and dates.")
@click.option("--delay", type=Duration(), default="0s", help="When an update becomes visible.")
@click.option("--state", type=PathType, help="A SQLite file that keeps the state.")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    shell_complete=faults_so,
    help="A fault to switch on; see --list-faults.",
)
@click.option("--list-faults", is_flag=True, help="Show the faults that can be switched on.")
def serve(**asked: Any) -> None:
    """Serve a document: a server with a memory, made from the contract alone."""
    from tallystick_contracts.cli import service

    service.serve(**asked)
