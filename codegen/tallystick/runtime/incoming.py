"""A received request read by its operation: credential, parameters and body, or a refusal.

No I/O and no web framework: the raw path, header and body go in.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from pydantic import MISSING, ValidationError

from . import bodies, json_text, parameters
from .errors import CredentialError
from .operation import Body, Operation, Scheme, admits, essence, is_json
from .parameters import BadParameter, Parts
from .paths import Template, specificity, template
from .problems import Refusal, challenge
from .secret import Secret
from .styles import Inexpressible


@dataclass(frozen=True, slots=True)
class Presented:
    """A credential as it came with a request."""

    scheme: str
    """The name of the security scheme in the document."""
    value: Secret
    """Without the prefix; ``user:password`` for ``basic``; the subject of a client certificate."""


@dataclass(frozen=True, slots=True)
class Received:
    """The head of a request."""

    method: str
    path: str
    """As it came, escapes intact."""
    query: str
    headers: Mapping[str, str]
    """By lower-case name."""
    certificate: str | None = None
    """The subject of the client's certificate, where whoever ended TLS vouches for it."""

    def parts(self, values: Mapping[str, str]) -> Parts:
        """Its parameters, with the path values of the matched template."""
        return Parts(
            values, _pairs(self.query, "&"), self.headers, _pairs(self.headers.get("cookie"), ";")
        )


class Table:
    """Finds the operation of a request; concrete paths go before templated ones."""

    def __init__(self, operations: Sequence[Operation[Any]]) -> None:
        by_path: dict[str, dict[str, Operation[Any]]] = {}
        for operation in operations:
            by_path.setdefault(operation.path, {})[operation.method] = operation
        ordered = sorted(by_path, key=specificity)
        self._routes: list[tuple[Template, dict[str, Operation[Any]]]] = [
            (template(path), by_path[path]) for path in ordered
        ]

    def find(self, method: str, path: str) -> tuple[Operation[Any], Mapping[str, str]]:
        """The operation and its escaped path values.

        Raises:
            Refusal: 404 where no path fits, 405 with ``Allow`` where only the method does not.
        """
        allowed: list[str] = []
        for each, methods in self._routes:
            values = each.match(path)
            if values is None:
                continue
            if method in methods:
                return methods[method], values
            allowed += methods
        if not allowed:
            raise Refusal(404, "there is nothing at this path")
        names = ", ".join(dict.fromkeys(allowed))
        raise Refusal(405, f"the methods here are {names}", headers={"Allow": names})


def presented(
    operation: Operation[Any], received: Received, schemes: Mapping[str, Scheme]
) -> list[tuple[Presented, ...]]:
    """The credentials of each alternative of the operation that the request satisfies in form.

    To be anonymous comes last.
    """
    found: list[tuple[Presented, ...]] = []
    for alternative in sorted(operation.security, key=lambda each: not each):
        each = [_credential(received, schemes[name]) for name in alternative if name in schemes]
        given = [credential for credential in each if credential is not None]
        if len(given) == len(alternative):
            found.append(tuple(given))
    return found


def unauthorized(operation: Operation[Any], schemes: Mapping[str, Scheme]) -> Refusal:
    """The refusal of a request without a credential that is accepted."""
    names = {name for alternative in operation.security for name in alternative}
    asked = [each for name, each in schemes.items() if name in names]
    prefixes = [each.prefix for each in asked if each.location != "transport"]
    return Refusal(
        401, "a valid credential is needed", headers={"WWW-Authenticate": challenge(prefixes)}
    )


_ESCAPED = re.compile(r"(?:[^%]|%[0-9A-Fa-f]{2})*", re.DOTALL)
"""A path segment in which each percent sign begins an octet (RFC 3986, 2.1)."""


def arguments(
    operation: Operation[Any], received: Received, values: Mapping[str, str]
) -> dict[str, object]:
    """The parameters by Python name; raises ``Refusal`` 400."""
    problem = ""
    for name, value in values.items():
        if not _ESCAPED.fullmatch(value) or unquote(value) in ("", ".", ".."):
            raise Refusal(400, f"the path parameter {name} is empty, '.', '..' or badly escaped")
    try:
        return parameters.read(operation, received.parts(values))
    except BadParameter as error:
        problem = str(error)
    raise Refusal(400, problem)


def media_type(declared: Body, received: Received, empty: bool) -> str:
    """The media type of the body, checked; raises ``Refusal`` 415."""
    given = received.headers.get("content-type")
    if empty:
        return given or ""
    charset = bodies.charset(given or "")
    fits = given is not None and _form(declared, given) is not None
    if received.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Refusal(415, "a Content-Encoding is not accepted", headers={"Accept-Encoding": ""})
    if not fits or (is_json(given or "") and charset not in ("", "utf-8", "utf8", "us-ascii")):
        names = ", ".join(name for form in declared.forms for name in form.media_types)
        raise Refusal(415, f"the body must be {names}, in UTF-8", headers={"Accept": names})
    return given or ""


def body(declared: Body, given: str, data: bytes) -> object:
    """The value of a body; ``MISSING`` where none came and none is required.

    Raises:
        Refusal: 400: it is missing, is not strict JSON, or does not fit its schema.
    """
    declared = _form(declared, given) or declared
    if declared.raw:
        return data if data or declared.required or given else MISSING
    if not data and (is_json(declared.media_types[0]) or not given):
        if declared.required:
            raise Refusal(400, "a body is required")
        return MISSING
    problem = ""
    try:
        return bodies.read(declared, given, data)
    except (Inexpressible, json_text.JsonError) as error:
        problem = f"the body: {error}"
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        at = "/".join(str(part) for part in first["loc"])
        problem = f"the body does not fit its schema at /{at}: {first['msg']}"
    except RecursionError:
        problem = "the body is nested too deep"
    raise Refusal(400, problem[:1000])


def _form(declared: Body, given: str) -> Body | None:
    """The form of a body that came with this media type; one that says it outright goes first."""
    forms = declared.forms
    exact = (f for f in forms if any(essence(each) == essence(given) for each in f.media_types))
    covering = (f for f in forms if any(_covers(each, given) for each in f.media_types))
    return next(exact, None) or next(covering, None)


def _covers(declared: str, given: str) -> bool:
    return admits(declared, given) or (is_json(declared) and essence(given) == "application/json")


def _credential(received: Received, scheme: Scheme) -> Presented | None:
    try:
        text = _text(received, scheme)
        if text is None or text[: len(scheme.prefix)].lower() != scheme.prefix.lower():
            return None
        value = text[len(scheme.prefix) :]
        if scheme.basic:
            value = base64.b64decode(value, validate=True).decode()
        return Presented(scheme.name, Secret(value, scheme.name))
    except (CredentialError, binascii.Error, ValueError):
        return None


def _text(received: Received, scheme: Scheme) -> str | None:
    name = scheme.parameter
    if scheme.location == "transport":
        return received.certificate
    if scheme.location == "header":
        return received.headers.get(name.lower())
    source = received.query if scheme.location == "query" else received.headers.get("cookie")
    pairs = _pairs(source, "&" if scheme.location == "query" else ";")
    return next((parameters.unescape(v) for n, v in pairs if parameters.unescape(n) == name), None)


def _pairs(text: str | None, between: str) -> list[tuple[str, str]]:
    parts = (part.strip(" ").partition("=") for part in (text or "").split(between))
    return [(name, value) for name, _, value in parts if name]
