"""The catalogue of edits of a schema: each changes one thing, and says what it must be called.

The values that went and came are part of each entry: a test asks the validator whether they do.
"""

from __future__ import annotations

from typing import Any

from .records import Fits, Node, ValueEdit

INTEGER: Node = {"type": "integer"}
NUMBER: Node = {"type": "number"}
STRING: Node = {"type": "string"}
BOOLEAN: Node = {"type": "boolean"}
NULL: Node = {"type": "null"}

SCALAR: frozenset[Fits] = frozenset({"scalar"})
NOT_NULL: frozenset[Fits] = frozenset({"null"})
ALONE: frozenset[Fits] = frozenset({"alone"})


def _object(required: tuple[str, ...] = (), closed: bool = False, **members: Any) -> Node:
    made: Node = {"type": "object", "properties": members}
    if required:
        made["required"] = list(required)
    if closed:
        made["additionalProperties"] = False
    return made


def _tagged(tag: str, **members: Any) -> Node:
    return _object(("tag",), tag={"const": tag}, **members)


NULLS = (
    ValueEdit(
        "a type becomes nullable",
        INTEGER,
        {"type": ["integer", "null"]},
        "null-admitted",
        "null-refused",
        came=(None,),
        at="/type",
        fits=NOT_NULL,
    ),
    ValueEdit(
        "a union gets null",
        {"anyOf": [STRING, INTEGER]},
        {"anyOf": [STRING, INTEGER, NULL]},
        "null-admitted",
        "null-refused",
        came=(None,),
        at="/anyOf/2",
        at_before="",
        fits=NOT_NULL,
    ),
    ValueEdit(
        "an object becomes nullable by oneOf",
        _object(a=STRING),
        {"oneOf": [_object(a=STRING), NULL]},
        "null-admitted",
        "null-refused",
        came=(None,),
        at="/oneOf/1",
        at_before="",
        fits=NOT_NULL,
    ),
    ValueEdit(
        "an enum gets null",
        {"enum": ["a", "b"]},
        {"enum": ["a", "b", None]},
        "null-admitted",
        "null-refused",
        came=(None,),
        at="/enum/2",
        at_before="",
        fits=NOT_NULL,
    ),
)
TYPES = (
    ValueEdit(
        "one more type",
        STRING,
        {"type": ["string", "integer"]},
        "type-added",
        "type-removed",
        came=(7,),
        at="/type",
        fits=SCALAR,
    ),
    ValueEdit(
        "an array beside a string",
        STRING,
        {"anyOf": [STRING, {"type": "array", "items": STRING}]},
        "type-added",
        "type-removed",
        came=(["a"],),
        at="/anyOf/1",
        at_before="",
    ),
    ValueEdit(
        "a string becomes a boolean",
        STRING,
        BOOLEAN,
        "type-changed",
        "type-changed",
        gone=("a",),
        came=(True,),
        at="/type",
        fits=SCALAR,
    ),
    ValueEdit(
        "an object becomes an array",
        _object(a=STRING),
        {"type": "array", "items": STRING},
        "type-changed",
        "type-changed",
        gone=({},),
        came=([],),
        at="/type",
    ),
    ValueEdit(
        "an integer becomes a number",
        INTEGER,
        NUMBER,
        "integer-to-number",
        "number-to-integer",
        came=(1.5,),
        at="/type",
        fits=SCALAR,
    ),
    ValueEdit(
        "an integer with bounds becomes a number with the same",
        {"type": "integer", "minimum": 1, "maximum": 50},
        {"type": "number", "minimum": 1, "maximum": 50},
        "integer-to-number",
        "number-to-integer",
        came=(1.5,),
        at="/type",
        fits=SCALAR,
    ),
)
ENUMS = (
    ValueEdit(
        "one more value",
        {"type": "string", "enum": ["a", "b"]},
        {"type": "string", "enum": ["a", "b", "c"]},
        "enum-value-added",
        "enum-value-removed",
        came=("c",),
        at="/enum",
        at_before="/enum",
        fits=SCALAR,
    ),
    ValueEdit(
        "one more value between the others",
        {"type": "integer", "enum": [1, 3]},
        {"type": "integer", "enum": [1, 2, 3]},
        "enum-value-added",
        "enum-value-removed",
        came=(2,),
        at="/enum",
        at_before="/enum",
        fits=SCALAR,
    ),
    ValueEdit(
        "one more value beside a const",
        {"const": "a"},
        {"enum": ["a", "b"]},
        "enum-value-added",
        "enum-value-removed",
        came=("b",),
        at="/enum",
        at_before="/const",
        fits=SCALAR,
    ),
    ValueEdit(
        "a value in another case",
        {"type": "string", "enum": ["AUTO", "MANUAL"]},
        {"type": "string", "enum": ["auto", "MANUAL"]},
        "enum-value-recased",
        "enum-value-recased",
        gone=("AUTO",),
        came=("auto",),
        at="/enum",
        fits=SCALAR,
    ),
    ValueEdit(
        "no list of values",
        {"type": "string", "enum": ["a", "b"]},
        STRING,
        "enum-opened",
        "enum-closed",
        came=("zz",),
        at="",
        at_before="/enum",
        fits=SCALAR,
    ),
)


