"""Places for a schema: what may stand around it, and the pointer that it then has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, TypeAlias

from .documents import OPERATIONS, ROOTS, SCHEMAS, SpotName, document
from .records import Fits, Named, Node, ValueEdit
from .severity import expected_of_values

Wrap: TypeAlias = Callable[[Node, Node], Node]
"""From the schema and one that stands beside it to the schema around them."""


@dataclass(frozen=True, slots=True)
class Around:
    """One layer around a schema."""

    name: str
    wrap: Wrap
    below: str
    """The pointer of the inner schema, from the outer one."""
    optional: bool = False
    """Whether the inner schema is that of an optional member."""
    nulled: bool = False
    """Whether the outer schema admits null beside what the inner one admits."""
    shared: bool = False
    """Whether another schema speaks of the same value."""
    inside: bool = False
    """Whether the inner schema is of a part of the value."""
    component: bool = False
    """Whether the inner schema is a component of its own, behind a reference."""


_TAG: Node = {"type": "object", "required": ["tag"]}

LAYERS: tuple[Around, ...] = (
    Around(
        "optional member",
        lambda inner, other: {"type": "object", "properties": {"other": other, "x": inner}},
        "/properties/x",
        optional=True,
        inside=True,
    ),
    Around(
        "required member",
        lambda inner, other: {
            "type": "object",
            "properties": {"x": inner, "other": other},
            "required": ["x"],
        },
        "/properties/x",
        inside=True,
    ),
    Around(
        "optional member of a closed object",
        lambda inner, other: {
            "type": "object",
            "properties": {"a/b~c %7B": inner},
            "additionalProperties": False,
        },
        "/properties/a~1b~0c %7B",
        optional=True,
        inside=True,
    ),
    Around(
        "items",
        lambda inner, other: {"type": "array", "items": inner},
        "/items",
        inside=True,
    ),
    Around(
        "values of a map",
        lambda inner, other: {"type": "object", "additionalProperties": inner},
        "/additionalProperties",
        inside=True,
    ),
    Around(
        "allOf with another object",
        lambda inner, other: {
            "allOf": [inner, {"type": "object", "properties": {"zz": other}, "required": ["zz"]}]
        },
        "/allOf/0",
        shared=True,
    ),
    Around("allOf of one", lambda inner, other: {"allOf": [inner]}, "/allOf/0"),
    Around(
        "allOf with words",
        lambda inner, other: {"allOf": [{"description": "words"}, inner]},
        "/allOf/1",
    ),
    Around(
        "null beside it, by anyOf",
        lambda inner, other: {"anyOf": [inner, {"type": "null"}]},
        "/anyOf/0",
        nulled=True,
    ),
    Around(
        "null beside it, by oneOf",
        lambda inner, other: {"oneOf": [{"type": "null"}, inner]},
        "/oneOf/1",
        nulled=True,
    ),
    Around(
        "a form of a union",
        lambda inner, other: {
            "oneOf": [
                {**_TAG, "properties": {"tag": {"const": "one"}, "x": inner}},
                {**_TAG, "properties": {"tag": {"const": "two"}, "y": other}},
            ]
        },
        "/oneOf/0/properties/x",
        optional=True,
        inside=True,
    ),
    Around("reference", lambda inner, other: inner, "", component=True),
)


@dataclass(frozen=True, slots=True)
class Spotted:
    """A schema at its place: the layers around it, the outermost first, and the spot."""

    spot: SpotName
    layers: tuple[Around, ...]
    others: tuple[Node, ...]
    """What stands beside it, a schema for each layer."""

    def stands(self) -> bool:
        """Whether the layers fit one another: a null beside a null is a null too many for oneOf."""
        for number, layer in enumerate(self.layers):
            if layer.shared and number != len(self.layers) - 1:
                return False
            if layer.nulled and any(each.nulled for each in _seen(self.layers[:number])):
                return False
        return self.spot != "parameter" or not self.layers

    def takes(self, edit: ValueEdit) -> bool:
        """Whether the edit changes here what it says that it changes."""
        shared = any(layer.shared for layer in self.layers)
        objects = edit.before.get("type") == edit.after.get("type") == "object"
        return (
            all(_FITS[need](self) for need in edit.fits)
            and (self.spot != "parameter" or "scalar" in edit.fits)
            and (not shared or objects)
        )

    def document(self, schema: Node) -> Node:
        """The document with the schema in its place."""
        components: dict[str, Any] = {}
        for number in range(len(self.layers) - 1, -1, -1):
            layer = self.layers[number]
            schema = layer.wrap(schema, self.others[number])
            if layer.component:
                components[f"Part{number}"] = schema
                schema = {"$ref": f"{SCHEMAS}/Part{number}"}
        return document(self.spot, schema, components)

    def pointer(self) -> str:
        """Where the schema stands."""
        return self._around()[-1]

    def named(self, edit: ValueEdit, *, back: bool = False) -> Named:
        """What a comparison has to name, there or back."""
        kind = edit.back if back else edit.kind
        direction = _DIRECTIONS[self.spot]
        place = self.pointer()
        before, after = edit.at if edit.at_before is None else edit.at_before, edit.at
        # Where a document has no such keyword, any schema of the value may stand for it.
        ends = [(*self._around(), place + below) for below in (before, after)]
        old, new = reversed(ends) if back else ends
        gone, came = bool(edit.gone), bool(edit.came)
        gone, came = (came, gone) if back else (gone, came)
        severity = expected_of_values(kind, direction, gone=gone, came=came)
        if edit.undescribed:
            severity = dict.fromkeys(severity, "risky")
        return Named(kind, direction, old, new, OPERATIONS[self.spot], severity)

    def _around(self) -> tuple[str, ...]:
        """The pointers of all schemas that speak of the same value, this one last."""
        seen = [ROOTS[self.spot]]
        for number, layer in enumerate(self.layers):
            inner = f"{SCHEMAS}/Part{number}" if layer.component else seen[-1] + layer.below
            seen = [inner] if layer.inside else [*seen, inner]
        return tuple(seen)


_DIRECTIONS: Mapping[SpotName, Any] = {
    "request": "request",
    "response": "response",
    "both": "both",
    "parameter": "request",
}


def _seen(layers: Sequence[Around]) -> list[Around]:
    """The layers, from within, that speak of the same value."""
    return list(takewhile(lambda layer: not layer.inside, reversed(layers)))


_FITS: Mapping[Fits, Callable[[Spotted], bool]] = {
    "null": lambda place: not any(layer.nulled for layer in _seen(place.layers)),
    "optional": lambda place: bool(place.layers) and place.layers[-1].optional,
    "request": lambda place: place.spot == "request",
    "response": lambda place: place.spot == "response",
    "scalar": lambda place: True,
    "alone": lambda place: not any(layer.shared for layer in _seen(place.layers)),
}
