"""YAML 1.2 text in the core schema to plain data, with the position of every node.

The syntax is read by libyaml, event by event; the data are built here without recursion, so that
depth, size, aliases, tags and duplicate keys are judged before anything is made of them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

import yaml

from tallystick.document import limits
from tallystick.document.from_json import duplicate
from tallystick.document.pointer import ROOT, Json, join
from tallystick.document.record import Tokens, copy_of
from tallystick.errors import DocumentError, Location

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "True", "TRUE"})
_FALSE = frozenset({"false", "False", "FALSE"})
_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")

Place = tuple[int, int]


def parse_yaml(text: str, name: str) -> Json:
    """The data of the one document in ``text``.

    Raises:
        DocumentError: not YAML, more or less than one document, a tag, a merge key, a duplicate
            key, a key that is no scalar, an alias that contains itself, a number that is too
            long or not finite, too deep or too many nodes.
    """
    return _Builder(name, None).build(text)


def positions(text: str) -> dict[Tokens, Place]:
    """Line and column, from 1, of every node of ``text``, which ``parse_yaml`` has accepted."""
    places: dict[Tokens, Place] = {}
    _Builder("", places).build(text)
    return places


def scalar(text: str, where: Location) -> Json:
    """What a plain scalar stands for in the core schema (YAML 1.2.2, section 10.3.2).

    Raises:
        DocumentError: the number is too long, or not finite.
    """
    if text in _NULL:
        return None
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    if _NOT_FINITE.fullmatch(text):
        raise limits.refuse_not_finite(where, text)
    if text[0] not in "+-.0123456789":
        return text
    return _number(text, where)


def _number(text: str, where: Location) -> Json:
    for pattern, radix in ((_INTEGER, 10), (_OCTAL, 8), (_HEXADECIMAL, 16)):
        if pattern.fullmatch(text):
            if len(text) > limits.MAX_DIGITS:
                raise limits.refuse_digits(where)
            return int(text, radix)
    if not _FLOAT.fullmatch(text):
        return text
    if len(text) > limits.MAX_DIGITS:
        raise limits.refuse_digits(where)
    number = float(text)
    if not math.isfinite(number):
        raise limits.refuse_not_finite(where, text)
    return number


@dataclass(slots=True)
class _Anchored:
    """A finished node that aliases may repeat, and what a copy of it weighs."""

    data: Json
    nodes: int
    height: int


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet."""

    data: dict[str, Json] | list[Json]
    anchor: str | None
    first: int  # number of nodes before this one
    height: int = 1
    key: str | None = None
    key_place: Place = (1, 1)


