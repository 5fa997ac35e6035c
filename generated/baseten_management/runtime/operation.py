"""One operation as data: what the client sends by and the server reads by."""

from __future__ import annotations

from collections.abc import AsyncIterable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, cast

from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypeVar

from . import json_text
from .drift import Trail
from .json_text import Json
from .presence import decoded, to_json, validated

if TYPE_CHECKING:
    from .lenient import Lenient

T = TypeVar("T")
A = TypeVar("A", default=T)

Location: TypeAlias = Literal["path", "query", "header", "cookie", "querystring"]

Codec: TypeAlias = Literal["json", "form", "multipart", "text", "bytes"]

Framing: TypeAlias = Literal["events", "lines", "sequence"]
"""How the items of a stream are told from each other."""

_CODECS: Mapping[str, Codec] = {
    "application/x-www-form-urlencoded": "form",
    "multipart/form-data": "multipart",
    "text/plain": "text",
}

_FRAMINGS: Mapping[str, Framing] = {
    "text/event-stream": "events",
    "application/jsonl": "lines",
    "application/jsonlines": "lines",
    "application/x-jsonlines": "lines",
    "application/ndjson": "lines",
    "application/x-ndjson": "lines",
    "application/json-seq": "sequence",
}

ANY = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})


class Kind(Generic[T]):
    """The type of a body, an answer or a parameter; its validator is built on first use."""

    def __init__(self, adapter: Callable[[], TypeAdapter[T]]) -> None:
        self._make = adapter

    @cached_property
    def adapter(self) -> TypeAdapter[T]:
        """The validator of pydantic."""
        return self._make()

    @cached_property
    def lenient(self) -> Lenient:
        """The reader that keeps what the document does not know."""
        from .lenient import lenient

        return lenient(self.adapter)

    def read(self, value: Json, trail: Trail | None = None) -> T:
        """The Python value that a JSON value stands for; raises pydantic's ``ValidationError``.

        Args:
            trail: where to note what has drifted, which is then no error.
        """
        try:
            return validated(self.adapter, value)
        except ValidationError as error:
            if trail is None:
                raise
            return cast("T", self.lenient.again(value, trail, error))

    def decode(self, data: bytes, trail: Trail | None = None) -> T:
        """The Python value in a JSON text; raises ``JsonError`` or pydantic's ``ValidationError``.

        Args:
            trail: as for ``read``.
        """
        try:
            return decoded(self.adapter, data)
        except ValidationError as error:
            if trail is None:
                raise
            return cast("T", self.lenient.again(json_text.read(data), trail, error))

    def write(self, value: T) -> Json:
        """The JSON value of a Python value: what is absent stays absent, no default is added.

        Raises:
            TypeError, ValueError: it is no JSON.
            pydantic.ValidationError: it is JSON, and not of this kind; what came from a lenient
                client and stands where it stood is let through.
        """
        json = to_json(value)
        try:
            self.read(json)
        except ValidationError as error:
            self.lenient.allowed(json, value, error)
        return json


@dataclass(frozen=True, slots=True)
class Deep:
    """An object that may hold objects, for the style ``deepObject``."""

    members: Mapping[str, frozenset[str]]
    """The JSON types of its members."""
    items: frozenset[str] = ANY
    """The JSON types of the members that are not declared."""
    inner: Mapping[str, Deep] = field(default_factory=dict[str, "Deep"])
    """The members that may be objects."""
    rest: Deep | None = None
    """What the others are, where they may be objects."""

    def below(self, name: str) -> Deep | None:
        """What a member is as an object, if it may be one."""
        return self.inner.get(name) if name in self.members else self.rest


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter (OpenAPI 3.1, 4.8.12)."""

    name: str
    """The name on the wire."""
    argument: str
    """The name in Python."""
    location: Location
    kind: Kind[Any]
    required: bool = False
    style: str = "simple"
    explode: bool = False
    types: frozenset[str] = ANY
    """The JSON types that it admits."""
    items: frozenset[str] = ANY
    """The JSON types of the items, where it is an array."""
    members: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    """The JSON types of the members, where it is an object."""
    json: bool = False
    """Whether it is declared with ``content`` and travels as JSON text."""
    allow_reserved: bool = False
    """Whether its value keeps the reserved characters that a query may hold."""
    fields: tuple[Parameter, ...] = ()
    """The declared members, where the whole query is one form."""
    deep: Deep | None = None
    """What it holds, where that may be objects in an object."""


@dataclass(frozen=True, slots=True)
class Body:
    """A request body: a value of one kind, items one after another, or bytes."""

    media_types: tuple[str, ...]
    kind: Kind[Any] | None = None
    required: bool = True
    fields: tuple[Parameter, ...] = ()
    """The declared members, where it travels as a form or in parts."""
    files: frozenset[str] = frozenset()
    """The members that are files, where it travels in parts."""
    part_types: Mapping[str, str] = field(default_factory=dict[str, str])
    """The media types, comma-separated, that the document declares for a part, by member."""
    others: tuple[Body, ...] = ()
    """Further forms that it may have, each with a media type and a kind of its own."""
    items: Items | None = None
    """What it consists of, where it is a stream of JSON texts; ``kind`` is None then."""

    @property
    def forms(self) -> tuple[Body, ...]:
        """All its forms, the preferred one first."""
        return (self, *self.others)

    @property
    def raw(self) -> bool:
        """Whether it is given as bytes."""
        return self.kind is None and self.items is None

    @property
    def told(self) -> bool:
        """Whether it matters which media type it has: a method takes that as an argument."""
        return self.raw or bool(self.others)


@dataclass(frozen=True, slots=True)
class Data:
    """What one item of a stream holds: a JSON text, or for an event also a plain text."""

    kind: Kind[Any]
    text: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """The items of an answer or a body that is a stream."""

    framing: Framing
    data: Data
    named: Mapping[str, Data] = field(default_factory=dict[str, Data])
    """The data of events which the document types by their name."""

    def of(self, event: str) -> Data:
        """The data of an event of this type."""
        return self.named.get(event, self.data)


@dataclass(frozen=True, slots=True)
class Answer:
    """One declared form of an answer; without ``media_type`` it has no body."""

    status: str
    """A code, a range such as ``4XX``, or ``default``."""
    media_type: str | None = None
    kind: Kind[Any] | None = None
    items: Items | None = None
    """What comes item by item, where it is a stream; ``kind`` is None then."""

    @property
    def raw(self) -> bool:
        """Whether it is given as bytes."""
        return self.media_type is not None and self.kind is None and self.items is None

    def rank(self, status: int) -> int:
        """0 for the code itself, 1 for its range, 2 for ``default``, 3 if it is another's."""
        order = (str(status), f"{status // 100}XX", "default")
        return order.index(self.status) if self.status in order else 3


