"""A request as a record, built without any I/O: where it goes, what it carries, in which form."""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import AsyncIterable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast
from urllib.parse import urlsplit

from pydantic import MISSING, BaseModel, ValidationError

from . import bodies, parameters
from .errors import CredentialError, UnsafeValue
from .operation import Body, Operation, Scheme, admits, is_json
from .paths import fill
from .secret import Secret
from .styles import Inexpressible

Upload: TypeAlias = bytes | Iterable[bytes]
"""A body as bytes, or as what gives them: a file opened for reading bytes, an iterator."""

AsyncUpload: TypeAlias = bytes | Iterable[bytes] | AsyncIterable[bytes]
"""The same for an asyncio client; what blocks is read in a thread."""

_IDEMPOTENT = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "QUERY"})


@dataclass(frozen=True, slots=True)
class Credential:
    """A secret and the place on a request where it goes."""

    scheme: Scheme
    secret: Secret

    @property
    def text(self) -> str:
        """What stands on the wire."""
        value = self.secret.reveal()
        if self.scheme.basic:
            value = base64.b64encode(value.encode()).decode()
        return f"{self.scheme.prefix}{value}"


@dataclass(frozen=True, slots=True)
class Request:
    """One request, complete but for its credentials, which join it on the wire only."""

    method: str
    template: str
    base: str
    """Scheme, host, port and prefix, without a last slash."""
    path: str
    query: tuple[tuple[str, str], ...] = ()
    """Escaped pairs."""
    headers: tuple[tuple[str, str], ...] = ()
    cookies: tuple[tuple[str, str], ...] = ()
    body: AsyncUpload | None = field(default=None, repr=False)
    credentials: tuple[Credential, ...] = ()

    @property
    def idempotent(self) -> bool:
        """Whether sending it twice is the same as once (RFC 9110, 9.2.2).

        A body that is read while it is sent can be sent once only.
        """
        return self.method in _IDEMPOTENT and self.whole

    @property
    def whole(self) -> bool:
        """Whether its body is at hand, and not read while it is sent."""
        return self.body is None or isinstance(self.body, bytes)

    def wire(self) -> tuple[str, list[tuple[str, str]]]:
        """The URL and the header fields, credentials included: do not keep, show or log them."""
        query, headers = [*self.query], [*self.headers]
        cookies = [*self.cookies]
        for credential in self.credentials:
            place, name = credential.scheme.location, credential.scheme.parameter
            if place == "query":
                query.append((parameters.escape(name), parameters.escape(credential.text)))
            elif place == "cookie":
                cookies.append((parameters.escape(name), parameters.escape(credential.text)))
            else:
                headers.append((name, credential.text))
        if cookies:
            headers.append(("Cookie", "; ".join(f"{name}={value}" for name, value in cookies)))
        target = "&".join(f"{name}={value}" for name, value in query)
        return f"{self.base}{self.path}{'?' if target else ''}{target}", headers

    def scrub(self, text: str) -> str:
        """``text`` with every credential of this request masked."""
        for credential in self.credentials:
            text = credential.secret.scrub(text.replace(credential.text, str(credential.secret)))
        return text

    def scrub_bytes(self, data: bytes) -> bytes:
        """``data`` with every credential of this request masked."""
        for credential in self.credentials:
            masked = data.replace(credential.text.encode(), str(credential.secret).encode())
            data = credential.secret.scrub_bytes(masked)
        return data


def base_url(url: str, *, secret: bool, allow_insecure: bool) -> str:
    """A base URL, checked, without a last slash.

    Raises:
        UnsafeValue: it is no absolute http(s) URL, holds user info, a query or a fragment, or a
            credential would travel unencrypted to another machine.
    """
    problem = _base_problem(url, secret and not allow_insecure)
    if problem:
        raise UnsafeValue(f"`base_url` {problem}")
    return url.rstrip("/")


def _base_problem(url: str, encrypted: bool) -> str | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "is not a URL"
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "must be an absolute http or https URL"
    if "@" in parts.netloc:
        return "must not hold user info; give the credential as an argument"
    if parts.query or parts.fragment or not url.isascii() or not url.isprintable() or " " in url:
        return "must hold no query, fragment, space, control or non-ASCII character"
    if "{" in url or any(part in (".", "..") for part in parts.path.split("/")):
        return "must hold no template variable and no '.' or '..' segment"
    if encrypted and parts.scheme == "http" and not loopback(parts.hostname):
        return "is unencrypted, and a credential would travel; use https or allow_insecure=True"
    return None


