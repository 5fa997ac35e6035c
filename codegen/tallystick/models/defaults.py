"""Defaults which their own schema refuses: absent cannot mean them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import jsonschema_rs
from pydantic import MISSING

from tallystick.contract import Contract, Schema


def refused(contract: Contract, schemas: Iterable[Schema]) -> frozenset[str]:
    """The pointers of the properties whose default is no valid value of theirs."""
    return frozenset(
        member.pointer
        for schema in schemas
        for member in schema.properties
        if member.default is not MISSING and not accepts(contract, member.pointer, member.default)
    )


def accepts(contract: Contract, pointer: str, value: object) -> bool:
    """Whether the schema at ``pointer`` accepts ``value``, formats included."""
    # The document is the root, so that its references lead where they did.
    fragment = "#" + quote(pointer.removeprefix("#"), safe="/~")
    root: dict[str, Any] = {**contract.document.data, "$ref": fragment}
    validator = jsonschema_rs.validator_for(root, validate_formats=True)
    return validator.is_valid(value)
