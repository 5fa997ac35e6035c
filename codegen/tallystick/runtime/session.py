"""What a client holds: where it calls, its credentials and limits; and how one call is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn, TypeVar, cast

from pydantic import MISSING, BaseModel

from . import polling, requests
from .answers import decode, streamed, success, unexpected
from .deadlines import Deadline
from .drift import DIALS, Drift
from .errors import CredentialError
from .exchanges import Live
from .json_text import Json
from .operation import Operation, Poll, Scheme
from .policy import MAX_BODY
from .polling import Watch
from .requests import Request
from .secret import Secret, held
from .servers import is_relative, relative
from .streams import AsyncStream, Decoder, Stream
from .transport import AsyncDriver, Driver

T = TypeVar("T")
A = TypeVar("A")

Given = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Core:
    """The part of a session that does no I/O.

    Args:
        base: the checked base URL.
        schemes: the security schemes of the document, by name.
        secrets: the credentials at hand, by the name of their scheme.
        max_body: the cap of an answer's decoded body, in bytes.
        drift: what happens to an answer that the document does not know.
        usual: whether the base URL is the document's own.
        allow_insecure: whether a credential may travel unencrypted to another machine.
    """

    base: str
    schemes: Mapping[str, Scheme]
    secrets: Mapping[str, Secret]
    max_body: int = MAX_BODY
    drift: Drift = "strict"
    usual: bool = False
    allow_insecure: bool = False

    def request(
        self,
        operation: Operation[Any, Any],
        given: Given,
        body: object = MISSING,
        content_type: str | None = None,
    ) -> Request:
        """The request of a call."""
        return requests.build(
            operation,
            given,
            base=self._base(operation.server),
            credentials=requests.choose(operation, self.schemes, self.secrets),
            body=body,
            content_type=content_type,
        )

    def _base(self, server: str | None) -> str:
        """Where an operation is. A base URL of the caller's own stands for every host."""
        if server is None or not (is_relative(server) or self.usual):
            return self.base
        return requests.base_url(
            relative(self.base, server),
            secret=bool(self.secrets),
            allow_insecure=self.allow_insecure,
        )

    def items(
        self, operation: Operation[Any, Any], request: Request, live: Live
    ) -> Decoder[object]:
        """What makes the items of an answer that is a stream."""
        items = streamed(operation, live.status, live.headers)
        return Decoder(items, request, live.status, self.max_body, self.drift)

    def chunks(self, request: Request, live: Live) -> Decoder[bytes]:
        """What gives an answer as it comes."""
        return Decoder(None, request, live.status, self.max_body)

    def __reduce__(self) -> NoReturn:
        raise CredentialError("a client holds credentials and cannot be pickled or copied")


def secrets(
    schemes: tuple[Scheme, ...], keys: Mapping[str, str | Secret | None]
) -> dict[str, Secret]:
    """The credentials of a client by scheme, masked and not checked yet.

    Args:
        keys: what the client was given, by the name of the scheme; None: from the environment.
    """
    found = {
        each.name: held(keys.get(each.name), each.argument, each.env)
        for each in schemes
        if each.location != "transport"
    }
    return {name: secret for name, secret in found.items() if secret is not None}


def core(
    base_url: str,
    schemes: tuple[Scheme, ...],
    keys: Mapping[str, Secret],
    *,
    max_body: int = MAX_BODY,
    allow_insecure: bool = False,
    drift: Drift = "strict",
    usual: str | None = None,
) -> Core:
    """The core of a session.

    Args:
        usual: the base URL of the document, where operations have servers of their own: they are
            called there unless the caller gives another base URL.

    Raises:
        CredentialError: a credential is malformed.
        UnsafeValue: the base URL is, or the credential would travel unencrypted.
        ValueError: ``max_body`` is no positive number, or ``drift`` is none of its words.
    """
    if drift not in DIALS:
        raise ValueError(f"`drift` must be one of {', '.join(DIALS)}")
    if max_body < 1:
        raise ValueError("`max_body` must be a number of bytes above zero")
    for secret in keys.values():
        secret.check()
    base = requests.base_url(base_url, secret=bool(keys), allow_insecure=allow_insecure)
    named = {each.name: each for each in schemes}
    usual_one = base_url == usual
    return Core(base, named, dict(keys), max_body, drift, usual_one, allow_insecure)


