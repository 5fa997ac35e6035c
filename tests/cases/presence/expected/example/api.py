# Generated from openapi.yaml by tallystick. Do not edit.
"""The map of the API: protocols that the client offers and a server implements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from .models import Box


class Api(Protocol):
    """Presence"""

    @property
    def boxes(self) -> BoxesApi: ...


class BoxesApi(Protocol):
    """``boxes``"""

    def create(self, body: Box) -> Box:
        """create

        POST /boxes (#/paths/~1boxes/post)
        """
        ...


class AsyncApi(Protocol):
    """Presence"""

    @property
    def boxes(self) -> AsyncBoxesApi: ...


class AsyncBoxesApi(Protocol):
    """``boxes``"""

    async def create(self, body: Box) -> Box:
        """create

        POST /boxes (#/paths/~1boxes/post)
        """
        ...
