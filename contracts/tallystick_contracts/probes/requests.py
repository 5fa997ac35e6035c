"""A request for an operation: its path filled, its parameters written, its credentials put on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote

from tallystick.contract import Contract, Operation, Parameter
from tallystick.document import Json

from ..exchange import Request
from ..target import Target, presented


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
    fields += [(p.name, plain(v)) for p, v in given if p.location == "header"]
    cookies = [f"{p.name}={quote(plain(v))}" for p, v in given if p.location == "cookie"]
    fields += [("Cookie", "; ".join(cookies))] if cookies else []
    if body is not None:
        fields.append(("Content-Type", media_type or json_media(operation)))
    query = "&".join(
        [pair for p, v in given if p.location == "query" for pair in _query(p, v)]
        + [f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in keys]
    )
    target_path = filled(operation.path, path) + (f"?{query}" if query else "")
    return Request(operation.method, target_path, tuple(fields), body)


def encoded(value: Json) -> bytes:
    """A JSON value as the bytes of a body."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def filled(path: str, values: Mapping[str, Json]) -> str:
    """A path template with its parameters as single, percent-encoded segments."""
    for name, value in values.items():
        path = path.replace("{" + name + "}", quote(plain(value), safe=""))
    return path


def plain(value: Json) -> str:
    """A value as parameters write it (OpenAPI 3.1, style ``simple``)."""
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


def _query(parameter: Parameter, value: Json) -> list[str]:
    name = quote(parameter.name, safe="")
    if isinstance(value, dict) and parameter.style == "deepObject":
        return [f"{name}{keys}={quote(plain(each), safe='')}" for keys, each in _deep(value)]
    if isinstance(value, list) and parameter.explode:
        return [f"{name}={quote(plain(each), safe='')}" for each in value]
    return [f"{name}={quote(plain(value), safe='')}"]


def _deep(value: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    """Each value in an object with the names that lead to it, in brackets."""
    for key, each in value.items():
        keys = f"%5B{quote(key, safe='')}%5D"
        if isinstance(each, dict) and each:
            yield from ((f"{keys}{more}", inner) for more, inner in _deep(each))
        else:
            yield keys, each
