"""Refusals of a server, all of one shape.

The shape is the document's own error schema where every JSON body that it declares for 4xx admits
``{"code": ..., "message": ...}`` and no more; else it is ``application/problem+json`` (RFC 9457).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from . import json_text
from .json_text import Json
from .presence import to_json

PROBLEM_JSON = "application/problem+json"

_CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "content_too_large",
    415: "unsupported_media_type",
    500: "internal_error",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """How a refusal is written: ``members`` is ``("code", "message")``, or empty for RFC 9457."""

    media_type: str = PROBLEM_JSON
    members: tuple[str, ...] = ()

    def body(self, refusal: Refusal) -> Json:
        """The JSON body of a refusal."""
        if refusal.body is not None:
            return to_json(refusal.body)
        if self.members:
            return {"code": refusal.code, "message": refusal.message}
        return {
            "type": "about:blank",
            "title": _phrase(refusal.status),
            "status": refusal.status,
            "detail": refusal.message,
            "code": refusal.code,
        }

    def written(self, refusal: Refusal) -> bytes:
        """The body as bytes."""
        return json_text.write(self.body(refusal))


class Refusal(Exception):
    """Raised by an implementation to refuse a request.

    Args:
        status: the status code, 400 to 599.
        message: for the caller to read.
        code: a word for programs; without one, that of the status.
        body: a value of a declared error type, sent instead of code and message.
        headers: further header fields.
    """

    def __init__(
        self,
        status: int,
        message: str = "",
        *,
        code: str | None = None,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message or _phrase(status))
        if not 400 <= status <= 599:
            raise ValueError("a refusal has a status from 400 to 599")
        self.status = status
        self.message = message or _phrase(status)
        self.code = code or _CODES.get(status, f"status_{status}")
        self.body = body
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls: what ``authenticate`` may give back, or any object of your own."""

    name: str
    details: Mapping[str, object] = field(default_factory=dict[str, object])


def challenge(prefixes: Sequence[str]) -> str:
    """The ``WWW-Authenticate`` field of a 401 (RFC 9110, 11.6.1)."""
    schemes = dict.fromkeys(prefix.strip() or "ApiKey" for prefix in prefixes)
    return ", ".join(schemes) or "ApiKey"


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"
