"""Requests as data: one that a contract admits, and why another contract refuses it.

What is looked at is all that is no value of a schema: the operation, its parameters, the media type
of the body, the credential.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from pydantic import MISSING

from tallystick.contract import Contract, Media, Operation, Parameter, SecurityScheme
from tallystick.contract.naming import TEMPLATE
from tallystick.document import Json

from .media import covering
from .sampled import sample
from .styled import text, wire

KEY = "KEY"
"""What stands for a credential."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What of an operation a request shall have beside what it must have."""

    parameters: Mapping[tuple[str, str], Json] = field(default_factory=dict[tuple[str, str], Json])
    """By name and location, the value."""
    media_type: str | None = None
    """The media type of the body, which it has then."""
    body: Json | MISSING = MISSING
    """The body; a small one if not given."""
    credentials: tuple[str, ...] | None = None
    """The security schemes; those of the first alternative if not given."""


_NOTHING = Asked()


def request(contract: Contract, operation: Operation, asked: Asked = _NOTHING) -> dict[str, Json]:
    """A small request of an operation, as JSON: method, path, query, headers, body."""
    query: list[str] = []
    headers: dict[str, Json] = {}
    path = operation.path
    for each in operation.parameters:
        key = (each.name, each.location)
        if not each.required and key not in asked.parameters:
            continue
        value = asked.parameters.get(key, sample(contract, each.schema))
        written = text(wire(each), value) or ""
        if each.location == "path":
            path = path.replace(f"{{{each.name}}}", written)
        elif each.location == "header":
            headers[each.name] = written
        elif each.location == "cookie":
            headers["Cookie"] = "; ".join(filter(None, (str(headers.get("Cookie", "")), written)))
        else:
            query.append(written)
    needed = asked.credentials
    if needed is None:
        needed = min(operation.security, key=len, default=())
    for name in needed:
        _prove(contract.security.get(name), query, headers)
    made: dict[str, Json] = {"method": operation.method, "path": path}
    if query:
        made["query"] = "&".join(query)
    media = next((m for m in _bodies(operation) if m.media_type == asked.media_type), None)
    if media is None and operation.body is not None and operation.body.required:
        media = operation.body.json or next(iter(operation.body.content), None)
    if media is not None:
        headers["Content-Type"] = media.media_type
    if headers:
        made["headers"] = headers
    if media is not None:
        small = sample(contract, media.schema) if media.schema else ""
        made["body"] = small if asked.body is MISSING else asked.body
    return made


def refusal(
    contract: Contract, sent: Mapping[str, Json], incoming: Operation | None = None
) -> str | None:
    """Why a contract refuses a request: the pointer into it of what is at fault; None if it admits it.

    Args:
        incoming: the webhook or callback that it is a request of.
    """
    operation = incoming or _operation(contract, sent)
    if operation is None:
        return "/path"
    faults = (
        _parameters(contract, operation, sent),
        _body(operation, sent),
        _credential(contract, operation, sent),
    )
    return next((each for each in faults if each is not None), None)


def _operation(contract: Contract, sent: Mapping[str, Json]) -> Operation | None:
    path, method = str(sent.get("path")), sent.get("method")
    fitting = [
        each
        for each in contract.operations
        if each.method == method and _pattern(each.path).fullmatch(path)
    ]
    # "Concrete paths are matched before their templated counterparts" (OpenAPI 3.1, 4.8.8.2).
    return min(fitting, key=lambda each: len(TEMPLATE.findall(each.path)), default=None)


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile("".join(_piece(piece) for piece in re.split(r"(\{[^{}]*\})", path)))


def _piece(piece: str) -> str:
    return "[^/]+" if TEMPLATE.fullmatch(piece) else re.escape(piece)


def _parameters(contract: Contract, operation: Operation, sent: Mapping[str, Json]) -> str | None:
    for each in operation.parameters:
        if each.required and each.location != "path" and not _given(contract, each, sent):
            return f"/{_PLACES.get(each.location, 'query')}"
    return None


_PLACES = {"header": "headers", "cookie": "headers"}


def _given(contract: Contract, parameter: Parameter, sent: Mapping[str, Json]) -> bool:
    if parameter.location == "header":
        return parameter.name.lower() in _headers(sent)
    if parameter.location == "cookie":
        return parameter.name in _pairs(_headers(sent).get("cookie", ""), "; ")
    query = _pairs(str(sent.get("query", "")), "&")
    if parameter.location == "querystring":
        return bool(query)
    members = contract.core(parameter.schema).properties if parameter.explode else ()
    names = {parameter.name, *(each.name for each in members)}
    return any(name in names or name.startswith(f"{parameter.name}[") for name in query)


def _headers(sent: Mapping[str, Json]) -> dict[str, str]:
    headers = sent.get("headers")
    held = headers if isinstance(headers, dict) else {}
    return {name.lower(): str(value) for name, value in held.items()}


def _pairs(written: str, between: str) -> dict[str, str]:
    parts = (part.partition("=") for part in written.split(between) if part)
    return {unquote(name): value for name, _, value in parts}


def _body(operation: Operation, sent: Mapping[str, Json]) -> str | None:
    body = operation.body
    if "body" not in sent:
        return "" if body is not None and body.required else None
    given = _headers(sent).get("content-type", "")
    if body is None:
        return "/body"
    admitted = covering(given, body.content) is not None
    return None if admitted else "/headers/Content-Type"


def _credential(contract: Contract, operation: Operation, sent: Mapping[str, Json]) -> str | None:
    alternatives = operation.security or ((),)
    proven = (
        all(_proves(contract.security.get(name), sent) for name in needed)
        for needed in alternatives
    )
    return None if any(proven) else "/headers"


def _proves(scheme: SecurityScheme | None, sent: Mapping[str, Json]) -> bool:
    if scheme is None or scheme.parameter is None:
        return scheme is None or (scheme.kind == "mutualTLS" and "certificate" in sent)
    if scheme.location == "header":
        value = _headers(sent).get(scheme.parameter.lower())
        return value is not None and value.startswith(scheme.prefix)
    if scheme.location == "cookie":
        return scheme.parameter in _pairs(_headers(sent).get("cookie", ""), "; ")
    return scheme.parameter in _pairs(str(sent.get("query", "")), "&")


def _prove(scheme: SecurityScheme | None, query: list[str], headers: dict[str, Json]) -> None:
    if scheme is None or scheme.parameter is None:
        return
    if scheme.location == "header":
        headers[scheme.parameter] = f"{scheme.prefix}{KEY}"
    elif scheme.location == "cookie":
        written = f"{scheme.parameter}={KEY}"
        headers["Cookie"] = "; ".join(filter(None, (str(headers.get("Cookie", "")), written)))
    else:
        query.append(f"{scheme.parameter}={KEY}")


def _bodies(operation: Operation) -> tuple[Media, ...]:
    return operation.body.content if operation.body else ()
