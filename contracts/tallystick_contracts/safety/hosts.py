"""Which hosts may be sent requests: this machine, and those that were named; checked by address."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias
from urllib.parse import urlsplit

from tallystick.errors import UsageError

Resolve: TypeAlias = Callable[[str, int], Sequence[str]]
"""The addresses of a host name and port, as the system resolves them."""

_UNFIT = re.compile(r"[\s\\\x00-\x20\x7f-\uffff]")


def permitted(url: str, allowed: Sequence[str]) -> None:
    """Refuse a URL whose host is neither this machine nor named.

    Nothing is resolved: of names only ``localhost`` and those below it count as this machine
    (RFC 6761, 6.3), and of numbers only addresses written as such. ``0.0.0.0`` and ``[::]`` name
    no host, and ``2130706433`` is a name like any other.

    Args:
        url: the base URL of the server.
        allowed: hosts that may be sent requests beside this machine.

    Raises:
        UsageError: the host may not be sent anything, or what is allowed is no host.
    """
    if _UNFIT.search(url):
        raise UsageError("the server's address holds characters that no URL may hold")
    named = _named(allowed)
    try:
        host = _plain(urlsplit(url).hostname or "")
    except ValueError:
        raise UsageError("the server's address is not a URL") from None
    if host and (_here(host) or host in named):
        return
    raise UsageError(
        f"{host or 'the address'} is not this machine, and the suite creates and changes things",
        hint=f"say --allow-host {host} if it may be tested" if host else "name a host",
    )


def addresses(
    host: str, port: int, allowed: Sequence[str] = (), resolve: Resolve | None = None
) -> tuple[str, ...]:
    """The addresses to connect to, so that what is reached is what was checked.

    A host that was not named must be this machine at every address that its name has.

    Raises:
        UsageError: it is elsewhere, or has no address.
    """
    host = _plain(host)
    if _address(host) is not None:
        found: tuple[str, ...] = (host,)
    else:
        found = tuple(dict.fromkeys((resolve or _resolved)(host, port)))
    if not found:
        raise UsageError(f"{host} has no address")
    elsewhere = [each for each in found if not _loopback(each)]
    if elsewhere and host not in _named(allowed):
        raise UsageError(
            f"{host} is at {elsewhere[0]}, which is not this machine",
            hint=f"say --allow-host {host} if it may be tested",
        )
    return found


def _resolved(host: str, port: int) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(str(each[4][0]) for each in found)


def _named(allowed: Iterable[str]) -> frozenset[str]:
    for each in allowed:
        if not each or "/" in each or "@" in each or _UNFIT.search(each):
            raise UsageError(
                f"--allow-host {each!r} is no host", hint="name it without scheme, port and path"
            )
    return frozenset(_plain(each.removeprefix("[").removesuffix("]")) for each in allowed)


def _plain(host: str) -> str:
    """A host as names compare: in lower case, without the dot of the root."""
    return host.lower().removesuffix(".")


def _here(host: str) -> bool:
    return host == "localhost" or host.endswith(".localhost") or _loopback(host)


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _loopback(host: str) -> bool:
    address = _address(host)
    mapped = getattr(address, "ipv4_mapped", None)
    return address is not None and (mapped or address).is_loopback
