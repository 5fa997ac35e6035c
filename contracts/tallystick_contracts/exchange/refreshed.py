"""Header fields that expire: each request goes out with those that hold now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from .records import Answer, Exchange, Request

Fields: TypeAlias = Callable[[], Mapping[str, str]]
"""The header fields that hold now; asked before each request, so it keeps what is costly."""


class Refreshed:
    """An exchange that puts the present value where a request has one that was valid before.

    Whatever made the request, at whatever time: only a value that was once given is replaced, so
    a wrong credential stays wrong.

    Args:
        inner: the way to the server.
        fields: the header fields that hold now.
        told: called with each name and value that was not seen before.
    """

    def __init__(self, inner: Exchange, fields: Fields, told: Callable[[str, str], None]) -> None:
        self.inner = inner
        self._fields, self._told = fields, told
        self._given: dict[str, set[str]] = {}
        self.now()

    def now(self) -> dict[str, str]:
        """The fields that hold now, by name in lower case."""
        found = {name.lower(): value for name, value in self._fields().items()}
        for name, value in found.items():
            known = self._given.setdefault(name, set())
            if value not in known:
                self._told(name, value)
                known.add(value)
        return found

    def send(self, request: Request) -> Answer:
        """The answer to ``request``."""
        return self.inner.send(self._fresh(request, self.now()))

    def send_all(self, requests: Sequence[Request]) -> tuple[Answer, ...]:
        """The answers to ``requests``, sent at the same time."""
        now = self.now()
        return self.inner.send_all([self._fresh(each, now) for each in requests])

    def close(self) -> None:
        """Close the way to the server."""
        self.inner.close()

    def _fresh(self, request: Request, now: Mapping[str, str]) -> Request:
        def value_of(name: str, value: str) -> str:
            known = value in self._given.get(name.lower(), ())
            return now.get(name.lower(), value) if known else value

        fields = tuple((name, value_of(name, value)) for name, value in request.headers)
        return replace(request, headers=fields)
