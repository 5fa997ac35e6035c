"""Which operation of the new contract is which of the old one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tallystick.contract import Contract, Direction, Operation
from tallystick.contract.naming import TEMPLATE
from tallystick.document import Json, canonical, get

from .texts import unspoken

_Key: TypeAlias = Callable[[Operation], "Hashable | None"]


@dataclass(frozen=True, slots=True)
class Pair:
    """One operation, as the old and the new contract have it."""

    old: Operation
    new: Operation
    moved: bool = False
    """Whether its method or path is another."""

    @property
    def asked(self) -> Direction:
        """Where its parameters and its body travel: towards the API, or from it to a client."""
        return "response" if self.new.incoming else "request"

    @property
    def told(self) -> Direction:
        """Where its answers travel."""
        return "request" if self.new.incoming else "response"


@dataclass(frozen=True, slots=True)
class Alignment:
    """The operations of two contracts beside each other."""

    pairs: tuple[Pair, ...]
    removed: tuple[Operation, ...]
    added: tuple[Operation, ...]


def aligned(old: Contract, new: Contract) -> Alignment:
    """Operations by method and path, whatever path parameters are called; webhooks by their name.

    One that went and one that came are the same if they alone have one operationId, or one content.
    """
    called = _align(old.operations, new.operations, _by_path, moved=False)
    for make in (_operation_id, _content):
        if called.removed and called.added:
            more = _align(called.removed, called.added, make(old, new), moved=True)
            called = Alignment((*called.pairs, *more.pairs), more.removed, more.added)
    received = _align(old.incoming, new.incoming, _by_event, moved=False)
    return Alignment(
        (*called.pairs, *received.pairs),
        (*called.removed, *received.removed),
        (*called.added, *received.added),
    )


def blanked(path: str) -> str:
    """A path template without the names of its parameters."""
    return TEMPLATE.sub("{}", path)


def _align(
    old: Sequence[Operation], new: Sequence[Operation], key: _Key, *, moved: bool
) -> Alignment:
    """Pairs of one key. Where several have it: by the whole path, then in order; moved: none."""
    left, right = _grouped(old, key), _grouped(new, key)
    pairs: list[Pair] = []
    for each, mine in left.items():
        theirs = right.get(each, [])
        if moved and (len(mine), len(theirs)) != (1, 1):
            continue
        rest = [one for one in mine if not _exact(one, theirs)]
        pairs += [Pair(one, found, moved) for one in mine if (found := _exact(one, theirs))]
        taken = {id(pair.new) for pair in pairs}
        free = [one for one in theirs if id(one) not in taken]
        pairs += [Pair(*both, moved) for both in zip(rest, free, strict=False)]
    mine_gone, theirs_gone = {id(p.old) for p in pairs}, {id(p.new) for p in pairs}
    order = {id(each): index for index, each in enumerate(new)}
    return Alignment(
        tuple(sorted(pairs, key=lambda pair: order[id(pair.new)])),
        tuple(each for each in old if id(each) not in mine_gone),
        tuple(each for each in new if id(each) not in theirs_gone),
    )


def _grouped(operations: Iterable[Operation], key: _Key) -> dict[Hashable, list[Operation]]:
    groups: dict[Hashable, list[Operation]] = {}
    for each in operations:
        found = key(each)
        if found is not None:
            groups.setdefault(found, []).append(each)
    return groups


def _exact(operation: Operation, others: Sequence[Operation]) -> Operation | None:
    """The one with the same path, letter by letter, and at the same place if there are several."""
    same = [each for each in others if each.path == operation.path]
    here = [each for each in same if each.pointer == operation.pointer]
    return next(iter(here or (same if len(same) == 1 else [])), None)


def _by_path(operation: Operation) -> Hashable:
    return operation.method, blanked(operation.path)


def _by_event(operation: Operation) -> Hashable:
    return operation.incoming, operation.event, operation.method


def _operation_id(old: Contract, new: Contract) -> _Key:
    return lambda operation: operation.operation_id


def _content(old: Contract, new: Contract) -> _Key:
    """What an operation says, without texts; None where others say it too, or it says little."""
    told: dict[int, str] = {}
    for contract in (old, new):
        for operation in contract.operations:
            node = get(contract.document.data, operation.pointer)
            told[id(operation)] = canonical(_bare(node))

    def content(operation: Operation) -> Hashable | None:
        text = told[id(operation)]
        return (operation.method, text) if often[text] == 1 and "schema" in text else None

    # What several operations say tells none of them from the others.
    often = Counter[str]()
    for contract in (old, new):
        own = Counter(told[id(each)] for each in contract.operations)
        often |= own
    return content


def _bare(node: Json) -> Json:
    bare = unspoken(node)
    if not isinstance(bare, dict):
        return bare
    parameters = bare.get("parameters")
    plain = {key: value for key, value in bare.items() if key not in ("operationId", "parameters")}
    kept = parameters if isinstance(parameters, list) else []
    rest = [each for each in kept if not (isinstance(each, dict) and each.get("in") == "path")]
    return {**plain, **({"parameters": rest} if rest else {})}
