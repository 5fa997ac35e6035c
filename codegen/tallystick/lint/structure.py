"""The shape of the document: what the OpenAPI specification's own JSON Schemas refuse.

The schemas are those of openapi-spec-validator, by the version that the document says; its walk
is not used: it follows references out of the document, does not end on some that lead back, and
tells no places. Here one compiled validator reads the whole document, Schema Objects included,
and no ``$ref`` of the document is ever followed. What the walk adds, lints of our own find.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from jsonschema_rs import Registry, ValidationError, ValidationErrorKind, Validator, validator_for

from ..document import ROOT, Document, join
from .explain import relevant
from .records import Spot
from .versions import in_own_version

_DIALECTS = {
    "3.1": "https://spec.openapis.org/oas/3.1/dialect/base",
    "3.2": "https://spec.openapis.org/oas/3.2/dialect/2025-09-17",
}
_UNION = (
    ValidationErrorKind.AnyOf,
    ValidationErrorKind.OneOfNotValid,
    ValidationErrorKind.OneOfMultipleValid,
)
_SURPLUS = (ValidationErrorKind.AdditionalProperties, ValidationErrorKind.UnevaluatedProperties)
_VAGUE = (*_UNION, *_SURPLUS)


def structure(document: Document) -> Iterator[Spot]:
    """Each place where the document is not what its version of OpenAPI says."""
    found = errors(document)
    clear = [error for error in found if not isinstance(error.kind, _VAGUE)]
    for error in clear:
        yield Spot(join(ROOT, *error.instance_path), sentence(error))
    # What is wrong inside makes an object fail its union, and its owner call it unexpected: of
    # the three only the innermost is told.
    told = {
        tuple(error.instance_path[:length])
        for error in clear
        for length in range(len(error.instance_path) + 1)
    }
    for error in found:
        path = tuple(error.instance_path)
        for name in _unexpected(error):
            if (*path, name) not in told:
                told.update((*path, name)[:length] for length in range(len(path) + 2))
                yield Spot(join(ROOT, *path, name), f"{name!r} is not a member of this object")
    for error in found:
        if isinstance(error.kind, _UNION) and tuple(error.instance_path) not in told:
            yield Spot(join(ROOT, *error.instance_path), sentence(error))


def errors(document: Document) -> list[ValidationError]:
    """What the JSON Schema of the document's version refuses; of a union, the branch that was meant."""
    data = dict(in_own_version(document))
    validator = _validator(str(data.get("openapi"))[:3])
    return [leaf for each in validator.iter_errors(data) for leaf in relevant(each)]


def _unexpected(error: ValidationError) -> list[str]:
    kind = error.kind
    return kind.unexpected if isinstance(kind, _SURPLUS) else []


def sentence(error: ValidationError) -> str:
    """What the error says, as one sentence that names the member."""
    name = repr(str(error.instance_path[-1])) if error.instance_path else "the document"
    message = error.message
    return f"{name} {message[3:]}" if message.startswith("it ") else f"{name}: {message}"


@cache
def _validator(version: str) -> Validator:
    """The compiled validator for documents of one minor version."""
    schemas = _folder("openapi_spec_validator") / "resources" / "schemas"
    published = _json(schemas / f"v{version}" / "schema.json")
    dialect = _DIALECTS.get(version)
    if dialect is None:  # 3.0: its schema describes Schema Objects itself
        return validator_for(published, validate_formats=True, offline=True, mask="it")
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:tallystick:openapi:{version}",
        "$ref": published["$id"],
        "$defs": {"schema": {"$dynamicAnchor": "meta", "$ref": dialect}},
    }
    registry = Registry([(published["$id"], published), *_dialects()])
    return validator_for(whole, registry=registry, validate_formats=True, offline=True, mask="it")


def _dialects() -> list[tuple[str, dict[str, Any]]]:
    """The metaschemas of Schema Objects, which openapi-schema-validator carries."""
    folder = _folder("openapi_schema_validator") / "schemas"
    files = (each for each in sorted(folder.rglob("*")) if each.is_file())
    schemas = [_json(each) for each in files if not each.name.startswith(".")]
    return [(str(schema["$id"]), schema) for schema in schemas]


def _folder(package: str) -> Path:
    """Where an installed package lies. To import it would load its validators, which cost more
    than all else that runs before a document is read."""
    found = find_spec(package)
    places = found.submodule_search_locations if found else None
    if not places:
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)
    return Path(places[0])


def _json(file: Path) -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(file.read_text(encoding="utf-8")))
