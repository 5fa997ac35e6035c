"""The only way out of Schemathesis: an ASGI application that passes each request to the target.

Schemathesis runs "in process" against this application, so no URL of a document and no redirect
can take a request anywhere but to the target's exchange.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping

import requests

from tallystick.document import Json

from ..exchange import Answer, Message, NotReached, Receive, Request, Send
from ..probes.live import Gone
from ..probes.live import OutOfTime as NoTime
from ..probes.sending import Sender
from ..target import Target
from ..verdicts import Step

DOCUMENT = "/.tallystick/openapi.json"
"""Where the relay itself answers, with the document."""
CASE = "x-schemathesis-testcaseid"
_OWN = frozenset({"host", "content-length", "connection", "transfer-encoding", "accept-encoding"})
_NEVER_SENT = "the request could not be sent"


class OutOfTime(requests.exceptions.ConnectionError):
    """The budget is spent: nothing more is sent."""


class Unanswered(requests.exceptions.ConnectionError):
    """The target gave no answer."""


class NotSent(requests.exceptions.ConnectionError):
    """The request may not be sent: the run is read-only."""


class Relay:
    """An ASGI application in front of a target.

    Args:
        target: where requests go.
        budget: seconds, from now, in which requests are sent.
    """

    def __init__(self, target: Target, budget: float) -> None:
        self._target = target
        self.rename: Callable[[Request], Request] = lambda request: request
        """Changes a request of Schemathesis before it is sent."""
        self.document: Mapping[str, Json] = {}
        """What Schemathesis reads as the contract."""
        self.deadline = time.monotonic() + budget
        self._sender = Sender(target, lambda: self.left)
        self.sent: dict[str, Step] = {}
        """The exchanges by the case id of Schemathesis."""
        self.requests = 0

    @property
    def left(self) -> float:
        """Seconds until the budget is spent."""
        return min(self.deadline - time.monotonic(), self._target.meter.left)

    @property
    def spent(self) -> bool:
        """Whether the budget is spent."""
        return self.left <= 0

    def close(self) -> None:
        """Send nothing more: what still draws in a thread ends at its next request."""
        self.deadline = 0.0

    def send(self, request: Request) -> Answer:
        """The target's answer.

        Raises:
            OutOfTime: the budget is spent.
        """
        try:
            answer = self._sender.answers([request])[0]
        except NoTime:
            raise OutOfTime("the budget is spent") from None
        except Gone as reason:
            raise Unanswered(str(reason)) from None
        self.requests += 1
        return answer

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass one request on; a lifespan there is none."""
        if scope["type"] != "http":
            return
        if scope["path"] == DOCUMENT:
            body = json.dumps(self.document).encode()
            await _respond(send, Answer(200, (("content-type", "application/json"),), body))
            return
        case, request = _request(scope, await _body(receive))
        request = self.rename(request)
        try:
            answer = self.send(request)
        except NotReached as reason:
            raise NotSent(str(reason)) from None
        if case and not answer.failure.startswith(_NEVER_SENT):
            self.sent[case] = Step(request, answer)
        if answer.failure:
            raise Unanswered(answer.failure)
        await _respond(send, answer)


async def _body(receive: Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return bytes(body)


def _request(scope: Message, body: bytes) -> tuple[str, Request]:
    pairs = [(key.decode("latin-1"), value.decode("latin-1")) for key, value in scope["headers"]]
    case = next((value for key, value in pairs if key == CASE), "")
    kept = tuple((_title(key), value) for key, value in pairs if key not in _OWN and key != CASE)
    query = scope["query_string"].decode("ascii")
    target = scope["raw_path"].decode("ascii") + (f"?{query}" if query else "")
    typed = any(key == "content-type" for key, _ in pairs)
    return case, Request(scope["method"], target, kept, body if body or typed else None)


def _title(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))


async def _respond(send: Send, answer: Answer) -> None:
    dropped = {"content-length", "transfer-encoding", "content-encoding"}
    if 300 <= answer.status < 400:
        dropped.add("location")  # the client that asks here would follow it
    fields = [
        (key.encode("latin-1", "replace"), value.encode("latin-1", "replace"))
        for key, value in answer.headers
        if key.lower() not in dropped
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": fields})
    await send({"type": "http.response.body", "body": answer.body})
