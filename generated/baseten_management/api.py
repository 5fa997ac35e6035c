# Generated from openapi.yaml by tallystick. Do not edit.
"""The map of the API: protocols that the client offers and a server implements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

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


class Api(Protocol):
    """Baseten management API"""

    @property
    def models(self) -> ModelsApi: ...

    @property
    def chains(self) -> ChainsApi: ...


class ModelsApi(Protocol):
    """``models``"""

    @property
    def environments(self) -> ModelsEnvironmentsApi: ...


class ModelsEnvironmentsApi(Protocol):
    """``models.environments``"""

    def create(self, model_id: str, body: CreateEnvironmentRequestV1) -> EnvironmentV1:
        """Create an environment

        POST /v1/models/{model_id}/environments
        (#/paths/~1v1~1models~1{model_id}~1environments/post)

        Errors: 400, 401, 403, 404, 409.
        """
        ...

    def list(self, model_id: str) -> EnvironmentsV1:
        """Get all environments

        GET /v1/models/{model_id}/environments
        (#/paths/~1v1~1models~1{model_id}~1environments/get)

        Errors: 400, 401, 403, 404.
        """
        ...

    def update(
        self, model_id: str, env_name: str, body: UpdateEnvironmentRequestV1
    ) -> UpdateAutoscalingSettingsResponseV1:
        """Update an environment's settings

        PATCH /v1/models/{model_id}/environments/{env_name}
        (#/paths/~1v1~1models~1{model_id}~1environments~1{env_name}/patch)

        Errors: 400, 401, 403, 404.
        """
        ...

    def retrieve(self, model_id: str, env_name: str) -> EnvironmentV1:
        """Get an environment's details

        GET /v1/models/{model_id}/environments/{env_name}
        (#/paths/~1v1~1models~1{model_id}~1environments~1{env_name}/get)

        Errors: 400, 401, 403, 404.
        """
        ...


class ChainsApi(Protocol):
    """``chains``"""

    @property
    def environments(self) -> ChainsEnvironmentsApi: ...


class ChainsEnvironmentsApi(Protocol):
    """``chains.environments``"""

    def create(self, chain_id: str, body: CreateChainEnvironmentRequestV1) -> ChainEnvironmentV1:
        """Create a chain environment

        POST /v1/chains/{chain_id}/environments
        (#/paths/~1v1~1chains~1{chain_id}~1environments/post)

        Errors: 400, 401, 403, 404, 409.
        """
        ...

    def retrieve(self, chain_id: str, env_name: str) -> ChainEnvironmentV1:
        """Get a chain environment's details

        GET /v1/chains/{chain_id}/environments/{env_name}
        (#/paths/~1v1~1chains~1{chain_id}~1environments~1{env_name}/get)

        Errors: 400, 401, 403, 404.
        """
        ...


class AsyncApi(Protocol):
    """Baseten management API"""

    @property
    def models(self) -> AsyncModelsApi: ...

    @property
    def chains(self) -> AsyncChainsApi: ...


class AsyncModelsApi(Protocol):
    """``models``"""

    @property
    def environments(self) -> AsyncModelsEnvironmentsApi: ...


class AsyncModelsEnvironmentsApi(Protocol):
    """``models.environments``"""

    async def create(self, model_id: str, body: CreateEnvironmentRequestV1) -> EnvironmentV1:
        """Create an environment

        POST /v1/models/{model_id}/environments
        (#/paths/~1v1~1models~1{model_id}~1environments/post)

        Errors: 400, 401, 403, 404, 409.
        """
        ...

    async def list(self, model_id: str) -> EnvironmentsV1:
        """Get all environments

        GET /v1/models/{model_id}/environments
        (#/paths/~1v1~1models~1{model_id}~1environments/get)

        Errors: 400, 401, 403, 404.
        """
        ...

    async def update(
        self, model_id: str, env_name: str, body: UpdateEnvironmentRequestV1
    ) -> UpdateAutoscalingSettingsResponseV1:
        """Update an environment's settings

        PATCH /v1/models/{model_id}/environments/{env_name}
        (#/paths/~1v1~1models~1{model_id}~1environments~1{env_name}/patch)

        Errors: 400, 401, 403, 404.
        """
        ...

    async def retrieve(self, model_id: str, env_name: str) -> EnvironmentV1:
        """Get an environment's details

        GET /v1/models/{model_id}/environments/{env_name}
        (#/paths/~1v1~1models~1{model_id}~1environments~1{env_name}/get)

        Errors: 400, 401, 403, 404.
        """
        ...


class AsyncChainsApi(Protocol):
    """``chains``"""

    @property
    def environments(self) -> AsyncChainsEnvironmentsApi: ...


class AsyncChainsEnvironmentsApi(Protocol):
    """``chains.environments``"""

    async def create(
        self, chain_id: str, body: CreateChainEnvironmentRequestV1
    ) -> ChainEnvironmentV1:
        """Create a chain environment

        POST /v1/chains/{chain_id}/environments
        (#/paths/~1v1~1chains~1{chain_id}~1environments/post)

        Errors: 400, 401, 403, 404, 409.
        """
        ...

    async def retrieve(self, chain_id: str, env_name: str) -> ChainEnvironmentV1:
        """Get a chain environment's details

        GET /v1/chains/{chain_id}/environments/{env_name}
        (#/paths/~1v1~1chains~1{chain_id}~1environments~1{env_name}/get)

        Errors: 400, 401, 403, 404.
        """
        ...
