"""``tallystick completion``: the script that makes a shell complete verbs, options and values."""

from __future__ import annotations

import click

VARIABLE = "_TALLYSTICK_COMPLETE"


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the script that completes verbs, options, names of rules and faults, and files.

    \b
    bash: tallystick completion bash > ~/.local/share/bash-completion/completions/tallystick
    zsh:  tallystick completion zsh > a folder of $fpath, as _tallystick
    fish: tallystick completion fish > ~/.config/fish/completions/tallystick.fish
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None
    root = click.get_current_context().find_root().command
    click.echo(kind(root, {}, "tallystick", VARIABLE).source())