def loopback(host: str) -> bool:
    """Whether a host is this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def build(
    operation: Operation[object],
    arguments: Mapping[str, object],
    *,
    base: str,
    credentials: Sequence[Credential] = (),
    body: object = MISSING,
    content_type: str | None = None,
) -> Request:
    """The request of one call.

    Args:
        arguments: the parameters by Python name; ``MISSING`` is not sent.
        body: a value of the declared kind, or items of it; or bytes, or what gives them, where it has
            no kind.
        content_type: the media type of such bytes.

    Raises:
        UnsafeValue: an argument or the body cannot be carried as it is.
    """
    parts = parameters.write(operation, arguments)
    content, media_type = _body(operation, body, content_type)
    headers = [("Accept", _accept(operation)), *parts.headers.items()]
    if media_type is not None:
        headers.append(("Content-Type", media_type))
    return Request(
        method=operation.method,
        template=operation.path,
        base=base,
        path=fill(operation.path, parts.path),
        query=tuple(parts.query),
        headers=tuple(headers),
        cookies=tuple(parts.cookies),
        body=content,
        credentials=tuple(credentials),
    )


def choose(
    operation: Operation[object], schemes: Mapping[str, Scheme], secrets: Mapping[str, Secret]
) -> tuple[Credential, ...]:
    """The credentials of the first alternative for which all secrets are there.

    What needs no secret comes last: a certificate of the transport, then to be anonymous. Two schemes
    of one alternative that have the same place on a request cannot both be sent.

    Raises:
        CredentialError: there is none; the text names the arguments and variables to set.
    """
    if not operation.security:
        return ()
    for alternative in sorted(operation.security, key=lambda each: _last(each, schemes)):
        known = [schemes[name] for name in alternative if name in schemes]
        needed = [each for each in known if each.location != "transport"]
        places = {(each.location, each.parameter.lower()) for each in needed}
        if len(known) < len(alternative) or len(places) < len(needed):
            continue
        if all(each.name in secrets for each in needed):
            return tuple(Credential(each, secrets[each.name]) for each in needed)
    ways = [
        " and ".join(_ask(schemes.get(name), name) for name in alternative)
        for alternative in operation.security
    ]
    raise CredentialError(
        f"a credential is needed: {', or '.join(ways)}",
        method=operation.method,
        path=operation.path,
    )


def _last(alternative: tuple[str, ...], schemes: Mapping[str, Scheme]) -> tuple[bool, bool]:
    found = [schemes[name].location for name in alternative if name in schemes]
    return all(each == "transport" for each in found), not alternative


def _ask(scheme: Scheme | None, name: str) -> str:
    if scheme is not None and scheme.location == "transport":
        return f"the client certificate {name!r}"
    if scheme is None:
        return f"the scheme {name!r}, which this client cannot send"
    return f"the argument `{scheme.argument}` or the environment variable {scheme.env}"


def _accept(operation: Operation[object]) -> str:
    declared = (answer.media_type for answer in operation.answers)
    return ", ".join(dict.fromkeys(each for each in declared if each)) or "*/*"


def _body(
    operation: Operation[Any, Any], body: object, content_type: str | None
) -> tuple[AsyncUpload | None, str | None]:
    """The body in the first of its forms that takes it, with its media type."""
    if body is MISSING or operation.body is None:
        return None, None
    forms = operation.body.forms
    if content_type is not None:
        forms = tuple(each for each in forms if _admitted(each.media_types, content_type))
    problems: list[str] = []
    for form in forms:
        written = _written(form, body, content_type)
        if not isinstance(written, str):
            return written
        problems.append(written)
    declared = ", ".join(name for each in operation.body.forms for name in each.media_types)
    what = " or ".join(dict.fromkeys(problems)) or f"`content_type` must be one of {declared}"
    raise UnsafeValue(what, method=operation.method, path=operation.path)


def _written(form: Body, body: object, content_type: str | None) -> tuple[AsyncUpload, str] | str:
    """The body in one form, or why it has none there."""
    if form.raw:
        concrete = (each for each in form.media_types if "*" not in each)
        media_type = content_type or next(concrete, None)
        problem = _raw_problem(form.media_types, body, media_type)
        return problem or (cast("AsyncUpload", body), media_type or "")
    try:
        content, media_type = bodies.write(form, body)
    except Inexpressible as error:
        return f"`body` {error}"
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        at = ".".join(str(part) for part in first["loc"])
        return f"`body` is not valid{f' at {at}' if at else ''}: {first['msg']}"
    except (ValueError, TypeError):
        return "`body` is not of the declared type"
    return content, content_type if content_type and is_json(media_type) else media_type


def _admitted(declared: Sequence[str], content_type: str) -> bool:
    plain = content_type.isascii() and content_type.isprintable()
    return plain and any(admits(each, content_type) for each in declared)


def _raw_problem(declared: Sequence[str], body: object, content_type: str | None) -> str:
    if isinstance(body, str | dict | list | BaseModel) or not isinstance(
        body, bytes | Iterable | AsyncIterable
    ):
        return "`body` must be bytes, a file or an iterator of bytes"
    if content_type is None or not content_type.isascii() or not content_type.isprintable():
        return "`content_type` must be a media type"
    if not any(admits(each, content_type) for each in declared):
        return f"`content_type` must be one of {', '.join(declared)}"
    return ""
