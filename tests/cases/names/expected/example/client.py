# Generated from openapi.yaml by tallystick. Do not edit.
"""The client, blocking and asyncio."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from httpx2 import AsyncBaseTransport, BaseTransport
from pydantic import MISSING

from .operations import (
    PETS__RETRIEVE,
    SCHEMES,
)
from .runtime.drift import Drift
from .runtime.policy import DEFAULT_RETRIES, DEFAULT_TIMEOUT, MAX_BODY, Retries, Timeout
from .runtime.session import AsyncSession, Session, core, secrets
from .runtime.transport import AsyncDriver, Driver

if TYPE_CHECKING:
    from .models import PetStoreItem


class Client:
    """A client of the API, with its resources as attributes.

    Args:
        base_url: where the API is.
        timeout: limits of a call; a number is the seconds of the whole call.
        retries: when a request is sent again.
        max_body: the cap of an answer's decoded body in bytes.
        allow_insecure: let a credential travel unencrypted to another machine.
        drift: what happens to an answer that has enum values, members or variants which the
            document does not know: "strict" refuses it, "lenient" keeps them, "report" also
            warns.
        transport: what carries requests, for proxies and certificates of your own.
    """

    def __init__(
        self,
        *,
        base_url: str,
        timeout: Timeout | float = DEFAULT_TIMEOUT,
        retries: Retries = DEFAULT_RETRIES,
        max_body: int = MAX_BODY,
        allow_insecure: bool = False,
        drift: Drift = "strict",
        transport: BaseTransport | None = None,
    ) -> None:
        keys = secrets(
            SCHEMES,
            {},
        )
        made = core(
            base_url,
            SCHEMES,
            keys,
            max_body=max_body,
            allow_insecure=allow_insecure,
            drift=drift,
        )
        driver = Driver(transport, Timeout.of(timeout), retries)
        self._session = Session(made, driver)
        self.pets = PetsResource(self._session)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._session.close()


class PetsResource:
    """``pets``"""

    def __init__(self, session: Session) -> None:
        self._session = session

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
        return self._session.send(
            PETS__RETRIEVE, {"class_": class_, "x_trace_id": x_trace_id, "self_": self_}
        )


class AsyncClient:
    """A client of the API, with its resources as attributes.

    Args:
        base_url: where the API is.
        timeout: limits of a call; a number is the seconds of the whole call.
        retries: when a request is sent again.
        max_body: the cap of an answer's decoded body in bytes.
        allow_insecure: let a credential travel unencrypted to another machine.
        drift: what happens to an answer that has enum values, members or variants which the
            document does not know: "strict" refuses it, "lenient" keeps them, "report" also
            warns.
        transport: what carries requests, for proxies and certificates of your own.
    """

    def __init__(
        self,
        *,
        base_url: str,
        timeout: Timeout | float = DEFAULT_TIMEOUT,
        retries: Retries = DEFAULT_RETRIES,
        max_body: int = MAX_BODY,
        allow_insecure: bool = False,
        drift: Drift = "strict",
        transport: AsyncBaseTransport | None = None,
    ) -> None:
        keys = secrets(
            SCHEMES,
            {},
        )
        made = core(
            base_url,
            SCHEMES,
            keys,
            max_body=max_body,
            allow_insecure=allow_insecure,
            drift=drift,
        )
        driver = AsyncDriver(transport, Timeout.of(timeout), retries)
        self._session = AsyncSession(made, driver)
        self.pets = AsyncPetsResource(self._session)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._session.aclose()


class AsyncPetsResource:
    """``pets``"""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

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
        return await self._session.send(
            PETS__RETRIEVE, {"class_": class_, "x_trace_id": x_trace_id, "self_": self_}
        )
