"""The contract: frozen records with every decision taken, read by all floors above.

A schema refers to other schemas by JSON Pointer, never by object: the records are plain data,
recursion in a document is no recursion here, and each record says where it comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from pydantic import MISSING

from tallystick.document import Document, Json, join

NullConvention: TypeAlias = Literal["unchanged", "cleared", "refused"]
Direction: TypeAlias = Literal["both", "request", "response"]
ParameterLocation: TypeAlias = Literal["path", "query", "header", "cookie", "querystring"]
"""``querystring``: the whole query as one value (OpenAPI 3.2, 4.12.1)."""

JSON_TYPES = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})


@dataclass(frozen=True, slots=True)
class Property:
    """One member of an object, with its presence: required or not, a default or none.

    Whether it admits null is a fact of its schema: ``contract.schema(pointer).nullable``.
    """

    name: str
    """The name on the wire."""
    identifier: str
    """The name in Python."""
    pointer: str
    """Where its schema stands; the key into ``Contract.schemas``."""
    required: bool
    default: Json | MISSING
    """What absent means (JSON Schema 2020-12, Validation 9.2), a ``$ref``'s sibling included."""
    description: str | None
    read_only: bool
    write_only: bool
    null: NullConvention | None
    """What null does in an update, where an overlay declares it."""
    reserved: tuple[Json, ...]
    """Values which exist from the start and cannot be created."""
    whole: bool = False
    """Whether an update that sends it, an object, puts it in the place of the old one."""

    def required_in(self, direction: Direction) -> bool:
        """Whether it is required in a request, in an answer, or in a schema that is for both."""
        one_way = {"request": self.read_only, "response": self.write_only, "both": False}
        return self.required and not one_way[direction]


