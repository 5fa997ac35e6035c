"""The verbs by name: those of this floor, and those that other distributions add."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tallystick.errors import UsageError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from click.shell_completion import CompletionItem


class Verbs(click.Group):
    """The verbs of this floor, and those that other distributions add by entry points."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every verb, in alphabetical order."""
        return sorted({*super().list_commands(ctx), *(each.name for each in _added())})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb of this name; one that is added is imported only now."""
        found = super().get_command(ctx, cmd_name)
        if found is not None:
            return found
        added = next((each for each in _added() if each.name == cmd_name), None)
        return _loaded(added) if added else None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The verbs and options that begin so; no verb is imported to say what it does."""
        from click.shell_completion import CompletionItem

        verbs = [
            CompletionItem(name, help=own.get_short_help_str() if own else None)
            for name in self.list_commands(ctx)
            if name.startswith(incomplete)
            for own in (self.commands.get(name),)
        ]
        return [*verbs, *click.Command.shell_complete(self, ctx, incomplete)]


def _added() -> Sequence[EntryPoint]:
    from importlib.metadata import entry_points

    return tuple(entry_points(group="tallystick.verbs"))


def _loaded(entry: EntryPoint) -> click.Command:
    try:
        command: click.Command = entry.load()
    except ModuleNotFoundError as error:
        raise UsageError(
            f"`tallystick {entry.name}` needs the package {error.name!r}",
            hint="install tallystick with its extra: pip install 'tallystick[contracts]'",
        ) from None
    return command