class Session:
    """Makes calls and blocks until they are answered."""

    def __init__(self, core: Core, driver: Driver) -> None:
        self._core = core
        self._driver = driver

    def send(
        self,
        operation: Operation[T, Any],
        given: Given,
        body: object = MISSING,
        *,
        content_type: str | None = None,
        wait: bool | float = False,
    ) -> T:
        """The answer of one call; with ``wait``, once its effect can be read.

        Raises:
            ClientError: anything that can go wrong.
        """
        budget = polling.budget(operation.poll, wait)
        request = self._core.request(operation, given, body, content_type)
        reply = self._driver.open(request, self._core.max_body, partial(_streams, operation))
        if isinstance(reply, Live):
            return cast("T", Stream(reply, self._core.items(operation, request, reply)))
        answer = decode(operation, request, reply, self._core.drift)
        if operation.poll is not None and budget is not None:
            self._wait(operation, operation.poll, given, body, budget)
        return answer

    def chunks(
        self,
        operation: Operation[Any, Any],
        given: Given,
        body: object = MISSING,
        *,
        content_type: str | None = None,
    ) -> Stream[bytes]:
        """The body of a successful answer in pieces, in whatever declared form it comes."""
        request = self._core.request(operation, given, body, content_type)
        reply = self._driver.open(request, self._core.max_body, partial(_succeeds, operation))
        if isinstance(reply, Live):
            return Stream(reply, self._core.chunks(request, reply))
        raise unexpected(operation, request, reply, self._core.drift)

    def _wait(
        self, operation: Operation[Any, Any], poll: Poll, given: Given, body: object, budget: float
    ) -> None:
        deadline = Deadline(budget, self._driver.clock)
        watch = Watch(operation, _sent(operation, body), deadline)
        request = self._core.request(
            poll.read, polling.arguments(operation, poll, given), MISSING, None
        )
        while True:
            with watch.in_time():
                reply = self._driver.send(request, self._core.max_body, deadline)
            state = decode(poll.read, request, reply, self._core.drift)
            if watch.visible(poll, state, _reading(poll.read, state)):
                return
            self._driver.sleep(watch.next_pause())

    def close(self) -> None:
        """Close all connections."""
        self._driver.close()

    def __repr__(self) -> str:
        return f"Session({self._core.base!r})"


class AsyncSession:
    """Makes calls on the running asyncio loop."""

    def __init__(self, core: Core, driver: AsyncDriver) -> None:
        self._core = core
        self._driver = driver

    async def send(
        self,
        operation: Operation[Any, A],
        given: Given,
        body: object = MISSING,
        *,
        content_type: str | None = None,
        wait: bool | float = False,
    ) -> A:
        """As ``Session.send``."""
        budget = polling.budget(operation.poll, wait)
        request = self._core.request(operation, given, body, content_type)
        reply = await self._driver.open(request, self._core.max_body, partial(_streams, operation))
        if isinstance(reply, Live):
            return cast("A", AsyncStream(reply, self._core.items(operation, request, reply)))
        answer = cast("A", decode(operation, request, reply, self._core.drift))
        if operation.poll is not None and budget is not None:
            await self._wait(operation, operation.poll, given, body, budget)
        return answer

    async def chunks(
        self,
        operation: Operation[Any, Any],
        given: Given,
        body: object = MISSING,
        *,
        content_type: str | None = None,
    ) -> AsyncStream[bytes]:
        """As ``Session.chunks``."""
        request = self._core.request(operation, given, body, content_type)
        reply = await self._driver.open(request, self._core.max_body, partial(_succeeds, operation))
        if isinstance(reply, Live):
            return AsyncStream(reply, self._core.chunks(request, reply))
        raise unexpected(operation, request, reply, self._core.drift)

    async def _wait(
        self, operation: Operation[Any, Any], poll: Poll, given: Given, body: object, budget: float
    ) -> None:
        deadline = Deadline(budget, self._driver.clock)
        watch = Watch(operation, _sent(operation, body), deadline)
        request = self._core.request(
            poll.read, polling.arguments(operation, poll, given), MISSING, None
        )
        while True:
            with watch.in_time():
                reply = await self._driver.send(request, self._core.max_body, deadline)
            state = decode(poll.read, request, reply, self._core.drift)
            if watch.visible(poll, state, _reading(poll.read, state)):
                return
            await self._driver.sleep(watch.next_pause())

    async def aclose(self) -> None:
        """Close all connections."""
        await self._driver.aclose()

    def __repr__(self) -> str:
        return f"AsyncSession({self._core.base!r})"


def _streams(operation: Operation[Any, Any], status: int, headers: Mapping[str, str]) -> bool:
    return streamed(operation, status, headers) is not None


def _succeeds(operation: Operation[Any, Any], status: int, headers: Mapping[str, str]) -> bool:
    return success(operation, status, headers) is not None


def _sent(operation: Operation[Any, Any], body: object) -> Json:
    if operation.body is None or operation.body.kind is None or body is MISSING:
        return None
    return operation.body.kind.write(body)


def _reading(operation: Operation[Any, Any], state: object) -> Json:
    """A state as JSON, with absent members as their defaults say where the model can tell."""
    effective = getattr(state, "effective", None)
    if callable(effective) and isinstance(state, BaseModel):
        reading = effective()
        if isinstance(reading, BaseModel):
            return cast("Json", reading.model_dump(mode="json", by_alias=True, warnings=False))
    form = next((each for each in operation.successes if each.kind is not None), None)
    return None if form is None or form.kind is None else form.kind.write(state)
