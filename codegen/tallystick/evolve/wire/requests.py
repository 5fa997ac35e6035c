"""Requests as data: one that a contract admits, and why another contract refuses it.

What is looked at is all that is no value of a schema: the operation, its parameters, the media type
of the body, the credential.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from pydantic import MISSING

from tallystick.contract import Contract, Media, Operation, Parameter, SecurityScheme
from tallystick.contract.naming import TEMPLATE
from tallystick.contract.paths import template
from tallystick.document import Json

from .media import concrete, covering
from .sampled import Sampled
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
    accept: str | None = None
    """The media type of the answer."""
    credentials: tuple[str, ...] | None = None
    """The security schemes; those of the first alternative if not given."""


_NOTHING = Asked()


def request(held: Sampled, operation: Operation, asked: Asked = _NOTHING) -> dict[str, Json]:
    """A small request of an operation, as JSON: method, path, query, headers, body."""
    line = _Line(operation.path)
    for each in operation.parameters:
        key = (each.name, each.location)
        if key in asked.parameters:
            line.add(each, asked.parameters[key])
        elif each.required:
            line.add(each, held.written(each.schema))
    needed = asked.credentials
    if needed is None:
        needed = min(operation.security, key=len, default=())
    for name in needed:
        line.prove(held.contract.security.get(name))
    if asked.accept is not None:
        line.headers["Accept"] = asked.accept
    media = _media(operation, asked)
    if media is not None:
        line.headers["Content-Type"] = concrete(media.media_type)
    made = line.json(operation.method)
    if media is not None:
        small = held.value(media.schema) if media.schema else ""
        made["body"] = small if asked.body is MISSING else asked.body
    return made


def _media(operation: Operation, asked: Asked) -> Media | None:
    """The media type of the body that a request is to have, if it is to have one."""
    body = operation.body
    if body is None:
        return None
    wanted = next((each for each in body.content if each.media_type == asked.media_type), None)
    plain = body.json or next(iter(body.content), None)
    return wanted or (plain if body.required else None)


@dataclass(slots=True)
class _Line:
    """A request while it is made: all but its body."""

    path: str
    query: list[str] = field(default_factory=list[str])
    headers: dict[str, Json] = field(default_factory=dict[str, Json])

    def add(self, parameter: Parameter, value: Json) -> None:
        """A parameter with a value, where it belongs."""
        written = text(wire(parameter), value) or ""
        if parameter.location == "path":
            self.path = self.path.replace(f"{{{parameter.name}}}", written)
        elif parameter.location == "header":
            self.headers[parameter.name] = written
        elif parameter.location == "cookie":
            self._cookie(written)
        else:
            self.query.append(written)

    def prove(self, scheme: SecurityScheme | None) -> None:
        """A credential, where it travels."""
        if scheme is None or scheme.parameter is None:
            return
        if scheme.location == "header":
            self.headers[scheme.parameter] = f"{scheme.prefix}{KEY}"
        elif scheme.location == "cookie":
            self._cookie(f"{scheme.parameter}={KEY}")
        else:
            self.query.append(f"{scheme.parameter}={KEY}")

    def _cookie(self, written: str) -> None:
        self.headers["Cookie"] = "; ".join(
            filter(None, (str(self.headers.get("Cookie", "")), written))
        )

    def json(self, method: str) -> dict[str, Json]:
        """The request so far."""
        made: dict[str, Json] = {"method": method, "path": self.path}
        if self.query:
            made["query"] = "&".join(self.query)
        if self.headers:
            made["headers"] = self.headers
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
        _accepted(operation, sent),
        _credential(contract, operation, sent),
    )
    return next((each for each in faults if each is not None), None)


def _operation(contract: Contract, sent: Mapping[str, Json]) -> Operation | None:
    path, method = str(sent.get("path")), sent.get("method")
    fitting = [
        each
        for each in contract.operations
        if each.method == method
        and each.path.count("/") == path.count("/")
        and template(each.path).fullmatch(path)
    ]
    # "Concrete paths are matched before their templated counterparts" (OpenAPI 3.1, 4.8.8.2).
    return min(fitting, key=lambda each: len(TEMPLATE.findall(each.path)), default=None)


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


def _accepted(operation: Operation, sent: Mapping[str, Json]) -> str | None:
    """Nothing that an answer may be is what was asked for (RFC 9110, 15.5.7)."""
    wanted = _headers(sent).get("accept")
    content = operation.success.content if operation.success else ()
    if wanted is None or not content or covering(wanted, content) is not None:
        return None
    return "/headers/Accept"


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
        return value == f"{scheme.prefix}{KEY}"
    if scheme.location == "cookie":
        return scheme.parameter in _pairs(_headers(sent).get("cookie", ""), "; ")
    return scheme.parameter in _pairs(str(sent.get("query", "")), "&")