class _Builder:
    """The state of one pass over the events of one text."""

    def __init__(self, name: str, places: dict[Tokens, Place] | None) -> None:
        self.name = name
        self.places = places
        self.stack: list[_Open] = []
        self.anchors: dict[str, _Anchored | None] = {}
        self.nodes = 0
        self.documents = 0
        self.root: Json = None

    def build(self, text: str) -> Json:
        try:
            for event in _events(text):
                self._take(event)
        except yaml.MarkedYAMLError as error:
            place = _place(error.problem_mark)
            raise self._error(f"not YAML: {error.problem or error.context}", place) from None
        except yaml.YAMLError as error:
            raise self._error(f"not YAML: {_first_line(error)}", (1, 1)) from None
        except UnicodeEncodeError:
            raise self._error("a lone surrogate, which is no character", (1, 1)) from None
        return self.root

    def _take(self, event: yaml.Event) -> None:
        place = _place(event.start_mark)
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event, place)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event, place)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(str(event.anchor), place)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise self._error("a second document starts here", place, "keep one in a file")

    def _scalar(self, event: yaml.ScalarEvent, place: Place) -> None:
        self._refuse_tag(event.tag, place)
        text = str(event.value)
        plain = bool(event.implicit[0])
        if self._awaits_key():
            self._key(text, plain, place)
            return
        self._count(1, place)
        value = self._plain(text, place) if plain else text
        self._add(value, place)
        if event.anchor:
            self.anchors[event.anchor] = _Anchored(value, 1, 0)

    def _plain(self, text: str, place: Place) -> Json:
        try:
            return scalar(text, Location(self.name, *place))
        except DocumentError as error:
            error.pointer = limits.shortened(self._here())
            raise

    def _key(self, text: str, plain: bool, place: Place) -> None:
        mapping = self.stack[-1]
        if plain and text == "<<":
            hint = "merge keys are YAML 1.1: write the members out"
            raise self._error("a merge key", place, hint)
        if text in mapping.data:
            raise duplicate((*self._path(self.stack[:-1]), text), Location(self.name, *place))
        mapping.key, mapping.key_place = text, place

    def _open(self, event: yaml.CollectionStartEvent, place: Place) -> None:
        self._refuse_tag(event.tag, place)
        if self._awaits_key():
            raise self._error("a key that is no scalar", place, "JSON keys are strings")
        if len(self.stack) >= limits.MAX_DEPTH:
            raise limits.refuse_depth(Location(self.name, *place), self._here())
        data: dict[str, Json] | list[Json] = {}
        if isinstance(event, yaml.SequenceStartEvent):
            data = []
        self._count(1, place)
        self._add(data, place)
        if event.anchor:
            self.anchors[event.anchor] = None
        self.stack.append(_Open(data, event.anchor, self.nodes - 1))

    def _close(self) -> None:
        done = self.stack.pop()
        if done.anchor:
            self.anchors[done.anchor] = _Anchored(done.data, self.nodes - done.first, done.height)
        if self.stack:
            self.stack[-1].height = max(self.stack[-1].height, done.height + 1)
            self.stack[-1].key = None

    def _alias(self, anchor: str, place: Place) -> None:
        if self._awaits_key():
            raise self._error("an alias as a key", place, "write the key out")
        target = self.anchors.get(anchor)
        if target is None:
            inside = anchor in self.anchors
            what = "contains itself" if inside else "was never defined"
            raise self._error(f"the alias {anchor!r} {what}", place)
        if len(self.stack) + target.height > limits.MAX_DEPTH:
            raise limits.refuse_depth(Location(self.name, *place), self._here())
        self._count(target.nodes, place)
        self._add(copy_of(target.data), place)
        if self.stack:
            self.stack[-1].height = max(self.stack[-1].height, target.height + 1)
            self.stack[-1].key = None

    def _add(self, value: Json, place: Place) -> None:
        """Put ``value`` where the innermost collection expects its next node."""
        if not self.stack:
            self.root = value
            path: Tokens = ()
        else:
            parent = self.stack[-1]
            if isinstance(parent.data, list):
                parent.data.append(value)
            else:
                assert parent.key is not None
                parent.data[parent.key] = value
                place = parent.key_place
            path = self._path(self.stack) if self.places is not None else ()
        if self.places is not None:
            self.places[path] = place
        if self.stack and not isinstance(value, dict | list):
            self.stack[-1].key = None

    def _awaits_key(self) -> bool:
        if not self.stack:
            return False
        return isinstance(self.stack[-1].data, dict) and self.stack[-1].key is None

    def _path(self, stack: list[_Open]) -> Tokens:
        return tuple(
            str(max(len(part.data) - 1, 0)) if isinstance(part.data, list) else part.key or ""
            for part in stack
        )

    def _here(self) -> str:
        return join(ROOT, *self._path(self.stack))

    def _count(self, nodes: int, place: Place) -> None:
        self.nodes += nodes
        if self.nodes > limits.MAX_NODES:
            raise limits.refuse_nodes(Location(self.name, *place))

    def _refuse_tag(self, tag: str | None, place: Place) -> None:
        if tag is not None:
            raise self._error(f"the tag {tag[:60]!r}", place, "tags are not part of JSON")

    def _error(self, what: str, place: Place, hint: str | None = None) -> DocumentError:
        pointer = limits.shortened(self._here()) if self.stack else None
        return DocumentError(what, where=Location(self.name, *place), pointer=pointer, hint=hint)


def _place(mark: object) -> Place:
    """Line and column of a mark of libyaml, which counts from 0; the start where it has none."""
    return getattr(mark, "line", 0) + 1, getattr(mark, "column", 0) + 1


def _events(text: str) -> Iterator[yaml.Event]:
    parse = cast(Any, yaml.parse)
    return cast("Iterator[yaml.Event]", parse(text, Loader=yaml.CSafeLoader))


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
