"""How bodies travel: which media type is typed, and the fields of a form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tallystick.contract import (
    Contract,
    Encoding,
    Media,
    Parameter,
    Schema,
    StreamItems,
    is_json,
    stream_items,
)
from tallystick.document import join, split
from tallystick.models.keywords import binary
from tallystick.render.deep import Level, levels
from tallystick.runtime.operation import Codec, codec, framing
from tallystick.runtime.styles import supported

_PREFERRED: tuple[Codec, ...] = ("json", "form", "multipart", "text")
_NO_ENCODING = Encoding()
_PARTS = frozenset({"object", "array"})


@dataclass(frozen=True, slots=True)
class Field:
    """One member of a form (OpenAPI 3.1, 4.8.15)."""

    name: str
    style: str
    explode: bool
    json: bool
    """Whether it, or each item of it, travels as JSON text."""
    allow_reserved: bool
    types: frozenset[str]
    items: frozenset[str] | None
    members: tuple[tuple[str, frozenset[str]], ...]
    deep: Level | None = None
    """What it holds, where it travels as ``deepObject``."""


@dataclass(frozen=True, slots=True)
class BodyForm:
    """One form in which a body may be given."""

    media: Media | None
    """What types it; None: it is bytes."""
    media_types: tuple[str, ...]


def body_forms(contract: Contract, content: tuple[Media, ...]) -> tuple[BodyForm, ...]:
    """The forms of a body: JSON before a form, multipart, text and items, and what is bytes last."""
    used = offered(contract, content, frozenset({"form", "multipart"}))
    typed = [each for wanted in _PREFERRED for each in used if codec(each.media_type) == wanted]
    typed += [each for each in used if sent_items(contract, each)]
    forms = [BodyForm(each, _spelled(contract, each, content)) for each in typed]
    raw = tuple(each.media_type for each in used if each not in typed)
    return (*forms, *([BodyForm(None, raw)] if raw else []))


def sent_items(contract: Contract, media: Media) -> StreamItems | None:
    """The items of a body that is JSON texts one after another; None for any other."""
    items = stream_items(contract, media)
    return None if items is None or items.framing == "events" else items


def _spelled(contract: Contract, media: Media, content: tuple[Media, ...]) -> tuple[str, ...]:
    """A media type, and for JSON the other ones that are JSON of the same schema."""
    if not is_json(media.media_type) or media.schema is None:
        return (media.media_type,)
    end = contract.target(media.schema).pointer
    others = (each for each in content if is_json(each.media_type) and each.schema is not None)
    same = (each.media_type for each in others if contract.target(each.schema or "").pointer == end)
    return tuple(dict.fromkeys((media.media_type, *same)))


def offered(
    contract: Contract, content: tuple[Media, ...], apart: frozenset[Codec] = frozenset()
) -> tuple[Media, ...]:
    """The media types that are used: all but those which only say the same value otherwise.

    Beside JSON that is what has the same schema, and is neither a stream nor one of ``apart``.
    """
    kept: list[Media] = []
    ends: set[str] = set()
    for media in sorted(content, key=lambda each: not is_json(each.media_type)):
        end = None if media.schema is None else contract.target(media.schema).pointer
        other = codec(media.media_type) in apart or framing(media.media_type) is not None
        if other or end is None or end not in ends:
            kept.append(media)
            ends |= {end} if end is not None and is_json(media.media_type) else set()
    return tuple(each for each in content if each in kept)


def querystring(contract: Contract, parameter: Parameter) -> Media | None:
    """The form that the whole query is, where a parameter is one (OpenAPI 3.2, 4.12.1)."""
    if parameter.location != "querystring":
        return None
    media_type = split(parameter.schema)[-2]
    if codec(media_type) != "form":
        return None
    pointer = parameter.schema.rpartition("/")[0]
    return Media(media_type, pointer, parameter.schema, parameter.encoding)


def has_content(parameter: Parameter) -> bool:
    """Whether a parameter is declared with ``content``, not with ``schema``."""
    return parameter.schema.startswith(join(parameter.pointer, "content"))


def is_plain_text(contract: Contract, parameter: Parameter) -> bool:
    """Whether a parameter with ``content`` is a text that travels as it is."""
    plain = codec(split(parameter.schema)[-2]) == "text"
    return plain and contract.target(parameter.schema).types == frozenset({"string"})


def textual(contract: Contract, media: Media) -> bool:
    """Whether the schema of a plain text is one of strings, so that it can type it."""
    return media.schema is not None and contract.target(media.schema).types == frozenset({"string"})


def fields(contract: Contract, media: Media) -> tuple[Field, ...]:
    """The members of a form's schema and of every branch of it, each once."""
    if media.schema is None or codec(media.media_type) not in ("form", "multipart"):
        return ()
    found: dict[str, list[str]] = {}
    for name, pointer in _members(contract, media.schema, frozenset()):
        found.setdefault(name, []).append(pointer)
    given = dict(media.encoding)
    return tuple(
        _field(contract, name, tuple(pointers), _read_as(media, given.get(name, _NO_ENCODING)))
        for name, pointers in found.items()
    )