def _bound(name: str, wide: Node, narrow: Node, gone: Any, at: str, **more: Any) -> ValueEdit:
    keyword = f"/{at}"
    return ValueEdit(
        name, wide, narrow, "bound-narrowed", "bound-widened", gone=(gone,), at=keyword, **more
    )


BOUNDS = (
    _bound("a minimum comes", INTEGER, {**INTEGER, "minimum": 1}, 0, "minimum", fits=SCALAR),
    _bound(
        "a minimum rises",
        {**INTEGER, "minimum": 1},
        {**INTEGER, "minimum": 10},
        5,
        "minimum",
        fits=SCALAR,
    ),
    _bound(
        "a maximum falls",
        {**NUMBER, "maximum": 20},
        {**NUMBER, "maximum": 10.5},
        15,
        "maximum",
        fits=SCALAR,
    ),
    _bound(
        "a bound is excluded",
        {**NUMBER, "minimum": 1},
        {**NUMBER, "exclusiveMinimum": 1},
        1,
        "exclusiveMinimum",
        at_before="/minimum",
        fits=SCALAR,
    ),
    _bound("a text is not empty", STRING, {**STRING, "minLength": 1}, "", "minLength", fits=SCALAR),
    _bound(
        "a text is shorter",
        {**STRING, "maxLength": 8},
        {**STRING, "maxLength": 4},
        "abcdef",
        "maxLength",
        fits=SCALAR,
    ),
    _bound(
        "a list is not empty",
        {"type": "array", "items": INTEGER},
        {"type": "array", "items": INTEGER, "minItems": 1},
        [],
        "minItems",
    ),
    _bound(
        "a list is shorter",
        {"type": "array", "items": INTEGER},
        {"type": "array", "items": INTEGER, "maxItems": 2},
        [1, 2, 3],
        "maxItems",
    ),
    _bound(
        "an object is not empty",
        {"type": "object", "additionalProperties": INTEGER},
        {"type": "object", "additionalProperties": INTEGER, "minProperties": 1},
        {},
        "minProperties",
        fits=ALONE,
    ),
    _bound(
        "an object has few members",
        {"type": "object", "additionalProperties": INTEGER},
        {"type": "object", "additionalProperties": INTEGER, "maxProperties": 1},
        {"a": 1, "b": 2},
        "maxProperties",
        fits=ALONE,
    ),
    _bound(
        "a coarser step",
        {**INTEGER, "multipleOf": 2},
        {**INTEGER, "multipleOf": 4},
        2,
        "multipleOf",
        fits=SCALAR,
    ),
)
PATTERNS = (
    ValueEdit(
        "a pattern comes",
        STRING,
        {**STRING, "pattern": "^[a-z]+$"},
        "pattern-added",
        "pattern-removed",
        gone=("A",),
        at="/pattern",
        fits=SCALAR,
    ),
    ValueEdit(
        "another pattern",
        {**STRING, "pattern": "^[a-z]+$"},
        {**STRING, "pattern": "^[A-Z]+$"},
        "pattern-changed",
        "pattern-changed",
        gone=("a",),
        came=("A",),
        at="/pattern",
        fits=SCALAR,
    ),
    ValueEdit(
        "a format comes",
        STRING,
        {**STRING, "format": "date"},
        "format-added",
        "format-removed",
        gone=("a",),
        at="/format",
        fits=SCALAR,
    ),
    ValueEdit(
        "another format",
        {**STRING, "format": "date"},
        {**STRING, "format": "date-time"},
        "format-changed",
        "format-changed",
        gone=("2026-01-02",),
        came=("2026-01-02T03:04:05Z",),
        at="/format",
        fits=SCALAR,
    ),
    ValueEdit(
        "items are unique",
        {"type": "array", "items": INTEGER},
        {"type": "array", "items": INTEGER, "uniqueItems": True},
        "items-unique",
        "items-may-repeat",
        gone=([1, 1],),
        at="/uniqueItems",
    ),
)
MEMBERS = (
    ValueEdit(
        "an optional member of an open object",
        _object(a=STRING),
        _object(a=STRING, b=STRING),
        "member-added",
        "member-removed",
        gone=({"b": 1},),
        at="/properties/b",
        at_before="",
        fits=ALONE,
    ),
    ValueEdit(
        "an optional member of a closed object",
        _object(a=STRING, closed=True),
        _object(a=STRING, b=STRING, closed=True),
        "member-admitted",
        "member-refused",
        came=({"b": "b"},),
        at="/properties/b",
        at_before="",
        fits=ALONE,
    ),
    ValueEdit(
        "a member becomes required",
        _object(a=STRING, b=INTEGER),
        _object(("b",), a=STRING, b=INTEGER),
        "member-required",
        "member-optional",
        gone=({}, {"a": "a"}),
        at="/properties/b",
    ),
    ValueEdit(
        "one more member becomes required in a closed object",
        _object(("a",), a=STRING, b=INTEGER, closed=True),
        _object(("a", "b"), a=STRING, b=INTEGER, closed=True),
        "member-required",
        "member-optional",
        gone=({"a": "a"},),
        at="/properties/b",
        fits=ALONE,
    ),
    ValueEdit(
        "a new member is required at once",
        _object(a=STRING),
        _object(("b",), a=STRING, b=INTEGER),
        "member-required",
        "required-member-removed",
        gone=({}, {"b": "b"}),
        at="/properties/b",
        at_before="",
        fits=ALONE,
    ),
    ValueEdit(
        "a required member of a closed object",
        _object(a=STRING, closed=True),
        _object(("b",), a=STRING, b=STRING, closed=True),
        "required-member-admitted",
        "required-member-refused",
        gone=({},),
        came=({"b": "b"},),
        at="/properties/b",
        at_before="",
        fits=ALONE,
    ),
    ValueEdit(
        "a member moves up a level",
        _object(nested=_object(cleanup={"enum": ["KEEP", "DROP"]}, other=INTEGER)),
        _object(nested=_object(other=INTEGER), cleanup={"enum": ["KEEP", "DROP"]}),
        "member-moved",
        "member-moved",
        gone=({"cleanup": "NEITHER"},),
        came=({"nested": {"cleanup": "NEITHER"}},),
        at="/properties/cleanup",
        at_before="/properties/nested/properties/cleanup",
        fits=ALONE,
        undescribed=True,
    ),
    ValueEdit(
        "a member of closed objects moves up a level",
        _object(
            nested=_object(cleanup={"enum": ["KEEP", "DROP"]}, other=INTEGER, closed=True),
            closed=True,
        ),
        _object(
            nested=_object(other=INTEGER, closed=True),
            cleanup={"enum": ["KEEP", "DROP"]},
            closed=True,
        ),
        "member-moved",
        "member-moved",
        gone=({"nested": {"cleanup": "KEEP"}},),
        came=({"cleanup": "KEEP"},),
        at="/properties/cleanup",
        at_before="/properties/nested/properties/cleanup",
        fits=ALONE,
    ),
    ValueEdit(
        "a closed object is opened",
        _object(a=STRING, closed=True),
        _object(a=STRING),
        "object-opened",
        "object-closed",
        came=({"unknown": 1},),
        at="",
        at_before="/additionalProperties",
        fits=ALONE,
    ),
    ValueEdit(
        "a closed object takes members of one type",
        _object(a=STRING, closed=True),
        {**_object(a=STRING), "additionalProperties": INTEGER},
        "object-opened",
        "object-closed",
        came=({"unknown": 1},),
        at="/additionalProperties",
        fits=ALONE,
    ),
)
LEFT, RIGHT, MIDDLE = _tagged("left", a=STRING), _tagged("right", b=INTEGER), _tagged("middle")
UNIONS = (
    ValueEdit(
        "one more form of a oneOf",
        {"oneOf": [LEFT, RIGHT]},
        {"oneOf": [LEFT, RIGHT, MIDDLE]},
        "branch-added",
        "branch-removed",
        came=({"tag": "middle"},),
        at="/oneOf/2",
        at_before="/oneOf",
    ),
    ValueEdit(
        "one more form of an anyOf, at its head",
        {"anyOf": [LEFT, RIGHT]},
        {"anyOf": [MIDDLE, LEFT, RIGHT]},
        "branch-added",
        "branch-removed",
        came=({"tag": "middle"},),
        at="/anyOf/0",
        at_before="/anyOf",
    ),
)


