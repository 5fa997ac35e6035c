"""Fragments of one API made one document; where two contradict each other it says where and how."""

from __future__ import annotations

import ipaddress
import json
import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import NoReturn
from urllib.parse import urlsplit

from tallystick.document.pages import METHODS
from tallystick.document.pointer import ROOT, Json, get, has, join
from tallystick.document.record import Document, canonical, copy_of
from tallystick.document.resolve import target
from tallystick.errors import DocumentError

# What holds for the whole document: to be equal, or to be absent, everywhere.
_SAME_EVERYWHERE = ("openapi", "info", "servers", "security", "jsonSchemaDialect")
# Joined member by member, and so are the objects that they hold; all else is to be equal.
_JOINED = frozenset({"paths", "webhooks", "components"})


_INSTANCES = frozenset({"default", "enum", "const", "example", "examples", "mapping"})
"""Keywords whose values are data of the API, not of the document."""


class _Absent:
    """Stands for a member that one of the two does not have."""


_ABSENT = _Absent()


def merge(fragments: list[Document]) -> dict[str, Json]:
    """One document of ``fragments``, members in the order in which they are first seen.

    Raises:
        DocumentError: two fragments say different things at one pointer, or a server is on the
            machine that the document was taken from.
    """
    merged: dict[str, Json] = {}
    owners: dict[str, Document] = {ROOT: fragments[0]}
    for fragment in fragments:
        _refuse_local_servers(fragment)
        if merged:
            for field in _SAME_EVERYWHERE:
                _same(merged, fragment, join(ROOT, field), owners)
        _join(merged, fragment, ROOT, owners)
    for fragment in fragments:
        _refuse_dangling(merged, fragment)
    return merged


def _refuse_dangling(merged: dict[str, Json], fragment: Document) -> None:
    """Each reference of a fragment has its target in the whole: a page may be cut off."""
    for pointer, node in _nodes(fragment.data):
        if isinstance(node.get("$ref"), str):
            at = join(pointer, "$ref")
            try:
                target(merged, node["$ref"], at)
            except DocumentError as error:
                raise DocumentError(
                    error.what,
                    where=fragment.locate(at),
                    pointer=at,
                    hint=error.hint or "is the page cut off, or is one missing?",
                ) from None


def _nodes(data: Json) -> Iterator[tuple[str, dict[str, Json]]]:
    """Every object that is not instance data, where ``$ref`` is only a member of that name."""
    pending: list[tuple[str, Json, bool]] = [(ROOT, data, False)]
    while pending:
        pointer, node, named = pending.pop()
        if isinstance(node, list):
            pending += [(join(pointer, at), each, False) for at, each in enumerate(node)]
        elif isinstance(node, dict):
            if not named:
                yield pointer, node
            for key, value in node.items():
                if named or not (key in _INSTANCES or key.startswith("x-")):
                    below = not named and key in ("properties", "patternProperties")
                    pending.append((join(pointer, key), value, below))


def _join(
    merged: dict[str, Json], fragment: Document, pointer: str, owners: dict[str, Document]
) -> None:
    """Add to ``merged`` what ``fragment`` has below ``pointer``, one level after the other."""
    here, there = get(merged, pointer), get(fragment.data, pointer)
    assert isinstance(here, dict)
    if not isinstance(there, dict):
        where = fragment.locate(pointer)
        raise DocumentError("an object is expected here", where=where, pointer=pointer)
    if _is_path_item(pointer) and here:
        for field in [field for field in (*here, *there) if field not in METHODS]:
            _same(merged, fragment, join(pointer, field), owners)
    for key, value in there.items():
        below = join(pointer, key)
        if _is_joined(below):
            here.setdefault(key, {})
            owners.setdefault(below, fragment)
            _join(merged, fragment, below, owners)
        elif pointer == "#" and key == "tags" and key in here:
            _join_tags(here, value, fragment)
        elif key in here:
            _same(merged, fragment, below, owners)
        else:
            here[key] = copy_of(value)
            owners[below] = fragment


def _join_tags(here: dict[str, Json], value: Json, fragment: Document) -> None:
    known = here["tags"]
    if not (isinstance(known, list) and isinstance(value, list)):
        raise DocumentError("tags is a list", where=fragment.locate("#/tags"), pointer="#/tags")
    texts = {canonical(tag) for tag in known}
    known.extend(copy_of(tag) for tag in value if canonical(tag) not in texts)


