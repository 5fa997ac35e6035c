"""A request for an operation: its path filled, its parameters written, its credentials put on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from pydantic_core import PydanticSerializationError, to_json

from tallystick.contract import Contract, Operation, Parameter
from tallystick.document import Json

from ..exchange import Request
from ..target import Target, presented
from ..travel import outward, pairs, text


def build(
    contract: Contract,
    target: Target,
    operation: Operation,
    path: Mapping[str, Json],
    parameters: Iterable[tuple[Parameter, Json]] = (),
    body: bytes | None = None,
    *,
    media_type: str | None = None,
    credentials: Mapping[str, str] | None = None,
) -> Request:
    """One request.

    Args:
        contract: where the security schemes are declared.
        target: whose credentials and header fields are sent.
        operation: which operation.
        path: a value for every path parameter.
        parameters: values of query, header and cookie parameters.
        body: the bytes of the body.
        media_type: the ``Content-Type``; the JSON one of the operation when None.
        credentials: by scheme, in place of the target's; empty for none.
    """
    given = list(parameters)
    values = target.credentials if credentials is None else credentials
    proof, keys = presented(contract, operation.security, values)
    fields = [("Accept", "application/json"), *target.headers, *proof]
    wires = [(outward(p), v) for p, v in given]
    fields += [(w.name, text(w, v)) for w, v in wires if w.location == "header"]
    cookies = [f"{n}={t}" for w, v in wires if w.location == "cookie" for n, t in pairs(w, v)]
    fields += [("Cookie", "; ".join(cookies))] if cookies else []
    if body is not None:
        fields.append(("Content-Type", media_type or json_media(operation)))
    query = "&".join(
        [f"{n}={t}" for w, v in wires if w.location == "query" for n, t in pairs(w, v)]
        + [f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in keys]
    )
    target_path = filled(operation, path) + (f"?{query}" if query else "")
    return Request(operation.method, target_path, tuple(fields), body)


def is_idempotency_key(name: str) -> bool:
    """Whether a header field names a request, so that each has to have a value of its own."""
    return name.lower() in ("idempotency-key", "x-idempotency-key")


def encoded(value: Json) -> bytes:
    """A JSON value as the bytes of a body; half of a surrogate pair as the three octets it has."""
    try:
        return to_json(value)
    except PydanticSerializationError:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "surrogatepass")


def filled(operation: Operation, values: Mapping[str, Json], template: str | None = None) -> str:
    """The operation's path, or another template, with its parameters in their styles, encoded."""
    path = operation.path if template is None else template
    for name, value in values.items():
        parameter = operation.parameter(name, "path")
        written = (
            text(outward(parameter), value)
            if parameter
            else quote(plain(value), safe="", errors="surrogatepass")
        )
        path = path.replace("{" + name + "}", written)
    return path


def plain(value: Json) -> str:
    """A value as parameters write it (OpenAPI 3.1, style ``simple``), not escaped."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(plain(each) for each in value)
    if isinstance(value, dict):
        return ",".join(f"{key},{plain(each)}" for key, each in value.items())
    return "" if value is None else str(value)


def json_media(operation: Operation) -> str:
    """The media type of the operation's JSON body."""
    media = operation.body.json if operation.body else None
    return media.media_type if media else "application/json"
