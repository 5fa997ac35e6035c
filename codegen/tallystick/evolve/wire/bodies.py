"""Request bodies beside each other, and what media types say in any body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pydantic import MISSING

from tallystick.contract import Body, Contract, Direction, Encoding, Media, Parameter
from tallystick.document import Json, join
from tallystick.runtime.operation import Parameter as Wire
from tallystick.runtime.operation import codec

from ..records import Spot, Witness
from ..values.facets import equal
from . import styled
from .alignment import Pair
from .collecting import Collection, Draft
from .media import concrete, matched
from .requests import Asked
from .witnessing import ANSWER, SIDES, Side, sides, spot_of, with_misread, with_requests
from .words import WHO, coded, listed, named, shown

_NOTHING = Encoding()


@dataclass(frozen=True, slots=True)
class Place:
    """A body of one pair of operations: of the request, or of an answer."""

    pair: Pair
    part: str
    """``request body``, ``answer 200``: what stands in ``Spot.part`` before the media type."""
    direction: Direction
    said: str
    """``the body of GET /things``, with ``WHO`` for the operation."""
    status: int = 0
    """Of an answer: one that it may have."""

    def spot(self, media_type: str = "") -> Spot:
        """Where values of a media type travel."""
        return Spot(named(self.pair.new), f"{self.part} {media_type}".strip(), self.direction)

    @property
    def where(self) -> str:
        """The place in words."""
        return f"{named(self.pair.new)}, {self.part}"

    def draft(self, kind: str, old: str | None, new: str | None, sentence: str) -> Draft:
        """A change at this place."""
        return Draft(
            kind, self.direction, old, new, sentence, where=self.where, operation=self.pair.new
        )


def compare_bodies(held: Collection, pair: Pair) -> None:
    """The request body of an operation: whether there is one, must be one, and of which types."""
    was, now = pair.old.body, pair.new.body
    place = Place(pair, "request body", pair.asked, f"the body of {WHO}")
    if was is not None and now is not None:
        _both(held, place, was, now)
    elif now is not None:
        kind = "required-body-added" if now.required else "optional-body-added"
        said = f"{WHO} {'must' if now.required else 'may'} have a body now"
        draft = replace(place.draft(kind, None, now.pointer, said), after=_types(now))
        _add(held, place, draft, {"new": _first(now)})
    elif was is not None:
        draft = place.draft("body-removed", was.pointer, None, f"the body of {WHO} is gone")
        _add(held, place, replace(draft, before=_types(was)), {"old": _first(was)})


def _both(held: Collection, place: Place, was: Body, now: Body) -> None:
    if was.required != now.required:
        kind = "body-required" if now.required else "body-optional"
        said = f"{place.said} {'must be sent' if now.required else 'may be left out'} now"
        draft = place.draft(kind, was.pointer, now.pointer, said)
        _add(held, place, replace(draft, before=was.required, after=now.required), {})
    found = matched(was.content, now.content)
    for each in found.gone:
        said = f"{place.said} may be {coded(each.media_type)} no longer"
        draft = place.draft("body-media-type-removed", each.pointer, None, said)
        draft = replace(draft, before=each.media_type)
        _add(held, place, draft, {"old": Asked(media_type=each.media_type)})
    for each in found.came:
        said = f"{place.said} may be {coded(each.media_type)} now"
        draft = place.draft("body-media-type-added", None, each.pointer, said)
        draft = replace(draft, after=each.media_type)
        _add(held, place, draft, {"new": Asked(media_type=each.media_type)})
    for old, new in found.pairs:
        compare_media(held, place, old, new)
        _reserved(held, place, old, new)


def _reserved(held: Collection, place: Place, old: Media, new: Media) -> None:
    """The values of members that exist from the start, so that nobody can create them."""
    if old.schema is None or new.schema is None or place.pair.new.incoming:
        return
    now = held.new.contract.core(new.schema)
    for was in held.old.contract.core(old.schema).properties:
        there = now.property(was.name)
        if there is None or equal(list(was.reserved), list(there.reserved)):
            continue
        words = listed([shown(each) for each in there.reserved], "and") or "nothing"
        said = f"of {coded(was.name)} in {place.said}, {words} exists from the start now"
        draft = place.draft("reserved-values-changed", was.pointer, there.pointer, said)
        held.add(replace(draft, before=list(was.reserved), after=list(there.reserved)))


def _add(held: Collection, place: Place, draft: Draft, asked: Mapping[Side, Asked]) -> None:
    held.add(with_requests(held, draft, place.pair.old, place.pair.new, asked))


def _first(body: Body) -> Asked:
    """A request that has the body."""
    media = body.json or next(iter(body.content), None)
    return Asked(media_type=media.media_type if media else None)


def _types(body: Body) -> Json:
    return [each.media_type for each in body.content]


def compare_media(held: Collection, place: Place, old: Media, new: Media) -> None:
    """One media type in both contracts: its schema, its items, how its members are written."""
    spot = place.spot(new.media_type)
    if (old.item is None) != (new.item is None):
        said = "a stream of items now" if new.item else "one value now, and no stream"
        said = f"{place.said} as {coded(new.media_type)} is {said}"
        draft = place.draft("stream-changed", old.pointer, new.pointer, said)
        held.add(_shown(held, place, draft, (old, new)))
    elif old.item is not None and new.item is not None:
        held.values.compare(spot, old.item, new.item)
    if old.schema is not None and new.schema is not None:
        held.values.compare(spot, old.schema, new.schema)
    elif old.item is None and new.item is None:
        _schema_itself(held, place, old, new)
    _encodings(held, place, old, new)


def _schema_itself(held: Collection, place: Place, old: Media, new: Media) -> None:
    if new.schema is not None and not _says_nothing(held.new.contract, new.schema):
        said = f"{place.said} as {coded(new.media_type)} has a schema now, and could be anything"
        draft = place.draft("body-schema-added", old.pointer, new.schema, said)
        held.add(_outside(held, place, draft, old, held.new.contract.target(new.schema).types))
    if old.schema is not None and not _says_nothing(held.old.contract, old.schema):
        said = f"{place.said} as {coded(new.media_type)} has no schema now: it may be anything"
        draft = place.draft("body-schema-removed", old.schema, new.pointer, said)
        held.add(_outside(held, place, draft, new, held.old.contract.target(old.schema).types))


def _outside(
    held: Collection, place: Place, draft: Draft, media: Media, types: frozenset[str]
) -> Draft:
    """A change with a body of a JSON type that the one schema refuses."""
    refused = [value for name, value in _VALUES.items() if name not in types]
    return _shown(held, place, draft, (media, media), refused[0]) if refused else draft


def _shown(
    held: Collection,
    place: Place,
    draft: Draft,
    media: tuple[Media, Media],
    body: Json | MISSING = MISSING,
    at: str = "/body",
) -> Draft:
    """A change with bodies that one contract reads and the other does not, or otherwise."""
    types = dict(zip(SIDES, (each.media_type for each in media), strict=True))
    if place.part == "request body":
        asked: Mapping[Side, Asked] = {
            side: Asked(media_type=types[side], body=body) for side in SIDES
        }
        return with_misread(held, draft, place.pair.old, place.pair.new, asked, at)
    found: list[Witness] = []
    for side in sides(draft):
        headers: Json = {"Content-Type": concrete(types[side])}
        small = _small(held, side, media[side == "new"]) if body is MISSING else body
        value: Json = {"status": place.status, "headers": headers, "body": small}
        found.append(Witness(spot_of(draft, ANSWER), value, at, side))
    return replace(draft, witnesses=tuple(found))


def _small(held: Collection, side: Side, media: Media) -> Json:
    """A small body of an answer; of a stream, its items."""
    sampled = held.old if side == "old" else held.new
    if media.item is not None:
        return [sampled.value(media.item, "response")]
    return sampled.value(media.schema, "response") if media.schema else None


_VALUES: dict[str, Json] = {"object": {}, "string": "a", "boolean": True, "array": [], "null": None}


def _says_nothing(contract: Contract, pointer: str) -> bool:
    node = contract.target(pointer).node
    return node is True or (isinstance(node, Mapping) and not set(node) - _ANNOTATIONS)


_ANNOTATIONS = {"title", "description", "examples", "example", "deprecated", "default", "$comment"}


def _encodings(held: Collection, place: Place, old: Media, new: Media) -> None:
    """How the members of a form travel (OpenAPI 3.1, 4.8.15); both must have the member."""
    kind = codec(new.media_type)
    if kind not in ("form", "multipart") or old.schema is None or new.schema is None:
        return
    was, now = dict(old.encoding), dict(new.encoding)
    before = held.old.contract.core(old.schema)
    after = held.new.contract.core(new.schema)
    for member in before.properties:
        there = after.property(member.name)
        mine, theirs = was.get(member.name, _NOTHING), now.get(member.name, _NOTHING)
        if there is None or mine == theirs:
            continue
        if kind == "form":
            differs = _form(held, member.name, member.pointer, mine, theirs)
        else:
            differs = _part(mine, theirs)
        if differs:
            said = f"{coded(member.name)} in {place.said} is {differs}"
            draft = place.draft("encoding-changed", old.pointer, new.pointer, said)
            draft = replace(draft, before=_plain(mine), after=_plain(theirs))
            body: Json = {
                member.name: next(styled.values_of(held.old.contract, member.pointer), "a")
            }
            at = join("", "body", member.name)
            held.add(_shown(held, place, draft, (old, new), body, at))


def _form(held: Collection, name: str, schema: str, was: Encoding, now: Encoding) -> str | None:
    """How a member of a form is written otherwise, in words."""
    values = styled.values_of(held.old.contract, schema)
    found = styled.differing(_wire(name, schema, was), _wire(name, schema, now), values)
    if found is None:
        return None
    return f"written as {coded(found.new)} now, and was as {coded(found.old)}"


def _wire(name: str, schema: str, encoding: Encoding) -> Wire:
    style = encoding.style or "form"
    told = encoding.style is not None or encoding.explode is not None
    content = encoding.content_type if not told else None
    explode = style == "form" if encoding.explode is None else encoding.explode
    made = Parameter(
        name=name,
        identifier=name,
        pointer="#",
        location="query",
        required=True,
        schema=schema,
        style=style,
        explode=explode,
        description=None,
        default=None,
        given=(),
        allow_reserved=encoding.allow_reserved,
    )
    as_json = content is not None and "json" in content
    return replace(styled.wire(made), json=as_json)


def _part(was: Encoding, now: Encoding) -> str | None:
    """How a part of a multipart body is another, in words: there a style changes nothing."""
    if was.content_type != now.content_type:
        types = [
            shown(each.content_type) if each.content_type else "of its own type"
            for each in (was, now)
        ]
        return f"{types[1]} now, and was {types[0]}"
    if {each.lower() for each in was.headers} != {each.lower() for each in now.headers}:
        told = [listed(list(each.headers), "and") or "none" for each in (was, now)]
        return f"sent with other headers: {told[1]}, not {told[0]}"
    return None


def _plain(encoding: Encoding) -> Json:
    told: dict[str, Json] = {
        "contentType": encoding.content_type,
        "style": encoding.style,
        "explode": encoding.explode,
        "allowReserved": encoding.allow_reserved or None,
        "headers": list(encoding.headers) or None,
    }
    return {key: value for key, value in told.items() if value is not None}
