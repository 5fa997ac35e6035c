"""Equivalence, measured: models made from the JSON Schema Test Suite, draft 2020-12."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpora import CORPUS, needs_corpus
from json_schema_suite import Row, run, table

SUITE = (CORPUS or Path()) / "json-schema-test-suite/tests/draft2020-12"

pytestmark = needs_corpus


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row]:
    found = run(SUITE, tmp_path_factory.mktemp("suite"))
    print(f"\n{table(found)}")
    return found


def test_no_keyword_differs_without_an_entry_in_the_ledger(rows: dict[str, Row]) -> None:
    assert {name: row.undeclared for name, row in rows.items() if row.undeclared} == {}


def test_at_least_95_of_100_instances_are_equal(rows: dict[str, Row]) -> None:
    total = sum(row.total for row in rows.values())
    assert total > 1000
    assert sum(row.equal for row in rows.values()) >= 0.95 * total


def test_every_schema_is_loaded(rows: dict[str, Row]) -> None:
    assert [reason for row in rows.values() for reason in row.refused] == []
