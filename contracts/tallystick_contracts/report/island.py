"""The entries of a log as JSON inside a page: compact, bounded, and closed against markup."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from tallystick.document import Json

from ..exchange import Entry

ROWS = 5000
"""Entries that a page holds."""


class _Table:
    """Texts, each once; a row names them by their place."""

    def __init__(self, shown: Callable[[str], str]) -> None:
        self._shown, self._places = shown, dict[str, int]()
        self.texts: list[Json] = []

    def place(self, text: str) -> int:
        found = self._places.get(text)
        if found is None:
            found = self._places[text] = len(self.texts)
            self.texts.append(self._shown(text))
        return found


def island(
    entries: Sequence[Entry], finding: Callable[[Entry], str], shown: Callable[[str], str]
) -> tuple[str, int]:
    """JSON for a script element, and how many entries it holds.

    Of more than ``ROWS`` entries those of findings and those that failed come first, the rest
    evenly over the run. Keys: ``texts``, and ``rows`` of number, at (ms), duration (µs), method,
    target, operation, status, rule, engine, finding; all texts as places in ``texts``.
    """
    table = _Table(shown)
    chosen = _chosen(entries, finding)
    rows: list[Json] = [_row(each, finding(each), table) for each in chosen]
    data: dict[str, Json] = {"texts": table.texts, "rows": rows}
    return escaped(json.dumps(data, separators=(",", ":"))), len(chosen)


def escaped(text: str) -> str:
    """JSON text without a character that HTML or JavaScript reads as markup or as a line end."""
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _chosen(entries: Sequence[Entry], finding: Callable[[Entry], str]) -> list[Entry]:
    if len(entries) <= ROWS:
        return list(entries)
    first = [each for each in entries if finding(each) or each.status == 0 or each.status >= 500]
    first = first[: ROWS // 2]
    taken = {each.number for each in first}
    rest = [each for each in entries if each.number not in taken]
    room = ROWS - len(first)
    spread = [rest[number * len(rest) // room] for number in range(room)]
    return sorted((*first, *spread), key=lambda each: each.number)


def _row(each: Entry, finding: str, table: _Table) -> Json:
    return [
        each.number,
        round(each.at * 1000, 1),
        round(each.seconds * 1_000_000),
        table.place(each.method),
        table.place(each.target),
        table.place(each.operation),
        each.status,
        table.place(each.rule),
        table.place(each.engine),
        table.place(finding),
    ]
