"""Which members a schema has by ``allOf`` and ``$ref``, however these lead in circles."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.contract import Contract, build
from tallystick.contract.schemas import Schemas
from tallystick.document import lift
from tallystick.document.record import Document
from tallystick.errors import DocumentError, Location


def contract(schemas: dict[str, Any]) -> Contract:
    data: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "components": {"schemas": schemas},
        "paths": {},
    }
    return build(lift(Document("a.json", data, lambda _: Location("a.json", 1), data)))


def ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def members(schemas: dict[str, Any], name: str) -> dict[str, tuple[str, bool]]:
    """The members by the plain rule: a schema, then its ``$ref``, then each of its ``allOf``."""
    found: dict[str, str] = {}
    required: set[str] = set()
    seen: list[int] = []

    def walk(node: dict[str, Any], owner: str, first: bool) -> None:
        if id(node) in seen:
            return
        seen.append(id(node))
        required.update(node.get("required", ()))
        for each in node.get("properties", {}):
            found.setdefault(each, owner)
        if "$ref" in node and not first:
            target = node["$ref"].rpartition("/")[2]
            walk(schemas[target], f"#/components/schemas/{target}", False)
        for index, each in enumerate(node.get("allOf", ())):
            walk(each, f"{owner}/allOf/{index}", False)

    walk(schemas[name], f"#/components/schemas/{name}", True)
    return {each: (f"{at}/properties/{each}", each in required) for each, at in found.items()}


_NAMES = st.sampled_from("ABCDEF")
_PART = st.fixed_dictionaries(
    {},
    optional={
        "properties": st.dictionaries(st.sampled_from("xyz"), st.just({}), max_size=2),
        "required": st.lists(st.sampled_from("xyz"), max_size=2, unique=True),
    },
)
_SCHEMA = st.tuples(_PART, st.lists(_NAMES.map(ref) | _PART, max_size=3)).map(
    lambda both: {**both[0], "allOf": both[1]} if both[1] else both[0]
)


@settings(deadline=None)
@given(schemas=st.fixed_dictionaries(dict.fromkeys("ABCDEF", _SCHEMA)))
def test_members_are_those_of_all_parts_in_order(schemas: dict[str, Any]) -> None:
    try:
        made = contract(schemas)
    except DocumentError:
        return
    for name in schemas:
        schema = made.schemas[f"#/components/schemas/{name}"]
        found = {each.name: (each.pointer, each.required) for each in schema.properties}
        assert list(found.items()) == list(members(schemas, name).items())


@pytest.mark.parametrize("told", [False, True])
def test_a_ring_takes_no_more_steps_than_it_has_schemas(
    monkeypatch: pytest.MonkeyPatch, told: bool
) -> None:
    steps = 0
    joined = Schemas._joined

    def counted(self: Schemas, *given: Any) -> list[str]:
        nonlocal steps
        steps += 1
        return joined(self, *given)

    monkeypatch.setattr(Schemas, "_joined", counted)
    count = 300
    schemas: dict[str, Any] = {
        f"A{i}": {"allOf": [ref(f"A{(i + 1) % count}")]} for i in range(count)
    }
    if told:
        schemas["A7"]["properties"] = {"x": {}}
    made = contract(schemas)
    assert steps < 20 * count
    for each in made.schemas.values():
        if each.pointer.count("/") == 3:
            assert [member.name for member in each.properties] == (["x"] if told else [])
