"""``tallystick replay``: a finding sent again, and whether its fault still shows."""

from __future__ import annotations

from typing import Any

import click

from tallystick.cli import PathType, overlay_option, root_option
from tallystick_contracts.cli.options import Duration


@click.command()
@click.argument("finding")
@click.argument("server")
@click.option("--report", type=PathType, help="The folder of the report, for a FINDING by its id.")
@click.option("--key", help="The key; else from the environment variable that the finding names.")
@click.option("--header", "headers", multiple=True, help="'Name: value', in place of a secret one.")
@click.option("--allow-host", "hosts", multiple=True, help="A host beside loopback to be tested.")
@click.option("--wait", type=Duration(), help="Time for an effect to show; else the contract's.")
@click.option("--spec", type=PathType, help="The document, for a finding that says no claims.")
@overlay_option
@root_option
def replay(**asked: Any) -> None:
    """Send FINDING to SERVER again, and say whether its fault still shows.

    FINDING is the JSON file of a finding, report.json#ID, or an id with --report. SERVER is a
    URL, or MODULE:NAME of an ASGI application.

    Exit code: 1 the fault still shows, 0 it does not, 2 it could not be tried.
    """
    from tallystick_contracts.cli import replaying

    replaying.replay(**asked)
