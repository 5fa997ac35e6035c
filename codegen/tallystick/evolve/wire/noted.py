"""What changes nothing that travels: texts, examples, tags, order, names of schemas."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from tallystick.contract import Contract, Operation
from tallystick.document import Json, canonical, join, split
from tallystick.document.record import CODE_SAMPLES

from .alignment import Alignment, blanked
from .collecting import Collection, Draft
from .naming import same_schemas, unused
from .words import coded, named, shown

_CODE_SAMPLE = ("code-sample-changed", "code samples")
_TEXTS = {
    "description": ("description-changed", "description"),
    "summary": ("description-changed", "summary"),
    "title": ("title-changed", "title"),
    "example": ("example-changed", "example"),
    "examples": ("example-changed", "examples"),
    "tags": ("tags-changed", "tags"),
    "externalDocs": ("documentation-changed", "link to documentation"),
    "links": ("link-changed", "links"),
    "version": ("version-changed", "version"),
    "termsOfService": ("information-changed", "terms of service"),
    "contact": ("information-changed", "contact"),
    "license": ("information-changed", "license"),
    **dict.fromkeys(CODE_SAMPLES, _CODE_SAMPLE),
}
_OF_INFO = ("version", "termsOfService", "contact", "license")
_MAPS = frozenset(
    {
        *("properties", "patternProperties", "$defs", "dependentSchemas", "headers", "content"),
        *("responses", "callbacks", "encoding", "variables", "schemas", "paths", "webhooks"),
        *("parameters", "requestBodies", "securitySchemes", "pathItems", "mediaTypes"),
    }
)
"""Members whose own members have names, not keywords."""
_DATA = frozenset(
    {"default", "const", "mapping", "scopes", "required", "enum", "security", "servers"}
)
_OURS = "x-tallystick-"
_ORDERED = frozenset(
    {"required", "enum", "security", "anyOf", "oneOf", "allOf", "parameters", "type"}
)
_SECTIONS = {
    "schemas": "schema",
    "responses": "answer",
    "parameters": "parameter",
    "requestBodies": "body",
    "headers": "header",
    "securitySchemes": "credential",
}


def compare_texts(held: Collection, alignment: Alignment) -> None:
    """Note every text, example, tag and extension that is another, and what is only named anew."""
    renamed = same_schemas(held.old.contract.document.data, held.new.contract.document.data)
    for was, now in renamed.items():
        said = f"the schema {coded(was)} is called {coded(now)}"
        old, new = (join("#", "components", "schemas", each) for each in (was, now))
        held.note(Draft("schema-renamed", "both", old, new, said, where=f"schema {now}"))
    for draft in _unused(held, renamed):
        held.note(draft)
    walk = _Walk(held, {pair.new.pointer: pair.new for pair in alignment.pairs}, renamed)
    walk.node(
        _Beside("#", "#", held.old.contract.document.data, held.new.contract.document.data),
        is_map=False,
    )


def _unused(held: Collection, renamed: Mapping[str, str]) -> Iterator[Draft]:
    """Components of one contract that nothing in it uses."""
    old, new = _names(held.old.contract), _names(held.new.contract)
    gone = [name for name in old if name not in new and name not in renamed]
    came = [name for name in new if name not in old and name not in renamed.values()]
    for name in unused(held.old.contract.document.data, gone) if gone else ():
        pointer = join("#", "components", "schemas", name)
        said = f"the schema {coded(name)}, which nothing used, is gone"
        yield Draft("component-removed", "both", pointer, None, said, where=f"schema {name}")
    for name in unused(held.new.contract.document.data, came) if came else ():
        pointer = join("#", "components", "schemas", name)
        said = f"the schema {coded(name)} is new, and nothing uses it"
        yield Draft("component-added", "both", None, pointer, said, where=f"schema {name}")


def _names(contract: Contract) -> list[str]:
    components = contract.document.data.get("components")
    schemas = components.get("schemas") if isinstance(components, dict) else None
    return list(schemas) if isinstance(schemas, dict) else []


@dataclass(frozen=True, slots=True)
class _Beside:
    """A node of both documents."""

    was_at: str
    now_at: str
    was: Json
    now: Json

    def below(self, old: str | int, new: str | int, was: Json, now: Json) -> _Beside:
        """One of its members or items."""
        return _Beside(join(self.was_at, old), join(self.now_at, new), was, now)


@dataclass(slots=True)
class _Walk:
    """Both documents at once; what is equal is not entered."""

    held: Collection
    operations: Mapping[str, Operation]
    renamed: Mapping[str, str]
    order_told: set[str] = field(default_factory=set[str])

    def node(self, at: _Beside, *, is_map: bool) -> None:
        """Note what is another at and below a place."""
        if _identical(at.was, at.now):
            return
        if isinstance(at.was, dict) and isinstance(at.now, dict):
            self._members(at, at.was, at.now, is_map=is_map)
        elif isinstance(at.was, list) and isinstance(at.now, list):
            for old, new in _items(at.was, at.now):
                self.node(at.below(old, new, at.was[old], at.now[new]), is_map=False)

    def _members(
        self, at: _Beside, was: dict[str, Json], now: dict[str, Json], *, is_map: bool
    ) -> None:
        rename = self._rename(at, was, now)
        common = [(key, rename(key)) for key in was if rename(key) in now]
        if is_map and [new for _, new in common] != [
            key for key in now if key in dict(common).values()
        ]:
            self._say(at.below("", "", None, None), "order-changed", "order of the members")
        for old, new in common:
            below = at.below(old, new, was[old], now[new])
            if is_map:
                self.node(below, is_map=False)
            elif not _identical(was[old], now[new]):
                self._keyword(old, below)
        if not is_map:
            for key in (*was, *now):
                if (key in was) != (key in now):
                    self._keyword(key, at.below(key, key, was.get(key), now.get(key)))

    def _rename(
        self, at: _Beside, was: dict[str, Json], now: dict[str, Json]
    ) -> Callable[[str], str]:
        if at.now_at == "#/paths":
            names = {blanked(path): path for path in now}
            return lambda path: path if path in now else names.get(blanked(path), path)
        if at.now_at == "#/components/schemas":
            return lambda name: self.renamed.get(name, name)
        return lambda name: name

    def _keyword(self, key: str, at: _Beside) -> None:
        in_info = at.now_at.startswith("#/info/")
        if key in _TEXTS and (in_info or key not in _OF_INFO):
            self._say(at, *_TEXTS[key])
        elif key.startswith("x-"):
            if not key.startswith(_OURS):
                self._say(at, "extension-changed", f"extension {coded(key)}")
        elif key == "deprecated":
            if at.now_at.rpartition("/")[0] not in self.operations and not _is_parameter(at.now_at):
                self._say(at, "deprecation-changed", "mark `deprecated`")
        elif key in _ORDERED and _reordered(at.was, at.now):
            self._say(at, "order-changed", f"order of {coded(key)}")
        elif key not in _DATA and type(at.was) is type(at.now):
            self.node(at, is_map=key in _MAPS and isinstance(at.was, dict))

    def _say(self, at: _Beside, kind: str, what: str) -> None:
        operation, place = self._place(at.now_at)
        self.held.note(
            Draft(
                kind=kind,
                direction="both",
                old=at.was_at.removesuffix("/"),
                new=at.now_at.removesuffix("/"),
                sentence=f"the {what} of {place} {_became(at, kind, what)}",
                where=place,
                operation=operation,
                before=at.was if _small(at.was) else None,
                after=at.now if _small(at.now) else None,
            )
        )

    def _place(self, pointer: str) -> tuple[Operation | None, str]:
        """What a pointer is in, in words; without its last token."""
        tokens = split(pointer)
        if tokens[:1] == ("components",) and len(tokens) > 3:
            inner = _trail(tokens[3:-1])
            return None, f"the {_SECTIONS.get(tokens[1], 'component')} {coded(tokens[2])}{inner}"
        for length in range(len(tokens), 2, -1):
            found = self.operations.get(join("#", *tokens[:length]))
            if found is not None:
                return found, f"{named(found)}{_trail(tokens[length:-1])}"
        return None, coded(".".join(tokens[:-1])) if len(tokens) > 1 else "the document"


def _trail(tokens: tuple[str, ...]) -> str:
    """The names among some tokens: of members, statuses, media types."""
    told = [each for each in tokens if each not in _MAPS and each not in ("schema", "items")]
    return "".join(f", {coded(each)}" for each in told)


def _became(at: _Beside, kind: str, what: str) -> str:
    if kind in ("title-changed", "version-changed") and at.was is not None and at.now is not None:
        return f"is {shown(at.now)} now, and was {shown(at.was)}"
    verb = "are" if what.endswith("s") and not what.startswith("terms") else "is"
    if kind == "order-changed" or (at.was is not None and at.now is not None):
        return "are others" if verb == "are" and kind != "order-changed" else "is another"
    return f"{verb} new" if at.was is None else f"{verb} gone"


def _items(was: list[Json], now: list[Json]) -> Iterator[tuple[int, int]]:
    """The items beside each other: by name and place if they have them, else by their position."""
    names = {_item(each): index for index, each in enumerate(now)}
    for index, each in enumerate(was):
        key = _item(each)
        if key is None:
            if index < len(now):
                yield index, index
        elif key in names:
            yield index, names[key]


def _item(node: Json) -> tuple[str, ...] | None:
    if not isinstance(node, dict):
        return None
    if isinstance(node.get("$ref"), str):
        return (str(node["$ref"]),)
    if isinstance(node.get("name"), str):
        return str(node["name"]), str(node.get("in"))
    return None


def _reordered(was: Json, now: Json) -> bool:
    if not (isinstance(was, list) and isinstance(now, list)) or len(was) != len(now):
        return False
    return sorted(map(canonical, was)) == sorted(map(canonical, now))


def _is_parameter(pointer: str) -> bool:
    tokens = split(pointer)
    return len(tokens) > 2 and "parameters" in tokens[-3:-1]


def _identical(was: Json, now: Json) -> bool:
    """Whether two nodes are equal, the order of their members too."""
    return was == now and (not isinstance(was, dict | list) or json.dumps(was) == json.dumps(now))


def _small(value: Json) -> bool:
    return value is None or isinstance(value, bool | int | float | str)
