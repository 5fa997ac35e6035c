# Generated from openapi.yaml by tallystick. Do not edit.
"""Every operation as a record: what the client sends by and the server reads by."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from . import models
from .runtime.operation import (
    Answer,
    Body,
    Compared,
    Kind,
    Operation,
    Parameter,
    Poll,
    Scheme,
)
from .runtime.problems import Shape

MODELS__ENVIRONMENTS__CREATE: Operation[models.EnvironmentV1] = Operation(
    method="POST",
    path="/v1/models/{model_id}/environments",
    pointer="#/paths/~1v1~1models~1{model_id}~1environments/post",
    place=("models", "environments", "create"),
    parameters=(
        Parameter(
            "model_id",
            "model_id",
            "path",
            Kind(lambda: TypeAdapter(str)),
            required=True,
            style="simple",
            explode=False,
            types=frozenset(("string",)),
        ),
    ),
    body=Body(
        ("application/json",),
        Kind(lambda: TypeAdapter(models.CreateEnvironmentRequestV1)),
        required=True,
    ),
    answers=(
        Answer("200", "application/json", Kind(lambda: TypeAdapter(models.EnvironmentV1))),
        Answer("400", "application/json", Kind(lambda: TypeAdapter(models.ErrorV1))),
        Answer("401", "application/json", Kind(lambda: TypeAdapter(models.ErrorV1))),
        Answer("403", "application/json", Kind(lambda: TypeAdapter(models.ErrorV1))),
        Answer("404", "application/json", Kind(lambda: TypeAdapter(models.ErrorV1))),
        Answer("409", "application/json", Kind(lambda: TypeAdapter(models.ErrorV1))),
    ),
    security=(("ApiKeyAuth",),),
)

MODELS__ENVIRONMENTS__LIST: Operation[models.EnvironmentsV1] = Operation(
    method="GET",
    path="/v1/models/{model_id}/environments",
    pointer="#/paths/~1v1~1models~1{model_id}~1environments/get",
    place=("models", "environments", "list"),
    parameters=(
        Parameter(
            "model_id",
            "model_id",
            "path",
            Kind(lambda: TypeAdapter(str)),
            required=True,
            style="simple",
            explode=False,
            types=frozenset(("string",)),
        ),
    ),
    answers=(
        Answer("200", "application/json", Kind(lambda: TypeAdapter(models.EnvironmentsV1))),
        Answer("400", "application/json", Kind(lambda: TypeAdapter(models.ErrorV1))),
        Answer("401", "application/json", Kind(lambda: TypeAdapter(models.ErrorV1))),
        Answer("403", "application/json", Kind(lambda: TypeAdapter(models.ErrorV1))),
        Answer("404", "application/json", Kind(lambda: TypeAdapter(models.ErrorV1))),
    ),
    security=(("ApiKeyAuth",),),
)

CHAINS__ENVIRONMENTS__CREATE: Operation[models.ChainEnvironmentV1] = Operation(
    method="POST",
    path="/v1/chains/{chain_id}/environments",
    pointer="#/paths/~1v1~1chains~1{chain_id}~1environments/post",
    place=("chains", "environments", "create"),
    parameters=(
        Parameter(
            "chain_id",
            "chain_id",
            "path",
            Kind(lambda: TypeAdapter(str)),
            required=True,
            style="simple",
            explode=False,
            types=frozenset(("string",)),
        ),
    ),
    body=Body(
        ("application/json",),
        Kind(lambda: TypeAdapter(models.CreateChainEnvironmentRequestV1)),
        required=True,
    ),
    answers=(
        Answer("200", "application/json", Kind(lambda: TypeAdapter(models.ChainEnvironmentV1))),
        Answer("400", "application/json", Kind(lambda: TypeAdapter(models.ErrorV1))),
        Answer("401", "application/json", Kind(lambda: TypeAdapter(models.ErrorV1))),
        Answer("403", "application/json", Kind(lambda: TypeAdapter(models.ErrorV1))),
        Answer("404", "application/json", Kind(lambda: TypeAdapter(models.ErrorV1))),
        Answer("409", "application/json", Kind(lambda: TypeAdapter(models.ErrorV1))),
    ),
    security=(("ApiKeyAuth",),),
)

MODELS__ENVIRONMENTS__UPDATE: Operation[models.UpdateAutoscalingSettingsResponseV1] = Operation(
    method="PATCH",
    path="/v1/models/{model_id}/environments/{env_name}",
    pointer="#/paths/~1v1~1models~1{model_id}~1environments~1{env_name}/patch",
    place=("models", "environments", "update"),
    parameters=(
        Parameter(
            "model_id",
            "model_id",
            "path",
            Kind(lambda: TypeAdapter(str)),
            required=True,
            style="simple",
            explode=False,
            types=frozenset(("string",)),
        ),
        Parameter(
            "env_name",
            "env_name",
            "path",
            Kind(lambda: TypeAdapter(str)),
            required=True,
            style="simple",
            explode=False,
            types=frozenset(("string",)),
        ),
    ),
    body=Body(
        ("application/json",),
        Kind(lambda: TypeAdapter(models.UpdateEnvironmentRequestV1)),
        required=True,
    ),
    answers=(
        Answer(
            "200",
            "application/json",
            Kind(lambda: TypeAdapter(models.UpdateAutoscalingSettingsResponseV1)),
        ),
        Answer("400", "application/json", Kind(lambda: TypeAdapter(models.ErrorV1))),
        Answer("401", "application/json", Kind(lambda: TypeAdapter(models.ErrorV1))),
        Answer("403", "application/json", Kind(lambda: TypeAdapter(models.ErrorV1))),
        Answer("404", "application/json", Kind(lambda: TypeAdapter(models.ErrorV1))),
    ),
    security=(("ApiKeyAuth",),),
    poll=Poll(
        lambda: MODELS__ENVIRONMENTS__RETRIEVE,
        30.0,
        (
            Compared(("autoscaling_settings",), "unchanged", nested=True),
            Compared(("autoscaling_settings", "min_replica"), "unchanged", nested=False),
            Compared(("autoscaling_settings", "max_replica"), "unchanged", nested=False),
            Compared(("autoscaling_settings", "autoscaling_window"), "unchanged", nested=False),
            Compared(("autoscaling_settings", "scale_down_delay"), "unchanged", nested=False),
            Compared(("autoscaling_settings", "concurrency_target"), "unchanged", nested=False),
            Compared(
                ("autoscaling_settings", "target_utilization_percentage"), "unchanged", nested=False
            ),
            Compared(
                ("autoscaling_settings", "target_in_flight_tokens"), "unchanged", nested=False
            ),
            Compared(("promotion_settings",), "unchanged", nested=True),
            Compared(("promotion_settings", "redeploy_on_promotion"), "unchanged", nested=False),
            Compared(("promotion_settings", "rolling_deploy"), "unchanged", nested=False),
            Compared(
                ("promotion_settings", "promotion_cleanup_strategy"), "unchanged", nested=False
            ),
            Compared(("promotion_settings", "rolling_deploy_config"), "unchanged", nested=True),
            Compared(
                ("promotion_settings", "rolling_deploy_config", "rolling_deploy_strategy"),
                "unchanged",
                nested=False,
            ),
            Compared(
                ("promotion_settings", "rolling_deploy_config", "max_surge_percent"),
                "unchanged",
                nested=False,
            ),
            Compared(
                ("promotion_settings", "rolling_deploy_config", "max_unavailable_percent"),
                "unchanged",
                nested=False,
            ),
            Compared(
                ("promotion_settings", "rolling_deploy_config", "stabilization_time_seconds"),
                "unchanged",
                nested=False,
            ),
            Compared(
                ("promotion_settings", "rolling_deploy_config", "replica_overhead_percent"),
                "unchanged",
                nested=False,
            ),
            Compared(("promotion_settings", "ramp_up_while_promoting"), "unchanged", nested=False),
            Compared(("promotion_settings", "ramp_up_duration_seconds"), "unchanged", nested=False),
        ),
    ),
)

MODELS__ENVIRONMENTS__RETRIEVE: Operation[models.EnvironmentV1] = Operation(
    method="GET",
    path="/v1/models/{model_id}/environments/{env_name}",
    pointer="#/paths/~1v1~1models~1{model_id}~1environments~1{env_name}/get",
    place=("models", "environments", "retrieve"),
    parameters=(
        Parameter(
            "model_id",
            "model_id",
            "path",
            Kind(lambda: TypeAdapter(str)),
            required=True,
            style="simple",
            explode=False,
            types=frozenset(("string",)),
        ),
        Parameter(
            "env_name",
            "env_name",
            "path",
            Kind(lambda: TypeAdapter(str)),
            required=True,
            style="simple",
            explode=False,
            types=frozenset(("string",)),
        ),
    ),
    answers=(
        Answer("200", "application/json", Kind(lambda: TypeAdapter(models.EnvironmentV1))),
        Answer("400", "application/json", Kind(lambda: TypeAdapter(models.ErrorV1))),
        Answer("401", "application/json", Kind(lambda: TypeAdapter(models.ErrorV1))),
        Answer("403", "application/json", Kind(lambda: TypeAdapter(models.ErrorV1))),
        Answer("404", "application/json", Kind(lambda: TypeAdapter(models.ErrorV1))),
    ),
    security=(("ApiKeyAuth",),),
)

CHAINS__ENVIRONMENTS__RETRIEVE: Operation[models.ChainEnvironmentV1] = Operation(
    method="GET",
    path="/v1/chains/{chain_id}/environments/{env_name}",
    pointer="#/paths/~1v1~1chains~1{chain_id}~1environments~1{env_name}/get",
    place=("chains", "environments", "retrieve"),
    parameters=(
        Parameter(
            "chain_id",
            "chain_id",
            "path",
            Kind(lambda: TypeAdapter(str)),
            required=True,
            style="simple",
            explode=False,
            types=frozenset(("string",)),
        ),
        Parameter(
            "env_name",
            "env_name",
            "path",
            Kind(lambda: TypeAdapter(str)),
            required=True,
            style="simple",
            explode=False,
            types=frozenset(("string",)),
        ),
    ),
    answers=(
        Answer("200", "application/json", Kind(lambda: TypeAdapter(models.ChainEnvironmentV1))),
        Answer("400", "application/json", Kind(lambda: TypeAdapter(models.ErrorV1))),
        Answer("401", "application/json", Kind(lambda: TypeAdapter(models.ErrorV1))),
        Answer("403", "application/json", Kind(lambda: TypeAdapter(models.ErrorV1))),
        Answer("404", "application/json", Kind(lambda: TypeAdapter(models.ErrorV1))),
    ),
    security=(("ApiKeyAuth",),),
)

OPERATIONS: tuple[Operation[Any], ...] = (
    MODELS__ENVIRONMENTS__CREATE,
    MODELS__ENVIRONMENTS__LIST,
    CHAINS__ENVIRONMENTS__CREATE,
    MODELS__ENVIRONMENTS__UPDATE,
    MODELS__ENVIRONMENTS__RETRIEVE,
    CHAINS__ENVIRONMENTS__RETRIEVE,
)
"""In document order."""

SCHEMES: tuple[Scheme, ...] = (
    Scheme(
        name="ApiKeyAuth",
        argument="api_key_auth",
        env="BASETEN_API_KEY",
        location="header",
        parameter="Authorization",
        prefix="Api-Key ",
        basic=False,
    ),
)
"""How a request proves who sends it."""

SHAPE = Shape("application/json", ("code", "message"))
"""How a server writes its refusals."""
