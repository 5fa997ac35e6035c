# Generated from openapi.yaml by tallystick. Do not edit.
"""The client, blocking and asyncio."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from httpx2 import AsyncBaseTransport, BaseTransport

from .operations import (
    CHAINS__ENVIRONMENTS__CREATE,
    CHAINS__ENVIRONMENTS__RETRIEVE,
    MODELS__ENVIRONMENTS__CREATE,
    MODELS__ENVIRONMENTS__LIST,
    MODELS__ENVIRONMENTS__RETRIEVE,
    MODELS__ENVIRONMENTS__UPDATE,
    SCHEMES,
)
from .runtime.drift import Drift
from .runtime.policy import DEFAULT_RETRIES, DEFAULT_TIMEOUT, MAX_BODY, Retries, Timeout
from .runtime.secret import Secret
from .runtime.session import AsyncSession, Session, core, secrets
from .runtime.transport import AsyncDriver, Driver

if TYPE_CHECKING:
    from .models import (
        ChainEnvironmentV1,
        CreateChainEnvironmentRequestV1,
        CreateEnvironmentRequestV1,
        EnvironmentsV1,
        EnvironmentV1,
        UpdateAutoscalingSettingsResponseV1,
        UpdateEnvironmentRequestV1,
    )


class Client:
    """A client of the API, with its resources as attributes.

    Args:
        base_url: where the API is, by default https://api.baseten.co.
        api_key_auth: the credential, by default of the variable BASETEN_API_KEY.
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
        base_url: str = "https://api.baseten.co",
        api_key_auth: str | Secret | None = None,
        timeout: Timeout | float = DEFAULT_TIMEOUT,
        retries: Retries = DEFAULT_RETRIES,
        max_body: int = MAX_BODY,
        allow_insecure: bool = False,
        drift: Drift = "strict",
        transport: BaseTransport | None = None,
    ) -> None:
        keys = secrets(
            SCHEMES,
            {
                "ApiKeyAuth": api_key_auth,
            },
        )
        del api_key_auth  # an error below must not find the bare credential in this frame
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
        self.models = ModelsResource(self._session)
        self.chains = ChainsResource(self._session)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._session.close()


class ModelsResource:
    """``models``"""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.environments = ModelsEnvironmentsResource(session)


class ModelsEnvironmentsResource:
    """``models.environments``"""

    def __init__(self, session: Session) -> None:
        self._session = session

    def create(self, model_id: str, body: CreateEnvironmentRequestV1) -> EnvironmentV1:
        """Create an environment

        POST /v1/models/{model_id}/environments
        (#/paths/~1v1~1models~1{model_id}~1environments/post)

        Errors: 400, 401, 403, 404, 409.
        """
        return self._session.send(MODELS__ENVIRONMENTS__CREATE, {"model_id": model_id}, body)

    def list(self, model_id: str) -> EnvironmentsV1:
        """Get all environments

        GET /v1/models/{model_id}/environments
        (#/paths/~1v1~1models~1{model_id}~1environments/get)

        Errors: 400, 401, 403, 404.
        """
        return self._session.send(MODELS__ENVIRONMENTS__LIST, {"model_id": model_id})

    def update(
        self,
        model_id: str,
        env_name: str,
        body: UpdateEnvironmentRequestV1,
        *,
        wait: bool | float = False,
    ) -> UpdateAutoscalingSettingsResponseV1:
        """Update an environment's settings

        PATCH /v1/models/{model_id}/environments/{env_name}
        (#/paths/~1v1~1models~1{model_id}~1environments~1{env_name}/patch)

        Errors: 400, 401, 403, 404.
        """
        return self._session.send(
            MODELS__ENVIRONMENTS__UPDATE,
            {"model_id": model_id, "env_name": env_name},
            body,
            wait=wait,
        )

    def retrieve(self, model_id: str, env_name: str) -> EnvironmentV1:
        """Get an environment's details

        GET /v1/models/{model_id}/environments/{env_name}
        (#/paths/~1v1~1models~1{model_id}~1environments~1{env_name}/get)

        Errors: 400, 401, 403, 404.
        """
        return self._session.send(
            MODELS__ENVIRONMENTS__RETRIEVE, {"model_id": model_id, "env_name": env_name}
        )


class ChainsResource:
    """``chains``"""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.environments = ChainsEnvironmentsResource(session)


