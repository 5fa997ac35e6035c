"""The judge of values: jsonschema-rs on the document itself, as requests and answers read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import jsonschema_rs

from tallystick.contract import Contract, Direction, directed
from tallystick.document import Json
from tallystick.errors import DocumentError

_BASE = "urn:tallystick"


class Oracle:
    """Says whether a value fits a schema of one contract in one direction (JSON Schema 2020-12)."""

    def __init__(self, contract: Contract, direction: Direction) -> None:
        self._contract = contract
        self._direction: Direction = direction
        self._registry: jsonschema_rs.Registry | None = None
        self._validators: dict[str, Any] = {}

    def fits(self, pointer: str, value: Json) -> bool:
        """Whether the schema at ``pointer`` admits ``value``; formats count.

        Raises:
            DocumentError: it, or what it refers to, is no schema of JSON Schema 2020-12.
        """
        validator = self._validators.get(pointer)
        if validator is None:
            validator = self._validators[pointer] = self._made(pointer)
        return bool(validator.is_valid(value))

    def all_fit(self, pointers: Iterable[str], value: Json) -> bool:
        """Whether all these schemas admit ``value``."""
        for pointer in pointers:  # noqa: SIM110  # asked tens of thousands of times
            if not self.fits(pointer, value):
                return False
        return True

    def _made(self, pointer: str) -> Any:
        if self._registry is None:
            resources = [(_BASE, directed(self._contract, self._direction))]
            self._registry = jsonschema_rs.Registry(resources)
        try:
            return jsonschema_rs.Draft202012Validator(
                {"$ref": f"{_BASE}#" + quote(pointer[1:], safe="/~!$&'()*+,;=:@-._")},
                registry=self._registry,
                validate_formats=True,
                offline=True,
            )
        except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) as error:
            told = getattr(error, "message", "") or str(error).partition("\n")[0]
            raise DocumentError(
                f"a schema below is not valid: {told}",
                where=self._contract.document.locate(pointer),
                pointer=pointer,
                hint="`tallystick lint` says where",
            ) from None
