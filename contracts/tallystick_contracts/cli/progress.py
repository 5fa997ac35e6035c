"""Progress of long work: a line that moves on a terminal, nothing in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tallystick.errors import TallystickError


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


@contextmanager
def step(screen: Console, title: str) -> Generator[Callable[[str, bool], None]]:
    """Print one line when a step is done: whether it is well, what it did, and its seconds."""
    started = time.perf_counter()
    said: list[tuple[str, bool]] = []
    try:
        yield lambda text, well: said.append((text, well))
    except TallystickError:
        screen.print(f"[red]✘[/] {title:<10} could not run", highlight=False)
        raise
    text, well = said[-1]
    mark = "[green]✔[/]" if well else "[red]✘[/]"
    seconds = time.perf_counter() - started
    screen.print(f"{mark} {title:<10} ", end="", highlight=False)
    screen.print(f"{text} ({seconds:.1f} s)", markup=False, highlight=False, soft_wrap=True)
