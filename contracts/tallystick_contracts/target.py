"""The server under test: the way to it, what proves who calls, what is known to exist, its limits."""

from __future__ import annotations

import base64
import re
import threading
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from tallystick.contract import Contract, Parameter, SecurityScheme
from tallystick.document import Json
from tallystick.errors import UsageError

from .exchange import AsgiExchange, Exchange, Fields, HttpExchange, Refreshed, Request, made
from .mask import Mask
from .safety import Guarded, Ledger, Stop, addresses, permitted

_FIELD_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


RESERVE = 0.1
"""The share of a budget that is kept back at most, for removing what was created."""
GRACE = 0.5
"""Seconds that cleaning up has at least, all of it together, where the budget is used up."""


class Meter:
    """How many requests were sent, and how long there is still time to send any.

    Args:
        budget: seconds for the whole run; None for no limit.
    """

    def __init__(self, budget: float | None = None) -> None:
        self.started = time.monotonic()
        self.requests = 0
        self._deadline = None if budget is None else self.started + budget
        self._most = 0.0 if budget is None else RESERVE * budget
        self._closing = False
        self._grace = 0.0
        """Until when cleaning up may last, as ``time.monotonic`` tells it."""
        self.reserve: Callable[[], float] = lambda: 0.0
        """Seconds that cleaning up will take; kept back, up to a share of the budget."""
        self.kept_back = 0.0
        """Seconds for what follows the search, as long as that lasts."""

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started

    @property
    def left(self) -> float:
        """Seconds in which something may be tried: until the deadline, without the reserve."""
        if self._deadline is None:
            return float("inf")
        kept = 0.0 if self._closing else min(self._most, self.reserve())
        return self._deadline - kept - self.kept_back - time.monotonic()

    def grant(self, seconds: float) -> None:
        """Let there be at least so much time left, for a phase with a budget of its own."""
        if self._deadline is not None:
            self._deadline = max(self._deadline, time.monotonic() + seconds)

    @contextmanager
    def closing(self) -> Generator[None]:
        """Within, the reserve may be used; of a lost budget too, for one moment in all."""
        before, self._closing = (self._closing, self._deadline), True
        if self._deadline is not None:
            if self._grace < self._deadline:
                self._grace = time.monotonic() + GRACE
            self._deadline = max(self._deadline, self._grace)
        try:
            yield
        finally:
            self._closing, self._deadline = before


class Pace:
    """A rate of requests, kept as a bucket of tokens: a second's worth may go at once.

    Args:
        rate: requests in a second; None for as many as there are.
    """

    def __init__(self, rate: float | None = None) -> None:
        self.rate = rate
        self._lock = threading.Lock()
        self._free = 0.0
        """When the bucket would be full again, as ``time.monotonic`` tells it."""

    def reserve(self, count: int = 1) -> float:
        """Take tokens; the time, as ``time.monotonic`` tells it, from which they may be used."""
        if self.rate is None:
            return 0.0
        with self._lock:
            burst = max(1.0, self.rate) / self.rate
            self._free = max(self._free, time.monotonic()) + count / self.rate
            return self._free - burst


@dataclass(frozen=True, slots=True)
class Target:
    """A server under test."""

    exchange: Exchange = field(repr=False)
    name: str
    """How reports name it: its base URL, or ``in process``."""
    credentials: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """By the name of the security scheme: the whole value sent, its prefix included."""
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Header fields of every request which belong to no security scheme."""
    given: Mapping[str, tuple[Json, ...]] = field(default_factory=dict[str, tuple[Json, ...]])
    """By the name of a path parameter: values known to exist, before those of the contract."""
    secrets: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    """What must never be shown, by value: the name of the shell variable shown in its place."""
    poll_budget: float | None = None
    """Seconds to wait for an asynchronous effect, in place of the contract's."""
    meter: Meter = field(default_factory=Meter, repr=False)
    ledger: Ledger | None = field(default=None, repr=False)
    """What was created there and not removed; None where nobody notes it."""
    read_only: bool = False
    """Whether only safe methods are sent."""
    stop: Stop = field(default_factory=Stop, repr=False)
    """Ctrl-C between two exchanges."""
    pace: Pace = field(default_factory=Pace, repr=False)

    def known(self, parameter: Parameter) -> tuple[Json, ...]:
        """The values that are known to exist for a path parameter."""
        return self.given.get(parameter.name, parameter.given)

    def mask(self, text: str) -> str:
        """``text`` with the name of a shell variable where a secret stood."""
        return Mask(self.secrets).text(text)

    def close(self) -> None:
        """Give back what the way to the server holds."""
        self.exchange.close()


