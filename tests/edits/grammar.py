"""Documents and places for Hypothesis: a small grammar of schemas, composed at random."""

from __future__ import annotations

from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from .places import LAYERS, Spotted
from .records import Node, ValueEdit
from .values import VALUE_EDITS

_SCALARS: list[Node] = [
    {"type": "string"},
    {"type": "boolean"},
    {"type": ["integer", "null"], "default": None},
    {"type": "integer", "minimum": 1, "maximum": 50},
    {"type": "number", "exclusiveMinimum": 0},
    {"type": "string", "enum": ["a", "b"], "default": "a"},
    {"type": "string", "format": "date-time"},
    {"type": "string", "minLength": 1, "maxLength": 20, "pattern": "^[a-z]"},
    {"anyOf": [{"type": "integer"}, {"type": "string"}]},
    {},
]
_NAMES = ("p", "q", "r")


def _object(members: dict[str, Node], required: list[str], closed: bool) -> Node:
    made: Node = {"type": "object", "properties": members}
    needed = [name for name in required if name in members]
    if needed:
        made["required"] = needed
    if closed:
        made["additionalProperties"] = False
    return made


def _nested(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    members = st.dictionaries(st.sampled_from(_NAMES), inner, max_size=3)
    required = st.lists(st.sampled_from(_NAMES), unique=True, max_size=2)
    objects = st.builds(_object, members, required, st.booleans())
    return st.one_of(
        objects,
        st.builds(lambda each: {"type": "array", "items": each}, inner),
        st.builds(lambda each: {"anyOf": [each, {"type": "null"}]}, inner),
        st.builds(lambda each: {"type": "object", "additionalProperties": each}, inner),
        st.builds(lambda each: {"allOf": [each, {"description": "words"}]}, objects),
    )


SCHEMAS: st.SearchStrategy[Node] = st.recursive(st.sampled_from(_SCALARS), _nested, max_leaves=5)
"""Schemas that an edit leaves alone."""


_WRITTEN = [schema for edit in VALUE_EDITS for schema in (edit.before, edit.after)]
_SIMPLE = SCHEMAS | st.sampled_from(_WRITTEN)
ANY_SCHEMA: st.SearchStrategy[Node] = st.one_of(
    _SIMPLE,
    st.builds(lambda one, other: {"anyOf": [one, other]}, _SIMPLE, _SIMPLE),
    st.builds(lambda one, other: {"oneOf": [one, other]}, _SIMPLE, _SIMPLE),
    st.builds(lambda one, other: {"allOf": [one, other]}, _SIMPLE, _SIMPLE),
    st.builds(
        lambda one, other: {
            "type": "object",
            "properties": {"x": one},
            "required": ["x"],
            "additionalProperties": other,
        },
        _SIMPLE,
        _SIMPLE,
    ),
)
"""Schemas of every keyword of the catalogue, together."""


@st.composite
def places(draw: Any, most: int = 4) -> Spotted:
    """A spot, and up to ``most`` layers around the schema there."""
    spot = draw(st.sampled_from(["request", "response", "both", "parameter"]))
    layers: tuple[Any, ...] = ()
    for _ in range(0 if spot == "parameter" else draw(st.integers(0, most))):
        tried = (*layers, draw(st.sampled_from(LAYERS)))
        layers = tried if Spotted(spot, tried, ({},) * len(tried)).stands() else layers
    others = tuple(draw(SCHEMAS) for _ in layers)
    return Spotted(spot, layers, others)


@st.composite
def edits(draw: Any) -> tuple[ValueEdit, Spotted]:
    """An edit, and a place that takes it."""
    edit: ValueEdit = draw(st.sampled_from(VALUE_EDITS))
    place: Spotted = draw(places(most=3))
    if "optional" in edit.fits:
        last = draw(st.sampled_from([layer for layer in LAYERS if layer.optional]))
        spot = "request" if place.spot == "parameter" else place.spot
        place = Spotted(spot, (*place.layers, last), (*place.others, draw(SCHEMAS)))
    assume(place.stands() and place.takes(edit))
    return edit, place
