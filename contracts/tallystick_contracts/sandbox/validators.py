"""The contract's schemas as validators, each compiled once, by an engine that is not ours."""

from __future__ import annotations

from urllib.parse import quote

from jsonschema_rs import Draft202012Validator, Registry, ValidationError

from tallystick.contract import Contract
from tallystick.document import Json

_DOCUMENT = "tallystick:document"


class Validators:
    """Which values the schemas of one contract admit (JSON Schema 2020-12, formats asserted)."""

    def __init__(self, contract: Contract) -> None:
        self._registry = Registry([(_DOCUMENT, contract.document.data)])
        self._compiled: dict[str, Draft202012Validator] = {}

    def admits(self, pointer: str, value: Json) -> bool:
        """Whether the schema at ``pointer`` admits ``value``."""
        return self._validator(pointer).is_valid(value)

    def complaint(self, pointer: str, value: Json) -> str | None:
        """Where and by which keyword a value is refused, or None; it never quotes the value."""
        validator = self._validator(pointer)
        if validator.is_valid(value):
            return None
        error: ValidationError = next(validator.iter_errors(value))
        place = "/".join(str(part) for part in error.instance_path)
        keyword = error.schema_path[-1] if error.schema_path else "schema"
        return f"the value at '/{place}' does not fit '{keyword}'"

    def _validator(self, pointer: str) -> Draft202012Validator:
        found = self._compiled.get(pointer)
        if found is None:
            reference = f"{_DOCUMENT}#{quote(pointer[1:], safe='/~')}"
            found = Draft202012Validator(
                {"$ref": reference}, registry=self._registry, validate_formats=True
            )
            self._compiled[pointer] = found
        return found
