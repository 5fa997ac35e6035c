"""A comparison for the terminal, and as plain lines for a log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import MISSING
from rich.console import Console
from rich.text import Text

from tallystick.contract import Contract
from tallystick.document import Json

from ..records import SEVERITIES, Change, Severity
from .json_text import cut, focused, one_line
from .rows import by_kind, grouped
from .tame import tame
from .view import View
from .words import (
    counted,
    counts,
    in_short,
    others_of,
    place,
    proof,
    python_sentence,
    several,
    shown,
    told,
    whereabouts,
    whom,
)

STYLES = {"breaking": "bold red", "risky": "yellow", "compatible": "green", "none": "green"}
VALUE_LIMIT = 160
"""Characters of a value before or after."""
WITNESS_LIMIT = 400
NAMES = 8
"""How many places of compatible changes are named on one line."""
MANY_NAMES = 20
"""How many of others."""


def print_text(view: View, console: Console) -> None:
    """Print ``view``: one line for the verdict, then the changes, the worst first.

    No line is broken: pointers, places and JSON are there to be copied.
    """
    for line in text_lines(view):
        console.print(line, soft_wrap=True, highlight=False)


def text_lines(view: View) -> Iterator[Text]:
    """The lines; what a document says is in them without invisible characters."""
    yield _verdict(view)
    yield from _release(view)
    yield _between(view)
    for severity in SEVERITIES[:2]:
        yield from _section(view, severity)
    fine = view.of("compatible")
    yield from _section(view, "compatible") if view.everything else _counted(view, fine)
    yield from _package(view)
    yield from _notes(view)


def _verdict(view: View) -> Text:
    if view.worst == "none":
        return Text("no change", STYLES["none"])
    return Text(view.worst, STYLES[view.worst]).append(f": {counts(view)}", "default")


def _release(view: View) -> Iterator[Text]:
    if view.release is not None and (view.release.wire, view.release.package) != ("none", "none"):
        package = "" if view.package is None else f", package {view.release.package}"
        yield Text(f"release: wire {view.release.wire}{package}", "bold")


def _between(view: View) -> Text:
    both = view.comparison
    ends = (f"{view.file(c.document.name)} ({c.title} {c.version})" for c in (both.old, both.new))
    counts = counted(len(both.changes), "change")
    notes = f", {counted(len(both.notes), 'note')}" if both.notes else ""
    return _line(f"{' -> '.join(ends)}: {counts}{notes}", "dim")


def _section(view: View, severity: Severity) -> Iterator[Text]:
    for heading, rows in grouped(view.of(severity), view).items():
        yield Text()
        yield _line(heading, "bold")
        for row in rows:
            yield from _row(row, view)


def _row(row: Sequence[Change], view: View) -> Iterator[Text]:
    """A change; of several that are alike the first, and where the others are."""
    first = row[0]
    severity = view.severity(first)
    head = Text("  ").append(tame(whom(first, view)), STYLES[severity])
    yield head.append(f": {tame(first.sentence)}").append(f"  [{first.kind}]", "dim")
    if len(row) > 1:
        others = several(others_of(row), MANY_NAMES)
        yield _field("more", f"{len(row) - 1}: {others}")
    yield from _places(first, view)
    yield from _values(first)
    yield from (_field("shown", text) for text in _examples(first, view))
    if not first.witnesses:
        yield _line(f"    {proof(first, view)}", "dim")


def _places(change: Change, view: View) -> Iterator[Text]:
    where, also = whereabouts(change)
    if where != place(change):
        yield _field("in", where)
    if also:
        yield _field("also", several(also))
    both = view.comparison
    if change.old is not None:
        yield _field("old", _at(view, both.old, change.old))
    if change.new is not None:
        at = _at(view, both.new, change.new)
        yield _field("new", at.split("  ")[0] if change.new == change.old else at)


def _at(view: View, contract: Contract, pointer: str) -> str:
    return f"{view.location(contract, pointer)}  {pointer}"


def _values(change: Change) -> Iterator[Text]:
    before, after = _value(change.before), _value(change.after)
    if before and after:
        yield _field("was", f"{before} -> {after}")
    elif before or after:
        yield _field("was" if before else "now", before or after)


def _value(value: Json | MISSING) -> str:
    return "" if value is MISSING else one_line(value, VALUE_LIMIT)


def _examples(change: Change, view: View) -> Iterator[str]:
    """Each example on one line: its smallest JSON, what it shows, and where in it."""
    where, _ = whereabouts(change)
    for each in shown(change, view):
        elsewhere = each.spot.operation if where.partition(", ")[0] != each.spot.operation else ""
        at = f"at {each.at}" if each.at.strip("#/") else ""
        more = ", ".join(filter(None, (elsewhere, at)))
        value = focused(each.value, each.at, WITNESS_LIMIT)
        yield f"{value}  {each.claim}{f' ({more})' if more else ''}"


def _counted(view: View, changes: Sequence[Change]) -> Iterator[Text]:
    """What harms nobody: a line for each kind."""
    if not changes:
        return
    yield Text()
    yield _line(f"{counted(len(changes), 'compatible change')} (--all: each by itself)", "bold")
    for same in by_kind(changes, view):
        yield _line(f"  {in_short(same, NAMES)}").append(f"  {proof(same[0], view)}", "dim")


def _package(view: View) -> Iterator[Text]:
    """What changes in Python; what harms nobody is counted."""
    found = view.package or ()
    kept = [each for each in found if view.everything or each.severity != "compatible"]
    if not found:
        return
    rest = len(found) - len(kept)
    yield Text()
    yield _line(f"the package: {counted(len(found), 'change')}", "bold")
    for each in kept:
        yield (
            Text("  ")
            .append(each.severity, STYLES[each.severity])
            .append(tame(f": {python_sentence(each)}"))
        )
        yield from (
            _field(name, cut(text, VALUE_LIMIT))
            for name, text in (("old", each.before), ("new", each.after))
            if text
        )
    if rest:
        yield _line(f"  {counted(rest, 'compatible change')} (--all: each by itself)", "dim")


def _notes(view: View) -> Iterator[Text]:
    notes = view.comparison.notes
    if not notes or not view.everything:
        return
    yield Text()
    yield _line(f"{counted(len(notes), 'note')}: nothing of it travels", "bold")
    for each in notes:
        yield _line(f"  {told(each)}  [{each.kind}]")


def _field(name: str, value: str) -> Text:
    return Text(f"    {name:<6}", "dim").append(tame(value), "default")


def _line(text: str, style: str = "") -> Text:
    return Text(tame(text), style)
