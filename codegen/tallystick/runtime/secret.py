"""A credential that shows itself only to the code which puts it on the wire."""

from __future__ import annotations

import os
from typing import NoReturn

from .errors import CredentialError

MASK = "<redacted>"


class Secret:
    """A credential, checked when it is made and masked wherever it is shown.

    Args:
        value: the credential as its owner was given it, without the prefix of the scheme.
        name: the argument that it came from; errors name it, never the value.

    Raises:
        CredentialError: no header field may hold the value (RFC 9110, 5.5), or its ends are blank:
            in practice, a file read with its last newline.
    """

    __slots__ = ("_value", "name", "problem")

    def __init__(self, value: str, name: str = "key") -> None:
        self._hold(value, name)
        del value
        self.check()

    def _hold(self, value: str, name: str) -> None:
        self.name = name
        self.problem = _problem(value)
        self._value = "" if self.problem else value

    @classmethod
    def held(cls, value: str, name: str) -> Secret:
        """A secret that may be unusable, and says so only when it is checked.

        Whoever was handed the bare value can let go of it first: the frames of an error that is
        raised then do not hold it.
        """
        secret = cls.__new__(cls)
        secret._hold(value, name)
        return secret

    def check(self) -> None:
        """Raise ``CredentialError`` if no header field may hold the credential."""
        if self.problem:
            raise CredentialError(f"`{self.name}` {self.problem}")

    def reveal(self) -> str:
        """The credential itself: for the wire, never for a text that somebody reads."""
        return self._value

    def scrub(self, text: str) -> str:
        """``text`` with every occurrence of the credential masked."""
        return text.replace(self._value, MASK)

    def scrub_bytes(self, data: bytes) -> bytes:
        """``data`` with every occurrence of the credential masked."""
        return data.replace(self._value.encode("latin-1"), MASK.encode())

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> NoReturn:
        raise CredentialError(f"`{self.name}` is a secret and cannot be pickled or copied")


def held(value: str | Secret | None, name: str, env: str) -> Secret | None:
    """The credential given as the argument ``name``, else by the environment variable ``env``.

    It is not checked yet, so nothing is raised while the bare value is in a frame.
    """
    if isinstance(value, Secret):
        return value
    if value is not None:
        return Secret.held(value, name)
    found = os.environ.get(env)
    return None if found is None else Secret.held(found, env)


def _problem(value: object) -> str | None:
    if not isinstance(value, str):
        return "must be a string"
    if not value:
        return "is empty"
    if value != value.strip():
        return "begins or ends with white space; a file's last newline, perhaps"
    if any(ord(char) < 32 or ord(char) == 127 for char in value):
        return "has a control character"
    if any(ord(char) > 126 for char in value):
        return "has a character outside ASCII"
    return None
