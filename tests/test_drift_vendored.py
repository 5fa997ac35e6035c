"""Lenient reading of the vendored models: any place that drifts is kept, found, and sent back."""

from __future__ import annotations

import copy
import importlib
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from schema_values import values
from tallystick.contract import Contract, Schema, build
from tallystick.document import load
from tallystick.generate import generate
from tallystick.output import write

ROOT = Path(__file__).parents[1]
NAME = "drift_vendored"
CONTRACT = build(load(ROOT / "spec/openapi.yaml", [ROOT / "spec/overlay.yaml"]))
CLASSES = [
    each
    for each in CONTRACT.schemas.values()
    if each.name is not None and each.properties and "object" in each.types
]

Place = tuple[tuple[str | int, ...], Callable[[Any], Any]]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("vendored")
    made = generate(ROOT / "spec/openapi.yaml", [ROOT / "spec/overlay.yaml"], package=NAME)
    write(made.files, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        for each in ("models", "runtime.drift", "runtime.operation", "runtime.presence"):
            importlib.import_module(f"{NAME}.{each}")
        yield importlib.import_module(NAME)


def drifts(schema: Schema, value: Any, path: tuple[str | int, ...] = ()) -> Iterator[Place]:
    """Where a valid value may drift, each with what makes it."""
    schema = _target(CONTRACT, schema, value)
    if schema.enum is not None and isinstance(value, str):
        yield path, lambda text: f"{text}-of-tomorrow"
    if isinstance(value, list) and schema.items is not None:
        for at, item in enumerate(value):
            yield from drifts(CONTRACT.schema(schema.items), item, (*path, at))
    if not isinstance(value, dict):
        return
    if schema.closed:
        yield (*path, "tomorrow"), lambda _: {"new": [None, 1.5]}
    for member in schema.properties:
        if member.name in value:
            inner = CONTRACT.schema(member.pointer)
            yield from drifts(inner, value[member.name], (*path, member.name))


def _target(contract: Contract, schema: Schema, value: Any) -> Schema:
    while schema.ref is not None or schema.branches:
        if schema.ref is not None:
            schema = contract.schema(schema.ref)
        else:
            branches = [contract.schema(each) for each in schema.branches]
            wanted = "null" if value is None else ""
            fit = [b for b in branches if (wanted in b.types) == (value is None)]
            schema = fit[0] if fit else branches[0]
            if value is None:
                return schema
    return schema


def changed(value: Any, path: tuple[str | int, ...], change: Callable[[Any], Any]) -> Any:
    made = copy.deepcopy(value)
    holder = made
    for part in path[:-1]:
        holder = holder[part]
    last = path[-1]
    holder[last] = change(holder.get(last) if isinstance(holder, dict) else holder[last])
    return made


@pytest.mark.parametrize("schema", CLASSES, ids=lambda each: each.name)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_wherever_a_value_drifts_it_is_kept_and_found(
    package: Any, schema: Schema, data: st.DataObject
) -> None:
    value = data.draw(values(CONTRACT, schema.pointer))
    kind = package.runtime.operation.Kind(
        lambda: TypeAdapter(getattr(package.models, str(schema.name)))
    )
    trail = package.runtime.drift.Trail()
    try:
        kind.read(value)
    except ValidationError:
        return
    places = list(drifts(schema, value))
    if not places:
        assert kind.read(value, trail) == kind.read(value)
        assert not trail.found
        return
    picked = random.Random(data.draw(st.integers())).sample(places, min(2, len(places)))
    new = value
    for path, change in picked:
        new = changed(new, path, change)
    with pytest.raises(ValidationError):
        kind.read(new)
    made = kind.read(new, trail)
    assert {each.path for each in trail.found} == {path for path, _ in picked}
    assert package.runtime.presence.to_json(made) == new
    assert kind.write(copy.deepcopy(made)) == new
    made.effective()
