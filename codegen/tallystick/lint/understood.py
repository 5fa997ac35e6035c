"""Faults that leave open what a document means: nothing may be made from it, rather than guessed.

Real documents break the specification in many places that mean one thing all the same: a missing
description, a null, a member too many, a number where a version text belongs. Those are for
`lint` alone. A few keywords of schemas are written with values of other languages, which say
nothing in this one: such a keyword alone is left out, and stands in the ledger.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import cast

from jsonschema_rs import ValidationError, ValidationErrorKind

from ..contract import Contract
from ..contract.operations import METHODS
from ..document import ROOT, Document, Json, copy_of, get, has, join, schemas
from ..errors import DocumentError
from .operations import path_parameter_undeclared
from .records import Spot
from .spelled_out import spelled_out
from .structure import errors, sentence
from .versions import in_own_version

_HINT = "correct it, or mend it with an overlay (--overlay FILE)"
_ASSERTING = frozenset({"components", "paths", "security", "servers", "webhooks"})
# Places whose value is text for readers: a number or a boolean there changes no promise.
_TEXT = frozenset({"description", "operationId", "summary", "title"})
_BESIDE = re.compile(r"x-.*|example|examples|externalDocs|tags|xml")
_ANNOTATIONS = frozenset({"deprecated", "readOnly", "writeOnly"})
# About schemas, not about values; the anchor is of draft 2019-09, its successor takes a name.
_ABOUT = frozenset({"$comment", "$recursiveAnchor", "$vocabulary"})
_EXCLUSIVE = frozenset({"exclusiveMaximum", "exclusiveMinimum"})
_UNIONS = frozenset({"allOf", "anyOf", "oneOf"})
# A member too many makes the schema prefer the branch of another kind: the kind itself is clear.
_SCHEMES = frozenset({"apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"})


def understood(document: Document) -> Document:
    """``document`` without the keywords of schemas that say nothing; they stand in ``left_out``.

    Left out are names of types that JSON Schema does not have (a value of any type is valid then),
    a boolean ``required`` (of drafts before 4: it names no member), a ``discriminator`` that is a
    name (of version 2.0: it chooses among no listed schemas), a boolean ``exclusiveMinimum`` or
    ``exclusiveMaximum`` where it is no longer one (3.1), a list of ``items`` (of drafts before
    2020-12), and annotations of a wrong kind.

    Raises:
        DocumentError: another keyword has a value that means nothing; the first in the document
            is told.
    """
    spots: list[Spot] = []
    left_out: dict[str, tuple[str, ...]] = {}
    known: set[str] = set()
    for pointer, error in _misread(document):
        known = known or {each for each, _ in schemas(document.data)}
        keyword = (
            pointer.removesuffix(f"/{error.instance_path[-1]}") if _in_list(error) else pointer
        )
        owner, _, name = keyword.rpartition("/")
        if owner in known and has(document.data, keyword) and _says_nothing(document, keyword):
            left_out[owner] = tuple(dict.fromkeys((*left_out.get(owner, ()), name)))
        else:
            spots.append(Spot(pointer, sentence(error)))
    _refuse(document, spots)
    return spelled_out(_without(document, left_out) if left_out else document)


def refuse_unfillable(contract: Contract) -> None:
    """Check that every path can be filled (OpenAPI 3.1, 4.8.12: each template name is declared).

    Raises:
        DocumentError: a ``{name}`` in a path has no parameter.
    """
    _refuse(contract.document, list(path_parameter_undeclared(contract)))


def _misread(document: Document) -> Iterator[tuple[str, ValidationError]]:
    """Each place where a keyword that promises something has a value which means nothing."""
    data = in_own_version(document)
    for error in errors(document):
        path = error.instance_path
        if not _asserts(path):
            continue
        pointer = join(ROOT, *path)
        if _is_ambiguous(error, get(data, pointer)):
            yield pointer, error


def _in_list(error: ValidationError) -> bool:
    """Whether it is about one item of ``type``."""
    path = error.instance_path
    return len(path) > 1 and path[-2] == "type" and isinstance(path[-1], int)


def _says_nothing(document: Document, pointer: str) -> bool:
    """Whether the keyword at ``pointer`` can be left out, and what stays is what was meant."""
    value = get(document.data, pointer)
    match pointer.rpartition("/")[2]:
        case "type":
            listed = value if isinstance(value, list) else [value]
            return all(isinstance(each, str) for each in listed)
        case "required":
            return isinstance(value, bool)
        case "discriminator":
            return isinstance(value, str)
        case "items":
            return isinstance(value, list)
        case keyword if keyword in _EXCLUSIVE:
            return isinstance(value, bool)
        case keyword:
            return keyword in _ANNOTATIONS | _ABOUT


def _without(document: Document, left_out: dict[str, tuple[str, ...]]) -> Document:
    data = cast("dict[str, Json]", copy_of(document.data))
    for owner, keywords in left_out.items():
        node = cast("dict[str, Json]", get(data, owner))
        for keyword in keywords:
            del node[keyword]
    return replace(document, data=data, left_out={**document.left_out, **left_out}, unlifted=None)


def _asserts(path: Sequence[str | int]) -> bool:
    beside = any(isinstance(part, str) and _BESIDE.fullmatch(part) for part in path[2:])
    return bool(path) and path[0] in _ASSERTING and not beside


def _is_ambiguous(error: ValidationError, value: object) -> bool:
    path, kind = error.instance_path, error.kind
    if _is_newer(path, value):
        return False
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


def _is_newer(path: Sequence[str | int], value: object) -> bool:
    """Whether a document of 3.0 says in the words of 3.1 what 3.0 has other words for."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return (path[-1] in _EXCLUSIVE and number) or (path[-1] == "type" and value == "null")


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
