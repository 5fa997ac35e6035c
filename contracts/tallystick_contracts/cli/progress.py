"""Progress of long work: a line that moves on a terminal, nothing in a log."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class Report(Protocol):
    """What long work tells on its way."""

    def __call__(self, done: int, total: int, label: str) -> None:
        """``done`` of ``total`` steps; ``label`` is what is being done."""
        ...


def console() -> Console:
    """Standard output; in a log it is plain text of 100 columns."""
    return Console() if sys.stdout.isatty() else Console(width=100, force_terminal=False)


@contextmanager
def progress(title: str) -> Generator[Report]:
    """Show how far the work is, on standard error, while it lasts."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[label]}"),
    )
    shown = Console(stderr=True)
    with Progress(*columns, console=shown, transient=True, disable=not shown.is_terminal) as bar:
        task = bar.add_task(title, total=None, label="")

        def report(done: int, total: int, label: str) -> None:
            bar.update(task, completed=done, total=total, label=label[:40])

        yield report
