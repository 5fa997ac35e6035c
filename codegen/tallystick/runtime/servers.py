"""URLs of servers, their variables filled in (OpenAPI 3.1, 4.8.5 and 4.8.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urljoin

from .errors import UnsafeValue

_NO_ENUMS: Mapping[str, Sequence[str]] = {}
_STRUCTURE = frozenset("@?#\\{}% ")


def filled(
    template: str,
    values: Mapping[str, str],
    enums: Mapping[str, Sequence[str]] = _NO_ENUMS,
    origin: str | None = None,
) -> str:
    """The URL of a server.

    Args:
        template: as the document has it.
        values: the value of each variable, by its name.
        enums: the values that a variable may have, where the document lists them.
        origin: where the document lies, for a relative URL.

    Raises:
        UnsafeValue: a value is none of those listed, or would change what the URL means.
    """
    url = template
    for name, value in values.items():
        listed = enums.get(name)
        if listed is not None and value not in listed:
            raise UnsafeValue(f"the server variable {name!r} must be one of {', '.join(listed)}")
        if not value.isascii() or not value.isprintable() or _STRUCTURE & set(value):
            raise UnsafeValue(f"the server variable {name!r} has a character that no URL part has")
        url = url.replace(f"{{{name}}}", value)
    return url if origin is None else relative(origin, url)


def relative(base: str, url: str) -> str:
    """A URL reference resolved against a base URL (RFC 3986, 5.2)."""
    return urljoin(f"{base.rstrip('/')}/", url).rstrip("/")


def is_relative(url: str) -> bool:
    """Whether a URL reference names no host."""
    return "://" not in url.partition("?")[0] and not url.startswith("//")
