"""Arguments of a call as parts of a request, and parts of a request as arguments.

Every value that is written is read back: what does not come back the same is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import quote, unquote_to_bytes

from pydantic import MISSING, ValidationError

from . import forms, json_text
from .errors import UnsafeValue
from .json_text import Json
from .operation import Operation, Parameter
from .styles import (
    Escape,
    Inexpressible,
    Pairs,
    alike,
    claims,
    cookie_text,
    read_pairs,
    read_text,
    supported,
    write_pairs,
    write_text,
)


class Unsupported(UnsafeValue, NotImplementedError):
    """The style of a parameter is not supported yet; the ledger of the package names it."""


class BadParameter(ValueError):
    """A request's parameter is missing or not what the document declares."""


@dataclass(frozen=True, slots=True)
class Parts:
    """The parameters of one request as they travel, each part escaped already."""

    path: Mapping[str, str]
    query: Sequence[tuple[str, str]]
    headers: Mapping[str, str]
    """By lower-case name."""
    cookies: Sequence[tuple[str, str]]


def write(operation: Operation[object], arguments: Mapping[str, object]) -> Parts:
    """The parts of a request for these arguments, by Python name; ``MISSING`` sends nothing.

    Raises:
        UnsafeValue: a value has no text that would be read back as the same value.
    """
    path: dict[str, str] = {}
    query: Pairs = []
    headers: dict[str, str] = {}
    cookies: Pairs = []
    for parameter in operation.parameters:
        value = _json(operation, parameter, arguments.get(parameter.argument, MISSING))
        if value is MISSING:
            continue
        pairs = _pairs(operation, parameter, value)
        _check_alone(operation, parameter, pairs)
        if parameter.location in ("query", "querystring"):
            query += pairs
        elif parameter.location == "cookie":
            cookies += pairs
        else:
            into = path if parameter.location == "path" else headers
            into[parameter.name.lower() if into is headers else parameter.name] = pairs[0][1]
    return Parts(path, query, headers, cookies)


def read(operation: Operation[object], parts: Parts) -> dict[str, object]:
    """The arguments that the parts of a request stand for; what is absent is left out.

    Raises:
        BadParameter: one is missing, stands twice, or has a value that its schema refuses.
    """
    found: dict[str, object] = {}
    for parameter in operation.parameters:
        problem = ""
        try:
            value = _value(parameter, parts)
            found[parameter.argument] = parameter.kind.read(value)
        except KeyError:
            problem = "is required" if parameter.required else ""
        except ValidationError as error:
            problem = f"is not valid: {error.errors(include_input=False)[0]['msg']}"
        except (Inexpressible, json_text.JsonError) as error:
            problem = str(error)
        except UnicodeDecodeError:
            problem = "is not UTF-8"
        if problem:
            raise BadParameter(f"{parameter.location} parameter `{parameter.name}`: {problem}")
    return found


def escape(text: str) -> str:
    """``text`` percent-encoded but for the unreserved characters (RFC 3986, 2.3)."""
    return quote(text, safe="", errors="strict")


def unescape(text: str) -> str:
    """``text`` percent-decoded; raises UnicodeDecodeError where that is no UTF-8."""
    return unquote_to_bytes(text).decode("utf-8")


def _form_unescape(text: str) -> str:
    return unescape(text.replace("+", " "))


def _same(text: str) -> str:
    return text


def _json(operation: Operation[object], parameter: Parameter, value: object) -> Json | MISSING:
    if value is MISSING:
        if parameter.required:
            _refuse(operation, parameter, "is required")
        return MISSING
    problem = ""
    json: Json = None
    try:
        json = parameter.kind.write(value)
    except (ValueError, TypeError):
        problem = "is not of the declared type"
    if problem:
        _refuse(operation, parameter, problem)
    return json


def _pairs(operation: Operation[object], parameter: Parameter, value: Json) -> Pairs:
    """The escaped pairs of a value; a path or header value is the second of its one pair."""
    whole = parameter.location == "querystring" and parameter.style == "form"
    if not (
        parameter.json or whole or supported(parameter.style, parameter.location, parameter.types)
    ):
        what = f"{parameter.location} parameter `{parameter.name}`: the style `{parameter.style}`"
        raise Unsupported(
            f"{what} is not supported for its type", method=operation.method, path=operation.path
        )
    problem = ""
    pairs: Pairs = []
    try:
        pairs = _written(parameter, value)
        _check_text(parameter, pairs)
        back = _value(parameter, _alone(parameter, pairs))
        if not alike(back, value):
            problem = "cannot be written so that it is read back the same"
    except KeyError:
        problem = "cannot be told from an absent one"
    except UnicodeError:
        problem = "has a lone surrogate"
    except Inexpressible as error:
        problem = str(error)
    if problem:
        _refuse(operation, parameter, problem)
    return pairs


