"""Golden comparisons of published editions: every change of the small ones, the breaking of the large.

Written anew with TALLYSTICK_GOLDEN=write; read them like prose after that.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from corpora import editions, needs_corpus
from edits.judging import unproved, without_proof
from tallystick.contract import Contract, build
from tallystick.document import load
from tallystick.evolve import READERS, Change, Comparison
from tallystick.evolve.compare import compare

_GOLDEN = Path(__file__).with_name("history_diffs")


_PAIRS = [*editions("envslice"), *editions("baseten-go")]
pairs = pytest.mark.parametrize(
    ("before", "after"), _PAIRS, ids=lambda path: "-".join(path.stem.split("-")[:3])
)


@lru_cache(maxsize=8)
def _contract(path: Path) -> Contract:
    return build(load(path))


@lru_cache(maxsize=8)
def _compared(before: Path, after: Path) -> Comparison:
    return compare(_contract(before), _contract(after))


def _lines(comparison: Comparison, *, whole: bool) -> Iterator[str]:
    counts = Counter(each.kind for each in comparison.changes)
    yield f"{len(comparison.changes)} changes"
    yield from (f"{count:5} {kind}" for kind, count in sorted(counts.items()))
    for each in comparison.changes:
        if whole or each.worst == "breaking":
            yield ""
            yield from _told(each)


def _told(change: Change) -> Iterator[str]:
    severity = ", ".join(f"{reader} {change.severity[reader]}" for reader in READERS)
    yield f"{change.kind} ({change.direction}): {severity}"
    yield f"  {change.sentence}"
    yield f"  at {change.where or '-'}"
    yield f"  old {change.old or '-'}"
    yield f"  new {change.new or '-'}"
    for each in change.operations[:3]:
        yield f"  {each}"
    if len(change.operations) > 3:
        yield f"  and {len(change.operations) - 3} more"


@needs_corpus
@pairs
def test_a_pair_of_editions_is_told_as_written_down(before: Path, after: Path) -> None:
    name = f"{before.name.split('-')[0]}-{_number(before)}-{_number(after)}.txt"
    whole = before.name.startswith("envslice")
    text = "\n".join(_lines(_compared(before, after), whole=whole)) + "\n"
    if os.environ.get("TALLYSTICK_GOLDEN") == "write":
        _GOLDEN.mkdir(exist_ok=True)
        (_GOLDEN / name).write_text(text, "utf-8")
    assert text == (_GOLDEN / name).read_text("utf-8")


def _number(path: Path) -> str:
    return next(part for part in path.stem.split("-") if part.isdigit() and len(part) == 3)


@needs_corpus
@pairs
def test_its_changes_have_ids_of_their_own(before: Path, after: Path) -> None:
    twice = Counter(each.id for each in _compared(before, after).changes)
    assert [key for key, count in twice.items() if count > 1] == []


@needs_corpus
@pairs
def test_its_witnesses_show_what_they_say(before: Path, after: Path) -> None:
    assert list(unproved(_compared(before, after))) == []


@needs_corpus
@pairs
def test_what_breaks_a_reader_is_shown_by_a_value(before: Path, after: Path) -> None:
    compared = _compared(before, after)
    lacking = [(each.id, list(without_proof(each))) for each in compared.changes]
    values = [(key, who) for key, who in lacking if who and not key.startswith(_OF_THE_WIRE)]
    assert values == []


_OF_THE_WIRE = ("operation-", "security-", "server-", "success-", "error-", "required-parameter-")
