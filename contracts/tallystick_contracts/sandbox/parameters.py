"""Parameters of a request: text made into the values that it may stand for, and checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from tallystick.contract import Contract, Parameter
from tallystick.document import Json

from .records import Call

_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_LONG = 400

Admits = Callable[[str, Json], bool]


def typed(contract: Contract, schema: str, text: str) -> Json:
    """The value of a parameter's text: a number or a truth where the schema asks for one."""
    return next(_readings(contract, schema, text))


def complaint(contract: Contract, call: Call, admits: Admits) -> str | None:
    """What is wrong with the parameters of a call, in one sentence, or None."""
    for parameter in call.plan.operation.parameters if call.plan else ():
        texts = _texts(call, parameter)
        if texts is None:
            continue
        if not texts and parameter.required:
            return f"the {parameter.location} parameter {parameter.name!r} is missing"
        if texts and not _admitted(contract, parameter, texts, admits):
            return f"the {parameter.location} parameter {parameter.name!r} does not fit its schema"
    return None


def _texts(call: Call, parameter: Parameter) -> list[str] | None:
    """The texts of a parameter; None for styles in which objects are written, not checked here."""
    match parameter.location:
        case "path":
            return [call.arguments[parameter.name]] if parameter.name in call.arguments else []
        case "query":
            if parameter.style not in ("form", "spaceDelimited", "pipeDelimited"):
                return None
            return [value for name, value in call.query if name == parameter.name]
        case "header":
            # OpenAPI 4.8.12.1: these three are described elsewhere and ignored as parameters.
            if parameter.name.lower() in ("accept", "content-type", "authorization"):
                return None
            value = call.headers.get(parameter.name.lower())
            return [] if value is None else [value]
        case "cookie":
            return [value for name, value in cookies(call) if name == parameter.name]
        case "querystring":
            return None


def cookies(call: Call) -> list[tuple[str, str]]:
    """The cookies of a call (RFC 6265, 4.2)."""
    parts = (part.strip().partition("=") for part in call.headers.get("cookie", "").split(";"))
    return [(name, value) for name, equals, value in parts if equals]


def _admitted(contract: Contract, parameter: Parameter, texts: list[str], admits: Admits) -> bool:
    core = contract.core(parameter.schema)
    if core.types == frozenset({"object"}) or (
        "object" in core.types and parameter.style != "simple"
    ):
        return True
    if "array" in core.types and "string" not in core.types:
        separator = {"spaceDelimited": " ", "pipeDelimited": "|"}.get(parameter.style, ",")
        exploded = parameter.explode and parameter.location == "query"
        parts = texts if exploded else texts[0].split(separator)
        items = core.items
        return admits(parameter.schema, [typed(contract, items, p) if items else p for p in parts])
    return any(
        admits(parameter.schema, each) for each in _readings(contract, parameter.schema, texts[0])
    )


def _readings(contract: Contract, schema: str, text: str) -> Iterator[Json]:
    types = contract.schema(schema).types
    if "integer" in types and len(text) < _LONG and _INTEGER.fullmatch(text):
        yield int(text)
    if "number" in types and len(text) < _LONG and _NUMBER.fullmatch(text):
        yield float(text)
    if "boolean" in types and text in ("true", "false"):
        yield text == "true"
    yield text
