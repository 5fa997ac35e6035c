"""The contract's schemas as validators, each compiled once, by an engine that is not ours."""

from __future__ import annotations

from urllib.parse import quote

from jsonschema_rs import Draft202012Validator, Registry, ValidationError

from tallystick.contract import Contract, Direction, directed
from tallystick.document import Json

_DOCUMENT: dict[Direction, str] = {
    "both": "tallystick:document",
    "request": "tallystick:request",
    "response": "tallystick:response",
}


class Validators:
    """Which values the schemas of one contract admit (JSON Schema 2020-12, formats asserted)."""

    def __init__(self, contract: Contract) -> None:
        self._schemas = contract.schemas
        self._registry = Registry([(_DOCUMENT[e], directed(contract, e)) for e in _DOCUMENT])
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
            base = _DOCUMENT[self._schemas[pointer].direction]
            reference = f"{base}#{quote(pointer[1:], safe='/~')}"
            found = Draft202012Validator(
                {"$ref": reference}, registry=self._registry, validate_formats=True
            )
            self._compiled[pointer] = found
        return found
