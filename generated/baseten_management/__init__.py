# Generated from openapi.yaml by tallystick. Do not edit.
"""Baseten management API: a typed client, and server stubs that fit it."""

from typing import TYPE_CHECKING

from .runtime.lazy import loaded

if TYPE_CHECKING:
    from . import models
    from .api import Api, AsyncApi
    from .client import AsyncClient, Client
    from .runtime.drift import DriftWarning
    from .runtime.errors import ClientError
    from .runtime.events import Event
    from .runtime.files import File
    from .runtime.operation import Chunks, Raw
    from .runtime.policy import Retries, Timeout
    from .runtime.presence import MISSING, is_set
    from .runtime.secret import Secret
    from .runtime.unknown import is_unknown
else:

    def __getattr__(name: str) -> object:
        return loaded(__name__, _PLACES, name)

    def __dir__() -> list[str]:
        return __all__


DOCUMENT_DIGEST = "4e4ff579e4cb035bd44f34931556b378110eeeafb33f11f3b7a1b14264104a8e"
"""SHA-256 of what the document promises, without code samples."""

_PLACES = {
    "MISSING": "runtime.presence",
    "Api": "api",
    "AsyncApi": "api",
    "AsyncClient": "client",
    "Client": "client",
    "Chunks": "runtime.operation",
    "ClientError": "runtime.errors",
    "DriftWarning": "runtime.drift",
    "Event": "runtime.events",
    "File": "runtime.files",
    "Raw": "runtime.operation",
    "Retries": "runtime.policy",
    "Secret": "runtime.secret",
    "Timeout": "runtime.policy",
    "api": "api",
    "client": "client",
    "is_set": "runtime.presence",
    "is_unknown": "runtime.unknown",
    "models": "models",
}
"""The module behind each name, which is loaded when the name is first used."""

__all__ = [
    "DOCUMENT_DIGEST",
    "MISSING",
    "Api",
    "AsyncApi",
    "AsyncClient",
    "Chunks",
    "Client",
    "ClientError",
    "DriftWarning",
    "Event",
    "File",
    "Raw",
    "Retries",
    "Secret",
    "Timeout",
    "is_set",
    "is_unknown",
    "models",
]
