"""What the items of a stream are: lines of JSON, or events with the type of their data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tallystick.contract.records import Contract, Media, Property, Schema, is_json
from tallystick.document import Json, join
from tallystick.runtime.operation import Framing, framing


@dataclass(frozen=True, slots=True)
class ItemData:
    """What one item holds."""

    schema: str | None
    """The pointer of the schema of its value; None: any JSON, or any text."""
    text: bool = False
    """Whether the data of an event is a text, not JSON."""


@dataclass(frozen=True, slots=True)
class StreamItems:
    """The items of a media type that is a stream."""

    framing: Framing
    data: ItemData
    named: tuple[tuple[str, ItemData], ...] = ()
    """The data of the events that have a schema of their own, by type of event."""

    @property
    def schemas(self) -> tuple[str, ...]:
        """The pointers of all schemas of items."""
        every = (self.data, *(data for _, data in self.named))
        return tuple(dict.fromkeys(each.schema for each in every if each.schema is not None))


def stream_items(contract: Contract, media: Media) -> StreamItems | None:
    """The items of a media type, or None where it is no stream of items.

    ``itemSchema`` (OpenAPI 3.2, 4.14.2) is the schema of a line, or of an event as an object of its
    fields. Before 3.2 only ``schema`` could be given, which documents use for one item as well as for
    an array of all: the items of an array are taken for the items of the stream.
    """
    found = framing(media.media_type)
    if found is None:
        return None
    pointer = media.item or _whole(contract, media)
    if found == "events" and media.item is not None:
        return _event(contract, media.item)
    textual = pointer is None or contract.target(pointer).types == frozenset({"string"})
    return StreamItems(found, ItemData(pointer, text=found == "events" and textual))


def _whole(contract: Contract, media: Media) -> str | None:
    if media.schema is None:
        return None
    core = contract.core(media.schema)
    return core.items if core.types == frozenset({"array"}) and core.items else media.schema


def _event(contract: Contract, pointer: str) -> StreamItems:
    found = list(_data(contract, pointer, (), frozenset()))
    if not found:
        # It describes no field of an event, so it is the schema of the data.
        objects = "object" in contract.target(pointer).types
        known = contract.core(pointer).properties or not objects
        return StreamItems("events", ItemData(pointer) if known else ItemData(None, text=True))
    named: dict[str, ItemData] = {}
    plain: ItemData | None = None
    for names, data in found:
        if not names:
            plain = plain or data
        for name in names:
            named.setdefault(name, data)
    return StreamItems("events", plain or ItemData(None, text=True), tuple(named.items()))


def _data(
    contract: Contract, pointer: str, above: tuple[str, ...], seen: frozenset[str]
) -> Iterator[tuple[tuple[str, ...], ItemData]]:
    """The data of each branch of an event's schema, with the types of event that it is for."""
    schema = contract.core(pointer)
    if schema.pointer in seen:
        return
    names = _names(contract, schema) or above
    member = schema.property("data")
    if member is not None:
        yield names, _of(contract, member)
    elif _names(contract, schema) and not schema.branches:
        yield names, ItemData(None, text=True)
    for branch in schema.branches:
        yield from _data(contract, branch, names, seen | {schema.pointer})


def _names(contract: Contract, schema: Schema) -> tuple[str, ...]:
    member = schema.property("event")
    values = None if member is None else contract.target(member.pointer).enum
    return tuple(each for each in values or () if isinstance(each, str))


def _of(contract: Contract, member: Property) -> ItemData:
    schema = contract.target(member.pointer)
    node: Mapping[str, Json] = schema.node if isinstance(schema.node, Mapping) else {}
    media_type, content = node.get("contentMediaType"), node.get("contentSchema")
    if isinstance(media_type, str) and is_json(media_type):
        given = isinstance(content, dict | bool)
        return ItemData(join(schema.pointer, "contentSchema") if given else None)
    return ItemData(member.pointer, text=schema.types == frozenset({"string"}))
