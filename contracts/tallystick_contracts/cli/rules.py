"""``tallystick rules``: what each rule promises, or the page of one."""

from __future__ import annotations

from typing import Any

import click

from tallystick_contracts.cli.completing import rules_so


@click.command()
@click.argument("names", nargs=-1, metavar="[PATTERN]...", shell_complete=rules_so)
@click.option("--checks", multiple=True, help="A module of own checks.")
def rules(**asked: Any) -> None:
    """List the rules by law, or those that shell patterns mean; of one, print its page.

    The names are those of --rules and --without.
    """
    from tallystick_contracts.cli.listing import show

    show(**asked)