def reach(target: Target, tries: int = 3) -> None:
    """Make sure that something answers at all, with anything, before it is judged.

    Raises:
        UsageError: nothing does; the reason is that of the first try.
    """
    failures: list[str] = []
    while len(failures) < tries and target.meter.left > 0:
        answer = target.exchange.send(Request("GET", "/"))
        if not answer.failure:
            return
        failures.append(answer.failure)
    raise UsageError(
        f"{target.mask(target.name)} does not answer: {failures[0]}",
        hint="is the server running, and is this its address?",
    )


def at_url(
    contract: Contract,
    url: str,
    *,
    key: str | None = None,
    headers: Sequence[str] = (),
    given: Mapping[str, Sequence[Json]] | None = None,
    allow_hosts: Sequence[str] = (),
    poll_budget: float | None = None,
    budget: float | None = None,
    timeout: float = 30.0,
    read_only: bool = False,
    rate: float | None = None,
    fields: Fields | None = None,
) -> Target:
    """A server at a URL.

    Args:
        contract: what it claims to keep.
        url: its base: scheme, host, port, path prefix.
        key: the bare key for every security scheme; the scheme's prefix is put before it.
        headers: lines ``Name: value`` sent with every request.
        given: by path parameter, ids that exist there.
        allow_hosts: hosts beside loopback that may be sent requests.
        poll_budget: seconds to wait for an asynchronous effect.
        budget: seconds for the whole run.
        timeout: seconds for one exchange.
        read_only: whether only safe methods are sent.
        rate: requests in a second at most, whoever sends them.
        fields: header fields that expire: asked for those that hold now before each request.

    Raises:
        UsageError: a host that was not allowed, a bad URL, a key or header line that HTTP forbids.
    """
    meter = Meter(budget)
    exchange = HttpExchange(
        url,
        timeout=timeout,
        left=lambda: meter.left,
        dial=lambda host, port: addresses(host, port, allow_hosts),
    )
    permitted(url, allow_hosts)
    return _target(
        contract,
        exchange,
        url,
        key,
        headers,
        given,
        poll_budget,
        meter,
        read_only,
        Pace(rate),
        fields,
    )


IN_PROCESS = "in process"
"""How a target without an address is called."""


def in_process(
    contract: Contract,
    app: Callable[..., object],
    *,
    key: str | None = None,
    headers: Sequence[str] = (),
    given: Mapping[str, Sequence[Json]] | None = None,
    poll_budget: float | None = None,
    budget: float | None = None,
    timeout: float = 30.0,
    read_only: bool = False,
    rate: float | None = None,
    fields: Fields | None = None,
) -> Target:
    """An ASGI application in this process; the arguments are those of ``at_url``.

    Args:
        app: the application, or a factory without arguments, which may be asynchronous.

    Raises:
        UsageError: the application does not start, or a key or header line that HTTP forbids.
    """
    meter = Meter(budget)
    exchange = AsgiExchange(made(app), timeout=timeout, left=lambda: meter.left)
    name = IN_PROCESS
    return _target(
        contract,
        exchange,
        name,
        key,
        headers,
        given,
        poll_budget,
        meter,
        read_only,
        Pace(rate),
        fields,
    )


def way_to(url: str, allow_hosts: Sequence[str] = (), timeout: float = 30.0) -> Exchange:
    """The way to a server of which no contract is known.

    Raises:
        UsageError: a host that was not allowed, or a bad URL.
    """
    exchange = HttpExchange(
        url, timeout=timeout, dial=lambda host, port: addresses(host, port, allow_hosts)
    )
    permitted(url, allow_hosts)
    return exchange


