"""Truths of comparing documents, line by line: where keyword-by-keyword tools are silent or wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import pytest

from edits.documents import BODY, SpotName, contract, document
from edits.naming import told
from tallystick.evolve import Comparison, Severity
from tallystick.evolve.compare import compare

Verdict: TypeAlias = Literal["breaking", "safe", "nothing", "behaviour", "documented"]
"""For clients. behaviour: who omits it is hit. documented: seen, and nobody is broken."""

_INT: Any = {"type": "integer"}
_NULL: Any = {"type": "null"}
_OR_NULL: Any = {"type": ["integer", "null"]}
_BY_ANY_OF: Any = {"anyOf": [_INT, _NULL]}
_PART: Any = {"type": "object", "properties": {"a": _INT}, "required": ["a"]}
_REF: Any = {"$ref": "#/components/schemas/Part"}
_CLOSED: Any = {**_PART, "additionalProperties": False}
_ENUM: Any = {"type": "string", "enum": ["a", "b"]}
_MORE: Any = {"type": "string", "enum": ["a", "b", "c"]}


@dataclass(frozen=True, slots=True)
class Truth:
    """One line of the table."""

    line: str
    spot: SpotName
    before: Any
    after: Any
    verdict: Verdict
    kind: str | None = None
    """What the one change is called."""
    components: tuple[Mapping[str, Any], Mapping[str, Any]] = ({}, {})


def _member(schema: Any, *, required: bool = False) -> Any:
    made: Any = {"type": "object", "properties": {"x": schema}}
    return {**made, "required": ["x"]} if required else made


def _nested(schema: Any) -> Any:
    return _member({"anyOf": [schema, _NULL]})


_PARTS: tuple[Mapping[str, Any], Mapping[str, Any]] = ({"Part": _PART}, {"Part": _PART})
_RENAMED: tuple[Mapping[str, Any], Mapping[str, Any]] = ({"Part": _PART}, {"Piece": _PART})
_PIECE: Any = {"$ref": "#/components/schemas/Piece"}

TRUTHS: tuple[Truth, ...] = (
    Truth(
        "response int -> type:[int,null]",
        "response",
        _member(_INT),
        _member(_OR_NULL),
        "breaking",
        "null-admitted",
    ),
    Truth(
        "response int -> oneOf[int,null]",
        "response",
        _member(_INT),
        _member({"oneOf": [_INT, _NULL]}),
        "breaking",
        "null-admitted",
    ),
    Truth(
        "response int -> anyOf[int,null]",
        "response",
        _member(_INT),
        _member(_BY_ANY_OF),
        "breaking",
        "null-admitted",
    ),
    Truth(
        "response $ref -> anyOf[$ref,null]",
        "response",
        _member(_REF),
        _member({"anyOf": [_REF, _NULL]}),
        "breaking",
        "null-admitted",
        _PARTS,
    ),
    Truth(
        "request $ref -> anyOf[$ref,null]",
        "request",
        _member(_REF),
        _member({"anyOf": [_REF, _NULL]}),
        "safe",
        "null-admitted",
        _PARTS,
    ),
    Truth(
        "request anyOf[int,null] -> type:[int,null]",
        "request",
        _member(_BY_ANY_OF),
        _member(_OR_NULL),
        "nothing",
    ),
    Truth(
        "response same re-encoding",
        "response",
        _member(_BY_ANY_OF),
        _member(_OR_NULL),
        "nothing",
    ),
    Truth(
        "rename component behind anyOf",
        "both",
        _member({"anyOf": [_REF, _NULL]}),
        _member({"anyOf": [_PIECE, _NULL]}),
        "nothing",
        None,
        _RENAMED,
    ),
    Truth(
        "reorder anyOf branches",
        "both",
        _member({"anyOf": [_REF, _INT, _NULL]}),
        _member({"anyOf": [_NULL, _REF, _INT]}),
        "nothing",
        None,
        _PARTS,
    ),
    Truth(
        "request additionalProperties absent -> false (top)",
        "request",
        _PART,
        _CLOSED,
        "breaking",
        "object-closed",
    ),
    Truth(
        "request additionalProperties absent -> false (nested behind anyOf)",
        "request",
        _nested(_PART),
        _nested(_CLOSED),
        "breaking",
        "object-closed",
    ),
    Truth(
        "request additionalProperties false -> absent",
        "request",
        _nested(_CLOSED),
        _nested(_PART),
        "safe",
        "object-opened",
    ),
    Truth(
        "request property default absent -> `default: null`",
        "request",
        _member(_OR_NULL),
        _member({**_OR_NULL, "default": None}),
        "documented",
    ),
    Truth(
        "request property `default: null` -> default absent",
        "request",
        _member({**_OR_NULL, "default": None}),
        _member(_OR_NULL),
        "documented",
    ),
    Truth(
        "request property default null -> 10",
        "request",
        _member({**_OR_NULL, "default": None}),
        _member({**_OR_NULL, "default": 10}),
        "behaviour",
        "default-changed",
    ),
    Truth(
        "request property default 10 -> null",
        "request",
        _member({**_OR_NULL, "default": 10}),
        _member({**_OR_NULL, "default": None}),
        "behaviour",
        "default-changed",
    ),
    Truth(
        "request property default 10 -> 20",
        "request",
        _member({**_INT, "default": 10}),
        _member({**_INT, "default": 20}),
        "behaviour",
        "default-changed",
    ),
    Truth(
        "response default 10 -> 20",
        "response",
        _member({**_INT, "default": 10}),
        _member({**_INT, "default": 20}),
        "behaviour",
        "default-changed",
    ),
    Truth(
        "$ref-sibling default A -> B",
        "request",
        _member({**_REF, "default": {"a": 1}}),
        _member({**_REF, "default": {"a": 2}}),
        "behaviour",
        "default-changed",
        _PARTS,
    ),
    Truth(
        "response required-nullable -> optional-nullable",
        "response",
        _member(_BY_ANY_OF, required=True),
        _member(_BY_ANY_OF),
        "breaking",
        "member-optional",
    ),
    Truth(
        "request optional(default null) -> required",
        "request",
        _member({**_OR_NULL, "default": None}),
        _member(_OR_NULL, required=True),
        "breaking",
        "member-required",
    ),
    Truth(
        "response enum value added, plain",
        "response",
        _member(_ENUM),
        _member(_MORE),
        "breaking",
        "enum-value-added",
    ),
    Truth(
        "response enum value added, behind anyOf",
        "response",
        _nested(_ENUM),
        _nested(_MORE),
        "breaking",
        "enum-value-added",
    ),
    Truth(
        "request enum value removed behind anyOf",
        "request",
        _nested(_MORE),
        _nested(_ENUM),
        "breaking",
        "enum-value-removed",
    ),
    Truth(
        "request minimum added inside anyOf",
        "request",
        _nested(_INT),
        _nested({**_INT, "minimum": 1}),
        "breaking",
        "bound-narrowed",
    ),
)


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda truth: truth.line)
def test_a_truth(truth: Truth) -> None:
    before, after = (
        contract(document(truth.spot, schema, parts))
        for schema, parts in zip((truth.before, truth.after), truth.components, strict=True)
    )
    said = compare(before, after)
    if truth.verdict == "nothing":
        assert said.changes == (), told(said)
        return
    if truth.verdict == "documented":
        seen = (*said.changes, *said.notes)
        assert len(seen) == 1, told(said)
        assert seen[0].worst != "breaking", told(said)
        return
    assert [each.kind for each in said.changes] == [truth.kind], told(said)
    wanted: Severity = {"breaking": "breaking", "safe": "compatible"}.get(truth.verdict, "risky")  # type: ignore[assignment]
    assert said.changes[0].severity["typed client"] == wanted, told(said)


def _secured(*alternatives: Mapping[str, list[str]]) -> Comparison:
    plain = document("request", _PART)
    plain["components"]["securitySchemes"] = {
        "key": {"type": "apiKey", "in": "header", "name": "X-Key"}
    }
    asked = {**plain, "security": list(alternatives)}
    return compare(contract(plain), contract(asked))


def test_a_security_requirement_added_is_breaking() -> None:
    said = _secured({"key": []})
    assert said.changes, told(said)
    assert {each.severity["typed client"] for each in said.changes} == {"breaking"}, told(said)


def test_a_security_requirement_added_as_an_option_is_not() -> None:
    said = _secured({"key": []}, {})
    assert all(each.severity["typed client"] == "compatible" for each in said.changes), told(said)


def test_what_is_breaking_for_a_request_stands_where_the_document_has_it() -> None:
    before, after = (contract(document("request", each)) for each in (_PART, _CLOSED))
    (change,) = compare(before, after).changes
    assert change.old in (BODY, f"{BODY}/required", f"{BODY}/properties")
