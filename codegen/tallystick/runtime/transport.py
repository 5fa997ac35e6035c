"""The two drivers, blocking and asyncio: they only wait; every decision is made in ``exchanges``.

They speak to a transport of httpx2, not to its client: so nothing follows a redirect, keeps a
cookie, reads proxies or netrc from the environment, or logs a URL.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

import httpx2

from .deadlines import Deadline, DeadlineTransport, sooner
from .exchanges import (
    TROUBLE,
    Collector,
    Failure,
    Live,
    Reply,
    Wanted,
    failure,
    on_wire,
    pause,
    settle,
)
from .policy import Retries, Timeout
from .requests import Request


class Driver:
    """Sends requests and blocks until the answer is there.

    Args:
        transport: what carries a request; a transport of your own may have a proxy or certificates.
        timeout: limits of one call.
        retries: when a request is sent again.
        sleep: waits for some seconds.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        transport: httpx2.BaseTransport | None,
        timeout: Timeout,
        retries: Retries,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transport = DeadlineTransport() if transport is None else transport
        self._timeout = timeout
        self._retries = retries
        self.sleep = sleep
        self.clock = clock

    def send(self, request: Request, max_body: int, until: Deadline | None = None) -> Reply:
        """The answer to a request; raises a ``ClientError`` where there is none.

        Args:
            max_body: the cap of the decoded body in bytes.
            until: a deadline of the caller's own, where it comes before that of the call.
        """
        reply = self.open(request, max_body, _never, until)
        assert isinstance(reply, Reply)
        return reply

    def open(
        self, request: Request, max_body: int, wanted: Wanted, until: Deadline | None = None
    ) -> Reply | Live:
        """As ``send``; an answer that is ``wanted`` comes unread, and is the caller's to close."""
        deadline = sooner(Deadline(self._timeout.total, self.clock), until)
        attempt = 1
        while True:
            outcome = self._attempt(request, max_body, deadline, wanted)
            if isinstance(outcome, Live):
                return outcome
            seconds = pause(outcome, request, self._retries, attempt, deadline)
            if seconds is None:
                return settle(outcome, request)
            self.sleep(seconds)
            attempt += 1

    def _attempt(
        self, request: Request, max_body: int, deadline: Deadline, wanted: Wanted
    ) -> Reply | Live | Failure:
        try:
            response = self._transport.handle_request(on_wire(request, self._timeout, deadline))
        except TROUBLE as error:
            return failure(error)
        collector = Collector(response, max_body, deadline)
        live: Live | None = None
        try:
            live = collector.live(wanted)
            return live or collector.refusal() or self._collect(response, collector)
        except TROUBLE as error:
            return collector.broken(error)
        finally:
            if live is None:
                response.close()

    def _collect(self, response: httpx2.Response, collector: Collector) -> Reply | Failure:
        for chunk in response.iter_bytes():
            refused = collector.add(chunk)
            if refused is not None:
                return refused
        return collector.reply()

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()


class AsyncDriver:
    """Sends requests on the running asyncio loop; arguments as for ``Driver``."""

    def __init__(
        self,
        transport: httpx2.AsyncBaseTransport | None,
        timeout: Timeout,
        retries: Retries,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transport = httpx2.AsyncHTTPTransport() if transport is None else transport
        self._timeout = timeout
        self._retries = retries
        self.sleep = sleep
        self.clock = clock

    async def send(self, request: Request, max_body: int, until: Deadline | None = None) -> Reply:
        """As ``Driver.send``."""
        reply = await self.open(request, max_body, _never, until)
        assert isinstance(reply, Reply)
        return reply

    async def open(
        self, request: Request, max_body: int, wanted: Wanted, until: Deadline | None = None
    ) -> Reply | Live:
        """As ``Driver.open``."""
        deadline = sooner(Deadline(self._timeout.total, self.clock), until)
        attempt = 1
        while True:
            outcome = await self._attempt(request, max_body, deadline, wanted)
            if isinstance(outcome, Live):
                return outcome
            seconds = pause(outcome, request, self._retries, attempt, deadline)
            if seconds is None:
                return settle(outcome, request)
            await self.sleep(seconds)
            attempt += 1

    async def _attempt(
        self, request: Request, max_body: int, deadline: Deadline, wanted: Wanted
    ) -> Reply | Live | Failure:
        try:
            async with asyncio.timeout(max(deadline.left, 0.0)):
                return await self._answer(request, max_body, deadline, wanted)
        except TROUBLE as error:
            return failure(error)

    async def _answer(
        self, request: Request, max_body: int, deadline: Deadline, wanted: Wanted
    ) -> Reply | Live | Failure:
        response = await self._transport.handle_async_request(
            on_wire(request, self._timeout, deadline, blocking=False)
        )
        collector = Collector(response, max_body, deadline)
        live: Live | None = None
        try:
            live = collector.live(wanted)
            return live or collector.refusal() or await self._collect(response, collector)
        except TROUBLE as error:
            return collector.broken(error)
        finally:
            if live is None:
                await response.aclose()

    async def _collect(self, response: httpx2.Response, collector: Collector) -> Reply | Failure:
        async for chunk in response.aiter_bytes():
            refused = collector.add(chunk)
            if refused is not None:
                return refused
        return collector.reply()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._transport.aclose()


def _never(status: int, headers: Mapping[str, str]) -> bool:
    return False
