"""What a client holds: where it calls, its credentials and limits; and how one call is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar, cast

from pydantic import MISSING, BaseModel

from . import polling, requests
from .answers import decode
from .deadlines import Deadline
from .drift import DIALS, Drift
from .errors import CredentialError
from .json_text import Json
from .operation import Operation, Poll, Scheme
from .policy import MAX_BODY
from .polling import Watch
from .requests import Request
from .secret import Secret, held
from .transport import AsyncDriver, Driver

T = TypeVar("T")

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
    """

    base: str
    schemes: Mapping[str, Scheme]
    secrets: Mapping[str, Secret]
    max_body: int = MAX_BODY
    drift: Drift = "strict"

    def request(
        self,
        operation: Operation[Any],
        given: Given,
        body: object = MISSING,
        content_type: str | None = None,
    ) -> Request:
        """The request of a call."""
        return requests.build(
            operation,
            given,
            base=self.base,
            credentials=requests.choose(operation, self.schemes, self.secrets),
            body=body,
            content_type=content_type,
        )

    def __reduce__(self) -> NoReturn:
        raise CredentialError("a client holds credentials and cannot be pickled or copied")


def secrets(
    schemes: tuple[Scheme, ...], keys: Mapping[str, str | Secret | None]
) -> dict[str, Secret]:
    """The credentials of a client by scheme, masked and not checked yet.

    Args:
        keys: what the client was given, by the name of the scheme; None: from the environment.
    """
    found = {each.name: held(keys.get(each.name), each.argument, each.env) for each in schemes}
    return {name: secret for name, secret in found.items() if secret is not None}


def core(
    base_url: str,
    schemes: tuple[Scheme, ...],
    keys: Mapping[str, Secret],
    *,
    max_body: int = MAX_BODY,
    allow_insecure: bool = False,
    drift: Drift = "strict",
) -> Core:
    """The core of a session.

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
    return Core(base, {each.name: each for each in schemes}, dict(keys), max_body, drift)


class Session:
    """Makes calls and blocks until they are answered."""

    def __init__(self, core: Core, driver: Driver) -> None:
        self._core = core
        self._driver = driver

    def send(
        self,
        operation: Operation[T],
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
        reply = self._driver.send(request, self._core.max_body)
        answer = decode(operation, request, reply, self._core.drift)
        if operation.poll is not None and budget is not None:
            self._wait(operation, operation.poll, given, body, budget)
        return answer

    def _wait(
        self, operation: Operation[Any], poll: Poll, given: Given, body: object, budget: float
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
        operation: Operation[T],
        given: Given,
        body: object = MISSING,
        *,
        content_type: str | None = None,
        wait: bool | float = False,
    ) -> T:
        """As ``Session.send``."""
        budget = polling.budget(operation.poll, wait)
        request = self._core.request(operation, given, body, content_type)
        reply = await self._driver.send(request, self._core.max_body)
        answer = decode(operation, request, reply, self._core.drift)
        if operation.poll is not None and budget is not None:
            await self._wait(operation, operation.poll, given, body, budget)
        return answer

    async def _wait(
        self, operation: Operation[Any], poll: Poll, given: Given, body: object, budget: float
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


def _sent(operation: Operation[Any], body: object) -> Json:
    if operation.body is None or operation.body.kind is None or body is MISSING:
        return None
    return operation.body.kind.write(body)


def _reading(operation: Operation[Any], state: object) -> Json:
    """A state as JSON, with absent members as their defaults say where the model can tell."""
    effective = getattr(state, "effective", None)
    if callable(effective) and isinstance(state, BaseModel):
        reading = effective()
        if isinstance(reading, BaseModel):
            return cast("Json", reading.model_dump(mode="json", by_alias=True, warnings=False))
    form = next((each for each in operation.successes if each.kind is not None), None)
    return None if form is None or form.kind is None else form.kind.write(state)