class ChainsEnvironmentsResource:
    """``chains.environments``"""

    def __init__(self, session: Session) -> None:
        self._session = session

    def create(self, chain_id: str, body: CreateChainEnvironmentRequestV1) -> ChainEnvironmentV1:
        """Create a chain environment

        POST /v1/chains/{chain_id}/environments
        (#/paths/~1v1~1chains~1{chain_id}~1environments/post)

        Errors: 400, 401, 403, 404, 409.
        """
        return self._session.send(CHAINS__ENVIRONMENTS__CREATE, {"chain_id": chain_id}, body)

    def retrieve(self, chain_id: str, env_name: str) -> ChainEnvironmentV1:
        """Get a chain environment's details

        GET /v1/chains/{chain_id}/environments/{env_name}
        (#/paths/~1v1~1chains~1{chain_id}~1environments~1{env_name}/get)

        Errors: 400, 401, 403, 404.
        """
        return self._session.send(
            CHAINS__ENVIRONMENTS__RETRIEVE, {"chain_id": chain_id, "env_name": env_name}
        )


class AsyncClient:
    """A client of the API, with its resources as attributes.

    Args:
        base_url: where the API is, by default https://api.baseten.co.
        api_key_auth: the credential, by default of the variable BASETEN_API_KEY.
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
        base_url: str = "https://api.baseten.co",
        api_key_auth: str | Secret | None = None,
        timeout: Timeout | float = DEFAULT_TIMEOUT,
        retries: Retries = DEFAULT_RETRIES,
        max_body: int = MAX_BODY,
        allow_insecure: bool = False,
        drift: Drift = "strict",
        transport: AsyncBaseTransport | None = None,
    ) -> None:
        keys = secrets(
            SCHEMES,
            {
                "ApiKeyAuth": api_key_auth,
            },
        )
        del api_key_auth  # an error below must not find the bare credential in this frame
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
        self.models = AsyncModelsResource(self._session)
        self.chains = AsyncChainsResource(self._session)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._session.aclose()


class AsyncModelsResource:
    """``models``"""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self.environments = AsyncModelsEnvironmentsResource(session)


class AsyncModelsEnvironmentsResource:
    """``models.environments``"""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def create(self, model_id: str, body: CreateEnvironmentRequestV1) -> EnvironmentV1:
        """Create an environment

        POST /v1/models/{model_id}/environments
        (#/paths/~1v1~1models~1{model_id}~1environments/post)

        Errors: 400, 401, 403, 404, 409.
        """
        return await self._session.send(MODELS__ENVIRONMENTS__CREATE, {"model_id": model_id}, body)

    async def list(self, model_id: str) -> EnvironmentsV1:
        """Get all environments

        GET /v1/models/{model_id}/environments
        (#/paths/~1v1~1models~1{model_id}~1environments/get)

        Errors: 400, 401, 403, 404.
        """
        return await self._session.send(MODELS__ENVIRONMENTS__LIST, {"model_id": model_id})

    async def update(
        self,
        model_id: str,
        env_name: str,
        body: UpdateEnvironmentRequestV1,
        *,
        wait: bool | float = False,
    ) -> UpdateAutoscalingSettingsResponseV1:
        """Update an environment's settings

        PATCH /v1/models/{model_id}/environments/{env_name}
        (#/paths/~1v1~1models~1{model_id}~1environments~1{env_name}/patch)

        Errors: 400, 401, 403, 404.
        """
        return await self._session.send(
            MODELS__ENVIRONMENTS__UPDATE,
            {"model_id": model_id, "env_name": env_name},
            body,
            wait=wait,
        )

    async def retrieve(self, model_id: str, env_name: str) -> EnvironmentV1:
        """Get an environment's details

        GET /v1/models/{model_id}/environments/{env_name}
        (#/paths/~1v1~1models~1{model_id}~1environments~1{env_name}/get)

        Errors: 400, 401, 403, 404.
        """
        return await self._session.send(
            MODELS__ENVIRONMENTS__RETRIEVE, {"model_id": model_id, "env_name": env_name}
        )


class AsyncChainsResource:
    """``chains``"""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self.environments = AsyncChainsEnvironmentsResource(session)


class AsyncChainsEnvironmentsResource:
    """``chains.environments``"""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def create(
        self, chain_id: str, body: CreateChainEnvironmentRequestV1
    ) -> ChainEnvironmentV1:
        """Create a chain environment

        POST /v1/chains/{chain_id}/environments
        (#/paths/~1v1~1chains~1{chain_id}~1environments/post)

        Errors: 400, 401, 403, 404, 409.
        """
        return await self._session.send(CHAINS__ENVIRONMENTS__CREATE, {"chain_id": chain_id}, body)

    async def retrieve(self, chain_id: str, env_name: str) -> ChainEnvironmentV1:
        """Get a chain environment's details

        GET /v1/chains/{chain_id}/environments/{env_name}
        (#/paths/~1v1~1chains~1{chain_id}~1environments~1{env_name}/get)

        Errors: 400, 401, 403, 404.
        """
        return await self._session.send(
            CHAINS__ENVIRONMENTS__RETRIEVE, {"chain_id": chain_id, "env_name": env_name}
        )
