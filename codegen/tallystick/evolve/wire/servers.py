"""Servers beside each other: the URLs where the API stands, and their variables."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from tallystick.contract import Operation, Server, ServerVariable
from tallystick.document import Json

from ..records import Spot, Witness
from .alignment import Alignment
from .collecting import Collection, Draft
from .witnessing import REQUEST, sides
from .words import WHO, coded, listed, named, shown


def compare_servers(held: Collection, alignment: Alignment) -> None:
    """Those of the whole API, and those that an operation has for itself."""
    _compare(held, held.old.contract.servers, held.new.contract.servers, None)
    for pair in alignment.pairs:
        if pair.new.incoming is None and (pair.old.servers or pair.new.servers):
            # Its own stand for those of the document (OpenAPI 3.1, 4.8.10).
            was = pair.old.servers or held.old.contract.servers
            now = pair.new.servers or held.new.contract.servers
            _compare(held, was, now, pair.new)


def _compare(
    held: Collection, old: tuple[Server, ...], new: tuple[Server, ...], operation: Operation | None
) -> None:
    pairs = _paired(old, new)
    kept = {id(was): now for was, now in pairs}
    taken = {id(now) for _, now in pairs}
    gone = [each for each in old if id(each) not in kept]
    came = [each for each in new if id(each) not in taken]
    if len(gone) == len(came) == 1:
        _changed(held, gone[0], came[0], operation)
    else:
        for was in gone:
            said = f"the server {coded(was.url)} of {WHO} is gone"
            draft = _draft("server-removed", was, None, said, operation)
            held.add(_shown(held, replace(draft, before=was.url), was, None))
        for now in came:
            said = f"{coded(now.url)} is a server of {WHO} now"
            held.add(replace(_draft("server-added", None, now, said, operation), after=now.url))
    for was, now in pairs:
        _variables(held, was, now, operation)
    if old and new and kept.get(id(old[0]), new[0]) is not new[0]:
        said = f"{coded(new[0].url)} is the first server of {WHO} now, and {coded(old[0].url)} was"
        held.add(_draft("default-server-changed", old[0], new[0], said, operation))


def _paired(old: tuple[Server, ...], new: tuple[Server, ...]) -> list[tuple[Server, Server]]:
    """The same URL; what its variables are called does not count, nor a slash at the end."""
    left = list(new)
    pairs: list[tuple[Server, Server]] = []
    for was in old:
        same = [each for each in left if _blank(each.url) == _blank(was.url)]
        exact = [each for each in same if each.url == was.url]
        for now in (exact or same)[:1]:
            pairs.append((was, now))
            left = [each for each in left if each is not now]
    return pairs


def _blank(url: str) -> str:
    return re.sub(r"\{[^{}]*\}", "{}", url).rstrip("/")


def _changed(held: Collection, was: Server, now: Server, operation: Operation | None) -> None:
    said = f"the server of {WHO} is {coded(now.url)} now, and was {coded(was.url)}"
    draft = _draft("server-changed", was, now, said, operation)
    held.add(_shown(held, replace(draft, before=was.url, after=now.url), was, now))


def _draft(
    kind: str, was: Server | None, now: Server | None, said: str, operation: Operation | None
) -> Draft:
    return Draft(
        kind,
        "request",
        was.pointer if was else None,
        now.pointer if now else None,
        said,
        where=f"{named(operation)}, servers" if operation else "servers",
        operation=operation,
    )


def _shown(held: Collection, draft: Draft, was: Server | None, now: Server | None) -> Draft:
    """A change with requests to where the API stands in one contract alone."""
    found: list[Witness] = []
    for side in sides(draft):
        contract, server = (held.old.contract, was) if side == "old" else (held.new.contract, now)
        first = draft.operation or next(iter(contract.operations), None)
        if first is None or server is None:
            continue
        url = re.sub(r"\{([^{}]*)\}", partial(_default, server), server.url).rstrip("/")
        value: Json = {"method": first.method, "url": f"{url}{first.path}"}
        found.append(Witness(Spot(named(first), REQUEST, "request"), value, "/url", side))
    return replace(draft, witnesses=tuple(found))


def _default(server: Server, found: re.Match[str]) -> str:
    variable = next((each for each in server.variables if each.name == found[1]), None)
    return (variable and variable.default) or found[1]


def _variables(held: Collection, was: Server, now: Server, operation: Operation | None) -> None:
    """The variables by their position in the URL."""
    for before, after in zip(was.variables, now.variables, strict=False):
        name = coded(after.name)
        if before.name != after.name:
            said = f"the variable {name} of the URL {coded(now.url)} was {coded(before.name)}"
            held.note(_draft("server-variable-renamed", was, now, said, operation))
        if before.default != after.default:
            said = (
                f"the variable {name} of the URL {coded(now.url)} is {shown(after.default)} unless"
                f" another is given now, and was {shown(before.default)}"
            )
            draft = _draft("server-variable-default-changed", was, now, said, operation)
            held.add(replace(draft, before=before.default, after=after.default))
        _listed_values(held, (was, now), (before, after), operation)


def _listed_values(
    held: Collection,
    servers: tuple[Server, Server],
    variables: tuple[ServerVariable, ServerVariable],
    operation: Operation | None,
) -> None:
    (was, now), (before, after) = servers, variables
    came = [each for each in after.enum if each not in before.enum] if before.enum else []
    gone = [each for each in before.enum if each not in after.enum] if after.enum else []
    place = f"the variable {coded(after.name)} of the URL {coded(now.url)}"
    if came or (before.enum and not after.enum):
        words = f"{listed([coded(each) for each in came], 'or')}" if after.enum else "anything"
        draft = _draft(
            "server-variable-value-added", was, now, f"{place} may be {words} now", operation
        )
        held.add(replace(draft, before=list(before.enum), after=list(after.enum)))
    if gone or (after.enum and not before.enum):
        if before.enum:
            words = f"{listed([coded(each) for each in gone], 'or')} no longer"
        else:
            words = f"only {listed([coded(each) for each in after.enum], 'or')} now"
        draft = _draft(
            "server-variable-value-removed", was, now, f"{place} may be {words}", operation
        )
        draft = replace(draft, before=list(before.enum), after=list(after.enum))
        held.add(_shown(held, draft, _with(was, before, gone), None))


def _with(server: Server, variable: ServerVariable, gone: list[str]) -> Server:
    """A server whose variable is a value that went."""
    value = gone[0] if gone else "any"
    kept = [replace(v, default=value) if v is variable else v for v in server.variables]
    return replace(server, variables=tuple(kept))