@dataclass(frozen=True, slots=True)
class Schema:
    """One schema node of the document, in OpenAPI 3.1 form."""

    pointer: str
    node: Mapping[str, Json] | bool
    """The keywords as they stand, ``$ref`` intact."""
    name: str | None
    """The Python name, for a component or an inline object; None where the type is written out."""
    ref: str | None
    """The pointer of the schema behind ``$ref``; siblings stay in ``node``."""
    types: frozenset[str]
    """The JSON types that it admits, refs and unions followed ("number" includes integers)."""
    properties: tuple[Property, ...]
    """Its own members and those of its ``allOf``, in document order."""
    additional: str | bool
    """``additionalProperties``: False for a closed object, True for an open one, else a pointer."""
    items: str | None
    branches: tuple[str, ...]
    """The pointers of its ``anyOf`` or ``oneOf`` schemas."""
    enum: tuple[Json, ...] | None
    """The values of ``enum`` or ``const``."""
    reading: str | None = None
    """The class name of its reading, if it is named and something in or below it has a default."""
    direction: Direction = "both"
    """Where it stands as it is read here, if requests and answers require other members of it."""
    request: str | None = None
    """The name of its second class, if it is named, stands in both, and differs between them."""
    request_reading: str | None = None
    """The class name of that one's reading."""
    _by_name: dict[str, Property] = field(
        default_factory=dict[str, Property], init=False, repr=False, compare=False
    )
    """The members by name, once one was asked for."""

    @property
    def nullable(self) -> bool:
        """Whether null is a valid value."""
        return "null" in self.types

    @property
    def closed(self) -> bool:
        """Whether an unknown member is refused."""
        return self.additional is False

    @property
    def parts(self) -> tuple[str, ...]:
        """The pointers of its ``allOf`` schemas."""
        if isinstance(self.node, bool) or "allOf" not in self.node:
            return ()
        joined = self.node["allOf"]
        count = len(joined) if isinstance(joined, list) else 0
        return tuple(join(self.pointer, "allOf", index) for index in range(count))

    def property(self, name: str) -> Property | None:
        """The member with this wire name."""
        if self.properties and not self._by_name:
            self._by_name.update({member.name: member for member in self.properties})
        return self._by_name.get(name)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of an operation (OpenAPI 3.1, 4.8.12)."""

    name: str
    identifier: str
    pointer: str
    location: ParameterLocation
    required: bool
    schema: str
    style: str
    explode: bool
    description: str | None
    default: Json | MISSING
    given: tuple[Json, ...]
    """For a path parameter: values known to exist, at least two, or none if it names a created thing."""
    allow_reserved: bool = False
    """Whether reserved characters stand in its value as they are (OpenAPI 3.1, 4.8.12.2)."""
    encoding: tuple[tuple[str, Encoding], ...] = ()
    """By member, where it is declared with ``content``."""
    made_up: bool = False
    """Whether ``given`` holds a value that nobody wrote."""
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Encoding:
    """How one member of a form or multipart body travels (OpenAPI 3.1, 4.8.15)."""

    content_type: str | None = None
    style: str | None = None
    explode: bool | None = None
    allow_reserved: bool = False
    headers: tuple[str, ...] = ()
    """The names of the headers that its part may have."""


@dataclass(frozen=True, slots=True)
class Media:
    """One media type of a body, with the schema of its value."""

    media_type: str
    pointer: str
    schema: str | None
    encoding: tuple[tuple[str, Encoding], ...] = ()
    """By member."""
    item: str | None = None
    """The schema of each item of a stream (``itemSchema`` of OpenAPI 3.2)."""


@dataclass(frozen=True, slots=True)
class Body:
    """The request body of an operation."""

    pointer: str
    required: bool
    description: str | None
    content: tuple[Media, ...]

    @property
    def json(self) -> Media | None:
        """The JSON form of the body, if it has one."""
        return _json(self.content)


@dataclass(frozen=True, slots=True)
class Header:
    """One header field that an answer may have (OpenAPI 3.1, 4.8.21)."""

    name: str
    pointer: str
    required: bool
    schema: str | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """One declared answer: ``status`` is a code, a range such as ``4XX``, or ``default``."""

    status: str
    pointer: str
    description: str
    content: tuple[Media, ...]
    headers: tuple[Header, ...] = ()

    @property
    def json(self) -> Media | None:
        """The JSON form of the body, if it has one."""
        return _json(self.content)

    @property
    def success(self) -> bool:
        """Whether it is an answer of the class 2xx."""
        return self.status.startswith("2")


@dataclass(frozen=True, slots=True)
class Poll:
    """An asynchronous effect: visible through a read within a budget."""

    read: str
    """The path whose GET shows the applied state."""
    budget: float
    """Seconds after which the effect must be visible."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The member of an answer that says what became of an update."""

    member: str
    unchanged: tuple[str, ...]
    accepted: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServerVariable:
    """A variable of a server's URL (OpenAPI 3.1, 4.8.6)."""

    name: str
    identifier: str
    default: str | None
    """None where the document declares no such variable."""
    enum: tuple[str, ...]
    """The values that it may have; empty: any."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where the API, or one operation of it, is (OpenAPI 3.1, 4.8.5)."""

    pointer: str
    url: str
    """As the document has it: with variables in braces, perhaps relative."""
    identifier: str
    description: str | None
    variables: tuple[ServerVariable, ...]
    """In the order of the URL."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation, named, with everything a template or a rule asks for."""

    pointer: str
    method: str
    """Upper case."""
    path: str
    operation_id: str | None
    summary: str | None
    description: str | None
    deprecated: bool
    parameters: tuple[Parameter, ...]
    body: Body | None
    responses: tuple[Response, ...]
    security: tuple[tuple[str, ...], ...]
    """Alternatives; within one, every scheme is needed. Empty: no credential."""
    resource: tuple[str, ...]
    """Its place on the client: ``("models", "environments")``."""
    verb: str
    """Its method there: ``create``."""
    poll: Poll | None
    outcome: Outcome | None
    servers: tuple[Server, ...] = ()
    """Those of the operation or its path item, which stand for the document's."""
    incoming: Literal["webhook", "callback"] | None = None
    """Set where the API calls and the client answers; ``path`` is then one of our own."""
    event: str | None = None
    """The name of that webhook or callback in the document."""
    scopes: tuple[Mapping[str, tuple[str, ...]], ...] = ()
    """For each alternative of ``security``, the scopes or roles that a scheme must grant."""

    @property
    def key(self) -> str:
        """How people name it: ``POST /v1/things``."""
        return f"{self.method} {self.path}"

    @property
    def name(self) -> str:
        """How Python names it: ``things.create``."""
        return ".".join((*self.resource, self.verb))

    def response(self, status: int) -> Response | None:
        """The declaration for this status: its code, else its range, else ``default``."""
        declared = {answer.status: answer for answer in self.responses}
        order = (str(status), f"{status // 100}XX", "default")
        return next((declared[each] for each in order if each in declared), None)

    @property
    def success(self) -> Response | None:
        """The first declared answer of the class 2xx."""
        return next((answer for answer in self.responses if answer.success), None)

    def parameter(self, name: str, location: str) -> Parameter | None:
        """The parameter with this wire name and location."""
        wanted = (name, location)
        return next((p for p in self.parameters if (p.name, p.location) == wanted), None)


@dataclass(frozen=True, slots=True)
class SecurityScheme:
    """One way to prove who calls (OpenAPI 3.1, 4.8.27)."""

    name: str
    identifier: str
    pointer: str
    kind: str
    """``apiKey``, ``http``, ``oauth2``, ``openIdConnect`` or ``mutualTLS``."""
    location: str | None
    """For ``apiKey``: ``header``, ``query`` or ``cookie``."""
    parameter: str | None
    """The name of that header, query parameter or cookie; ``Authorization`` for ``http``."""
    scheme: str | None
    """For ``http``: ``bearer``, ``basic``, ..."""
    prefix: str
    """What stands before the key in the value sent."""
    env: str | None
    """The environment variable from which a client takes the key."""
    tokens: Mapping[str, Json] = field(default_factory=dict[str, Json])
    """Where a token is got: ``flows`` of ``oauth2``, ``openIdConnectUrl`` of ``openIdConnect``."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A collection and its items, recognised from the paths, with what can be done to them.

    Of some things there is one only, such as the settings of an account: these have no
    ``parameter`` and no ``key``, and ``collection`` and ``item`` are the same path.
    """

    collection: str
    """The path of the collection."""
    item: str | None
    """The path of one item."""
    parents: tuple[str, ...]
    """The path parameters of the collection: whose resources these are."""
    parameter: str | None
    """The last path parameter of the item path: which item."""
    key: str | None
    """The member of the item, and of the create request, which that parameter names."""
    create: str | None = None
    list: str | None = None
    retrieve: str | None = None
    update: str | None = None
    replace: str | None = None
    delete: str | None = None
    """Pointers of operations."""

    @property
    def single(self) -> bool:
        """Whether there is one of it, which nobody creates."""
        return self.item == self.collection


