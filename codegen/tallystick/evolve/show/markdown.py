"""A comparison as Markdown, ready as a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import MISSING

from tallystick.document import Json

from ..python.records import PythonChange
from ..records import Change, Witness
from .escaped import cell, code, escaped, fenced, prose
from .json_text import cut, indented, one_line
from .rows import by_kind, grouped
from .sheet import Sheet
from .view import View
from .words import (
    counted,
    counts,
    names,
    others_of,
    proof,
    python_sentence,
    several,
    short,
    shown,
    whereabouts,
    whom,
)

LIMIT = 65_000
"""Characters of the whole: GitHub takes 65,536 in a comment."""
MARK = "<!-- tallystick diff -->"
"""The first line, by which a later run finds the comment that it is to replace."""
VALUE_LIMIT = 160
WITNESS_LIMIT = 1500
NAMES = 8
MANY_NAMES = 20


def diff_markdown(view: View, limit: int = LIMIT) -> str:
    """The comparison as Markdown of at most ``limit`` characters; it says what was left out.

    What stands in the documents is shown, never read: no Markdown, HTML, mention or link of theirs.
    """
    sheet = Sheet(limit)
    sheet.put(_head(view))
    breaking, risky = view.of("breaking"), view.of("risky")
    table = "\n| breaking | where | for |\n|---|---|---|\n"
    sheet.block("rows of the table", table, [_row(each, view) for each in _rows(breaking, view)])
    for what, changes in (("breaking", breaking), ("risky", risky)):
        title = f"{counted(len(changes), f'{what} change')}, each with its places and examples"
        _folded(
            sheet, f"{what} changes", title, [_entry(each, view) for each in _rows(changes, view)]
        )
    fine = view.of("compatible")
    kinds = [[each] for each in fine] if view.everything else by_kind(fine, view)
    title = counted(len(fine), "compatible change")
    _folded(sheet, "lines of compatible changes", title, [_fine(each, view) for each in kinds])
    found = view.package or ()
    title = f"The package: {counted(len(found), 'change')}"
    _folded(sheet, "changes of the package", title, [_python(each) for each in found])
    if view.everything:
        notes = view.comparison.notes
        title = f"{counted(len(notes), 'note')}: nothing of it travels"
        _folded(sheet, "notes", title, [f"- {_told(each)}\n" for each in notes])
    return sheet.text()


def _folded(sheet: Sheet, what: str, title: str, items: list[str]) -> None:
    start = f"\n<details><summary>{title}</summary>\n\n"
    sheet.block(what, start, items, "\n</details>\n")


def _head(view: View) -> str:
    both = view.comparison
    ends = (
        f"{code(view.file(each.document.name))} ({escaped(each.title)} {escaped(each.version)})"
        for each in (both.old, both.new)
    )
    verdict = "no change" if view.worst == "none" else f"{view.worst}**: {counts(view)}"
    end = "" if view.worst != "none" else "**"
    changes = counted(len(both.changes), "change")
    return f"{MARK}\n**{verdict}{end}\n\n{_release(view)}{' → '.join(ends)}: {changes}\n"


def _release(view: View) -> str:
    if view.release is None or (view.release.wire, view.release.package) == ("none", "none"):
        return ""
    package = "" if view.package is None else f", package **{view.release.package}**"
    return f"Release: wire **{view.release.wire}**{package}.\n\n"


def _rows(changes: Sequence[Change], view: View) -> list[Sequence[Change]]:
    return [row for rows in grouped(changes, view).values() for row in rows]


def _row(same: Sequence[Change], view: View) -> str:
    change = same[0]
    where, also = whereabouts(change)
    if len(same) > 1:
        places = several([cell(each) for each in names(same)], MANY_NAMES)
        return f"| {len(same)} of {cell(change.kind)} | {places} | {_readers(change, view)} |\n"
    more = f" and {counted(len(also), 'operation')} more" if also else ""
    return f"| {prose(change.sentence, cell)} | {cell(where)}{more} | {_readers(change, view)} |\n"


def _readers(change: Change, view: View) -> str:
    return whom(change, view).removeprefix("breaking").removeprefix(" for ") or "all"


def _entry(same: Sequence[Change], view: View) -> str:
    """A change whole: its places in words and in files, its values, its examples.

    Of several that are alike the first, and where the others are.
    """
    change = same[0]
    where, also = whereabouts(change)
    operations = f", also {several([code(each) for each in also])}" if also else ""
    lines = [
        f"**{prose(change.sentence)}** ({whom(change, view)}; {code(change.kind)})  ",
        f"{code(where)}{operations}  ",
        *(f"{each}  " for each in _places(change, view)),
        *(f"{each}  " for each in (_values(change),) if each),
    ]
    if len(same) > 1:
        others = several([code(each) for each in others_of(same)], MANY_NAMES)
        lines.insert(1, f"{len(same) - 1} more: {others}  ")
    if not change.witnesses:
        lines.append(f"{proof(change, view)}  ")
    examples = [_example(each) for each in shown(change, view)]
    return "\n".join((*lines, *examples)) + "\n\n"


def _places(change: Change, view: View) -> Iterator[str]:
    both = view.comparison
    for name, contract, pointer in (("old", both.old, change.old), ("new", both.new, change.new)):
        if pointer is not None:
            yield f"{name}: {code(str(view.location(contract, pointer)))} {code(pointer)}"


def _values(change: Change) -> str:
    before, after = _value(change.before), _value(change.after)
    if before and after:
        return f"{before} → {after}"
    return f"was {before}" if before else f"now {after}" if after else ""


def _value(value: Json | MISSING) -> str:
    return "" if value is MISSING else code(one_line(value, VALUE_LIMIT))


def _example(witness: Witness) -> str:
    text = cut(indented(witness.value), WITNESS_LIMIT)
    within = f" (at {code(witness.at)})" if witness.at.strip("#/") else ""
    return f"\n{escaped(witness.spot.operation)}: {witness.claim}{within}\n{fenced(text, 'json')}"


def _fine(same: list[Change], view: View) -> str:
    first, where = same[0], several([code(each) for each in names(same)], NAMES)
    many = f"{len(same)} of {code(first.kind)}: {where}"
    return f"- {many if len(same) > 1 else _told(first)} ({proof(first, view)})\n"


def _python(change: PythonChange) -> str:
    values = [code(cut(each, VALUE_LIMIT)) for each in (change.before, change.after) if each]
    text = f": {' → '.join(values)}" if values else ""
    said = prose(python_sentence(change).removeprefix(change.name))
    return f"- {change.severity}: {code(change.name)}{said}{text}\n"


def _told(change: Change) -> str:
    where = short(change)
    said = prose(change.sentence)
    return said if where in change.sentence else f"{code(where)}: {said}"
