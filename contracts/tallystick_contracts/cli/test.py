"""``tallystick test``: the suite against a server, or an ASGI application in this process."""

from __future__ import annotations

from typing import Any

import click

from tallystick.cli import PathType, overlay_option, root_option
from tallystick_contracts.cli.options import Rate, suite_options


@click.command()
@click.argument("server", required=False)
@click.option("--spec", type=PathType, help="The document that the server claims to keep.")
@overlay_option
@root_option
@click.option("--header", "headers", multiple=True, help="'Name: value', sent with every request.")
@click.option("--allow-host", "hosts", multiple=True, help="A host beside loopback to be tested.")
@click.option("--read-only", is_flag=True, help="Send GET, HEAD, OPTIONS and QUERY only.")
@click.option("--rate", type=Rate(), help="Requests in a second at most: 20/s.")
@click.option("--dry", "is_dry", is_flag=True, help="Without a server: what would be tried.")
@click.option(
    "--self-check", "check", is_flag=True, help="Without a server: which faults are found."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Of what --dry or --self-check print.",
)
@suite_options
def test(**asked: Any) -> None:
    """Prove that SERVER keeps the contract of a document.

    SERVER is a URL, or MODULE:NAME of an ASGI application, which is then called in this process.
    With --dry or --self-check there is none.
    """
    from tallystick_contracts.cli.proving import prove

    prove(**asked)
