"""Defaults which their own schema refuses: absent cannot mean them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from urllib.parse import quote

from jsonschema_rs import Draft202012, Registry, ValidationError, validator_for
from pydantic import MISSING

from tallystick.contract import Contract, Schema
from tallystick.models.checked import checked_schemas

_DOCUMENT = "urn:tallystick:document"


def refused(contract: Contract, schemas: Iterable[Schema]) -> frozenset[str]:
    """The pointers of the properties whose default is no valid value of theirs."""
    defaults = {
        member.pointer: member.default
        for schema in schemas
        for member in schema.properties
        if member.default is not MISSING
    }
    if not defaults:
        return frozenset()
    # Bare: what no validator takes is left out, and nothing in it leads to a file or host.
    data = json.loads(checked_schemas(contract, list(defaults)))
    registry = Registry([(_DOCUMENT, data)], draft=Draft202012)
    return frozenset(
        pointer for pointer, value in defaults.items() if not _accepts(registry, pointer, value)
    )


def _accepts(registry: Registry, pointer: str, value: object) -> bool:
    """Whether the schema at ``pointer`` accepts ``value``, formats included."""
    ref = f"{_DOCUMENT}#{quote(pointer.removeprefix('#'), safe='/~')}"
    try:
        validator = validator_for(
            {"$ref": ref}, registry=registry, validate_formats=True, offline=True
        )
    except (ValidationError, ValueError):  # nothing is known of it: the document has the word
        return True
    return validator.is_valid(value)
