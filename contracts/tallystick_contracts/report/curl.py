"""One request as a curl line that replays it: POSIX shell, the same bytes, no secret in it."""

from __future__ import annotations

import shlex

from ..exchange import Request
from ..mask import Mask


def curl_line(request: Request, origin: str, mask: Mask) -> str:
    """A line for a POSIX shell which sends ``request`` to ``origin`` with curl.

    An ``origin`` that is no URL stands for a server in process: the line asks for ``BASE_URL``.
    A secret is a reference to its environment variable. Text is quoted; a body or a header with
    bytes that are no printable text comes from ``printf``, since an argument cannot hold them all.
    """
    parts = ["curl", *_method(request), *_target(request, origin, mask)]
    for name, value in _headers(request):
        parts += ["-H", _word(f"{name}: {value}" if value else f"{name};", mask)]
    parts += _undo_defaults(request)
    if request.body is None:
        return " ".join(parts)
    text = _printable(request.body)
    if text is None:
        return f"{_piped(request.body, mask)} | {' '.join(parts)} --data-binary @-"
    return " ".join([*parts, "--data-raw", _word(text, mask)])


def _method(request: Request) -> list[str]:
    if request.method == "HEAD":
        return ["--head"]
    return ["-X", shlex.quote(request.method)]


def _target(request: Request, origin: str, mask: Mask) -> list[str]:
    """The URL, with what curl would change in it switched off."""
    options: list[str] = []
    if any(char in request.target or char in origin for char in "[]{}"):
        options.append("--globoff")
    path = request.target.partition("?")[0]
    if any(segment in (".", "..") for segment in path.split("/")):
        options.append("--path-as-is")
    if not origin.startswith(("http://", "https://")):
        # Tried in process: there is no address, so the reader names one.
        return [*options, '"${BASE_URL}"' + _word(request.target, mask)]
    return [*options, _word(origin.rstrip("/") + request.target, mask)]


def _headers(request: Request) -> list[tuple[str, str]]:
    """What is sent, without what curl computes itself."""
    computed = {"host", "content-length", "transfer-encoding", "connection"}
    return [(name, value) for name, value in request.headers if name.lower() not in computed]


def _undo_defaults(request: Request) -> list[str]:
    """curl names a form content type for each body that has none."""
    named = any(name.lower() == "content-type" for name, _ in request.headers)
    return ["-H", "Content-Type:"] if request.body is not None and not named else []


def _word(text: str, mask: Mask) -> str:
    """One shell word, secrets as quoted variable references."""
    pieces = mask.pieces(text)
    if len(pieces) > 1 and all(_inert(literal) for literal, _ in pieces):
        return '"' + "".join(lit + (f"${{{var}}}" if var else "") for lit, var in pieces) + '"'
    quoted = [_quoted(lit) + (f'"${{{var}}}"' if var else "") for lit, var in pieces]
    return "".join(quoted) or "''"


def _inert(text: str) -> bool:
    """Whether a shell takes the text as it stands between double quotes."""
    return text.isprintable() and not set(text) & set('"$`\\!')


def _quoted(text: str) -> str:
    if not text:
        return ""
    if text.isprintable():
        return shlex.quote(text)
    return f'"$(printf {_octal(text.encode("utf-8", "surrogateescape"))})"'


def _printable(body: bytes) -> str | None:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    return text if text.isprintable() else None


def _piped(body: bytes, mask: Mask) -> str:
    pieces = mask.pieces(body.decode("utf-8", "surrogateescape"))
    commands: list[str] = []
    for literal, variable in pieces:
        if literal:
            commands.append(f"printf {_octal(literal.encode('utf-8', 'surrogateescape'))}")
        if variable:
            commands.append(f'printf %s "${{{variable}}}"')
    return commands[0] if len(commands) == 1 else f"{{ {'; '.join(commands)}; }}"


def _octal(octets: bytes) -> str:
    """A format for printf that writes exactly these bytes."""
    return "'" + "".join(_escaped(octet) for octet in octets) + "'"


def _escaped(octet: int) -> str:
    char = chr(octet)
    if octet < 0x80 and char.isprintable() and char not in "'\\%":
        return char
    return "%%" if char == "%" else f"\\{octet:03o}"