@dataclass(frozen=True, slots=True)
class Compared:
    """One member of an update which the read model has too."""

    path: tuple[str, ...]
    null: Literal["unchanged", "cleared", "refused"] | None = None
    """What null does in the update; only a cleared member is compared when null was sent."""
    nested: bool = False
    """Whether its own members are compared instead."""


@dataclass(frozen=True, slots=True)
class Poll:
    """Where the effect of an asynchronous update is read, and for how long that may take."""

    source: Callable[[], Operation[Any]] = field(repr=False)
    budget: float
    """In seconds."""
    compared: tuple[Compared, ...]

    @property
    def read(self) -> Operation[Any]:
        """The operation that shows the state."""
        return self.source()


@dataclass(frozen=True, slots=True, eq=False)
class Operation(Generic[T, A]):
    """One operation; ``T`` is the type of its successful answer, ``A`` where it is awaited."""

    method: str
    path: str
    """The path template."""
    pointer: str
    """Where the document declares it."""
    place: tuple[str, ...]
    """Its attributes on the client: ``("things", "create")``."""
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    answers: tuple[Answer, ...] = ()
    security: tuple[tuple[str, ...], ...] = ()
    """Alternatives; within one, every scheme is needed. Empty: no credential."""
    poll: Poll | None = None
    server: str | None = None
    """Where it is, if elsewhere than the API: a URL, or a reference that is relative to the API's."""

    @property
    def successes(self) -> tuple[Answer, ...]:
        """The answers of the class 2xx; where none is declared, ``default``."""
        declared = tuple(each for each in self.answers if each.status.startswith("2"))
        return declared or tuple(each for each in self.answers if each.status == "default")

    def declared(self, status: int) -> tuple[Answer, ...]:
        """The declarations for a status: of its code, else its range, else ``default``."""
        best = min((each.rank(status) for each in self.answers), default=3)
        return tuple(each for each in self.answers if best < 3 and each.rank(status) == best)


@dataclass(frozen=True, slots=True)
class Scheme:
    """One way to prove who calls (OpenAPI 3.1, 4.8.27)."""

    name: str
    argument: str
    """The argument of the client."""
    env: str
    """The environment variable that serves where the argument is not given."""
    location: Literal["header", "query", "cookie", "transport"]
    """``transport``: the certificate of the connection, which no argument gives."""
    parameter: str
    prefix: str = ""
    basic: bool = False
    """Whether the credential is ``user:password``, in base64 on the wire (RFC 7617)."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A body that is no JSON: its bytes and their media type."""

    content: bytes
    media_type: str

    @property
    def text(self) -> str:
        """The content as UTF-8 text."""
        return self.content.decode("utf-8")


@dataclass(frozen=True, slots=True)
class Chunks:
    """A body that a server gives piece by piece, without holding all of it."""

    content: Iterable[bytes] | AsyncIterable[bytes] = field(repr=False)
    media_type: str


def essence(media_type: str) -> str:
    """A media type without its parameters, in lower case."""
    return media_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON: ``application/json`` or a ``+json`` suffix (RFC 6839)."""
    found = essence(media_type)
    return found == "application/json" or found.endswith("+json")


def codec(media_type: str) -> Codec:
    """How bodies of a media type are read and written."""
    if is_json(media_type):
        return "json"
    return _CODECS.get(essence(media_type), "bytes")


def framing(media_type: str) -> Framing | None:
    """How the items of a stream of this media type are told apart; None: it is no stream of items.

    OpenAPI 3.2, 4.14.5, names these; the other spellings of JSON lines are as old as the format.
    """
    found = essence(media_type)
    return "sequence" if found.endswith("+json-seq") else _FRAMINGS.get(found)


def admits(declared: str, media_type: str) -> bool:
    """Whether a declared media type or range such as ``image/*`` covers ``media_type``."""
    kind, _, subtype = essence(declared).partition("/")
    given_kind, _, given_subtype = essence(media_type).partition("/")
    return kind in ("*", given_kind) and subtype in ("*", given_subtype)
