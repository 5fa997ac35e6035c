"""The ledger of a contract: every keyword of its document, each once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tallystick.contract import Contract, Media
from tallystick.document import Json, Place, join, objects
from tallystick.ledger.objects import of_object
from tallystick.ledger.records import STANDINGS, Entry, Ledger
from tallystick.ledger.schemas import (
    ANNOTATION,
    Held,
    Told,
    extension,
    held,
    missed,
    of_schema,
    taken_out,
)
from tallystick.models import Models, Note

_REACHED = frozenset({"media type", "operation", "parameter", "request body", "response"})
"""Kinds of objects that mean something only where an operation uses them."""


def ledger(contract: Contract, models: Models, more: Iterable[Note] = ()) -> Ledger:
    """What is made of each keyword of the document of ``contract``.

    Args:
        contract: the contract.
        models: its types, with what was noted about them.
        more: what was noted about anything else.
    """
    known = held(contract, models)
    noted = _noted((*models.notes, *more))
    reached = frozenset(_reached(contract))
    found: dict[str, Entry] = {}
    for place in objects(contract.document):
        notes = noted.pop(place.lifted, {})
        missing = [note for key, note in notes.items() if key not in _node(contract, place)]
        for keyword in (*place.keywords, *taken_out(contract.document, place)):
            told = _told(known, reached, place, keyword)
            of_it = [notes[keyword]] if keyword in notes and place.kind != "schema" else []
            # What is said about a media type as a whole is said about all of it.
            of_it += missing if place.kind == "media type" else []
            entry = Entry(join(place.pointer, keyword), *told)
            found[entry.pointer] = _worst(entry, of_it)
        _about(found, missing)
    for schema in contract.schemas.values():
        if isinstance(schema.node, bool) and schema.pointer not in found:
            found[schema.pointer] = Entry(schema.pointer, "enforced", "any JSON, or none")
    for notes in noted.values():
        _about(found, notes.values())
    return Ledger(source=models.source, entries=tuple(found.values()))


def _node(contract: Contract, place: Place) -> Mapping[str, Json]:
    """The object as the contract has it."""
    schema = contract.schemas.get(place.lifted) if place.kind == "schema" else None
    return place.node if schema is None or isinstance(schema.node, bool) else schema.node


def _noted(notes: Iterable[Note]) -> dict[str, dict[str, Note]]:
    found: dict[str, dict[str, Note]] = {}
    for note in notes:
        found.setdefault(note.pointer, {}).setdefault(note.keyword, note)
    return found


def _told(known: Held, reached: frozenset[str], place: Place, keyword: str) -> Told:
    if place.kind == "schema":
        return of_schema(known, place, keyword)
    told = of_object(place.kind, keyword)
    away = place.kind in _REACHED and place.lifted not in reached and "$ref" not in place.node
    if told == ANNOTATION or extension(keyword) is not None:
        return told
    if away and place.kind == "operation":
        return "ignored", "no method is made for it"
    return missed(place.within) if away or place.kind in ("header", "link") else told


def _about(found: dict[str, Entry], notes: Iterable[Note]) -> None:
    """Add what was noted about keywords that are not there: what it is that they would say."""
    for note in notes:
        at = join(note.pointer, note.keyword) if note.keyword else note.pointer
        first = found.get(at) or Entry(at, note.standing, note.reason)
        found[at] = _worst(first, [note])


def _worst(entry: Entry, notes: Iterable[Note]) -> Entry:
    """The entry with what was noted, where that is no better."""
    for note in notes:
        if STANDINGS.index(note.standing) >= STANDINGS.index(entry.standing):
            entry = Entry(entry.pointer, note.standing, note.reason)
    return entry


def _reached(contract: Contract) -> Iterator[str]:
    """Where the objects stand that operations use."""
    for operation in (*contract.operations, *contract.incoming):
        yield operation.pointer
        yield from (each.pointer for each in operation.parameters)
        contents: list[tuple[Media, ...]] = []
        if operation.body is not None:
            yield operation.body.pointer
            contents.append(operation.body.content)
        for response in operation.responses:
            yield response.pointer
            contents.append(response.content)
        yield from (media.pointer for content in contents for media in content)
        for parameter in operation.parameters:
            if "/content/" in parameter.schema.removeprefix(parameter.pointer):
                yield parameter.schema.rpartition("/")[0]
