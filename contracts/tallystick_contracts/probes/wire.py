"""The bench as far as it sends: requests are built, sent, and every exchange is noted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from pydantic import MISSING

from tallystick.contract import Operation, Parameter
from tallystick.document import Json

from ..exchange import Answer, Request
from ..target import Target
from ..verdicts import Step
from .flaky import passing, sent_again
from .ground import Ground
from .live import NotReached
from .requests import build, encoded
from .samples import Unsatisfiable
from .sending import Sender

Observe: TypeAlias = Callable[[Operation, Step, tuple[Step, ...]], None]
"""Told of every exchange that belongs to an operation, and what led to it."""


class Wire:
    """What is sent to one server.

    Args:
        ground: the contract.
        target: the server.
        observe: called with every exchange that belongs to an operation, and what led to it.
    """

    def __init__(self, ground: Ground, target: Target, observe: Observe) -> None:
        self.ground, self.target = ground, target
        self._observe = observe
        self._sender = Sender(target)
        self._noting = threading.Lock()
        self.stop: threading.Event | None = None
        """Set when somebody wants no more requests from here."""
        self.sent = 0
        """How many requests were sent from here."""
        self.in_turn = False
        """Whether what is to be sent at the same time is sent one after the other: the control."""
        self.taken: set[str] = set()
        """The operations, by pointer, of which a request was accepted."""

    def send(
        self, operation: Operation | None, request: Request, led_by: tuple[Step, ...] = ()
    ) -> Step:
        """Send one request and note the exchange."""
        return self.send_all(operation, [request], led_by)[0]

    def send_all(
        self,
        operation: Operation | None,
        requests: Sequence[Request],
        led_by: tuple[Step, ...] = (),
    ) -> tuple[Step, ...]:
        """Send several requests at the same time and note the exchanges; one by one ``in_turn``."""
        if self.in_turn and len(requests) > 1:
            return tuple(self.send(operation, each, led_by) for each in requests)
        self.sent += len(requests)
        answers = self._sender.answers(requests, self.stop)
        steps = tuple(map(Step, requests, map(self._in_the_end, requests, answers)))
        with self._noting:
            for step in steps:
                if operation is not None:
                    if step.answer.accepted:
                        self.taken.add(operation.pointer)
                    self._observe(operation, step, led_by)
        return steps

    def _in_the_end(self, request: Request, answer: Answer) -> Answer:
        """``answer``, or the one that comes when the request is sent again."""
        if not passing(answer):
            return answer
        return sent_again(request, answer, self._once, lambda: self.target.meter.left)

    def _once(self, request: Request) -> Answer:
        self.target.meter.requests += 1
        return self.target.exchange.send(request)

    def request(
        self,
        operation: Operation,
        path: Mapping[str, Json],
        body: Json | MISSING = MISSING,
        *,
        raw: bytes | None = None,
        media_type: str | None = None,
        credentials: Mapping[str, str] | None = None,
        more: Sequence[tuple[Parameter, Json]] = (),
    ) -> Request:
        """A request with its required parameters, these ones, and this body or these raw bytes."""
        octets = raw if raw is not None or body is MISSING else encoded(body)
        parameters: list[tuple[Parameter, Json]] = []
        given = [parameter.pointer for parameter, _ in more]
        needed = [
            each
            for each in operation.parameters
            if each.required and each.location != "path" and each.pointer not in given
        ]
        try:
            parameters = [(p, self._needed(p)) for p in needed]
        except Unsatisfiable:
            raise NotReached("no valid value was found for a required parameter") from None
        return build(
            self.ground.contract,
            self.target,
            operation,
            path,
            [*parameters, *more],
            octets,
            media_type=media_type,
            credentials=credentials,
        )

    def _needed(self, parameter: Parameter) -> Json:
        """A value of a required parameter."""
        return self.ground.samples.one(parameter.schema)

    def _operation(self, pointer: str | None) -> Operation | None:
        return self.ground.contract.operation(pointer) if pointer else None
