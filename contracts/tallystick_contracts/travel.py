"""How a parameter's value travels: the styles of the runtime, for parameters of a contract."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from urllib.parse import quote, unquote, unquote_to_bytes

from pydantic import TypeAdapter

from tallystick.contract import Contract, Parameter
from tallystick.document import Json
from tallystick.runtime import styles
from tallystick.runtime.operation import ANY, Kind, Location
from tallystick.runtime.operation import Parameter as Wire

_ANYTHING: Kind[object] = Kind(lambda: TypeAdapter(object))

Inexpressible = styles.Inexpressible
Pairs = list[tuple[str, str]]


def outward(parameter: Parameter) -> Wire:
    """A parameter as the runtime writes it (OpenAPI 3.1, 4.8.12)."""
    return _outward(
        parameter.name,
        parameter.identifier,
        parameter.location,
        parameter.required,
        parameter.style,
        parameter.explode,
        parameter.schema.startswith(f"{parameter.pointer}/content/"),
        parameter.allow_reserved,
    )


@lru_cache(maxsize=1024)
def _outward(
    name: str,
    argument: str,
    location: Location,
    required: bool,
    style: str,
    explode: bool,
    json: bool,
    allow_reserved: bool,
) -> Wire:
    return Wire(
        name=name,
        argument=argument,
        location=location,
        kind=_ANYTHING,
        required=required,
        style=style,
        explode=explode,
        json=json,
        allow_reserved=allow_reserved,
    )


def wire(contract: Contract, parameter: Parameter) -> Wire:
    """A parameter as the runtime writes and reads it, which takes the types that it may have."""
    core = contract.core(parameter.schema)
    inner = core.items or (core.additional if isinstance(core.additional, str) else None)
    return replace(
        outward(parameter),
        types=_types(contract, parameter.schema),
        items=_types(contract, inner) if inner else ANY,
        members={each.name: _types(contract, each.pointer) for each in core.properties},
    )


def text(parameter: Wire, value: Json) -> str:
    """A value as a path segment or header field; what the style cannot say, as JSON.

    A probe may send what no client would, so nothing is refused here.
    """
    escape = str if parameter.location == "header" else _escape
    if parameter.json:
        return escape(_json(value))
    try:
        return styles.write_text(parameter, value, escape)
    except styles.Inexpressible:
        return escape(value if isinstance(value, str) else _json(value))


def mark(parameter: Wire) -> str:
    """What the style of a path parameter puts before a value without parts."""
    return {"label": ".", "matrix": f";{parameter.name}="}.get(parameter.style, "")


def plain(parameter: Wire, value: Json) -> str:
    """A value of a path parameter as text, decoded and without the mark of its style."""
    return unquote(text(parameter, value)).removeprefix(mark(parameter))


def pairs(parameter: Wire, value: Json) -> Pairs:
    """A value as escaped pairs of the query or of cookies; what the style cannot say, as JSON."""
    if not parameter.json:
        try:
            return styles.write_pairs(parameter, value, _escape)
        except styles.Inexpressible:
            pass
    return [(_escape(parameter.name), _escape(_json(value)))]


def readings(parameter: Wire, sent: str | Sequence[tuple[str, str]]) -> Iterator[Json]:
    """The values that a path segment or header field, or the pairs of a query, may stand for.

    The declared types decide; a text which these make a number may also be meant as a text.

    Args:
        parameter: of which parameter.
        sent: a decoded segment, a header field, or pairs still percent-encoded, also those of
            other parameters.

    Raises:
        KeyError: it is absent.
        Inexpressible: its style has no such text.
    """
    decode = str if parameter.location in ("header", "path") else _unescape
    if parameter.json:
        try:
            yield json.loads(decode(_only(parameter, sent)))
        except ValueError:
            raise Inexpressible("is not JSON") from None
    elif isinstance(sent, str):
        yield styles.read_text(parameter, sent, decode)
        yield decode(sent)
    else:
        yield styles.read_pairs(parameter, sent, decode)
        named = [text for name, text in sent if _unescape(name) == parameter.name]
        if len(named) == 1:
            yield decode(named[0])


def leaf(types: frozenset[str], text: str) -> Json:
    """The value that a text without parts stands for where these JSON types are admitted."""
    return styles.read_leaf(text, types)


def _only(parameter: Wire, sent: str | Sequence[tuple[str, str]]) -> str:
    if isinstance(sent, str):
        return sent
    return {_unescape(name): text for name, text in sent}[parameter.name]


def _types(contract: Contract, pointer: str) -> frozenset[str]:
    return contract.target(pointer).types


@lru_cache(maxsize=4096)
def _escape(text: str) -> str:
    # A probe may hold what UTF-8 cannot: a server must refuse it, so it has to be sent.
    return quote(text, safe="", errors="surrogatepass")


def _unescape(text: str) -> str:
    try:
        return unquote_to_bytes(text.replace("+", " ")).decode()
    except UnicodeDecodeError:
        raise Inexpressible("is not UTF-8") from None


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
