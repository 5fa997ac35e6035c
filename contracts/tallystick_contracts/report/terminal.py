"""A result on the terminal: the matrix, each fault, what was not judged and why, one last line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tallystick.errors import printable

from ..findings import Again, Cause, causes
from ..mask import Mask
from ..rules.choice import CLIENT
from ..rules.pages import page
from ..target import IN_PROCESS
from ..verdicts import Finding, Law, Result, Standing
from .body import readable
from .matrix import (
    SYMBOLS,
    WORST_FIRST,
    Cell,
    Reason,
    matrix,
    operations,
    place,
    reasons,
    summary,
)
from .off import off_lines
from .reproduction import shell_lines
from .residue import residue_lines
from .told import also_at, also_broken, seen

STYLES = {
    Standing.HELD: "green",
    Standing.BROKEN: "bold red",
    Standing.NOT_APPLICABLE: "dim",
    Standing.NOT_REACHED: "yellow",
}
ASCII = {
    Standing.HELD: "+",
    Standing.BROKEN: "X",
    Standing.NOT_APPLICABLE: "-",
    Standing.NOT_REACHED: "?",
}
SHORT = {
    Law.PRESENCE: "pres",
    Law.NULL: "null",
    Law.DEFAULTS: "dflt",
    Law.CLOSEDNESS: "clos",
    Law.TYPES: "type",
    Law.ANSWERS: "answ",
    Law.UPDATES: "upd",
    Law.READS: "read",
    Law.REFUSALS: "refu",
    Law.CREDENTIALS: "cred",
    Law.ROUTING: "rout",
}
WIDE = 150
"""Columns from which the laws stand with their full names."""
ANSWER_LIMIT = 600
REASON_LIMIT = 12
ALSO_LIMIT = 8


def print_report(
    result: Result, console: Console, mask: Mask, found: Sequence[Cause] | None = None
) -> None:
    """Print ``result`` to ``console``; what a server sent is printed escaped, secrets masked.

    Args:
        result: the run.
        console: where.
        mask: the secrets.
        found: the findings; those of ``result`` without their places if None.
    """
    told = causes(result) if found is None else found
    for part in _parts(result, told, console, mask):
        console.print(part, soft_wrap=isinstance(part, Text) and part.no_wrap is True)


def _parts(
    result: Result, found: Sequence[Cause], console: Console, mask: Mask
) -> Iterator[RenderableType]:
    symbols = ASCII if not console.encoding.lower().startswith("utf") else SYMBOLS
    where = result.target if result.target == IN_PROCESS else f"at {result.target}"
    yield Text(_line(mask.text(f"{result.title} {where}")), style="bold")
    yield ""
    yield _table(result, console.width, dict(symbols), mask)
    yield _legend(dict(symbols), console.width)
    for number, cause in enumerate(found, 1):
        yield from _fault(number, cause, result.target, mask)
    yield from _told(found)
    yield from _open(reasons(result.verdicts), mask)
    for sentence in result.left_out:
        yield Text(f"left out: {_line(mask.text(sentence))}", style="yellow")
    yield from (Text(line, style="yellow") for line in residue_lines(result.residue, mask))
    yield from (
        Text(_line(mask.text(line)), style="yellow") for line in off_lines(result.switched_off)
    )
    yield ""
    yield Text(_line(summary(result)), style="bold" if result.holds else "bold red")


def _table(result: Result, width: int, symbols: dict[Standing, str], mask: Mask) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    cells = matrix(result)
    laws = [law for law in Law if any(key[1] is law for key in cells)]
    names = [law.value if width >= WIDE else SHORT[law] for law in laws]
    room = max(20, width - sum(max(5, len(name) + 1) for name in names) - 1)
    table.add_column("operation", overflow="fold", min_width=20)
    for name in names:
        table.add_column(name, justify="right", no_wrap=True)
    for operation in operations(result):
        row = [_cell(cells.get((operation, law)), symbols) for law in laws]
        table.add_row(_breakable(_line(mask.text(operation)), room), *row)
    return table


def _cell(cell: Cell | None, symbols: dict[Standing, str]) -> Text:
    """Each standing with its count; what does not apply is shown only where it is all there is."""
    shown = [each for each in WORST_FIRST if cell is not None and cell.counts.get(each)]
    if len(shown) > 1:
        shown = [each for each in shown if each is not Standing.NOT_APPLICABLE]
    text = Text(justify="right")
    for each in shown:
        count = "" if each is Standing.NOT_APPLICABLE else _count(cell.counts[each] if cell else 0)
        text.append(("\n" if text else "") + symbols[each] + count, STYLES[each])
    return text


def _count(count: int) -> str:
    return str(count) if count < 1000 else f"{count // 1000}k"


def _legend(symbols: dict[Standing, str], width: int) -> RenderableType:
    text = Text()
    for each in (Standing.HELD, Standing.BROKEN, Standing.NOT_REACHED, Standing.NOT_APPLICABLE):
        text.append(f"{symbols[each]} {each.value}   ", STYLES[each])
    if width >= WIDE:
        return text
    short = ", ".join(f"{SHORT[law]} {law.value}" for law in Law if SHORT[law] != law.value)
    return Group("", text, Text(short, style="dim"))


def _fault(number: int, cause: Cause, origin: str, mask: Mask) -> Iterator[RenderableType]:
    finding, subject = cause.finding, cause.shown.subject
    yield ""
    mark = " (NOT REPEATED)" if cause.again is Again.GONE else ""
    title = f"{number}. [{cause.severity.word}] {cause.rule}: {cause.operation}{mark}"
    yield Text(_line(mask.text(title)), style="yellow" if mark else "bold red")
    yield _field("expected", mask.text(finding.expectation))
    yield _field("observed", mask.text(finding.observation))
    where = place(subject.member, subject.state)
    if where:
        yield _field("at", mask.text(where))
    yield _field("clause", mask.text(str(cause.clause)))
    yield _field("seen", mask.text(seen(cause)))
    for line in shell_lines(cause.recipe, origin, mask):
        # One unbroken line, whatever the width: it is there to be copied.
        text = Text("     $ " + _line(line), style="cyan")
        text.no_wrap = True
        yield text
    yield from _answer(finding, mask)
    yield from _listed("also at", also_at(cause), mask)
    yield from _listed("breaks", also_broken(cause), mask)
    yield _field("finding", cause.id)


def _told(found: Sequence[Cause]) -> Iterator[RenderableType]:
    """How to read on: what the rule of the worst finding promises, and how it is tried."""
    rule = next((each.rule for each in found if page(each.rule)), "")
    if rule:
        yield ""
        yield Text(f"what a rule promises: tallystick rules {rule.removesuffix(CLIENT)}")


def _answer(finding: Finding, mask: Mask) -> Iterator[RenderableType]:
    if finding.steps:
        answer = finding.steps[-1].answer
        body = mask.text(readable(mask.body(answer.body), ANSWER_LIMIT))
        head = mask.text(answer.failure) or str(answer.status)
        yield _field("answer", f"{head}\n{body}" if body else head)


def _listed(name: str, places: list[str], mask: Mask) -> Iterator[RenderableType]:
    if places:
        more = f", and {len(places) - ALSO_LIMIT} more" if len(places) > ALSO_LIMIT else ""
        yield _field(name, mask.text(", ".join(places[:ALSO_LIMIT]) + more))


def _field(name: str, value: str) -> RenderableType:
    lines = "\n".join(_line(line) for line in value.split("\n"))
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(width=9, style="dim")
    table.add_column(overflow="fold")
    table.add_row(name, Text(lines))
    return Padding(table, (0, 0, 0, 3))


def _open(found: tuple[Reason, ...], mask: Mask) -> Iterator[RenderableType]:
    for standing in (Standing.NOT_REACHED, Standing.NOT_APPLICABLE):
        listed = [each for each in found if each.standing is standing]
        if not listed:
            continue
        yield ""
        yield Text(standing.value, style=STYLES[standing])
        table = Table.grid(padding=(0, 1, 0, 0))
        table.add_column(justify="right", width=6)
        table.add_column(width=11, style="dim")
        table.add_column(overflow="fold")
        for each in listed[:REASON_LIMIT]:
            table.add_row(str(each.count), each.law.value, Text(_line(mask.text(each.reason))))
        yield table
        if len(listed) > REASON_LIMIT:
            rest = sum(each.count for each in listed[REASON_LIMIT:])
            yield Text(f"{rest:>6} for other reasons, which the HTML report lists", style="dim")


def _line(text: str) -> str:
    """Text on one line without control, bidirectional or invisible characters."""
    return printable(text)


def _breakable(operation: str, width: int) -> Text:
    """An operation that wraps before a slash, as a reader would break it."""
    lines = [""]
    for piece in re.split(r"(?=/)", operation):
        if lines[-1].strip() and len(lines[-1] + piece) > width:
            lines.append("  ")
        lines[-1] += piece
    return Text("\n".join(lines), overflow="fold")
