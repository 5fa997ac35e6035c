"""Whether the server lets the run in at all: told in one line, before anything is judged."""

from __future__ import annotations

from collections.abc import Iterator

from tallystick.contract import Contract, Operation, Parameter
from tallystick.document import Json
from tallystick.errors import UsageError

from ..exchange import Request
from ..target import Target
from .requests import build

_REFUSED = frozenset({401, 403})
_ASKED = 3


def admitted(contract: Contract, target: Target) -> None:
    """Make sure that not every operation refuses the credential of the run.

    Reads are asked, and one create whose body is no JSON, so that nothing is made.

    Raises:
        UsageError: all of them answer 401 or 403 (RFC 9110, 15.5.2 and 15.5.4).
    """
    told: list[str] = []
    for operation, request in _requests(contract, target):
        answer = target.exchange.send(request)
        if answer.status not in _REFUSED:
            return
        told.append(f"{operation.key} was answered {answer.status}")
    if not told:
        return
    variables = [each.env for each in contract.security.values() if each.env]
    hint = "say --key" + (f", or set {variables[0]}" if variables else "")
    if target.credentials:
        raise UsageError(f"the key was refused: {told[0]}", hint=f"is it the right one? {hint}")
    raise UsageError(f"the server asks for a key: {told[0]}", hint=hint)


def _requests(contract: Contract, target: Target) -> Iterator[tuple[Operation, Request]]:
    secured = [each for each in contract.operations if each.security and all(each.security)]
    reads = [each for each in secured if each.method == "GET"][:_ASKED]
    writes = [each for each in secured if each.method == "POST" and each.body is not None][:1]
    for operation in (*reads, *(() if target.read_only else writes)):
        if any(p.required and p.location != "path" for p in operation.parameters):
            continue
        path = {p.name: _value(target, p) for p in operation.parameters if p.location == "path"}
        body = b"{" if operation.method == "POST" else None
        yield operation, build(contract, target, operation, path, (), body)


def _value(target: Target, parameter: Parameter) -> Json:
    known = target.known(parameter)
    return known[0] if known else "1"