def _unnamed(name: str, wide: Node, narrow: Node, gone: Any, at: str, **more: Any) -> ValueEdit:
    return ValueEdit(
        name, wide, narrow, "schema-changed", "schema-changed", gone=(gone,), at=f"/{at}", **more
    )


CONDITIONS = (
    _unnamed("a value is excluded", INTEGER, {**INTEGER, "not": {"const": 5}}, 5, "not"),
    _unnamed(
        "one member asks for another",
        _object(a=STRING, b=STRING),
        {**_object(a=STRING, b=STRING), "dependentRequired": {"a": ["b"]}},
        {"a": "a"},
        "dependentRequired",
    ),
    _unnamed(
        "one member decides on another",
        _object(a=STRING, b=STRING),
        {
            **_object(a=STRING, b=STRING),
            "if": {"required": ["a"], "properties": {"a": {"const": "x"}}},
            "then": {"required": ["b"]},
        },
        {"a": "x"},
        "if",
    ),
    _unnamed(
        "names of members have a form",
        {"type": "object"},
        {"type": "object", "propertyNames": {"pattern": "^[a-z]*$"}},
        {"A": 1},
        "propertyNames",
        fits=ALONE,
    ),
    _unnamed(
        "members of some names have a type",
        {"type": "object"},
        {"type": "object", "patternProperties": {"^n_": INTEGER}},
        {"n_a": "a"},
        "patternProperties",
        fits=ALONE,
    ),
    _unnamed(
        "a list has a certain item",
        {"type": "array", "items": INTEGER},
        {"type": "array", "items": INTEGER, "contains": {"const": 1}},
        [],
        "contains",
    ),
    ValueEdit(
        "another value is excluded",
        {**INTEGER, "not": {"const": 5}},
        {**INTEGER, "not": {"const": 6}},
        "schema-changed",
        "schema-changed",
        gone=(6,),
        came=(5,),
        at="/not",
    ),
)
OPTIONAL: frozenset[Fits] = frozenset({"optional"})
MEANINGS = (
    ValueEdit(
        "another default",
        {**INTEGER, "default": 10},
        {**INTEGER, "default": 20},
        "default-changed",
        "default-changed",
        at="/default",
        fits=OPTIONAL,
    ),
    ValueEdit(
        "a default comes",
        INTEGER,
        {**INTEGER, "default": 10},
        "default-added",
        "default-removed",
        at="/default",
        at_before="",
        fits=OPTIONAL,
    ),
    ValueEdit(
        "a member is only read",
        INTEGER,
        {**INTEGER, "readOnly": True},
        "member-became-read-only",
        "member-became-writable",
        at="/readOnly",
        at_before="",
        fits=OPTIONAL | {"request"},
    ),
    ValueEdit(
        "a member is only written",
        INTEGER,
        {**INTEGER, "writeOnly": True},
        "member-became-write-only",
        "member-became-readable",
        at="/writeOnly",
        at_before="",
        fits=OPTIONAL | {"response"},
    ),
    ValueEdit(
        "a member is deprecated",
        INTEGER,
        {**INTEGER, "deprecated": True},
        "member-deprecated",
        "member-undeprecated",
        at="/deprecated",
        at_before="",
        fits=OPTIONAL,
    ),
    ValueEdit(
        "a default becomes null",
        {"type": ["integer", "null"], "default": 10},
        {"type": ["integer", "null"], "default": None},
        "default-changed",
        "default-changed",
        at="/default",
        fits=OPTIONAL | NOT_NULL,
    ),
    ValueEdit(
        "it is said that absent means null",
        {"type": ["integer", "null"]},
        {"type": ["integer", "null"], "default": None},
        "default-documented",
        "default-documented",
        at="/default",
        at_before="",
        fits=OPTIONAL | NOT_NULL,
    ),
    ValueEdit(
        "a default of an object",
        {**_object(a=INTEGER), "default": {"a": 1}},
        {**_object(a=INTEGER), "default": {"a": 2}},
        "default-changed",
        "default-changed",
        at="/default",
        fits=OPTIONAL,
    ),
    ValueEdit(
        "null means another thing",
        {"type": ["integer", "null"], "x-tallystick-null": "unchanged"},
        {"type": ["integer", "null"], "x-tallystick-null": "cleared"},
        "null-meaning-changed",
        "null-meaning-changed",
        at="/x-tallystick-null",
        fits=frozenset({"optional", "request", "null"}),
    ),
)

VALUE_EDITS: tuple[ValueEdit, ...] = (
    *NULLS,
    *TYPES,
    *ENUMS,
    *BOUNDS,
    *PATTERNS,
    *MEMBERS,
    *UNIONS,
    *CONDITIONS,
    *MEANINGS,
)
