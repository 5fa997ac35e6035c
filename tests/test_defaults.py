"""Which defaults mean what absent means: those that their own schema accepts."""

from __future__ import annotations

import json

from tallystick.contract import build
from tallystick.document import Json, parse
from tallystick.models.defaults import refused


def refused_of(properties: dict[str, Json]) -> set[str]:
    """The names of the properties of one schema, whose default is refused."""
    schemas: Json = {
        "A": {"type": "object", "properties": properties},
        "Size / ~": {"type": "integer", "maximum": 9},
    }
    document: Json = {"openapi": "3.1.0", "paths": {}, "components": {"schemas": schemas}}
    contract = build(parse(json.dumps(document), "defaults.json"))
    found = refused(contract, contract.schemas.values())
    return {pointer.rpartition("/")[2] for pointer in found}


def test_a_default_that_its_schema_refuses_is_found() -> None:
    assert refused_of({"a": {"type": "string", "default": 1}, "b": {"default": 1}}) == {"a"}


def test_a_format_is_part_of_the_schema() -> None:
    dates: dict[str, Json] = {
        "good": {"format": "date", "default": "2026-01-01"},
        "bad": {"format": "date", "default": "today"},
    }
    assert refused_of(dates) == {"bad"}


def test_a_reference_leads_where_it_does_in_the_document() -> None:
    ref = "#/components/schemas/Size%20~1%20~0"
    both: dict[str, Json] = {
        "good": {"$ref": ref, "default": 9},
        "bad": {"$ref": ref, "default": 10},
    }
    assert refused_of(both) == {"bad"}


def test_a_schema_that_no_validator_takes_refuses_nothing() -> None:
    assert refused_of({"a": {"type": "string", "pattern": "(", "default": 1}}) == set()
