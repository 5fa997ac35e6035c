# Generated from openapi.yaml by tallystick. Do not edit.
"""The server half: an implementation of the protocol becomes an ASGI application."""

from __future__ import annotations

from starlette.types import ASGIApp

from .api import Api, AsyncApi
from .operations import OPERATIONS, SCHEMES, SHAPE
from .runtime.serving import MAX_BODY, Authenticate, served


def application(
    implementation: AsyncApi | Api,
    *,
    authenticate: Authenticate,
    max_body: int = MAX_BODY,
) -> ASGIApp:
    """An ASGI application that answers every operation by calling ``implementation``.

    Args:
        implementation: an object with the resources as attributes and the operations as methods,
            asyncio, or blocking: those run in threads. It refuses a request by raising
            ``runtime.problems.Refusal``.
        authenticate: gives who calls for a credential, or None for nobody; it may be a coroutine
            function. ``runtime.serving.principal()`` is its result while a method runs.
        max_body: the cap of a request body in bytes.
    """
    return served(
        implementation,
        __name__,
        OPERATIONS,
        SCHEMES,
        SHAPE,
        authenticate=authenticate,
        max_body=max_body,
    )
