"""Where the document says that the API is, with the variables of its URLs (OpenAPI 3.1, 4.8.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from tallystick.contract.records import Server, ServerVariable
from tallystick.document import Document, Json, join
from tallystick.names import RESERVED_ARGUMENTS, RESERVED_CLASSES, Names, snake

_SCOPE = "servers"
_OWN = frozenset({"filled", "origin"})
_WORDS = 4
"""A description of more words is a sentence, and no name."""


def servers(
    document: Document, owner: Mapping[str, Json], pointer: str, names: Names
) -> tuple[Server, ...]:
    """The servers that the object at ``pointer`` declares, in its order."""
    declared = owner.get("servers")
    nodes = enumerate(declared if isinstance(declared, list) else ())
    return tuple(
        _server(node, join(pointer, "servers", index), names)
        for index, node in nodes
        if isinstance(node, dict) and isinstance(node.get("url"), str)
    )


def _server(node: Mapping[str, Json], pointer: str, names: Names) -> Server:
    url = str(node["url"])
    reserved = RESERVED_CLASSES | RESERVED_ARGUMENTS | _OWN
    description = node.get("description")
    return Server(
        pointer=pointer,
        url=url,
        identifier=names.give(url, snake(_wanted(node, url)), _SCOPE, reserved),
        description=description if isinstance(description, str) else None,
        variables=tuple(_variables(node, url, names)),
    )


def _wanted(node: Mapping[str, Json], url: str) -> str:
    for key in ("name", "description"):
        text = node.get(key)
        if isinstance(text, str) and 0 < len(text.split()) <= _WORDS and snake(text) != "value":
            return text
    try:
        host = urlsplit(re.sub(r"\{[^}]*\}", "", url)).hostname or ""
    except ValueError:
        host = ""
    return host.strip(".-") or "server"


def _variables(node: Mapping[str, Json], url: str, names: Names) -> Iterator[ServerVariable]:
    declared = node.get("variables")
    known = declared if isinstance(declared, dict) else {}
    for name in dict.fromkeys(re.findall(r"\{([^{}]*)\}", url)):
        variable = known.get(name)
        variable = variable if isinstance(variable, dict) else {}
        enum, default = variable.get("enum"), variable.get("default")
        yield ServerVariable(
            name=name,
            identifier=names.give(
                name, snake(name), f"{_SCOPE} {url}", RESERVED_ARGUMENTS | _OWN | {"str"}
            ),
            default=None if default is None else str(default),
            enum=tuple(str(each) for each in enum) if isinstance(enum, list) else (),
        )
