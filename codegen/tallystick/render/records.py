"""What the templates of client, protocol and server lay out: every question answered already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tallystick.contract import Operation, SecurityScheme
from tallystick.jinja import Code, literal
from tallystick.render.servers import ServerFunction


@dataclass(frozen=True, slots=True)
class Flavour:
    """Blocking or asyncio: the words in which the two halves of a template differ."""

    prefix: Code
    """Before class names."""
    define: Code
    wait: Code
    """``await`` and a space, or nothing."""
    close: Code
    enter: Code
    exit: Code
    transport: Code
    described: Code


SYNC = Flavour(
    prefix=Code(""),
    define=Code("def"),
    wait=Code(""),
    close=Code("close"),
    enter=Code("__enter__"),
    exit=Code("__exit__"),
    transport=Code("BaseTransport"),
    described=Code("blocking"),
)
ASYNC = Flavour(
    prefix=Code("Async"),
    define=Code("async def"),
    wait=Code("await "),
    close=Code("aclose"),
    enter=Code("__aenter__"),
    exit=Code("__aexit__"),
    transport=Code("AsyncBaseTransport"),
    described=Code("asyncio"),
)
FLAVOURS = (SYNC, ASYNC)


@dataclass(frozen=True, slots=True)
class Side:
    """How one side of the API gives answers that come in pieces."""

    stream: Code
    """The type around the type of an item."""
    raw: Code
    """The type of an answer that is bytes."""


PROMISED: Mapping[str, Side] = {
    SYNC.prefix: Side(Code("Iterator"), Code("Raw | Chunks")),
    ASYNC.prefix: Side(Code("AsyncIterator"), Code("Raw | Chunks")),
}
"""In the protocols, by the prefix of their flavour."""
GIVEN: Mapping[str, Side] = {
    SYNC.prefix: Side(Code("Stream"), Code("Raw")),
    ASYNC.prefix: Side(Code("AsyncStream"), Code("Raw")),
}
"""By the clients."""


@dataclass(frozen=True, slots=True)
class Overload:
    """One way to call a method of a client."""

    signature: Code
    result: Code
    told: str
    """Why it should not be called so any more, or nothing."""


@dataclass(frozen=True, slots=True)
class Method:
    """One operation as a method."""

    name: Code
    constant: Code
    """Its record in ``operations.py``."""
    docstring: str
    signature: Code
    """The arguments after ``self``, as the protocol declares them."""
    called: Mapping[str, Overload]
    """The same for the clients, with all that they offer, by the prefix of the flavour."""
    overloads: Mapping[str, tuple[Overload, ...]]
    """Likewise: the ways to call it, where there are several."""
    promises: Mapping[str, Code]
    """The type of the answer in the protocols, by the prefix of the flavour."""
    chunks: bool
    """Whether its answer may be bytes, and be given in pieces."""
    former: Code
    """The keywords that arguments had, each with the one now."""
    given: Code
    """The display of the parameters by Python name."""
    sends: Code
    """What else is handed on: the body, its media type."""
    waits: Code
    """The wait, handed on."""


@dataclass(frozen=True, slots=True)
class Child:
    """A resource below another."""

    name: Code
    group: Code
    """Its class in ``api.py``, without the flavour's prefix."""
    client: Code
    """Its class in ``client.py``, without the flavour's prefix."""
    property: Code
    """The decorator, where the class has a member of that name too."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A resource under the name that it had."""

    name: Code
    client: Code
    """The class now, without the flavour's prefix."""
    told: str


@dataclass(frozen=True, slots=True)
class Group:
    """One resource, or the root: its methods and the resources below."""

    place: tuple[str, ...]
    name: Code
    client: Code
    docstring: str
    children: tuple[Child, ...]
    methods: tuple[Method, ...]
    moved: tuple[Moved, ...] = ()
    """What only a client offers: resources that were renamed."""
    former: tuple[tuple[Code, Code], ...] = ()
    """And methods that were: the name before, and now."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation as a record of the runtime."""

    constant: Code
    operation: Operation
    result: Code
    parameters: tuple[Code, ...]
    body: Code | None
    answers: tuple[Code, ...]
    """Each with a comma behind it."""
    poll: Code | None
    server: str | None

    @property
    def place(self) -> tuple[str, ...]:
        """Its attributes on the client."""
        return (*self.operation.resource, self.operation.verb)


