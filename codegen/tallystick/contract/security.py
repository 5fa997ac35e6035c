"""Security schemes: how a request proves who sends it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from tallystick.contract import notes
from tallystick.contract.records import SecurityScheme
from tallystick.contract.refs import follow
from tallystick.document import Document, Json, join
from tallystick.names import RESERVED_CREDENTIALS, Names, snake

_PREFIXES = {"bearer": "Bearer ", "basic": "Basic ", "digest": "Digest "}


def schemes(document: Document, names: Names) -> dict[str, SecurityScheme]:
    """Every scheme of ``components/securitySchemes``, by its name."""
    components = document.data.get("components")
    declared = components.get("securitySchemes") if isinstance(components, dict) else None
    found: dict[str, SecurityScheme] = {}
    for name in declared if isinstance(declared, dict) else {}:
        node, pointer = follow(document, join("#", "components", "securitySchemes", name))
        found[name] = _scheme(document, names, name, node, pointer)
    return found


def _scheme(
    document: Document, names: Names, name: str, node: Mapping[str, Json], pointer: str
) -> SecurityScheme:
    kind, scheme = str(node.get("type", "")), _text(node, "scheme")
    in_header = kind in ("http", "oauth2", "openIdConnect")
    named = (scheme or "bearer").lower()
    default = _PREFIXES.get(named, f"{scheme} ") if in_header else ""
    prefix = notes.text(document, node, pointer, notes.PREFIX)
    return SecurityScheme(
        name=name,
        identifier=names.give(name, snake(name), "security", RESERVED_CREDENTIALS),
        pointer=pointer,
        kind=kind,
        location="header" if in_header else _text(node, "in"),
        parameter="Authorization" if in_header else _text(node, "name"),
        scheme=scheme,
        prefix=default if prefix is None else prefix,
        env=notes.text(document, node, pointer, notes.ENV),
        tokens={key: node[key] for key in ("flows", "openIdConnectUrl") if key in node},
    )


def requirements(node: Json) -> tuple[tuple[str, ...], ...] | None:
    """A Security Requirement list as alternatives of needed schemes; None where none is given."""
    if not isinstance(node, list):
        return None
    return tuple(tuple(cast("Mapping[str, Json]", each)) for each in node if isinstance(each, dict))


def scopes(node: Json) -> tuple[Mapping[str, tuple[str, ...]], ...]:
    """For each alternative of a Security Requirement list, the scopes that each scheme must grant."""
    alternatives = (
        [each for each in node if isinstance(each, dict)] if isinstance(node, list) else []
    )
    return tuple(
        {name: tuple(map(str, each)) for name, each in needed.items() if isinstance(each, list)}
        for needed in alternatives
    )


def _text(node: Mapping[str, Json], key: str) -> str | None:
    value = node.get(key)
    return value if isinstance(value, str) else None
