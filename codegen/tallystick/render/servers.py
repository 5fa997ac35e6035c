"""Servers of a document as functions that give a base URL, and the one that an operation has."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from tallystick.contract import Contract, Operation, Server
from tallystick.errors import TallystickError
from tallystick.jinja import Code, literal
from tallystick.runtime.errors import UnsafeValue
from tallystick.runtime.servers import filled, is_relative


@dataclass(frozen=True, slots=True)
class ServerFunction:
    """One server as a function."""

    name: Code
    signature: Code
    docstring: str
    given: Code
    """The arguments of ``filled``."""


def default_server(contract: Contract) -> str | None:
    """The first server with its defaults, if it is a plain https URL: it stands in a signature."""
    url = usual(contract.servers[0]) if contract.servers else None
    return url if url is not None and _plain(url) else None


def own_server(operation: Operation) -> str | None:
    """Where an operation is that says so itself: a plain https URL, or a reference."""
    url = usual(operation.servers[0]) if operation.servers else None
    if url is None or not (is_relative(url) or _plain(url)):
        return None
    return url if url.isascii() and url.isprintable() and not set("?#{}") & set(url) else None


def usual(server: Server) -> str | None:
    """The URL of a server with the defaults of its variables; None where one has none."""
    values = {each.name: each.default for each in server.variables if each.default is not None}
    if len(values) < len(server.variables):
        return None
    try:
        return filled(server.url, values)
    except (UnsafeValue, TallystickError):
        return None


def _plain(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    plain = parts.scheme == "https" and parts.hostname and not parts.query and not parts.fragment
    return bool(plain) and "@" not in parts.netloc and "{" not in url


def server_functions(contract: Contract) -> tuple[ServerFunction, ...]:
    """A function for each server, where there is anything to choose or to fill in."""
    distinct = {each.identifier: each for each in contract.servers}
    plain = all(not each.variables and not is_relative(each.url) for each in contract.servers)
    return () if plain and len(distinct) < 2 else tuple(map(_function, distinct.values()))


def _function(server: Server) -> ServerFunction:
    arguments = ["origin: str"] if is_relative(server.url) else []
    needed = [each for each in server.variables if each.default is None]
    defaulted = [each for each in server.variables if each.default is not None]
    arguments += ["*"] if server.variables else []
    for each in (*needed, *defaulted):
        listed = each.enum if each.default is None or each.default in each.enum else ()
        values = ", ".join(literal(value) for value in listed)
        annotation = f"Literal[{values}]" if listed else "str"
        default = "" if each.default is None else f" = {literal(each.default)}"
        arguments.append(f"{each.identifier}: {annotation}{default}")
    values = ", ".join(f"{literal(each.name)}: {each.identifier}" for each in server.variables)
    enums = ", ".join(
        f"{literal(each.name)}: {literal(each.enum)}" for each in server.variables if each.enum
    )
    given = [str(literal(server.url)), f"{{{values}}}"]
    given += [f"{{{enums}}}"] if enums else []
    given += ["origin=origin"] if is_relative(server.url) else []
    about = " ".join((server.description or "A server of the API").split()).rstrip(".")
    return ServerFunction(
        name=Code(server.identifier),
        signature=Code(", ".join(arguments)),
        docstring=f"{about}: ``{server.url}``.",
        given=Code(", ".join(given)),
    )
