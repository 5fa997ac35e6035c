"""Faults that leave open what a document means: nothing may be made from it, rather than guessed.

Real documents break the specification in many places that mean one thing all the same: a missing
description, a null, a member too many, a number where a version text belongs. Those are for
`lint` alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from jsonschema_rs import ValidationError, ValidationErrorKind

from ..contract import Contract
from ..contract.operations import METHODS
from ..document import ROOT, Document, get, join
from ..errors import DocumentError
from .operations import path_parameter_undeclared
from .records import Spot
from .structure import errors, sentence
from .versions import in_own_version

_HINT = "correct it, or mend it with an overlay (--overlay FILE)"
_ASSERTING = frozenset({"components", "paths", "security", "servers", "webhooks"})
# Places whose value is text for readers: a number or a boolean there changes no promise.
_TEXT = frozenset({"description", "operationId", "summary", "title"})
_BESIDE = re.compile(r"x-.*|example|examples|externalDocs|tags|xml")
_UNIONS = frozenset({"allOf", "anyOf", "oneOf"})
# A member too many makes the schema prefer the branch of another kind: the kind itself is clear.
_SCHEMES = frozenset({"apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"})


def refuse_misread(document: Document) -> None:
    """Check that the keywords of ``document`` have values that mean something.

    Raises:
        DocumentError: one of them has not; the first in the document is told.
    """
    _refuse(document, list(misread(document)))


def refuse_unfillable(contract: Contract) -> None:
    """Check that every path can be filled (OpenAPI 3.1, 4.8.12: each template name is declared).

    Raises:
        DocumentError: a ``{name}`` in a path has no parameter.
    """
    _refuse(contract.document, list(path_parameter_undeclared(contract)))


def misread(document: Document) -> Iterator[Spot]:
    """Each place where a keyword that promises something has a value which means nothing."""
    data = in_own_version(document)
    for error in errors(document):
        path = error.instance_path
        if not _asserts(path):
            continue
        pointer = join(ROOT, *path)
        if _is_ambiguous(error, get(data, pointer)):
            yield Spot(pointer, sentence(error))


def _asserts(path: Sequence[str | int]) -> bool:
    beside = any(isinstance(part, str) and _BESIDE.fullmatch(part) for part in path[2:])
    return bool(path) and path[0] in _ASSERTING and not beside


def _is_ambiguous(error: ValidationError, value: object) -> bool:
    path, kind = error.instance_path, error.kind
    if isinstance(kind, ValidationErrorKind.Type):
        readable = path[-1] in _TEXT and not isinstance(value, dict | list)
        return value is not None and not readable
    if isinstance(kind, ValidationErrorKind.Enum | ValidationErrorKind.AnyOf):
        scheme = "securitySchemes" in path[1:2] and value in _SCHEMES
        return value is not None and "type" in path[-2:] and not scheme
    if isinstance(kind, ValidationErrorKind.MinItems):
        return path[-1] in _UNIONS
    if isinstance(kind, ValidationErrorKind.Required):
        operation = path[0] == "paths" and len(path) == 3 and path[2] in METHODS
        return operation and kind.property == "responses"
    return False


def _refuse(document: Document, spots: list[Spot]) -> None:
    if not spots:
        return
    first = min(spots, key=lambda each: _order(document, each.pointer))
    more = len({each.pointer for each in spots}) - 1
    raise DocumentError(
        first.what,
        where=document.locate(first.pointer),
        pointer=first.pointer,
        hint=_HINT + (f"; {more} more like it: see `tallystick lint`" if more else ""),
    )


def _order(document: Document, pointer: str) -> tuple[bool, int, int, str]:
    where = document.locate(pointer)
    return where.file != document.name, where.line, where.column, pointer