def _target(
    contract: Contract,
    exchange: Exchange,
    name: str,
    key: str | None,
    lines: Sequence[str],
    given: Mapping[str, Sequence[Json]] | None,
    poll_budget: float | None,
    meter: Meter,
    read_only: bool,
    pace: Pace,
    fields: Fields | None,
) -> Target:
    credentials: dict[str, str] = {}
    secrets: dict[str, str] = {}
    if key is not None:
        sendable(key, "the key")
        for scheme in contract.security.values():
            credentials[scheme.name] = credential(scheme, key)
            secrets[key] = scheme.env or "API_KEY"
    rest: list[tuple[str, str]] = []

    def noted(field_name: str, value: str) -> bool:
        schemes = [s for s in contract.security.values() if _carries(s, field_name)]
        credentials.update({scheme.name: value for scheme in schemes})
        secrets.update(_secrets_of(field_name, value, schemes))
        return bool(schemes)

    def renewed(field_name: str, value: str) -> None:
        noted(*_header(f"{field_name}: {value}"))

    if fields is not None:
        exchange = Refreshed(exchange, fields, renewed)
        lines = [*lines, *(f"{name}: {value}" for name, value in fields().items())]
    for line in lines:
        field_name, value = _header(line)
        if not noted(field_name, value):
            rest.append((field_name, value))
    there = {each: tuple(values) for each, values in (given or {}).items()}
    ledger, stop = Ledger(contract, {**_declared(contract), **there}), Stop()
    guarded = Guarded(exchange, ledger, read_only, stop)
    meter.reserve = guarded.cost
    return Target(
        exchange=guarded,
        name=name,
        credentials=credentials,
        headers=tuple(rest),
        given=there,
        secrets=secrets,
        poll_budget=poll_budget,
        meter=meter,
        ledger=ledger,
        read_only=read_only,
        stop=stop,
        pace=pace,
    )


def _declared(contract: Contract) -> dict[str, tuple[Json, ...]]:
    """By path parameter, the ids that the contract says are there."""
    every = (each for operation in contract.operations for each in operation.parameters)
    return {each.name: each.given for each in every if each.location == "path" and each.given}


def credential(scheme: SecurityScheme, key: str) -> str:
    """The value that a security scheme sends for a bare key, its prefix included."""
    if scheme.kind == "http" and scheme.scheme == "basic" and ":" in key:
        key = base64.b64encode(key.encode()).decode()
    return scheme.prefix + key


def presented(
    contract: Contract, operation_security: Sequence[Sequence[str]], values: Mapping[str, str]
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """Header fields and query pairs that prove who calls.

    Args:
        contract: where the schemes are declared.
        operation_security: the alternatives of the operation.
        values: by scheme, the whole value to send; a scheme without one is left out.
    """
    complete = [each for each in operation_security if all(name in values for name in each)]
    wanted = complete[0] if complete else next(iter(operation_security), ())
    schemes = [contract.security[name] for name in wanted if name in contract.security]
    fields: list[tuple[str, str]] = []
    query: list[tuple[str, str]] = []
    for scheme in schemes:
        if scheme.name not in values:
            continue
        name, value = scheme.parameter or "Authorization", values[scheme.name]
        if scheme.location == "query":
            query.append((name, value))
        elif scheme.location == "cookie":
            fields.append(("Cookie", f"{name}={value}"))
        else:
            fields.append((name, value))
    return tuple(fields), tuple(query)


def with_headers(request: Request, *more: tuple[str, str]) -> Request:
    """``request`` with more header fields at its end."""
    return Request(request.method, request.target, (*request.headers, *more), request.body)


def _carries(scheme: SecurityScheme, field_name: str) -> bool:
    name = (scheme.parameter or "Authorization").lower()
    return scheme.location in (None, "header") and name == field_name.lower()


def _secrets_of(name: str, value: str, schemes: Sequence[SecurityScheme]) -> dict[str, str]:
    """What of a header line is secret: the whole value, and a key that follows its prefix."""
    variable = next((each.env for each in schemes if each.env), None)
    variable = variable or re.sub(r"\W", "_", name).upper()
    if not schemes and name.lower() in ("accept", "content-type", "user-agent"):
        return {}
    if not schemes:
        return {value: variable} if len(value) >= 4 else {}
    key = value.rpartition(" ")[2]
    return {key: variable} if key else {}


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    name, value = name.strip(), value.strip()
    if not colon or not _FIELD_NAME.fullmatch(name) or not value:
        raise UsageError("a header must be given as 'Name: value'")
    sendable(value, f"the value of header {name}")
    return name, value


def sendable(value: str, what: str) -> None:
    """Refuse a value that no header field may hold, without quoting it (RFC 9110, 5.5).

    Raises:
        UsageError: it is empty, begins or ends with white space, or is not printable ASCII.
    """
    if not value or value != value.strip() or not value.isascii() or not value.isprintable():
        raise UsageError(
            f"{what} is empty, or holds characters that no header may hold",
            hint="look for a trailing newline",
        )