def _is_joined(pointer: str) -> bool:
    """Whether objects at ``pointer`` are joined member by member, instead of being equal."""
    tokens = pointer.split("/")[1:]
    return tokens[0] in _JOINED and len(tokens) <= 2 and not tokens[-1].startswith("x-")


def _is_path_item(pointer: str) -> bool:
    tokens = pointer.split("/")[1:]
    return len(tokens) == 2 and tokens[0] in ("paths", "webhooks")


def _same(
    merged: dict[str, Json], fragment: Document, pointer: str, owners: dict[str, Document]
) -> None:
    here = get(merged, pointer) if has(merged, pointer) else _ABSENT
    there = get(fragment.data, pointer) if has(fragment.data, pointer) else _ABSENT
    found = next(differences(here, there, pointer), None)
    if found is not None:
        first = owners.get(pointer) or owners.get(pointer.rpartition("/")[0])
        _refuse(found, first or fragment, fragment)


def differences(
    one: Json | _Absent, other: Json | _Absent, pointer: str
) -> Iterator[tuple[str, Json | _Absent, Json | _Absent]]:
    """Where two values differ as JSON data: the deepest pointers, and both values there."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in dict.fromkeys((*one, *other)):
            yield from differences(
                one.get(key, _ABSENT), other.get(key, _ABSENT), join(pointer, key)
            )
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from differences(left, right, join(pointer, index))
    elif isinstance(one, _Absent) or isinstance(other, _Absent):
        if one is not other:
            yield pointer, one, other
    elif canonical(one) != canonical(other):
        yield pointer, one, other


def _refuse(
    found: tuple[str, Json | _Absent, Json | _Absent], first: Document, second: Document
) -> NoReturn:
    pointer, one, other = found
    raise DocumentError(
        f"two pages differ: {_shown(one)} at {first.locate(pointer)}, and here {_shown(other)}",
        where=second.locate(pointer),
        pointer=pointer,
        hint="fetch both pages again: they are of different dates, or one is wrong",
    )


def _shown(value: Json | _Absent) -> str:
    if isinstance(value, _Absent):
        return "nothing"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else text[:79] + "…"


def _refuse_local_servers(fragment: Document) -> None:
    for pointer, url in _servers(fragment.data):
        if _is_local(url):
            hint = "the document was taken from somebody's own machine: fetch the published one"
            where = fragment.locate(pointer)
            what = f"the server {url[:80]!r} is a local one"
            raise DocumentError(what, where=where, pointer=pointer, hint=hint)


def _servers(data: dict[str, Json]) -> Iterator[tuple[str, str]]:
    """Pointer and URL, variables replaced by their defaults, of each server at any level."""
    holders: list[tuple[str, Json]] = [(ROOT, data)]
    paths = data.get("paths")
    for path, item in paths.items() if isinstance(paths, dict) else ():
        holders.append((join("#/paths", path), item))
        for method in METHODS:
            if isinstance(item, dict) and method in item:
                holders.append((join("#/paths", path, method), item[method]))
    for pointer, holder in holders:
        servers = holder.get("servers") if isinstance(holder, dict) else None
        for index, server in enumerate(servers if isinstance(servers, list) else ()):
            url = server.get("url") if isinstance(server, dict) else None
            if isinstance(server, dict) and isinstance(url, str):
                yield join(pointer, "servers", index, "url"), _filled(url, server.get("variables"))


def _filled(url: str, variables: Json) -> str:
    for name, variable in variables.items() if isinstance(variables, dict) else ():
        if isinstance(variable, dict):
            url = url.replace("{" + name + "}", str(variable.get("default", "")))
    return url


def _is_local(url: str) -> bool:
    """Whether a server is on the machine itself: by name, by any spelling of its address, as a file."""
    if "//" not in url and not url.startswith("/"):
        # A host without a scheme, or ``http:host``, which browsers read as ``http://host``.
        url = "//" + url.removeprefix("https:").removeprefix("http:")
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return False
    if parts.scheme == "file" or host == "localhost" or host.endswith(".localhost"):
        return True
    address = _address(host)
    if address is None:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_loopback or mapped.is_unspecified)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a host is, in the short, octal and hexadecimal spellings of IPv4 too."""
    with suppress(ValueError):
        return ipaddress.ip_address(host)
    if not re.fullmatch(r"(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+)){0,3}", host, re.IGNORECASE):
        return None
    with suppress(OSError):
        return ipaddress.IPv4Address(socket.inet_aton(host))
    return None
