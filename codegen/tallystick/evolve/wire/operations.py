"""Operations that came, went or moved, and what an operation says of itself."""

from __future__ import annotations

from dataclasses import replace

from tallystick.contract import Direction, Operation
from tallystick.document import Json

from .alignment import Alignment, Pair
from .collecting import Collection, Draft
from .witnessing import with_requests
from .words import WHO, coded, named, shown


def compare_operations(held: Collection, alignment: Alignment) -> None:
    """What came, went and moved, and what each operation says of itself."""
    for operation in alignment.removed:
        _removed(held, operation)
    for operation in alignment.added:
        _added(held, operation)
    for pair in alignment.pairs:
        if pair.moved:
            _moved(held, pair)
        _lifecycle(held, pair)
        _notes(held, pair)


def _removed(held: Collection, operation: Operation) -> None:
    if operation.incoming:
        kind, what = "webhook-removed", f"the API calls {coded(operation.event or '')} no longer"
    elif operation.deprecated:
        kind, what = "deprecated-operation-removed", f"{WHO}, which was deprecated, is gone"
    else:
        kind, what = "operation-removed", f"{WHO} is gone"
    draft = _alone(kind, operation, operation.pointer, None, what)
    held.add(with_requests(held, draft, operation, None))


def _added(held: Collection, operation: Operation) -> None:
    if operation.incoming:
        kind, what = "webhook-added", f"the API calls {coded(operation.event or '')} now"
    else:
        kind, what = "operation-added", f"{WHO} is new"
    draft = _alone(kind, operation, None, operation.pointer, what)
    held.add(with_requests(held, draft, None, operation))


def _alone(kind: str, operation: Operation, old: str | None, new: str | None, what: str) -> Draft:
    direction: Direction = "response" if operation.incoming else "request"
    return Draft(kind, direction, old, new, what, where=named(operation), operation=operation)


def _moved(held: Collection, pair: Pair) -> None:
    old, new = pair.old, pair.new
    said = f"{old.key} is {WHO} now"
    draft = _alone("operation-moved", new, old.pointer, new.pointer, said)
    draft = replace(draft, before=old.key, after=new.key)
    held.add(with_requests(held, draft, old, new))


def _lifecycle(held: Collection, pair: Pair) -> None:
    old, new = pair.old, pair.new
    if old.deprecated != new.deprecated:
        said = "is deprecated now" if new.deprecated else "is deprecated no longer"
        kind = "operation-deprecated" if new.deprecated else "operation-undeprecated"
        _say(held, pair, kind, f"{WHO} {said}", old.deprecated, new.deprecated)
    if old.operation_id != new.operation_id:
        was, now = old.operation_id, new.operation_id
        said = f"the operationId of {WHO} was {shown(was)} and is {shown(now)}"
        if was is None:
            said = f"{WHO} has the operationId {shown(now)} now, and had none"
        if now is None:
            said = f"{WHO} has no operationId now, and had {shown(was)}"
        _say(held, pair, "operation-id-changed", said, was, now)


def _notes(held: Collection, pair: Pair) -> None:
    """What the contract notes say of the operation as a whole."""
    old, new = pair.old, pair.new
    if old.poll != new.poll:
        was, now = _poll(old), _poll(new)
        said = f"what {WHO} does shows {now} now, and did {was}"
        _say(held, pair, "poll-changed", said, was, now)
    if old.outcome != new.outcome:
        was, now = _outcome(old), _outcome(new)
        said = f"what became of an update by {WHO} is told {now} now, and was {was}"
        _say(held, pair, "outcome-changed", said, was, now)


def _poll(operation: Operation) -> str:
    told = operation.poll
    return f"within {told.budget:g} seconds in GET {told.read}" if told else "at once"


def _outcome(operation: Operation) -> str:
    told = operation.outcome
    if told is None:
        return "by no member"
    words = f"unchanged: {shown(list(told.unchanged))}, accepted: {shown(list(told.accepted))}"
    return f"by {coded(told.member)} ({words})"


def _say(held: Collection, pair: Pair, kind: str, said: str, was: Json, now: Json) -> None:
    held.add(
        Draft(
            kind=kind,
            direction="both",
            old=pair.old.pointer,
            new=pair.new.pointer,
            sentence=said,
            where=named(pair.new),
            operation=pair.new,
            before=was,
            after=now,
        )
    )
