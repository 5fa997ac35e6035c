"""A request, its answer, and what a way to a server can do."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from pydantic import MISSING

from tallystick.document import Json

from .remembered import remembered

TIMEOUT = 30.0
"""Seconds for a whole exchange."""


class NotReached(Exception):
    """What was to be tried cannot be; the text is the reason."""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, with everything that is sent."""

    method: str
    target: str
    """Path and query, percent-encoded, below the base of the server."""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``failure`` says why nothing did; the status is then 0."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    seconds: float = 0.0
    failure: str = ""
    crashed: bool = False
    """Whether it is known that the application itself failed, rather than the way to it."""
    flaky: str = ""
    """What came when the request was sent first, where this came when it was sent again."""

    def header(self, name: str) -> str | None:
        """The first value of a header, without regard to case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)

    def json(self) -> Json:
        """The body as JSON.

        Raises:
            ValueError: it is not JSON.
        """
        data: Json = json.loads(self.body)
        return data

    @property
    def content(self) -> Json | MISSING:
        """The body as JSON, not to be changed: equal bodies share it. MISSING if there is none."""
        return read(self.body)[0]

    @property
    def doubled(self) -> str | None:
        """The first member that stands twice in one object of a JSON body."""
        return read(self.body)[1]

    @property
    def accepted(self) -> bool:
        """Whether the status is of the class 2xx."""
        return 200 <= self.status < 300

    @property
    def refused(self) -> bool:
        """Whether the status is of the class 4xx."""
        return 400 <= self.status < 500


def read(body: bytes) -> tuple[Json | MISSING, str | None]:
    """A body as JSON, MISSING if it is none, and the first member that stands twice in an object.

    The value is not to be changed: equal bodies share it.
    """
    return _remembered("", body)


def _read(_: str, body: bytes) -> tuple[Json | MISSING, str | None]:
    doubled: list[str] = []
    try:
        found = json.loads(body, object_pairs_hook=partial(_object, doubled))
    except (ValueError, RecursionError):
        found = MISSING
    return found, next(iter(doubled), None)


_remembered = remembered(_read)


def _object(doubled: list[str], pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        doubled.extend(name for name in names if names.count(name) > 1)
    return found


class Exchange(Protocol):
    """A way to a server: over a socket, or into an ASGI application in this process."""

    def send(self, request: Request) -> Answer:
        """The answer to ``request``; a transport failure is an answer with ``failure``."""
        ...

    def send_all(self, requests: Sequence[Request]) -> tuple[Answer, ...]:
        """The answers to ``requests``, sent at the same time, in the order of the requests."""
        ...

    def close(self) -> None:
        """Give back what the way to the server holds."""
        ...


def forever() -> float:
    return float("inf")


def limit_of(timeout: float, left: Callable[[], float]) -> float:
    """The seconds of one exchange: never none, or nothing could be sent at all."""
    return max(0.1, min(timeout, left()))
