"""Lints of the contract notes (``x-tallystick-*``): known, and where they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..contract import Contract
from ..contract.notes import (
    ENV,
    GIVEN,
    IDENTIFIES,
    NULL,
    OUTCOME,
    POLL,
    PREFIX,
    RESERVED,
    UPDATE,
    VOCABULARY,
)
from ..document import ROOT, Json, join
from .records import Spot

_FAMILY = "x-tallystick-"
_PROPERTY = "a property"
_OPERATION = "an operation"
_PARAMETER = "a path parameter"
_SCHEME = "a security scheme"
_PLACES = {
    NULL: _PROPERTY,
    UPDATE: _PROPERTY,
    RESERVED: _PROPERTY,
    POLL: _OPERATION,
    OUTCOME: _OPERATION,
    GIVEN: _PARAMETER,
    IDENTIFIES: _PARAMETER,
    PREFIX: _SCHEME,
    ENV: _SCHEME,
}


def note_unknown(contract: Contract) -> Iterator[Spot]:
    """Notes with an unknown name, and notes where nothing reads them."""
    places = _places(contract)
    for owner, name in _notes(contract.document.data):
        if name not in VOCABULARY:
            yield Spot(join(owner, name), f"the contract note {name!r} is unknown")
        elif owner not in places[_PLACES[name]]:
            what = f"{name!r} is read on {_PLACES[name]} only"
            yield Spot(join(owner, name), what)


def _places(contract: Contract) -> dict[str, set[str]]:
    members = (member for schema in contract.schemas.values() for member in schema.properties)
    parameters = (
        each
        for operation in contract.operations
        for each in operation.parameters
        if each.location == "path"
    )
    return {
        _PROPERTY: {member.pointer for member in members},
        _OPERATION: {operation.pointer for operation in contract.operations},
        _PARAMETER: {each.pointer for each in parameters} | _shared(contract.document.data),
        _SCHEME: {scheme.pointer for scheme in contract.security.values()},
    }


def _shared(data: Mapping[str, Json]) -> set[str]:
    """Parameters among the components, which no operation has to use."""
    components = data.get("components")
    shared = components.get("parameters") if isinstance(components, dict) else None
    names = shared if isinstance(shared, dict) else {}
    return {join("#/components/parameters", name) for name in names}


def _notes(data: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """Pointer of the owner and name of each note, whatever stands below a note left out."""
    pending: list[tuple[str, Json]] = [(ROOT, dict(data))]
    while pending:
        pointer, node = pending.pop()
        if isinstance(node, list):
            pending.extend((join(pointer, index), item) for index, item in enumerate(node))
        if not isinstance(node, dict):
            continue
        for name, value in node.items():
            if name.startswith(_FAMILY):
                yield pointer, name
            else:
                pending.append((join(pointer, name), value))
