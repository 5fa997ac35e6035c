"""The same rules through a generated client: what it can say goes through it, the rest goes raw.

A request that the typed client can express is made by calling its method with the decoded body; what
the method returns, encoded again, is the answer. So every rule that holds raw and not here is a fault
of the client: a default sent, a null lost, an absent member filled in.
"""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, TypeAlias
from urllib.parse import unquote

import httpx2
from pydantic import ValidationError

from tallystick.contract import Contract, is_json
from tallystick.contract.paths import template
from tallystick.document import Json
from tallystick.errors import UsageError

from .exchange import Answer, Exchange, Request
from .safety import Guarded
from .target import Meter, Target, presented

_CALM = frozenset({"accept", "content-type", "user-agent"})

Fields: TypeAlias = frozenset[tuple[str, str]]
"""Header fields, their names in lower case."""


class Half(Protocol):
    """The client half of a generated package, as far as the suite knows it."""

    Client: Any
    ClientError: type[Exception]
    operations: Any


def imported(folder: Path, package: str) -> ModuleType:
    """The generated package that stands in ``folder``, imported from there and nowhere else.

    Raises:
        UsageError: there is none, or it cannot be imported.
    """
    place = (folder / package / "__init__.py").resolve()
    known = sys.modules.get(package)
    if known is not None and Path(known.__file__ or "").resolve() == place:
        # The root of a package loads nothing by itself, so its records may not be there yet.
        importlib.import_module(f"{package}.operations")
        return known
    spec = importlib.util.spec_from_file_location(
        package, place, submodule_search_locations=[str(place.parent)]
    )
    if spec is None or spec.loader is None or not place.is_file():
        raise UsageError(f"no package {package!r} in {folder}", hint="run `tallystick generate`")
    for name in [each for each in sys.modules if each.split(".")[0] == package]:
        del sys.modules[name]
    module = importlib.util.module_from_spec(spec)
    sys.modules[package] = module
    try:
        spec.loader.exec_module(module)
        importlib.import_module(f"{package}.operations")
    except ImportError as error:
        raise UsageError(f"the package {package!r} cannot be imported: {error}") from error
    return module


@dataclass(frozen=True, slots=True)
class ThroughClient:
    """A target behind a generated client."""

    target: Target
    exchange: ClientExchange

    @property
    def called(self) -> int:
        """How many requests went through the client."""
        return self.exchange.called

    def close(self) -> None:
        """Close the client."""
        self.exchange.close()


@dataclass(frozen=True, slots=True)
class Called:
    """One call of a client's method, and what came of it."""

    operation: str
    """The pointer of the operation."""
    request: Request
    """What was to be said."""
    answer: Answer
    """What the method gave back, or the server's answer where it raised."""
    error: str = ""
    """What the method raised."""
    unreadable: bool = False
    """Whether it raised because the answer is none that the client can read."""


Seen: TypeAlias = Callable[[Called], None]


def through_client(
    target: Target,
    contract: Contract,
    package: ModuleType,
    url: str,
    key: str,
    budget: float,
    seen: Seen = lambda called: None,
) -> ThroughClient:
    """``target`` reached through the client of ``package``, with ``budget`` seconds of its own.

    Args:
        seen: told of each call of the client.
    """
    half: Any = package
    keys = {scheme.argument: key for scheme in half.operations.SCHEMES}
    wire = Wire()
    client = half.Client(base_url=url, transport=wire, **keys)
    proofs = _proofs(contract, target)
    exchange = ClientExchange(target.exchange, half, client, wire, proofs, seen)
    name = f"{target.name} through the client"
    meter = Meter(budget)
    way: Exchange = exchange
    if target.ledger is not None:
        guarded = Guarded(exchange, target.ledger, target.read_only, target.stop)
        way, meter.reserve = guarded, guarded.cost
    return ThroughClient(replace(target, exchange=way, name=name, meter=meter), exchange)


def _proofs(contract: Contract, target: Target) -> Mapping[str, Fields]:
    """By operation, the header fields that prove who calls."""
    found: dict[str, Fields] = {}
    for operation in contract.operations:
        fields, _ = presented(contract, operation.security, target.credentials)
        found[operation.pointer] = frozenset((name.lower(), value) for name, value in fields)
    return found


