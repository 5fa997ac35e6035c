"""What a shell may complete to: the names of rules and faults, without importing any of them.

The rules and the sandbox take a second to import, and a key was pressed. So rules are known by their
pages, and faults by the text of the files that define them; a test holds that these are all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_HERE = Path(__file__).parents[1]
_PAGES = (_HERE / "rule_pages", _HERE.parents[1] / "docs" / "rules")
# Name, perhaps a family, sentence.
_FAULT = re.compile(r'[Ff]ault\(\s*"(\w+)",\s*(?:"[\w ]*",\s*)?"([^"]*)"')


def rules_so(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem | str]:
    """The rules whose names begin so, each with its promise."""
    pages = next((folder for folder in _PAGES if folder.is_dir()), _HERE)
    return _items(
        (file.stem, file.read_text(encoding="utf-8").split("\n")[2])
        for file in sorted(pages.glob("*.md"))
        if file.stem != "README" and file.stem.startswith(incomplete)
    )


def faults_so(
    ctx: click.Context, param: click.Parameter, incomplete: str
) -> list[CompletionItem | str]:
    """The faults whose names begin so, each with its sentence."""
    texts = (file.read_text(encoding="utf-8") for file in (_HERE / "sandbox/faults").glob("*.py"))
    found = (each.groups() for text in texts for each in _FAULT.finditer(text))
    return _items(each for each in found if each[0].startswith(incomplete))


def _items(found: Iterable[tuple[str, ...]]) -> list[CompletionItem | str]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(name, help=says) for name, says in found]
