"""Parameters of a request: text made into the values that it may stand for, and checked."""

from __future__ import annotations

from collections.abc import Callable

from tallystick.contract import Contract
from tallystick.document import Json
from tallystick.runtime.operation import Parameter as Wire
from tallystick.runtime.styles import Inexpressible

from ..travel import leaf, readings
from .records import Call

Admits = Callable[[str, Json], bool]


def typed(contract: Contract, schema: str, text: str) -> Json:
    """The value of a text: a number or a truth where the schema asks for one."""
    return leaf(contract.schema(schema).types, text)


def complaint(call: Call, admits: Admits) -> str | None:
    """What is wrong with the parameters of a call, in one sentence, or None."""
    for parameter in call.plan.parameters if call.plan else ():
        said = f"the {parameter.wire.location} parameter {parameter.wire.name!r}"
        try:
            sent = _sent(call, parameter.wire)
            if not any(admits(parameter.schema, each) for each in readings(parameter.wire, sent)):
                return f"{said} does not fit its schema"
        except KeyError:
            if parameter.wire.required:
                return f"{said} is missing"
        except Inexpressible as error:
            return f"{said} {error}"
    return None


def cookies(call: Call) -> list[tuple[str, str]]:
    """The cookies of a call (RFC 6265, 4.2)."""
    parts = (part.strip().partition("=") for part in call.headers.get("cookie", "").split(";"))
    return [(name, value) for name, equals, value in parts if equals]


def _sent(call: Call, parameter: Wire) -> str | list[tuple[str, str]]:
    """What was sent of a parameter; raises KeyError for nothing."""
    match parameter.location:
        case "path":
            return call.arguments[parameter.name]
        case "header":
            return call.headers[parameter.name.lower()]
        case "cookie":
            return cookies(call)
        case _:
            return list(call.query)