class Wire(httpx2.HTTPTransport):
    """The transport of the client, which remembers what came back last."""

    last: httpx2.Response | None = None

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request as the client does without this."""
        self.last = super().handle_request(request)
        return self.last

    def forget(self) -> None:
        """Nothing came back yet."""
        self.last = None


_OF_OCTETS = frozenset({"content-length", "content-encoding"})


@dataclass(frozen=True, slots=True)
class _Call:
    """A method of the client and its arguments."""

    operation: Any
    arguments: Mapping[str, Any]


class ClientExchange:
    """An exchange that calls the generated client wherever that can say what the request says.

    Args:
        raw: the way for all other requests.
        half: the generated package.
        client: an instance of its ``Client``.
        wire: the transport of ``client``.
        proofs: by pointer of the operation, what proves who calls; a request with less or more
            goes raw.
        seen: told of each call of the client.
    """

    def __init__(
        self,
        raw: Exchange,
        half: Half,
        client: Any,
        wire: Wire,
        proofs: Mapping[str, Fields],
        seen: Seen = lambda called: None,
    ) -> None:
        self._raw, self._half, self._client, self._wire = raw, half, client, wire
        self._seen = seen
        errors = sys.modules[half.ClientError.__module__]
        self._refusal: type[Exception] = errors.UnsafeValue
        self._unreadable: type[Exception] = errors.DecodeError
        self._proofs = proofs
        self._routes = [(template(each.path), each) for each in half.operations.OPERATIONS]
        self.called = 0
        """How many requests went through the client."""

    def send(self, request: Request) -> Answer:
        """The answer to ``request``, from the client's method or raw."""
        call = self._call(request)
        if call is None:
            return self._raw.send(request)
        answer = self._answer(call, request)
        if answer is None:
            return self._raw.send(request)
        self.called += 1
        return answer

    def send_all(self, requests: Sequence[Request]) -> tuple[Answer, ...]:
        """Concurrent requests go raw: the client under test is a blocking one."""
        return self._raw.send_all(requests)

    def close(self) -> None:
        """Close the client; the raw way belongs to somebody else."""
        self._client.close()

    def _call(self, request: Request) -> _Call | None:
        if "?" in request.target:
            return None
        for pattern, operation in self._routes:
            match = pattern.fullmatch(request.target)
            if match and operation.method == request.method and self._plain(operation, request):
                return self._arguments(operation, match.groups(), request)
        return None

    def _plain(self, operation: Any, request: Request) -> bool:
        """Whether the headers are those that the client itself sends."""
        fields = frozenset((name.lower(), value) for name, value in request.headers)
        media = dict(fields).get("content-type", "application/json")
        special = frozenset(field for field in fields if field[0] not in _CALM)
        alone = len(fields) == len(request.headers)
        return alone and is_json(media) and special == self._proofs.get(operation.pointer)

    def _arguments(self, operation: Any, values: Sequence[str], request: Request) -> _Call | None:
        arguments: dict[str, Any] = {}
        if any(each.items is not None for each in operation.successes):
            return None  # what comes in pieces is no one value
        try:
            for index, parameter in enumerate(
                p for p in operation.parameters if p.location == "path"
            ):
                text = unquote(values[index], errors="strict")
                arguments[parameter.argument] = parameter.kind.read(_value(text, parameter.types))
            if request.body is not None:
                if operation.body is None or operation.body.kind is None:
                    return None
                arguments["body"] = operation.body.kind.read(_strict(request.body))
            elif operation.body is not None:
                return None
        except (ValidationError, ValueError, IndexError, RecursionError):
            return None
        return _Call(operation, arguments)

    def _answer(self, call: _Call, request: Request) -> Answer | None:
        """What came back; None where the client will not send such a value, which is its right."""
        method: Any = self._client
        for part in call.operation.place:
            method = getattr(method, part)
        self._wire.forget()
        try:
            value = method(**call.arguments)
        except self._refusal:
            return None
        except self._half.ClientError as error:
            answer = self._told(error)
            unreadable = isinstance(error, self._unreadable)
            called = Called(call.operation.pointer, request, answer, str(error), unreadable)
            self._seen(called)
            return answer
        answer = self._given(call, value)
        self._seen(Called(call.operation.pointer, request, answer))
        return answer

    def _given(self, call: _Call, value: Any) -> Answer:
        """What the method returned, as an answer."""
        last = self._wire.last
        if last is None:
            return Answer(0, failure="the client returned without sending anything")
        # The body is the value written anew, so what describes the octets that came is left out.
        fields = [each for each in last.headers.multi_items() if each[0].lower() not in _OF_OCTETS]
        return Answer(last.status_code, tuple(fields), _encoded(call.operation, value))

    def _told(self, error: Any) -> Answer:
        """What the server said, as the client's error holds it."""
        last = self._wire.last
        if error.status is None or last is None:
            return Answer(0, failure=f"the client raised {type(error).__name__}: {error}")
        return Answer(error.status, tuple(last.headers.multi_items()), error.body)


def _encoded(operation: Any, value: Any) -> bytes:
    """What a method returned, as bytes: a typed value, raw content, or None for no content."""
    kinds = [each.kind for each in operation.successes if each.kind is not None]
    if value is None and not kinds:
        return b""
    raw: object = getattr(value, "content", None)
    if isinstance(raw, bytes):
        return raw
    *others, last = kinds
    for kind in others:
        try:
            return json.dumps(kind.write(value)).encode()
        except (TypeError, ValueError):
            continue
    return json.dumps(last.write(value)).encode()


def _value(text: str, types: frozenset[str]) -> Json:
    """A path value as the parameter's type reads it (style simple)."""
    if "string" not in types and re.fullmatch(r"-?(0|[1-9]\d*)", text):
        return int(text)
    return text


def _strict(body: bytes) -> Json:
    """A JSON body without duplicate members: with them it is not what a client would send."""

    def once(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        members = dict(pairs)
        if len(members) != len(pairs):
            raise ValueError("a member twice")
        return members

    data: Json = json.loads(body, object_pairs_hook=once)
    return data