@dataclass(frozen=True, slots=True)
class Former:
    """Names that are kept for what was renamed in this major version of the document."""

    classes: Mapping[str, str] = field(default_factory=dict[str, str])
    """The class now, by the name that it had."""
    methods: Mapping[tuple[str, ...], Mapping[str, str]] = field(
        default_factory=dict[tuple[str, ...], dict[str, str]]
    )
    """By resource: the verb now, by the name that it had."""
    resources: Mapping[tuple[str, ...], Mapping[str, tuple[str, ...]]] = field(
        default_factory=dict[tuple[str, ...], dict[str, tuple[str, ...]]]
    )
    """By the resource above: the place of the resource now, by the name that it had."""
    members: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, dict[str, str]])
    """By the pointer of an object: the identifier of a member now, by the one that it had."""
    arguments: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, dict[str, str]])
    """By the name of an operation: the identifier of a parameter now, by the one that it had."""


@dataclass(frozen=True, slots=True)
class Contract:
    """Everything that a document promises."""

    title: str
    version: str
    description: str | None
    servers: tuple[Server, ...]
    document: Document = field(repr=False)
    schemas: Mapping[str, Schema] = field(repr=False)
    """Every schema node, by pointer."""
    operations: tuple[Operation, ...] = field(repr=False)
    security: Mapping[str, SecurityScheme] = field(repr=False)
    resources: tuple[Resource, ...] = field(repr=False)
    stems: Mapping[tuple[str, ...], str] = field(repr=False)
    """What the names of a resource's classes begin with, by ``Operation.resource``, parents first."""
    lock: Callable[[], str] = field(repr=False, compare=False)
    """Makes the text of ``names.lock``."""
    former: Former = field(default_factory=Former, repr=False)
    incoming: tuple[Operation, ...] = field(default=(), repr=False)
    """Webhooks and callbacks: what the API asks of its clients."""
    release: str | None = None
    """The version of the generated package that ``names.lock`` freezes; without it the package has
    that of the document."""
    _cores: dict[str, Schema] = field(
        default_factory=dict[str, Schema], init=False, repr=False, compare=False
    )
    """By pointer, what was asked for before: schemas are looked through again and again."""

    @property
    def names_lock(self) -> str:
        """The text of ``names.lock``."""
        return self.lock()

    @property
    def digest(self) -> str:
        """The document's digest: the same as long as the contract is."""
        return self.document.digest

    def schema(self, pointer: str) -> Schema:
        """The schema node at ``pointer``."""
        return self.schemas[pointer]

    def target(self, pointer: str) -> Schema:
        """The schema at ``pointer`` with ``$ref`` followed to its end."""
        schema = self.schemas[pointer]
        while schema.ref is not None:
            schema = self.schemas[schema.ref]
        return schema

    def core(self, pointer: str) -> Schema:
        """What the value is when it is not null: refs and unions with null looked through.

        A union with several branches beside null is its own core.
        """
        known = self._cores.get(pointer)
        if known is None:
            schema = self.target(pointer)
            valued = [b for b in schema.branches if self.target(b).types != frozenset({"null"})]
            alone = len(valued) == 1 and len(schema.branches) > 1
            known = self._cores[pointer] = self.core(valued[0]) if alone else schema
        return known

    def operation(self, pointer: str) -> Operation:
        """The operation at ``pointer``."""
        return next(each for each in self.operations if each.pointer == pointer)

    def find(self, method: str, path: str) -> Operation | None:
        """The operation with this method and path template."""
        wanted = (method.upper(), path)
        return next((each for each in self.operations if (each.method, each.path) == wanted), None)

    def resource_of(self, operation: Operation) -> Resource | None:
        """The resource whose collection or item the operation works on."""
        paths = ((each, (each.collection, each.item)) for each in self.resources)
        return next((each for each, both in paths if operation.path in both), None)


def _json(content: tuple[Media, ...]) -> Media | None:
    return next((media for media in content if is_json(media.media_type)), None)


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON: ``application/json`` or a ``+json`` suffix (RFC 6839)."""
    essence = media_type.split(";")[0].strip().lower()
    return essence == "application/json" or essence.endswith("+json")


def is_merge_patch(media_type: str) -> bool:
    """Whether a media type is that of a JSON Merge Patch (RFC 7396, 4)."""
    return media_type.split(";")[0].strip().lower() == "application/merge-patch+json"
