"""URI references against their base, as far as schemas need it (RFC 3986, section 5)."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes, urljoin, urlsplit


def joined(base: str, reference: str) -> tuple[str, str]:
    """The URI without fragment that ``reference`` means at ``base``, and the fragment decoded.

    Raises:
        ValueError: it is no URI reference, or its fragment is not percent-encoded UTF-8.
    """
    place, _, fragment = reference.partition("#")
    decoded = unquote_to_bytes(fragment).decode()
    if not place:
        return base, decoded
    if urlsplit(place).scheme:
        return place, decoded
    return urljoin(base, place), decoded


def is_plain(reference: str) -> bool:
    """Whether it is a JSON Pointer into the document where it stands."""
    return reference == "#" or reference.startswith("#/")
