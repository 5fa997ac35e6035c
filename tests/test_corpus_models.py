"""The laws of the models over schemas of real documents: equivalence, and nothing lost."""

from __future__ import annotations

import json
import os
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import corpora
from json_schema_suite import Suite, accepts, kind_of, make
from schema_values import spoiled, values
from tallystick.contract import Contract, build
from tallystick.document import Json, get, has, join, load, split
from tallystick.lint import understood
from tallystick.models import closure
from tallystick.models.keywords import ASSERTIONS, FORMATS
from tallystick.runtime.json_text import same

NAMES = [path.name for path in corpora.files("documents", "*.*")]
EVERY = os.environ.get("TALLYSTICK_SCHEMAS") == "every"
"""Whether every schema is tried; otherwise some of each document, with what they refer to."""
SAMPLED = 12
LARGEST = 150

pytestmark = corpora.needs_corpus


@dataclass(frozen=True, slots=True, repr=False)
class Sample:
    """Some schemas of a document with their models, and the oracle."""

    suite: Suite
    pointers: list[str]
    oracles: dict[str, Any] = field(default_factory=dict[str, Any])

    def valid(self, pointer: str, value: Json) -> bool:
        if pointer not in self.oracles:
            self.oracles[pointer] = oracle(self.suite.contract, pointer)
        found: bool = self.oracles[pointer].is_valid(value)
        return found


def oracle(contract: Contract, pointer: str) -> Any:
    """The schema at ``pointer`` as it stands in its document; our formats are asserted."""
    root: dict[str, Any] = {
        **contract.document.data,
        "$ref": "#" + quote(pointer.removeprefix("#"), safe="/~"),
    }
    nodes = [each.node for each in contract.schemas.values() if not isinstance(each.node, bool)]
    others = {str(node["format"]) for node in nodes if "format" in node} - FORMATS
    free = dict.fromkeys(others, _anything)
    return jsonschema_rs.validator_for(root, validate_formats=True, formats=free)


def _anything(_: str) -> bool:
    return True


def exact(suite: Suite) -> list[str]:
    """The named schemas which the ledger does not call weaker, but for formats."""
    told = [each.pointer.rpartition("/") for each in suite.weaker]
    weaker = {above for above, _, key in told if key in ASSERTIONS - {"format"}}
    weaker |= {each.pointer for each in suite.weaker}
    names = set(suite.models.names)
    named = [p for p, each in suite.contract.schemas.items() if each.name in names]
    return [each for each in named if not weaker & set(closure(suite.contract, [each]))]


def part_of(path: Path, folder: Path) -> Path:
    """A document with some schemas of the one at ``path``, and all that they refer to."""
    contract = build(understood(load(path)))
    if not has(contract.document.data, "#/components/schemas"):
        return path  # all are written where they are used
    schemas = cast("dict[str, Json]", get(contract.document.data, "#/components/schemas"))
    names = list(schemas)
    random.Random(path.name).shuffle(names)
    wanted: set[str] = set()
    tried = 0
    for name in names:
        found = closure(contract, [join("#/components/schemas", name)])
        if len(found) <= LARGEST or EVERY:
            wanted |= {split(each)[2] for each in found if each.startswith("#/components/schemas/")}
            tried += 1
        if tried == SAMPLED and not EVERY:
            break
    data = {
        "openapi": "3.1.0",
        "info": {"title": "Part", "version": "1"},
        "paths": {},
        "components": {"schemas": {name: schemas[name] for name in schemas if name in wanted}},
    }
    made = folder / "part.json"
    made.write_text(json.dumps(data), encoding="utf-8")
    return made


@pytest.fixture(scope="module", params=NAMES)
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sample:
    name = str(request.param)
    package = "corpus_" + "".join(each if each.isalnum() else "_" for each in name)
    folder = tmp_path_factory.mktemp("corpus")
    suite = make(part_of(corpora.document(name), folder), folder, package)
    found = exact(suite)
    if len(found) > 3 * SAMPLED and not EVERY:
        found = random.Random(name).sample(found, 3 * SAMPLED)
    if not found:
        pytest.skip("the ledger calls each of the sampled schemas weaker than its document")
    return Sample(suite, found)


@settings(
    max_examples=2000 if EVERY else 60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_a_model_accepts_what_its_schema_accepts_and_returns_it(sample: Sample, data: Any) -> None:
    suite = sample.suite
    pointer = data.draw(st.sampled_from(sample.pointers))
    value = data.draw(values(suite.contract, pointer, 2) | spoiled(suite.contract, pointer))
    kind = kind_of(suite, pointer)
    assert accepts(suite, kind, value) == sample.valid(pointer, value)
    if sample.valid(pointer, value):
        again = suite.encode(suite.decode(kind, json.dumps(value).encode()))
        assert same(json.loads(again), value)


def test_documents_have_schemas_to_sample(sample: Sample) -> None:
    assert sample.pointers
