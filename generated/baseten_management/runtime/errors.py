"""What can go wrong in a call, as values with fields.

ClientError
├── UnsafeValue        an argument that no request can carry; nothing was sent
├── CredentialError    a credential is missing, or no header may hold it; nothing was sent
├── ConnectError       no connection, or it broke
├── TimeoutError       a timeout or the total deadline passed
│   └── WaitTimeout    an accepted update did not become visible in time
├── BodyTooLarge       the decoded answer is larger than the cap
├── DecodeError        the answer is not what the document declares
└── StatusError        the server refused: 4xx, 5xx, or a redirect, which is never followed
    ├── RedirectError
    ├── ClientStatusError    BadRequest, Unauthorized, Forbidden, NotFound, Conflict, other 4xx
    └── ServerStatusError
"""

from __future__ import annotations

LONGEST = 2000
"""No error text is longer, in characters; ``body`` holds the whole answer."""


class ClientError(Exception):
    """A call failed. Hashable by identity, picklable, and never holds a credential.

    Args:
        what: what is wrong, in one sentence without a closing full stop.
        method: the HTTP method of the operation, where there is one.
        path: its path template.
        status: the status code of the answer, if one came.
        body: the raw body of the answer, as far as it was read.
        parsed: the body as the declared error schema reads it, None where it does not fit.
        request_id: the identifier that the server gave the request, to quote to its operators.
        state: for ``WaitTimeout``, the state that was read last.
    """

    def __init__(
        self,
        what: str,
        *,
        method: str | None = None,
        path: str | None = None,
        status: int | None = None,
        body: bytes = b"",
        parsed: object = None,
        request_id: str | None = None,
        state: object = None,
    ) -> None:
        super().__init__(what)
        self.what = what
        self.method = method
        self.path = path
        self.status = status
        self.body = body
        self.parsed = parsed
        self.request_id = request_id
        self.state = state

    def __str__(self) -> str:
        operation = f"{self.method} {self.path}: " if self.method and self.path else ""
        tail = f" (request id {self.request_id})" if self.request_id else ""
        return printable(f"{operation}{self.what}{tail}")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.what, {**self.__dict__}))


class UnsafeValue(ClientError):
    """An argument cannot be carried without changing what the request means; nothing was sent."""


class CredentialError(ClientError):
    """A credential is missing or malformed; the text names the argument, never the value."""


class ConnectError(ClientError):
    """The connection could not be made, or broke before the answer was complete."""


class TimeoutError(ClientError):
    """A timeout or the total deadline passed."""


class WaitTimeout(TimeoutError):
    """The update was accepted and did not become visible in time; ``state`` was read last."""


class BodyTooLarge(ClientError):
    """The decoded answer is larger than ``max_body``, or encoded more than once."""


class DecodeError(ClientError):
    """The answer is not what the document declares: its media type, its JSON or its members."""


class StatusError(ClientError):
    """The server answered with a status that is no success."""


class RedirectError(StatusError):
    """The server answered 3xx. Redirects are not followed, so that no credential travels."""


class ClientStatusError(StatusError):
    """The server refused the request: 4xx."""


class BadRequest(ClientStatusError):
    """400."""


class Unauthorized(ClientStatusError):
    """401: no credential, or one that the server does not know."""


class Forbidden(ClientStatusError):
    """403: the credential does not allow this."""


class NotFound(ClientStatusError):
    """404."""


class Conflict(ClientStatusError):
    """409."""


class ServerStatusError(StatusError):
    """The server failed: 5xx."""


_BY_STATUS: dict[int, type[StatusError]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
}
_BY_CLASS: dict[int, type[StatusError]] = {
    3: RedirectError,
    4: ClientStatusError,
    5: ServerStatusError,
}


def status_error(status: int) -> type[StatusError]:
    """The type of the error for a status code."""
    return _BY_STATUS.get(status) or _BY_CLASS.get(status // 100, StatusError)


def printable(text: str) -> str:
    """``text`` without terminal sequences, no longer than ``LONGEST`` characters."""
    shown = "".join(
        char if char.isprintable() else char.encode("unicode_escape", "backslashreplace").decode()
        for char in text[:LONGEST]
    )
    return shown if len(shown) < LONGEST else f"{shown[: LONGEST - 4]} ..."


def _rebuild(kind: type[ClientError], what: str, fields: dict[str, object]) -> ClientError:
    error = kind(what)
    error.__dict__.update(fields)
    return error
