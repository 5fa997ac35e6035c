"""What Schemathesis is given: the document without ways out, credentials, ids that are real."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tallystick.contract import Contract, SecurityScheme
from tallystick.document import Json, get
from tallystick.errors import UsageError

from ..safety import SAFE
from ..target import Target

_WAYS_OUT = frozenset({"servers", "externalValue", "externalDocs", "openIdConnectUrl"})
_OFF = ("allow_header_conformance", "object_level_authorization", "status_code_conformance")
"""Checks of what no contract of ours promises, and one that fails on every honest 4xx: our rule
on statuses stands for it."""
_BY_NAME = frozenset({"properties", "patternProperties", "$defs", "default", "const", "enum"})


def document_of(contract: Contract, *, read_only: bool = False) -> dict[str, Json]:
    """The document with the overlays, without anything that names another host.

    Args:
        contract: whose document.
        read_only: whether to leave out all operations but those with a safe method.

    Raises:
        UsageError: a reference leads out of the document.
    """
    cleaned = _without_ways_out(contract.document.data, named=False)
    document = cleaned if isinstance(cleaned, dict) else {}
    if read_only:
        for operation in contract.operations:
            path = get(document, operation.pointer.rpartition("/")[0])
            if operation.method not in SAFE and isinstance(path, dict):
                path.pop(operation.method.lower(), None)
    return document


def with_examples(
    document: dict[str, Json], contract: Contract, ids: Mapping[str, tuple[Json, ...]]
) -> dict[str, Json]:
    """``document`` with known values as examples of path parameters: the phases that enumerate
    take them from there. The document given is changed."""
    for operation in contract.operations:
        for each in operation.parameters:
            values = ids.get(each.name, ()) if each.location == "path" else ()
            node = get(document, each.pointer)
            if values and isinstance(node, dict):
                node.pop("examples", None)
                node["example"] = values[0]
    return document


def _without_ways_out(node: Json, *, named: bool) -> Json:
    """``named`` says that the members of ``node`` are names of the API, not keywords."""
    if isinstance(node, list):
        return [_without_ways_out(each, named=False) for each in node]
    if not isinstance(node, dict):
        return node
    reference = node.get("$ref")
    if not named and isinstance(reference, str) and not reference.startswith("#"):
        raise UsageError(f"the reference {reference!r} leads out of the document")
    return {
        key: _without_ways_out(value, named=not named and key in _BY_NAME)
        for key, value in node.items()
        if named or key not in _WAYS_OUT
    }


def configuration(
    contract: Contract,
    target: Target,
    seed: int,
    examples: int,
    ids: Mapping[str, tuple[Json, ...]],
    database: Path | None = None,
) -> dict[str, Any]:
    """The configuration of a run, in the form of ``schemathesis.toml``.

    Args:
        contract: what is promised.
        target: whose credentials and header fields are sent.
        seed: the same seed, the same requests.
        examples: how many cases are drawn for an operation and phase.
        ids: by path parameter, values that exist.
        database: the folder in which found faults are kept; None keeps nothing.
    """
    auth, fields = _credentials(contract, target)
    dictionaries, parameters = _pinned(ids)
    off = (*_OFF, "unsupported_method") if target.read_only else _OFF
    return {
        "seed": seed,
        "workers": 1,
        "cache": {"enabled": False},
        "warnings": False,
        "continue-on-failure": True,
        "suppress-health-check": ["all"],
        "request-timeout": 120,
        "generation": {"max-examples": examples, "database": str(database or "none")},
        "dictionaries": dictionaries,
        "parameters": parameters,
        "checks": {name: {"enabled": False} for name in off},
        **({"phases": {"coverage": {"unexpected-methods": []}}} if target.read_only else {}),
        "headers": fields,
        **({"auth": {"openapi": auth}} if auth else {}),
    }


def _pinned(ids: Mapping[str, tuple[Json, ...]]) -> tuple[dict[str, Any], dict[str, Any]]:
    known = {name: [str(value) for value in values] for name, values in ids.items() if values}
    dictionaries = {f"known-{name}": {"values": values} for name, values in known.items()}
    parameters = {
        f"path.{name}": {"dictionary": f"known-{name}", "probability": 0.9} for name in known
    }
    return dictionaries, parameters


def _credentials(
    contract: Contract, target: Target
) -> tuple[dict[str, dict[str, str]], dict[str, str]]:
    """Credentials by scheme, and as plain header fields where Schemathesis knows no such scheme."""
    auth: dict[str, dict[str, str]] = {}
    fields = dict(target.headers)
    for name, value in target.credentials.items():
        scheme = contract.security.get(name)
        if scheme is None:
            continue
        proof = _proof(scheme, value)
        if proof is not None:
            auth[name] = proof
        elif scheme.location in (None, "header"):
            fields[scheme.parameter or "Authorization"] = value
    return auth, fields


def _proof(scheme: SecurityScheme, value: str) -> dict[str, str] | None:
    if scheme.kind == "apiKey":
        return {"api_key": value}
    if scheme.kind != "http":
        return None
    kind, _, rest = value.partition(" ")
    if kind.lower() == "bearer":
        return {"bearer": rest}
    if kind.lower() == "basic":
        return _basic(rest)
    return None


def _basic(text: str) -> dict[str, str] | None:
    """User and password of a Basic credential; None where it holds none, and goes as it stands."""
    try:
        user, colon, password = base64.b64decode(text, validate=True).decode("ascii").partition(":")
    except ValueError:
        return None
    return {"username": user, "password": password} if colon else None