def files(contract: Contract, media: Media) -> frozenset[str]:
    """The members of a multipart body that are files, or lists of them."""
    if media.schema is None or codec(media.media_type) != "multipart":
        return frozenset()
    members = _members(contract, media.schema, frozenset())
    return frozenset(name for name, pointer in members if _file(contract, pointer))


def _file(contract: Contract, pointer: str) -> bool:
    core = contract.core(pointer)
    if core.items is not None:
        return _file(contract, core.items)
    strings = core.types - {"null"} == frozenset({"string"})
    return strings and isinstance(core.node, Mapping) and binary(core.node)


def part_types(contract: Contract, media: Media) -> dict[str, str]:
    """The media types that the document declares for parts, by member."""
    if codec(media.media_type) != "multipart":
        return {}
    return {name: each.content_type for name, each in media.encoding if each.content_type}


def _members(contract: Contract, pointer: str, seen: frozenset[str]) -> Iterator[tuple[str, str]]:
    schema = contract.target(pointer)
    if schema.pointer in seen:
        return
    for member in schema.properties:
        yield member.name, member.pointer
    for branch in schema.branches:
        yield from _members(contract, branch, seen | {schema.pointer})


def _field(contract: Contract, name: str, pointers: tuple[str, ...], encoding: Encoding) -> Field:
    cores = [contract.core(each) for each in pointers]
    types = frozenset[str]().union(*(contract.target(each).types for each in pointers))
    items = [contract.target(each.items).types for each in cores if each.items is not None]
    inner = frozenset[str]().union(*items) if items else None
    styled = encoding.style is not None or encoding.explode is not None
    # A text would be told from JSON by nothing: where both are admitted, it is text.
    nested = "object" in types or ("array" in types and (inner is None or bool(inner & _PARTS)))
    style = _style(encoding, types)
    declared = encoding.content_type is not None and is_json(encoding.content_type)
    return Field(
        name=name,
        style=style,
        explode=style == "form" if encoding.explode is None else encoding.explode,
        json=not styled and (declared or (nested and "string" not in types)),
        allow_reserved=encoding.allow_reserved,
        types=types,
        items=inner,
        members=tuple(_types(contract, cores).items()),
        deep=levels(contract, *pointers) if style == "deepObject" else None,
    )


def _types(contract: Contract, cores: list[Schema]) -> dict[str, frozenset[str]]:
    """What each member of some objects may be, in any of them."""
    found: dict[str, frozenset[str]] = {}
    for member in (member for core in cores for member in core.properties):
        admitted = contract.target(member.pointer).types
        found[member.name] = found.get(member.name, frozenset()) | admitted
    return found


def _read_as(media: Media, encoding: Encoding) -> Encoding:
    """In a multipart body a style changes nothing: each item is a part of its own."""
    parts = codec(media.media_type) == "multipart"
    return Encoding(content_type=encoding.content_type) if parts else encoding


def _style(encoding: Encoding, types: frozenset[str]) -> str:
    style = encoding.style or "form"
    return style if supported(style, "query", types) else "form"
