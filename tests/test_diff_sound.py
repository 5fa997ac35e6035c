"""What a comparison calls compatible is: values valid before are valid after, pair by pair.

The values come from a generator of the tests and are judged by the validator alone. Which pairs and
how many values: the small editions, quickly; all of them with TALLYSTICK_SOUND=every.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpora import editions, needs_corpus
from edits.documents import ANSWER, BODY, contract, document
from edits.drawing import Drawing
from edits.grammar import ANY_SCHEMA
from edits.judging import Judge, found, shown, spots
from edits.naming import told
from edits.records import Node
from tallystick.contract import Contract, build
from tallystick.document import load
from tallystick.evolve import KINDS, Change, Comparison, Reader
from tallystick.evolve.compare import compare

_EVERY = os.environ.get("TALLYSTICK_SOUND", "") == "every"
_VALUES = 3000 if _EVERY else 100
_PAIRS = [*editions("envslice"), *(editions("baseten-go") if _EVERY else [])]


@lru_cache(maxsize=2)
def _contract(path: Path) -> Contract:
    return build(load(path))


@needs_corpus
@pytest.mark.parametrize(
    ("before", "after"), _PAIRS, ids=lambda path: "-".join(path.stem.split("-")[:3])
)
def test_values_of_what_is_called_compatible_stay_valid(before: Path, after: Path) -> None:
    """Of requests, what was valid; of answers, what will be."""
    wrong = list(_counter_examples(compare(_contract(before), _contract(after))))
    assert not wrong, "\n".join(wrong)


def _counter_examples(comparison: Comparison) -> Iterator[str]:
    drawing = Drawing((comparison.old, comparison.new), seed=1)
    old, new = Judge(comparison.old), Judge(comparison.new)
    seen: set[tuple[str, str, str]] = set()
    for operation in comparison.new.operations:
        was = found(comparison.old, operation.key)
        before = {(d, part): pointer for d, part, pointer in spots(was)} if was else {}
        for direction, part, pointer in spots(operation):
            place = (direction, before.get((direction, part), ""), pointer)
            if not place[1] or place in seen or _told(comparison, operation.key, direction):
                continue
            seen.add(place)
            # A client sends what the old contract admits, and gets what the new one does.
            (here, at), (there, at_there) = (
                ((old, place[1]), (new, pointer))
                if direction == "request"
                else ((new, pointer), (old, place[1]))
            )
            valid, judge = here.validator(direction, at), there.validator(direction, at_there)
            for value in drawing.values(here.contract, at, _VALUES):
                if valid.is_valid(value) and not judge.is_valid(value):
                    yield f"{operation.key} {part}: {value!r}"
                    break


@given(ANY_SCHEMA, ANY_SCHEMA, st.sampled_from([("request", BODY), ("response", ANSWER)]))
@settings(
    max_examples=2000 if _EVERY else 100,
    deadline=None,
    derandomize=not _EVERY,
    database=None,
    # A comparison draws texts of patterns with Hypothesis itself.
    suppress_health_check=[HealthCheck.nested_given, HealthCheck.too_slow],
)
def test_no_value_gets_past_a_comparison_of_any_two_schemas(
    one: Node, other: Node, spot: tuple[Any, str]
) -> None:
    """Values that only one of them admits: the change says whom that breaks, or risks to break."""
    direction, pointer = spot
    old, new = (contract(document(direction, each)) for each in (one, other))
    comparison = compare(old, new)
    before, after = (Judge(each).validator(direction, pointer) for each in (old, new))
    drawing = Drawing((old, new), seed=1)
    hit: set[bool] = set()
    for each in (old, new):
        for value in drawing.values(each, pointer, 40):
            fits = before.is_valid(value), after.is_valid(value)
            if fits[0] != fits[1]:
                hit.add(fits[0] == (direction == "request"))
    severities = [each.severity for each in comparison.changes]
    for readers in hit:
        reader: Reader = "typed client" if readers else "server"
        assert any(each[reader] != "compatible" for each in severities), told(comparison)
    shown(comparison, smallest=False)


def _told(comparison: Comparison, key: str, direction: str) -> list[Change]:
    """The changes that say that something of this operation is no longer as clients take it."""
    effects = ("narrowed", "changed") if direction == "request" else ("widened", "changed")
    return [
        each
        for each in comparison.changes
        if key in each.operations
        and each.direction in (direction, "both")
        and KINDS[each.kind].effect in effects
        and each.severity["typed client"] != "compatible"
    ]
