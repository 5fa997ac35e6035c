"""The judge of values: jsonschema-rs on the document itself, one validator a schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

import jsonschema_rs
from pydantic import MISSING

from tallystick.contract import Contract, Direction, directed
from tallystick.document import Json, join, split

from ..exchange import read, remembered
from .places import ITEM, Path

_BASE: dict[Direction, str] = {
    "request": "urn:tallystick:request",
    "response": "urn:tallystick:response",
}


@dataclass(frozen=True, slots=True)
class Complaint:
    """One reason why a value does not fit its schema."""

    keyword: str
    """The keyword that refuses it: ``type``, ``required``, ``format``, ..."""
    path: Path
    """Where in the value."""
    pointer: str
    """Where in the document the keyword stands."""
    message: str


class Oracle:
    """Says whether a value fits a schema of the document (JSON Schema 2020-12).

    Args:
        contract: whose document holds the schemas.
        formats: whether ``format`` refuses values, as it should in answers.
    """

    def __init__(self, contract: Contract, *, formats: bool = True) -> None:
        resources = [(_BASE[each], directed(contract, each)) for each in _BASE]
        self._registry = jsonschema_rs.Registry(resources)
        self._formats = formats
        self._validators: dict[tuple[Direction, str], jsonschema_rs.Draft202012Validator] = {}
        self._of_body = remembered(self._of_equal_bodies)

    def fits(self, pointer: str, value: Json) -> bool:
        """Whether a request may hold ``value`` where the schema at ``pointer`` stands."""
        judge = self._validator("request", pointer)
        try:
            return judge.is_valid(value)
        except UnicodeEncodeError:
            return judge.is_valid(_encodable(value))

    def complaints(
        self, pointer: str, value: Json, direction: Direction = "response"
    ) -> tuple[Complaint, ...]:
        """Why no answer may hold ``value``, each by the branch of a union that fits best."""
        judge = self._validator(direction, pointer)
        try:
            errors = list(judge.iter_errors(value))
        except UnicodeEncodeError:
            errors = list(judge.iter_errors(_encodable(value)))
        return tuple(complaint for error in errors for complaint in _told(error))

    def of_body(self, pointer: str, body: bytes) -> tuple[Complaint, ...]:
        """Why no answer may have this body, which is JSON; worked out once for equal bodies."""
        return self._of_body(pointer, body)

    def _of_equal_bodies(self, pointer: str, body: bytes) -> tuple[Complaint, ...]:
        value, _ = read(body)
        return () if value is MISSING else self.complaints(pointer, value)

    def _validator(self, direction: Direction, pointer: str) -> jsonschema_rs.Draft202012Validator:
        found = self._validators.get((direction, pointer))
        if found is None:
            found = jsonschema_rs.Draft202012Validator(
                {"$ref": _BASE[direction] + _fragment(pointer)},
                registry=self._registry,
                validate_formats=self._formats,
                offline=True,
            )
            self._validators[direction, pointer] = found
        return found


def _encodable(value: Json) -> Json:
    """The value with U+FFFD for every half of a pair, which JSON may hold and UTF-8 may not."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_encodable(each) for each in value]
    if isinstance(value, dict):
        return {str(_encodable(name)): _encodable(each) for name, each in value.items()}
    return value


def _told(error: jsonschema_rs.ValidationError) -> Iterator[Complaint]:
    """A complaint, or for a union those of the branch whose complaints lie deepest and are fewest.

    A branch that only says "not of this type" was not meant by the sender.
    """
    branches: list[list[jsonschema_rs.ValidationError]] = getattr(error.kind, "context", None) or []
    inner = [[each for e in branch for each in _told(e)] for branch in branches]
    close = [found for found in inner if found and not _another_type(found, error)]
    if close:
        yield from min(close, key=lambda found: (-max(len(c.path) for c in found), len(found)))
        return
    where = _path(error.instance_path)
    keyword = str(getattr(error.kind, "name", error.schema_path[-1] if error.schema_path else ""))
    yield Complaint(keyword, where, join("#", *_schema_path(error)), error.message)


def _another_type(found: list[Complaint], union: jsonschema_rs.ValidationError) -> bool:
    here = _path(union.instance_path)
    return any(each.keyword == "type" and each.path == here for each in found)


def _schema_path(error: jsonschema_rs.ValidationError) -> list[str | int]:
    location: Any = error.absolute_keyword_location
    base, _, fragment = location.partition("#") if isinstance(location, str) else ("", "", "")
    if base in _BASE.values() and fragment.startswith("/"):
        return list(split("#" + _unquoted(fragment)))
    return list(error.schema_path)


def _path(instance_path: list[str | int]) -> Path:
    return tuple(ITEM if isinstance(token, int) else token for token in instance_path)


def _fragment(pointer: str) -> str:
    """A JSON Pointer as a URI fragment (RFC 6901, section 6)."""
    return "#" + quote(pointer[1:], safe="/~!$&'()*+,;=:@-._")


def _unquoted(fragment: str) -> str:
    return unquote(fragment)
