"""JSON Pointers (RFC 6901) as URI fragments with a leading ``#``, and the type of JSON data.

A pointer in this package is ``#`` or ``#/token/token``. Tokens are escaped with ``~0`` and
``~1`` only; the percent-encoding of a ``$ref`` is removed once, where references are resolved.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias, Union

from tallystick.errors import DocumentError

Json: TypeAlias = Union[bool, int, float, str, "list[Json]", "dict[str, Json]", None]

ROOT = "#"


def join(pointer: str, *tokens: str | int) -> str:
    """``pointer`` one level deeper for each of ``tokens``, which are given unescaped."""
    for token in tokens:
        pointer = f"{pointer}/{token if isinstance(token, int) else escape(token)}"
    return pointer


def escape(token: str) -> str:
    """``token`` as it stands inside a pointer (RFC 6901, section 3)."""
    if "/" in token or "~" in token:
        return token.replace("~", "~0").replace("/", "~1")
    return token


def split(pointer: str) -> tuple[str, ...]:
    """The unescaped tokens of ``pointer``.

    Raises:
        DocumentError: ``pointer`` is neither ``#`` nor starts with ``#/``, or has a bad escape.
    """
    if pointer == ROOT:
        return ()
    if not pointer.startswith("#/"):
        raise DocumentError(f"{pointer!r} is not a JSON Pointer", hint="it starts with '#/'")
    tokens = pointer[2:].split("/")
    if "~" not in pointer:  # most have no escape, and splitting is asked for very often
        return tuple(tokens)
    return tuple([_unescape(token, pointer) if "~" in token else token for token in tokens])


def get(data: Json | Mapping[str, Json], pointer: str) -> Json:
    """The node of ``data`` at ``pointer``.

    Raises:
        DocumentError: there is no such node; the message names the first token that is missing.
    """
    mapped = not isinstance(data, dict) and isinstance(data, Mapping)
    node: Json = dict(data) if mapped else data  # type: ignore[arg-type, assignment]
    tokens = split(pointer)
    for depth, token in enumerate(tokens):
        if isinstance(node, dict) and token in node:
            node = node[token]
        elif isinstance(node, list) and _is_index(token) and int(token) < len(node):
            node = node[int(token)]
        else:
            raise DocumentError(f"there is no {token!r} here", pointer=join(ROOT, *tokens[:depth]))
    return node


def has(data: Json | Mapping[str, Json], pointer: str) -> bool:
    """Whether ``data`` has a node at ``pointer``."""
    try:
        get(data, pointer)
    except DocumentError:
        return False
    return True


def _is_index(token: str) -> bool:
    """RFC 6901, section 4: digits without a leading zero. Capped, for int() of a long text."""
    plain = token.isascii() and token.isdigit() and len(token) < 12
    return plain and (token == "0" or token[0] != "0")


def _unescape(token: str, pointer: str) -> str:
    if "~" in token.replace("~0", "").replace("~1", ""):
        raise DocumentError(f"{pointer!r} has a '~' that is neither '~0' nor '~1'")
    return token.replace("~1", "/").replace("~0", "~")
