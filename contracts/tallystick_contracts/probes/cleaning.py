"""Removing what a run created: children before their parents, judged by nobody, listed if refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from tallystick.contract import Operation
from tallystick.document import Json

from ..exchange import Answer, Request
from ..safety import Leftover, Made
from ..safety.ledger import GONE
from ..target import Target
from .ground import Ground
from .live import Gone, NotReached, OutOfTime
from .requests import build, encoded
from .samples import Unsatisfiable
from .sending import Sender

ROUNDS = 3
"""How often what was refused is tried again, as long as something else could be removed."""
TOGETHER = 8
"""Deletes that are under way at the same time."""
_SILENT = 3


def clean(ground: Ground, target: Target) -> tuple[Leftover, ...]:
    """Remove what the ledger of ``target`` says was created, and tell what is still there.

    It takes what is left of the budget, the reserve included. Ctrl-C stops it at once; whatever
    happens, what was not removed is told with the reason.
    """
    if target.ledger is None:
        return ()
    if target.ledger.outstanding():
        _Cleaner(ground, target).work()
    return target.ledger.leftovers()


class _Cleaner:
    def __init__(self, ground: Ground, target: Target) -> None:
        assert target.ledger is not None
        self._ground, self._target, self._ledger = ground, target, target.ledger
        self._sender = Sender(target)
        self._silent = 0

    def work(self) -> None:
        """Rounds, until nothing more can be removed."""
        with self._target.meter.closing():
            try:
                for _ in range(ROUNDS):
                    before = self._ledger.removable
                    self._round()
                    if self._ledger.removable in (0, before):
                        break
            except OutOfTime:
                self._rest("no time was left to remove it")
            except Gone as reason:
                self._rest(f"the server was gone: {reason}")
            except NotReached as reason:
                self._rest(str(reason))
            except KeyboardInterrupt:
                self._target.stop.heard = True
                self._rest("removing was stopped")

    def _round(self) -> None:
        removable = [each for each in self._ledger.outstanding() if each.delete or each.uncertain]
        for _, level in groupby(removable, lambda each: each.path.count("/")):
            for batch in _batches(list(level)):
                self._remove(batch)

    def _remove(self, batch: Sequence[Made]) -> None:
        """Send the deletes of items none of which is inside another."""
        ready = [(each, request) for each in batch if (request := self._request(each))]
        answers = self._sender.answers([request for _, request in ready]) if ready else ()
        for (made, request), answer in zip(ready, answers, strict=True):
            if answer.status in GONE or (request.method == "DELETE" and answer.accepted):
                self._ledger.gone(made)
            elif made.uncertain:
                self._ledger.kept(made, "its create got no whole answer, and it is there")
            else:
                self._ledger.kept(made, f"DELETE was {_told(answer)}")
            self._silent = self._silent + 1 if answer.failure else 0
            if self._silent >= _SILENT:
                raise Gone(answer.failure)

    def _request(self, made: Made) -> Request | None:
        """A delete; of what may not be there or not be ours, a read."""
        pointer = made.read if made.uncertain else made.delete
        if pointer is None:
            return None
        operation = self._ground.contract.operation(pointer)
        needed = [p for p in operation.parameters if p.required and p.location != "path"]
        try:
            parameters = [(each, self._ground.samples.one(each.schema)) for each in needed]
            body = self._body(operation)
        except Unsatisfiable:
            self._ledger.kept(made, "no valid request was found that removes it")
            return None
        values: dict[str, Json] = dict(made.values)
        return build(self._ground.contract, self._target, operation, values, parameters, body)

    def _body(self, operation: Operation) -> bytes | None:
        needed = operation.body is not None and operation.body.required
        return encoded(self._ground.minimal(operation)) if needed else None

    def _rest(self, reason: str) -> None:
        for made in self._ledger.outstanding():
            if made.delete is not None and not self._ledger.is_kept(made):
                self._ledger.kept(made, reason)


def _batches(items: Sequence[Made]) -> Iterator[Sequence[Made]]:
    for start in range(0, len(items), TOGETHER):
        yield items[start : start + TOGETHER]


def _told(answer: Answer) -> str:
    return answer.failure or f"answered {answer.status}"
