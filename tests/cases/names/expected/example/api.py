# Generated from openapi.yaml by tallystick. Do not edit.
"""The map of the API: protocols that the client offers and a server implements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pydantic import MISSING

if TYPE_CHECKING:
    from .models import PetStoreItem


class Api(Protocol):
    """Names"""

    @property
    def pets(self) -> PetsApi: ...


class PetsApi(Protocol):
    """``pets``"""

    def retrieve(
        self,
        class_: str,
        *,
        x_trace_id: str | MISSING = MISSING,
        self_: str | None | MISSING = MISSING,
    ) -> PetStoreItem:
        """retrieve

        GET /pets/{class} (#/paths/~1pets~1{class}/get)
        """
        ...


class AsyncApi(Protocol):
    """Names"""

    @property
    def pets(self) -> AsyncPetsApi: ...


class AsyncPetsApi(Protocol):
    """``pets``"""

    async def retrieve(
        self,
        class_: str,
        *,
        x_trace_id: str | MISSING = MISSING,
        self_: str | None | MISSING = MISSING,
    ) -> PetStoreItem:
        """retrieve

        GET /pets/{class} (#/paths/~1pets~1{class}/get)
        """
        ...
