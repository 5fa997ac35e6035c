"""Why a request is refused, and the answer that says so in the contract's own form."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

ORDER = (404, 405, 401, 413, 415, 400, 404, 409)
"""Which refusal a request meets first: no such path, no such method, no credential, a body that is
too large, of a wrong media type, wrong parameters or a wrong body, no such resource, a conflict.
None has an effect."""


@dataclass(frozen=True)
class Refusal(Exception):
    """A request is refused; nothing was changed."""

    status: int
    message: str
    """One sentence for people; it never holds a credential or text of the request."""
    allow: tuple[str, ...] = ()
    """With 405: the methods that the path has."""

    @property
    def code(self) -> str:
        """The kind of refusal for programs: ``NOT_FOUND``."""
        return HTTPStatus(self.status).name
