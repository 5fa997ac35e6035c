# Generated from openapi.yaml by tallystick. Do not edit.
"""The client, blocking and asyncio."""

from __future__ import annotations

from typing import Self
from typing import overload as _overload

from httpx2 import AsyncBaseTransport, BaseTransport
from pydantic import MISSING
from typing_extensions import deprecated as _deprecated

from .operations import (
    PETS__PICTURES__RETRIEVE,
    SCHEMES,
)
from .runtime.drift import Drift
from .runtime.former import renamed as _renamed
from .runtime.policy import DEFAULT_RETRIES, DEFAULT_TIMEOUT, MAX_BODY, Retries, Timeout
from .runtime.scalars import Integer
from .runtime.session import AsyncSession, Session, core, secrets
from .runtime.transport import AsyncDriver, Driver


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
        self.pictures = PetsPicturesResource(session)


class PetsPicturesResource:
    """``pets.pictures``"""

    def __init__(self, session: Session) -> None:
        self._session = session

    @_overload
    def retrieve(
        self, pet_id: str, *, page_size: Integer, x_trace: str | MISSING = MISSING
    ) -> None: ...

    @_overload
    @_deprecated("`limit` was renamed: use `page_size`")
    def retrieve(
        self, pet_id: str, *, limit: Integer, x_trace: str | MISSING = MISSING
    ) -> None: ...

    @_overload
    @_deprecated("`id` was renamed: use `pet_id`")
    def retrieve(
        self, id: str, *, page_size: Integer, x_trace: str | MISSING = MISSING
    ) -> None: ...

    @_overload
    @_deprecated("`id` was renamed: use `pet_id`; `limit` was renamed: use `page_size`")
    def retrieve(self, id: str, *, limit: Integer, x_trace: str | MISSING = MISSING) -> None: ...

    @_renamed(id="pet_id", limit="page_size")
    def retrieve(
        self, pet_id: str, *, page_size: Integer, x_trace: str | MISSING = MISSING
    ) -> None:
        """retrieve

        GET /pets/{pet_id}/pictures (#/paths/~1pets~1{pet_id}~1pictures/get)
        """
        return self._session.send(
            PETS__PICTURES__RETRIEVE, {"pet_id": pet_id, "page_size": page_size, "x_trace": x_trace}
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
        self.pictures = AsyncPetsPicturesResource(session)


class AsyncPetsPicturesResource:
    """``pets.pictures``"""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    @_overload
    async def retrieve(
        self, pet_id: str, *, page_size: Integer, x_trace: str | MISSING = MISSING
    ) -> None: ...

    @_overload
    @_deprecated("`limit` was renamed: use `page_size`")
    async def retrieve(
        self, pet_id: str, *, limit: Integer, x_trace: str | MISSING = MISSING
    ) -> None: ...

    @_overload
    @_deprecated("`id` was renamed: use `pet_id`")
    async def retrieve(
        self, id: str, *, page_size: Integer, x_trace: str | MISSING = MISSING
    ) -> None: ...

    @_overload
    @_deprecated("`id` was renamed: use `pet_id`; `limit` was renamed: use `page_size`")
    async def retrieve(
        self, id: str, *, limit: Integer, x_trace: str | MISSING = MISSING
    ) -> None: ...

    @_renamed(id="pet_id", limit="page_size")
    async def retrieve(
        self, pet_id: str, *, page_size: Integer, x_trace: str | MISSING = MISSING
    ) -> None:
        """retrieve

        GET /pets/{pet_id}/pictures (#/paths/~1pets~1{pet_id}~1pictures/get)
        """
        return await self._session.send(
            PETS__PICTURES__RETRIEVE, {"pet_id": pet_id, "page_size": page_size, "x_trace": x_trace}
        )
