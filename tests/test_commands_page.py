"""The reference of the commands, docs/commands.md, is what the commands say of themselves.

``python tests/test_commands_page.py`` writes it anew.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import click

from tallystick.cli import tallystick

PAGE = Path(__file__).parent.parent / "docs" / "commands.md"
BAR = "\\|"
"""A bar within a table, which would end a cell."""
HEAD = """\
# Commands

Every verb and its options, as `tallystick VERB --help` tells them. Where a document is not named, it is that
of [`[tool.tallystick]`](configuration.md). Bad input is one line on standard error, with file, line and JSON
Pointer.

| exit code | |
|---|---|
| 0 | it holds |
| 1 | it does not: a lint error, a stale file, a breaking change, a broken rule |
| 2 | it could not run, or most of it could not be tried |

| verb | |
|---|---|
"""


def page() -> str:
    """The page as the commands of today say it."""
    context = click.Context(tallystick, info_name="tallystick")
    verbs = {
        name: tallystick.get_command(context, name) for name in tallystick.list_commands(context)
    }
    rows, parts = [], []
    for name, verb in verbs.items():
        assert verb is not None
        rows.append(f"| [`{name}`](#tallystick-{name}) | {paragraphs(verb)[0]} |\n")
        parts.append(section(click.Context(verb, info_name=name, parent=context), verb))
    return HEAD + "".join(rows) + "".join(parts)


def section(context: click.Context, verb: click.Command) -> str:
    """What is said of one verb: its usage, what it does, its options."""
    usage = " ".join(("tallystick", context.info_name or "", *verb.collect_usage_pieces(context)))
    rows = "".join(options(context, verb))
    listed = f"| option | | default |\n|---|---|---|\n{rows}" if rows else ""
    parts = [
        f"## tallystick {context.info_name}",
        fenced(usage),
        *paragraphs(verb),
        listed.rstrip(),
    ]
    return "".join(f"\n{each}\n" for each in parts if each)


def paragraphs(verb: click.Command) -> list[str]:
    """The paragraphs of its help; one whose lines must stand as they are is a block."""
    parts = inspect.cleandoc(verb.help or "").split("\n\n")
    return [
        fenced(each.removeprefix("\b\n"))
        if each.startswith("\b\n")
        else escaped(" ".join(each.split()))
        for each in parts
    ]


def fenced(text: str) -> str:
    return f"```text\n{text}\n```"


def options(context: click.Context, verb: click.Command) -> Iterator[str]:
    """The rows of the options, each with all its names."""
    for each in verb.params:
        if isinstance(each, click.Option) and not each.hidden and each.name != "help":
            names = ", ".join([*each.opts, *each.secondary_opts])
            value = (
                ""
                if each.is_flag or each.count
                else f" {each.make_metavar(context)}".replace(" RANGE", "")
            )
            default = shown_default(context, each)
            yield f"| `{names}{value.replace('|', BAR)}` | {cell(each.help or '')} | {default} |\n"


def shown_default(context: click.Context, option: click.Option) -> str:
    """The default where ``--help`` shows one."""
    said = option.get_help_extra(context).get("default")
    return f"`{said}`" if said else ""


def cell(text: str) -> str:
    return escaped(" ".join(text.split())).replace("|", BAR)


def escaped(text: str) -> str:
    """Plain text as Markdown."""
    return re.sub(r"([<>*_`\[\]])", r"\\\1", text)


def test_the_page_says_what_the_commands_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python tests/test_commands_page.py"


def test_every_option_of_the_help_stands_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    context = click.Context(tallystick, info_name="tallystick")
    for name in tallystick.list_commands(context):
        verb = tallystick.get_command(context, name)
        assert verb is not None
        below = text.partition(f"\n## tallystick {name}\n")[2].partition("\n## ")[0]
        told = verb.get_help(click.Context(verb, info_name=name, parent=context))
        for option in re.findall(r"^  (?:-\w, )?(--[\w-]+)", told, flags=re.MULTILINE):
            assert option == "--help" or option in below, (name, option)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
