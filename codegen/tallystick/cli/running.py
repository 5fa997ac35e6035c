"""A command line run: its exit code, and bad input told in one line."""

from __future__ import annotations

from collections.abc import Callable

import click

from tallystick.errors import TallystickError


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