def _written(parameter: Parameter, value: Json) -> Pairs:
    if parameter.json:
        text = json_text.write(value).decode()
        return [(escape(parameter.name), text if parameter.location == "header" else escape(text))]
    if parameter.location == "querystring":
        return _query(forms.write(parameter.fields, value))
    if parameter.location in ("query", "cookie"):
        plain = parameter.style == "cookie"
        return write_pairs(parameter, value, cookie_text if plain else escape)
    written = write_text(parameter, value, _same if parameter.location == "header" else escape)
    return [(escape(parameter.name), written)]


def _query(text: bytes) -> Pairs:
    parts = (part.partition("=") for part in text.decode().split("&") if part)
    return [(name, value) for name, _, value in parts]


def _check_alone(operation: Operation[object], parameter: Parameter, pairs: Pairs) -> None:
    """Refuse a pair which a server would read as another parameter."""
    if parameter.location not in ("query", "cookie"):
        return
    for other in operation.parameters:
        if other is not parameter and other.location == parameter.location:
            for name, _ in pairs:
                if claims(other, unescape(name)):
                    problem = f"cannot be told from the parameter `{other.name}`"
                    _refuse(operation, parameter, problem)


def _check_text(parameter: Parameter, pairs: Pairs) -> None:
    text = pairs[0][1] if pairs else ""
    if parameter.location == "header":
        if any(ord(char) < 32 or ord(char) > 126 for char in text):
            raise Inexpressible("has a character that no header field may hold")
        if text != text.strip():
            raise Inexpressible("begins or ends with white space, which a header field loses")
    if parameter.location == "path" and text in ("", ".", ".."):
        raise Inexpressible("is empty, '.' or '..', which would reach another path")


def _alone(parameter: Parameter, pairs: Pairs) -> Parts:
    """Parts that hold this one parameter, to read it back."""
    name, text = (parameter.name, pairs[0][1]) if pairs else ("", "")
    return Parts(
        path={name: text},
        query=pairs if parameter.location in ("query", "querystring") else (),
        headers={name.lower(): text},
        cookies=pairs if parameter.location == "cookie" else (),
    )


def _value(parameter: Parameter, parts: Parts) -> Json:
    if parameter.location == "querystring":
        if not parts.query:
            raise KeyError(parameter.name)
        text = "&".join(f"{name}={value}" for name, value in parts.query)
        return dict(forms.read(parameter.fields, text.encode()))
    if parameter.location == "query":
        return _from_pairs(parameter, parts.query, _form_unescape)
    if parameter.location == "cookie":
        plain = parameter.style == "cookie" and not parameter.json
        return _from_pairs(parameter, parts.cookies, _same if plain else unescape)
    if parameter.location == "header":
        text, decode = parts.headers[parameter.name.lower()], _stripped
    else:
        text, decode = parts.path[parameter.name], unescape
    return _json_value(decode(text)) if parameter.json else read_text(parameter, text, decode)


def _from_pairs(parameter: Parameter, pairs: Sequence[tuple[str, str]], decode: Escape) -> Json:
    if parameter.json:
        return _json_value(read_pairs(_as_text(parameter), pairs, decode))
    return read_pairs(parameter, pairs, decode)


def _stripped(text: str) -> str:
    return text.strip(" \t")


def _json_value(text: Json) -> Json:
    return json_text.read(str(text).encode())


def _as_text(parameter: Parameter) -> Parameter:
    return Parameter(
        parameter.name,
        parameter.argument,
        parameter.location,
        parameter.kind,
        style="form",
        explode=True,
        types=frozenset({"string"}),
    )


def _refuse(operation: Operation[object], parameter: Parameter, problem: str) -> NoReturn:
    raise UnsafeValue(
        f"{parameter.location} parameter `{parameter.name}` (argument `{parameter.argument}`): "
        f"{problem}",
        method=operation.method,
        path=operation.path,
    )
