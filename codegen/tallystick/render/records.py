"""What the templates of client, protocol and server lay out: every question answered already."""

from __future__ import annotations

from dataclasses import dataclass

from tallystick.contract import Operation, SecurityScheme
from tallystick.jinja import Code, literal


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
class Method:
    """One operation as a method."""

    name: Code
    constant: Code
    """Its record in ``operations.py``."""
    docstring: str
    signature: Code
    """The arguments after ``self``, as the protocol declares them."""
    client_signature: Code
    """The same, and what only a client offers."""
    result: Code
    given: Code
    """The display of the parameters by Python name."""
    sends: Code
    """What else is handed on: the body, its media type, the wait."""


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
    server: str | None
    """The base URL that serves where none is given."""
    shape: Code
    guarded: bool
    """Whether any operation needs a credential."""
    api_imports: Imports
    operations_imports: Imports

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
    def authenticate_default(self) -> Code:
        """No default where a credential is needed."""
        return Code("" if self.guarded else " | None = None")
