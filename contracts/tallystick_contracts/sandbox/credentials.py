"""Who calls: the credentials of a request against the security that an operation asks for.

A scheme is satisfied by the key, exactly as written, behind the scheme's prefix. The name of an
``http`` scheme is read without regard to case (RFC 9110, 11.1); the prefix of an ``apiKey`` is
exact. Mutual TLS belongs to the transport and is taken as given.
"""

from __future__ import annotations

import base64
import hmac
from urllib.parse import unquote_plus

from tallystick.contract import SecurityScheme

from .parameters import cookies
from .records import Call


def authorised(
    call: Call,
    security: tuple[tuple[str, ...], ...],
    schemes: dict[str, SecurityScheme],
    key: str,
) -> bool:
    """Whether one alternative of ``security`` is satisfied whole; none at all asks for nothing."""
    return not security or any(
        all(name in schemes and satisfied(call, schemes[name], key) for name in alternative)
        for alternative in security
    )


def satisfied(call: Call, scheme: SecurityScheme, key: str) -> bool:
    """Whether a call carries the key by this scheme."""
    if scheme.kind == "mutualTLS":
        return True
    return any(_equal(said, each) for said in sent(call, scheme) for each in expected(scheme, key))


def sent(call: Call, scheme: SecurityScheme) -> list[str]:
    """What a call says where the scheme looks."""
    name = scheme.parameter or "Authorization"
    if scheme.kind == "apiKey" and scheme.location == "query":
        pairs = ((unquote_plus(each), unquote_plus(value)) for each, value in call.query)
        return [value for each, value in pairs if each == name][:1]
    if scheme.kind == "apiKey" and scheme.location == "cookie":
        return [value for each, value in cookies(call) if each == name][:1]
    value = call.headers.get(name.lower())
    if value is None:
        return []
    return [value if scheme.kind == "apiKey" else _plain(value)]


def expected(scheme: SecurityScheme, key: str) -> list[str]:
    """The values that satisfy a scheme; for Basic the key may be the pair or its encoding."""
    if scheme.kind == "apiKey":
        return [f"{scheme.prefix}{key}"]
    accepted = [_plain(f"{scheme.prefix}{key}")]
    if (scheme.scheme or "").lower() == "basic":
        encoded = base64.b64encode(key.encode()).decode()
        accepted.append(_plain(f"{scheme.prefix}{encoded}"))
    return accepted


def _plain(value: str) -> str:
    """A value with its scheme name in lower case."""
    name, space, rest = value.partition(" ")
    return f"{name.lower()}{space}{rest}" if space else value


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
