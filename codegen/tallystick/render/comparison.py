"""Which members of an asynchronous update can be looked for in its read model."""

from __future__ import annotations

from collections.abc import Iterator

from tallystick.contract import Contract, Operation
from tallystick.jinja import Code, literal

_DEEPEST = 6


def poll(contract: Contract, operation: Operation) -> Operation | None:
    """The operation that reads the effect of an update, if the document names a usable one."""
    if operation.poll is None or operation.body is None or operation.body.json is None:
        return None
    read = contract.find("GET", operation.poll.read)
    if read is None or read.success is None or read.success.json is None:
        return None
    given = {each.name for each in operation.parameters if each.location == "path"}
    needed = {each.name for each in read.parameters if each.required}
    return read if needed <= given else None


def compared(contract: Contract, operation: Operation, read: Operation) -> tuple[Code, ...]:
    """The records of the members that update and read model have in common, outermost first."""
    sent = operation.body.json.schema if operation.body and operation.body.json else None
    shown = read.success.json.schema if read.success and read.success.json else None
    if sent is None or shown is None:
        return ()
    return tuple(_members(contract, sent, shown, ()))


def _members(contract: Contract, sent: str, shown: str, path: tuple[str, ...]) -> Iterator[Code]:
    ours, theirs = contract.core(sent), contract.core(shown)
    for member in ours.properties:
        twin = theirs.property(member.name)
        if twin is None or member.write_only:
            continue
        below = (*path, member.name)
        nested = len(below) < _DEEPEST and bool(contract.core(member.pointer).properties)
        null = literal(member.null)
        yield Code(f"Compared({literal(below)}, {null}, nested={literal(nested)})")
        if nested:
            yield from _members(contract, member.pointer, twin.pointer, below)
