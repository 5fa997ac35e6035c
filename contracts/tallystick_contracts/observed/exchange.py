"""A way to a server that shows every exchange to a tally, whichever engine asked."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from ..exchange import Answer, Exchange, Request
from .tally import Tally


class Observed:
    """``exchange``, with ``tally`` looking on.

    Args:
        exchange: the way to the server.
        tally: what counts.
    """

    def __init__(self, exchange: Exchange, tally: Tally) -> None:
        self._exchange, self._tally = exchange, tally
        self._counting = threading.Lock()

    def send(self, request: Request) -> Answer:
        """The answer to ``request``."""
        answer = self._exchange.send(request)
        with self._counting:
            self._tally.see(request, answer)
        return answer

    def send_all(self, requests: Sequence[Request]) -> tuple[Answer, ...]:
        """The answers to ``requests``, sent at the same time."""
        answers = self._exchange.send_all(requests)
        with self._counting:
            for request, answer in zip(requests, answers, strict=True):
                self._tally.see(request, answer)
        return answers

    def close(self) -> None:
        """Give back what the way to the server holds."""
        self._exchange.close()
