"""What each rule promises, or the page of one: what the verb ``rules`` does."""

from __future__ import annotations

from collections.abc import Iterator

import click
from rich.markdown import Markdown

from tallystick.errors import UsageError
from tallystick_contracts.cli.options import load_own
from tallystick_contracts.cli.progress import console
from tallystick_contracts.rules.catalogue import Entry, with_own
from tallystick_contracts.rules.choice import known, matches
from tallystick_contracts.rules.pages import page
from tallystick_contracts.verdicts import Law


def show(names: tuple[str, ...], checks: tuple[str, ...]) -> None:
    """What the verb does; see its options."""
    load_own(checks)
    known(names, "tallystick rules")
    found = [each for each in with_own().values() if not names or matches(each.name, names)]
    if len(names) == len(found) == 1:
        _print_page(found[0])
        return
    for line in _listed(found):
        click.echo(line)


def _print_page(rule: Entry) -> None:
    text, screen = page(rule.name), console()
    if not text:
        raise UsageError(f"the rule {rule.name!r} has no page", hint=rule.promise)
    if screen.is_terminal:
        screen.print(Markdown(text))
    else:
        click.echo(text, nl=False)


def _listed(found: list[Entry]) -> Iterator[str]:
    for law in Law:
        here = [each for each in found if each.law is law]
        if here:
            yield law.value
        for each in here:
            yield f"  {each.name}: {each.promise}"