@dataclass(frozen=True, slots=True)
class Key:
    """A security scheme as an argument of the client."""

    scheme: SecurityScheme
    argument: Code
    env: str
    record: Code
    """The record of the runtime."""


@dataclass(frozen=True, slots=True)
class Imports:
    """The names that one module takes from the others, as import lines."""

    lines: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Incoming:
    """What the API asks of its clients, as one protocol."""

    methods: tuple[Method, ...]
    entries: tuple[Entry, ...]
    schemes: tuple[Code, ...]
    guarded: bool
    """Whether any of it needs a credential."""
    imports: tuple[Code, ...]
    """The import lines."""

    @property
    def authenticate_default(self) -> Code:
        """No default where a credential is needed."""
        return Code("" if self.guarded else " | None = None")


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that the templates beside ``models.py`` need."""

    package: Code
    title: str
    source: str
    digest: str
    groups: tuple[Group, ...]
    """The root first, then each resource in document order."""
    entries: tuple[Entry, ...]
    keys: tuple[Key, ...]
    schemes: tuple[Code, ...]
    """The records of all schemes."""
    server: str | None
    """The base URL that serves where none is given."""
    servers: tuple[ServerFunction, ...]
    elsewhere: bool
    """Whether an operation has a server of its own."""
    shape: Code
    guarded: bool
    """Whether any operation needs a credential."""
    api_imports: Imports
    operations_imports: Imports
    incoming: Incoming | None
    """Webhooks and callbacks, if there are any."""

    @property
    def root(self) -> Group:
        """The whole API."""
        return self.groups[0]

    @property
    def resources(self) -> tuple[Group, ...]:
        """Every group below the root."""
        return self.groups[1:]

    @property
    def has_moved(self) -> bool:
        """Whether any resource was renamed."""
        return any(group.moved for group in self.groups)

    @property
    def has_former(self) -> bool:
        """Whether any method was renamed."""
        return any(group.former for group in self.groups)

    @property
    def has_renamed(self) -> bool:
        """Whether any argument was renamed."""
        return any(method.former for group in self.groups for method in group.methods)

    @property
    def client_docstring(self) -> str:
        """What the client's arguments are."""
        default = f", by default {self.server}" if self.server else ""
        lines = [
            "A client of the API, with its resources as attributes.",
            "",
            "Args:",
            f"    base_url: where the API is{default}.",
            *(
                f"    {key.argument}: the credential, by default of the variable {key.env}."
                for key in self.keys
            ),
            "    timeout: limits of a call; a number is the seconds of the whole call.",
            "    retries: when a request is sent again.",
            "    max_body: the cap of an answer's decoded body in bytes.",
            "    allow_insecure: let a credential travel unencrypted to another machine.",
            "    drift: what happens to an answer that has enum values, members or variants which the",
            '        document does not know: "strict" refuses it, "lenient" keeps them, "report" also warns.',
            "    transport: what carries requests, for proxies and certificates of your own.",
        ]
        return "\n".join(lines)

    @property
    def package_docstring(self) -> str:
        """What the package is."""
        return f"{self.title}: a typed client, and server stubs that fit it."

    @property
    def base_default(self) -> Code:
        """The default of ``base_url``, if there is one."""
        return Code("") if self.server is None else Code(f" = {literal(self.server)}")

    @property
    def base_usual(self) -> Code:
        """The argument that tells a base URL of the caller's from the default."""
        usual = self.elsewhere and self.server is not None
        return Code(f", usual={literal(self.server)}" if usual else "")

    @property
    def authenticate_default(self) -> Code:
        """No default where a credential is needed."""
        return Code("" if self.guarded else " | None = None")
