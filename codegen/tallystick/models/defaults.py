"""Defaults which their own schema refuses: absent cannot mean them."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from jsonschema_rs import ReferencingError, Registry, ValidationError, validator_for
from pydantic import MISSING

from tallystick.contract import Contract, Schema

_DOCUMENT = "urn:tallystick:document"


def refused(contract: Contract, schemas: Iterable[Schema]) -> frozenset[str]:
    """The pointers of the properties whose default is no valid value of theirs.

    A schema that no validator takes, such as one with a broken pattern, refuses nothing.
    """
    # The document goes to the validator once, for all defaults, so that its references lead
    # where they did.
    registry = Registry([(_DOCUMENT, contract.document.data)])
    return frozenset(
        member.pointer
        for schema in schemas
        for member in schema.properties
        if member.default is not MISSING and not _accepts(registry, member.pointer, member.default)
    )


def _accepts(registry: Registry, pointer: str, value: object) -> bool:
    """Whether the schema at ``pointer`` accepts ``value``, formats included."""
    ref = f"{_DOCUMENT}#{quote(pointer.removeprefix('#'), safe='/~')}"
    try:
        validator = validator_for(
            {"$ref": ref}, registry=registry, validate_formats=True, offline=True
        )
    except (ReferencingError, ValidationError):
        return True
    return validator.is_valid(value)
