# Generated from openapi.yaml by tallystick. Do not edit.
"""Models of Baseten management API: absent, null and a value are three things."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, Self, TypeAlias

from .runtime.presence import MISSING, Model, Reading, reading
from .runtime.scalars import DateTime, Integer, Json


class UpdateAutoscalingSettingsV1(Model, extra="forbid"):
    """A request to update autoscaling settings for a deployment. All fields are optional, and we
    only update ones passed in.
    """

    min_replica: Integer | None | MISSING = MISSING
    """Minimum number of replicas. Absent means null."""

    max_replica: Integer | None | MISSING = MISSING
    """Maximum number of replicas. Absent means null."""

    autoscaling_window: Integer | None | MISSING = MISSING
    """Timeframe of traffic considered for autoscaling decisions. Absent means null."""

    scale_down_delay: Integer | None | MISSING = MISSING
    """Waiting period before scaling down any active replica. Absent means null."""

    concurrency_target: Integer | None | MISSING = MISSING
    """Number of requests per replica before scaling up. Absent means null."""

    target_utilization_percentage: Integer | None | MISSING = MISSING
    """Target utilization percentage for scaling up/down. Absent means null."""

    target_in_flight_tokens: Integer | None | MISSING = MISSING
    """Target number of in-flight tokens for autoscaling decisions. Early access only. Absent means
    null.
    """

    def effective(self) -> UpdateAutoscalingSettingsV1Effective:
        """The object read with its defaults, at every depth."""
        return reading(UpdateAutoscalingSettingsV1Effective, self)


PromotionCleanupStrategyV1: TypeAlias = Literal["KEEP", "SCALE_TO_ZERO", "DEACTIVATE"]
"""The promotion cleanup strategy."""


RollingDeployStrategyV1: TypeAlias = Literal["REPLICA"]
"""The rolling deploy strategy."""


class UpdateRollingDeployConfigV1(Model):
    """Rolling deploy config for promoting chains and oracles"""

    rolling_deploy_strategy: RollingDeployStrategyV1 | None | MISSING = MISSING
    """The rolling deploy strategy to use for promotions. Absent means null."""

    max_surge_percent: Integer | None | MISSING = MISSING
    """The maximum surge percentage for rolling deploys. Absent means 10."""

    max_unavailable_percent: Integer | None | MISSING = MISSING
    """The maximum unavailable percentage for rolling deploys. Absent means null."""

    stabilization_time_seconds: Integer | None | MISSING = MISSING
    """The stabilization time in seconds for rolling deploys. Absent means null."""

    replica_overhead_percent: Integer | None | MISSING = MISSING
    """The replica overhead percentage for rolling deploys. Absent means null."""

    def effective(self) -> UpdateRollingDeployConfigV1Effective:
        """The object read with its defaults, at every depth."""
        return reading(UpdateRollingDeployConfigV1Effective, self)


class UpdatePromotionSettingsV1(Model):
    """Promotion settings for model promotion"""

    redeploy_on_promotion: bool | None | MISSING = MISSING
    """Whether to deploy on all promotions. Enabling this flag allows model code to safely handle
    environment-specific logic. When a deployment is promoted, a new deployment will be created
    with a copy of the image. Absent means null.
    """

    rolling_deploy: bool | None | MISSING = MISSING
    """Whether the environment should rely on rolling deploy orchestration. Absent means null."""

    promotion_cleanup_strategy: PromotionCleanupStrategyV1 | None | MISSING = MISSING
    """The cleanup strategy to use after a promotion completes. Absent means null."""

    rolling_deploy_config: UpdateRollingDeployConfigV1 | None | MISSING = MISSING
    """Rolling deploy configuration for promotions. Absent means null."""

    ramp_up_while_promoting: bool | None | MISSING = MISSING
    """Whether to ramp up traffic while promoting. Absent means null."""

    ramp_up_duration_seconds: Integer | None | MISSING = MISSING
    """Duration of the ramp up in seconds. Absent means null."""

    def effective(self) -> UpdatePromotionSettingsV1Effective:
        """The object read with its defaults, at every depth."""
        return reading(UpdatePromotionSettingsV1Effective, self)


class CreateEnvironmentRequestV1(Model):
    """A request to create an environment."""

    name: str
    """Name of the environment."""

    autoscaling_settings: UpdateAutoscalingSettingsV1 | None | MISSING = MISSING
    """Autoscaling settings for the environment. Absent means null."""

    promotion_settings: UpdatePromotionSettingsV1 | None | MISSING = MISSING
    """Promotion settings for the environment. Absent means null."""

    def effective(self) -> CreateEnvironmentRequestV1Effective:
        """The object read with its defaults, at every depth."""
        return reading(CreateEnvironmentRequestV1Effective, self)


class UpdateAutoscalingSettingsV1Effective(Reading, extra="forbid"):
    """``UpdateAutoscalingSettingsV1`` read with its defaults."""

    defaults: ClassVar[Mapping[str, Any]] = {
        "min_replica": None,
        "max_replica": None,
        "autoscaling_window": None,
        "scale_down_delay": None,
        "concurrency_target": None,
        "target_utilization_percentage": None,
        "target_in_flight_tokens": None,
    }

    min_replica: Integer | None
    """Minimum number of replicas"""

    max_replica: Integer | None
    """Maximum number of replicas"""

    autoscaling_window: Integer | None
    """Timeframe of traffic considered for autoscaling decisions"""

    scale_down_delay: Integer | None
    """Waiting period before scaling down any active replica"""

    concurrency_target: Integer | None
    """Number of requests per replica before scaling up"""

    target_utilization_percentage: Integer | None
    """Target utilization percentage for scaling up/down."""

    target_in_flight_tokens: Integer | None
    """Target number of in-flight tokens for autoscaling decisions. Early access only."""


class UpdateRollingDeployConfigV1Effective(Reading):
    """``UpdateRollingDeployConfigV1`` read with its defaults."""

    defaults: ClassVar[Mapping[str, Any]] = {
        "rolling_deploy_strategy": None,
        "max_surge_percent": 10,
        "max_unavailable_percent": None,
        "stabilization_time_seconds": None,
        "replica_overhead_percent": None,
    }

    rolling_deploy_strategy: RollingDeployStrategyV1 | None
    """The rolling deploy strategy to use for promotions."""

    max_surge_percent: Integer | None
    """The maximum surge percentage for rolling deploys."""

    max_unavailable_percent: Integer | None
    """The maximum unavailable percentage for rolling deploys."""

    stabilization_time_seconds: Integer | None
    """The stabilization time in seconds for rolling deploys."""

    replica_overhead_percent: Integer | None
    """The replica overhead percentage for rolling deploys."""


class UpdatePromotionSettingsV1Effective(Reading):
    """``UpdatePromotionSettingsV1`` read with its defaults."""

    defaults: ClassVar[Mapping[str, Any]] = {
        "redeploy_on_promotion": None,
        "rolling_deploy": None,
        "promotion_cleanup_strategy": None,
        "rolling_deploy_config": None,
        "ramp_up_while_promoting": None,
        "ramp_up_duration_seconds": None,
    }

    redeploy_on_promotion: bool | None
    """Whether to deploy on all promotions. Enabling this flag allows model code to safely handle
    environment-specific logic. When a deployment is promoted, a new deployment will be created
    with a copy of the image.
    """

    rolling_deploy: bool | None
    """Whether the environment should rely on rolling deploy orchestration."""

    promotion_cleanup_strategy: PromotionCleanupStrategyV1 | None
    """The cleanup strategy to use after a promotion completes."""

    rolling_deploy_config: UpdateRollingDeployConfigV1Effective | None
    """Rolling deploy configuration for promotions"""

    ramp_up_while_promoting: bool | None
    """Whether to ramp up traffic while promoting"""

    ramp_up_duration_seconds: Integer | None
    """Duration of the ramp up in seconds"""


class CreateEnvironmentRequestV1Effective(Reading):
    """``CreateEnvironmentRequestV1`` read with its defaults."""

    defaults: ClassVar[Mapping[str, Any]] = {
        "autoscaling_settings": None,
        "promotion_settings": None,
    }

    name: str
    """Name of the environment"""

    autoscaling_settings: UpdateAutoscalingSettingsV1Effective | None
    """Autoscaling settings for the environment"""

    promotion_settings: UpdatePromotionSettingsV1Effective | None
    """Promotion settings for the environment"""


DeploymentStatusV1: TypeAlias = Literal[
    "BUILDING",
    "DEPLOYING",
    "DEPLOY_FAILED",
    "LOADING_MODEL",
    "ACTIVE",
    "UNHEALTHY",
    "BUILD_FAILED",
    "BUILD_STOPPED",
    "DEACTIVATING",
    "INACTIVE",
    "FAILED",
    "UPDATING",
    "SCALED_TO_ZERO",
    "WAKING_UP",
]
"""The status of a deployment."""


class AutoscalingSettingsV1(Model):
    """Autoscaling settings for a deployment."""

    min_replica: Integer
    """Minimum number of replicas."""

    max_replica: Integer
    """Maximum number of replicas."""

    autoscaling_window: Integer | None
    """Timeframe of traffic considered for autoscaling decisions."""

    scale_down_delay: Integer | None
    """Waiting period before scaling down any active replica."""

    concurrency_target: Integer
    """Number of requests per replica before scaling up."""

    target_utilization_percentage: Integer | None
    """Target utilization percentage for scaling up/down."""

    target_in_flight_tokens: Integer | None | MISSING = MISSING
    """Target number of in-flight tokens for autoscaling decisions. Early access only. Absent means
    null.
    """

    def effective(self) -> AutoscalingSettingsV1Effective:
        """The object read with its defaults, at every depth."""
        return reading(AutoscalingSettingsV1Effective, self)


class DeploymentV1(Model):
    """A deployment of a model."""

    id: str
    """Unique identifier of the deployment."""

    created_at: DateTime
    """Time the deployment was created in ISO 8601 format."""

    name: str
    """Name of the deployment."""

    model_id: str
    """Unique identifier of the model."""

    is_production: bool
    """Whether the deployment is the production deployment of the model."""

    is_development: bool
    """Whether the deployment is the development deployment of the model."""

    status: DeploymentStatusV1
    """Status of the deployment."""

    active_replica_count: Integer
    """Number of active replicas."""

    autoscaling_settings: AutoscalingSettingsV1 | None
    """Autoscaling settings for the deployment. If null, the model has not finished deploying."""

    instance_type_name: str | None
    """Name of the instance type the model deployment is running on."""

    environment: str | None
    """The environment associated with the deployment."""

    labels: dict[str, Json] | None | MISSING = MISSING
    """User-provided key-value labels for the deployment. Absent means null."""

    def effective(self) -> DeploymentV1Effective:
        """The object read with its defaults, at every depth."""
        return reading(DeploymentV1Effective, self)


InProgressPromotionStatusV1: TypeAlias = Literal[
    "RELEASING", "RAMPING_UP", "RAMPING_DOWN", "PAUSED", "SUCCEEDED", "FAILED", "CANCELED"
]


class InProgressPromotionV1(Model):
    """Details of an in-progress promotion."""

    status: InProgressPromotionStatusV1
    """Status of the promotion."""

    percent_traffic_to_new_version: Integer
    """Percentage of traffic routed to the candidate deployment."""

    error_message: str | None | MISSING = MISSING
    """Error message if promotion failed. Absent means null."""

    rolling_deploy: bool | None | MISSING = MISSING
    """Whether this is a rolling deploy. Absent means null."""

    def effective(self) -> InProgressPromotionV1Effective:
        """The object read with its defaults, at every depth."""
        return reading(InProgressPromotionV1Effective, self)


class RollingDeployConfigV1(Model):
    """Rolling deploy config for promoting chains and oracles"""

    rolling_deploy_strategy: RollingDeployStrategyV1 | MISSING = MISSING
    """The rolling deploy strategy to use for promotions. Absent means "REPLICA"."""

    max_surge_percent: Integer | MISSING = MISSING
    """The maximum surge percentage for rolling deploys. Absent means 10."""

    max_unavailable_percent: Integer | MISSING = MISSING
    """The maximum unavailable percentage for rolling deploys. Absent means 0."""

    stabilization_time_seconds: Integer | MISSING = MISSING
    """The stabilization time in seconds for rolling deploys. Absent means 0."""

    replica_overhead_percent: Integer | MISSING = MISSING
    """The replica overhead percentage for rolling deploys. Absent means 0."""

    def effective(self) -> RollingDeployConfigV1Effective:
        """The object read with its defaults, at every depth."""
        return reading(RollingDeployConfigV1Effective, self)


class PromotionSettingsV1(Model):
    """Promotion settings for promoting chains and oracles"""

    redeploy_on_promotion: bool | None | MISSING = MISSING
    """Whether to deploy on all promotions. Enabling this flag allows model code to safely handle
    environment-specific logic. When a deployment is promoted, a new deployment will be created
    with a copy of the image. Absent means false.
    """

    rolling_deploy: bool | None | MISSING = MISSING
    """Whether the environment should rely on rolling deploy orchestration. Absent means false."""

    promotion_cleanup_strategy: PromotionCleanupStrategyV1 | None | MISSING = MISSING
    """The cleanup strategy to use after a promotion completes. Absent means "SCALE_TO_ZERO"."""

    rolling_deploy_config: RollingDeployConfigV1 | None | MISSING = MISSING
    """Rolling deploy configuration for promotions. Absent means null."""

    ramp_up_while_promoting: bool | None | MISSING = MISSING
    """Whether to ramp up traffic while promoting. Absent means false."""

    ramp_up_duration_seconds: Integer | None | MISSING = MISSING
    """Duration of the ramp up in seconds. Absent means 600."""

    def effective(self) -> PromotionSettingsV1Effective:
        """The object read with its defaults, at every depth."""
        return reading(PromotionSettingsV1Effective, self)


class InstanceTypeV1(Model):
    """An instance type."""

    id: str
    """Identifier string for the instance type."""

    name: str
    """Display name of the instance type."""

    memory_limit_mib: Integer
    """Memory limit of the instance type in Mebibytes."""

    millicpu_limit: Integer
    """CPU limit of the instance type in millicpu."""

    gpu_count: Integer
    """Number of GPUs on the instance type."""

    gpu_type: str | None
    """Type of GPU on the instance type."""

    gpu_memory_limit_mib: Integer | None
    """Memory limit of the GPU on the instance type in Mebibytes."""

    def effective(self) -> Self:
        """Itself: nothing in it has a default."""
        return self


class EnvironmentV1(Model):
    """Environment for oracles."""

    name: str
    """Name of the environment."""

    created_at: DateTime
    """Time the environment was created in ISO 8601 format."""

    model_id: str
    """Unique identifier of the model."""

    current_deployment: DeploymentV1 | None
    """Current deployment of the environment."""

    candidate_deployment: DeploymentV1 | None | MISSING = MISSING
    """Candidate deployment being promoted to the environment, if a promotion is in progress. Absent
    means null.
    """

    in_progress_promotion: InProgressPromotionV1 | None | MISSING = MISSING
    """Details of the in-progress promotion, if any. Absent means null."""

    autoscaling_settings: AutoscalingSettingsV1
    """Autoscaling settings for the environment."""

    promotion_settings: PromotionSettingsV1
    """Promotion settings for the environment."""

    instance_type: InstanceTypeV1
    """Instance type for the environment."""

    def effective(self) -> EnvironmentV1Effective:
        """The object read with its defaults, at every depth."""
        return reading(EnvironmentV1Effective, self)


class AutoscalingSettingsV1Effective(Reading):
    """``AutoscalingSettingsV1`` read with its defaults."""

    defaults: ClassVar[Mapping[str, Any]] = {"target_in_flight_tokens": None}

    min_replica: Integer
    """Minimum number of replicas"""

    max_replica: Integer
    """Maximum number of replicas"""

    autoscaling_window: Integer | None
    """Timeframe of traffic considered for autoscaling decisions"""

    scale_down_delay: Integer | None
    """Waiting period before scaling down any active replica"""

    concurrency_target: Integer
    """Number of requests per replica before scaling up"""

    target_utilization_percentage: Integer | None
    """Target utilization percentage for scaling up/down."""

    target_in_flight_tokens: Integer | None
    """Target number of in-flight tokens for autoscaling decisions. Early access only."""


class DeploymentV1Effective(Reading):
    """``DeploymentV1`` read with its defaults."""

    defaults: ClassVar[Mapping[str, Any]] = {"labels": None}

    id: str
    """Unique identifier of the deployment"""

    created_at: DateTime
    """Time the deployment was created in ISO 8601 format"""

    name: str
    """Name of the deployment"""

    model_id: str
    """Unique identifier of the model"""

    is_production: bool
    """Whether the deployment is the production deployment of the model"""

    is_development: bool
    """Whether the deployment is the development deployment of the model"""

    status: DeploymentStatusV1
    """Status of the deployment"""

    active_replica_count: Integer
    """Number of active replicas"""

    autoscaling_settings: AutoscalingSettingsV1Effective | None
    """Autoscaling settings for the deployment. If null, the model has not finished deploying"""

    instance_type_name: str | None
    """Name of the instance type the model deployment is running on"""

    environment: str | None
    """The environment associated with the deployment"""

    labels: dict[str, Json] | None
    """User-provided key-value labels for the deployment"""


class InProgressPromotionV1Effective(Reading):
    """``InProgressPromotionV1`` read with its defaults."""

    defaults: ClassVar[Mapping[str, Any]] = {"error_message": None, "rolling_deploy": None}

    status: InProgressPromotionStatusV1
    """Status of the promotion"""

    percent_traffic_to_new_version: Integer
    """Percentage of traffic routed to the candidate deployment"""

    error_message: str | None
    """Error message if promotion failed"""

    rolling_deploy: bool | None
    """Whether this is a rolling deploy"""


class RollingDeployConfigV1Effective(Reading):
    """``RollingDeployConfigV1`` read with its defaults."""

    defaults: ClassVar[Mapping[str, Any]] = {
        "rolling_deploy_strategy": "REPLICA",
        "max_surge_percent": 10,
        "max_unavailable_percent": 0,
        "stabilization_time_seconds": 0,
        "replica_overhead_percent": 0,
    }

    rolling_deploy_strategy: RollingDeployStrategyV1
    """The rolling deploy strategy to use for promotions."""

    max_surge_percent: Integer
    """The maximum surge percentage for rolling deploys."""

    max_unavailable_percent: Integer
    """The maximum unavailable percentage for rolling deploys."""

    stabilization_time_seconds: Integer
    """The stabilization time in seconds for rolling deploys."""

    replica_overhead_percent: Integer
    """The replica overhead percentage for rolling deploys."""


class PromotionSettingsV1Effective(Reading):
    """``PromotionSettingsV1`` read with its defaults."""

    defaults: ClassVar[Mapping[str, Any]] = {
        "redeploy_on_promotion": False,
        "rolling_deploy": False,
        "promotion_cleanup_strategy": "SCALE_TO_ZERO",
        "rolling_deploy_config": None,
        "ramp_up_while_promoting": False,
        "ramp_up_duration_seconds": 600,
    }

    redeploy_on_promotion: bool | None
    """Whether to deploy on all promotions. Enabling this flag allows model code to safely handle
    environment-specific logic. When a deployment is promoted, a new deployment will be created
    with a copy of the image.
    """

    rolling_deploy: bool | None
    """Whether the environment should rely on rolling deploy orchestration."""

    promotion_cleanup_strategy: PromotionCleanupStrategyV1 | None
    """The cleanup strategy to use after a promotion completes."""

    rolling_deploy_config: RollingDeployConfigV1Effective | None
    """Rolling deploy configuration for promotions"""

    ramp_up_while_promoting: bool | None
    """Whether to ramp up traffic while promoting"""

    ramp_up_duration_seconds: Integer | None
    """Duration of the ramp up in seconds"""


class EnvironmentV1Effective(Reading):
    """``EnvironmentV1`` read with its defaults."""

    defaults: ClassVar[Mapping[str, Any]] = {
        "candidate_deployment": None,
        "in_progress_promotion": None,
    }

    name: str
    """Name of the environment"""

    created_at: DateTime
    """Time the environment was created in ISO 8601 format"""

    model_id: str
    """Unique identifier of the model"""

    current_deployment: DeploymentV1Effective | None
    """Current deployment of the environment"""

    candidate_deployment: DeploymentV1Effective | None
    """Candidate deployment being promoted to the environment, if a promotion is in progress"""

    in_progress_promotion: InProgressPromotionV1Effective | None
    """Details of the in-progress promotion, if any"""

    autoscaling_settings: AutoscalingSettingsV1Effective
    """Autoscaling settings for the environment"""

    promotion_settings: PromotionSettingsV1Effective
    """Promotion settings for the environment"""

    instance_type: InstanceTypeV1
    """Instance type for the environment"""


class ChainletEnvironmentSettingsRequestV1(Model):
    """Request to create environment settings for a chainlet."""

    chainlet_name: str
    """Name of the chainlet."""

    autoscaling_settings: UpdateAutoscalingSettingsV1 | None | MISSING = MISSING
    """Autoscaling settings for the chainlet. Absent means null."""

    instance_type_id: str | MISSING = MISSING
    """ID of the instance type to use for the chainlet. Absent means "1x2"."""

    def effective(self) -> ChainletEnvironmentSettingsRequestV1Effective:
        """The object read with its defaults, at every depth."""
        return reading(ChainletEnvironmentSettingsRequestV1Effective, self)


class CreateChainEnvironmentRequestV1(Model):
    """A request to create a custom environment for a chain."""

    name: str
    """Name of the environment."""

    promotion_settings: UpdatePromotionSettingsV1 | None | MISSING = MISSING
    """Promotion settings for the environment. Absent means null."""

    chainlet_settings: list[ChainletEnvironmentSettingsRequestV1] | None | MISSING = MISSING
    """Mapping of chainlet name to the desired chainlet environment settings. Absent means null."""

    def effective(self) -> CreateChainEnvironmentRequestV1Effective:
        """The object read with its defaults, at every depth."""
        return reading(CreateChainEnvironmentRequestV1Effective, self)


class ChainletEnvironmentSettingsRequestV1Effective(Reading):
    """``ChainletEnvironmentSettingsRequestV1`` read with its defaults."""

    defaults: ClassVar[Mapping[str, Any]] = {
        "autoscaling_settings": None,
        "instance_type_id": "1x2",
    }

    chainlet_name: str
    """Name of the chainlet"""

    autoscaling_settings: UpdateAutoscalingSettingsV1Effective | None
    """Autoscaling settings for the chainlet"""

    instance_type_id: str
    """ID of the instance type to use for the chainlet"""


class CreateChainEnvironmentRequestV1Effective(Reading):
    """``CreateChainEnvironmentRequestV1`` read with its defaults."""

    defaults: ClassVar[Mapping[str, Any]] = {"promotion_settings": None, "chainlet_settings": None}

    name: str
    """Name of the environment"""

    promotion_settings: UpdatePromotionSettingsV1Effective | None
    """Promotion settings for the environment"""

    chainlet_settings: list[ChainletEnvironmentSettingsRequestV1Effective] | None
    """Mapping of chainlet name to the desired chainlet environment settings"""


class ChainletEnvironmentSettingsV1(Model):
    """Environment settings for a chainlet."""

    chainlet_name: str
    """Name of the chainlet."""

    autoscaling_settings: AutoscalingSettingsV1 | None
    """Autoscaling settings for the chainlet. If null, it has not finished deploying."""

    instance_type: InstanceTypeV1
    """Instance type for the chainlet."""

    def effective(self) -> ChainletEnvironmentSettingsV1Effective:
        """The object read with its defaults, at every depth."""
        return reading(ChainletEnvironmentSettingsV1Effective, self)


class ChainletV1(Model):
    """A chainlet in a chain deployment."""

    id: str
    """Unique identifier of the chainlet."""

    name: str
    """Name of the chainlet."""

    autoscaling_settings: AutoscalingSettingsV1 | None
    """Autoscaling settings for the chainlet. If null, it has not finished deploying."""

    instance_type_name: str
    """Name of the instance type the chainlet is deployed on."""

    active_replica_count: Integer
    """Number of active replicas."""

    status: DeploymentStatusV1
    """Status of the chainlet."""

    def effective(self) -> ChainletV1Effective:
        """The object read with its defaults, at every depth."""
        return reading(ChainletV1Effective, self)


class ChainDeploymentV1(Model):
    """A deployment of a chain."""

    id: str
    """Unique identifier of the chain deployment."""

    created_at: DateTime
    """Time the chain deployment was created in ISO 8601 format."""

    chain_id: str
    """Unique identifier of the chain."""

    environment: str | None
    """Environment the chain deployment is deployed in."""

    chainlets: list[ChainletV1]
    """Chainlets in the chain deployment."""

    status: DeploymentStatusV1
    """Status of the chain deployment."""

    def effective(self) -> ChainDeploymentV1Effective:
        """The object read with its defaults, at every depth."""
        return reading(ChainDeploymentV1Effective, self)


class ChainEnvironmentV1(Model):
    """Environment for oracles."""

    name: str
    """Name of the environment."""

    created_at: DateTime
    """Time the environment was created in ISO 8601 format."""

    chain_id: str
    """Unique identifier of the chain."""

    promotion_settings: PromotionSettingsV1
    """Promotion settings for the environment."""

    chainlet_settings: list[ChainletEnvironmentSettingsV1]
    """Environment settings for the chainlets."""

    current_deployment: ChainDeploymentV1 | None
    """Current chain deployment of the environment."""

    candidate_deployment: ChainDeploymentV1 | None | MISSING = MISSING
    """Candidate chain deployment being promoted to the environment, if a promotion is in progress.
    Absent means null.
    """

    def effective(self) -> ChainEnvironmentV1Effective:
        """The object read with its defaults, at every depth."""
        return reading(ChainEnvironmentV1Effective, self)


class ChainletEnvironmentSettingsV1Effective(Reading):
    """``ChainletEnvironmentSettingsV1`` read with its defaults."""

    chainlet_name: str
    """Name of the chainlet"""

    autoscaling_settings: AutoscalingSettingsV1Effective | None
    """Autoscaling settings for the chainlet. If null, it has not finished deploying"""

    instance_type: InstanceTypeV1
    """Instance type for the chainlet"""


class ChainletV1Effective(Reading):
    """``ChainletV1`` read with its defaults."""

    id: str
    """Unique identifier of the chainlet"""

    name: str
    """Name of the chainlet"""

    autoscaling_settings: AutoscalingSettingsV1Effective | None
    """Autoscaling settings for the chainlet. If null, it has not finished deploying"""

    instance_type_name: str
    """Name of the instance type the chainlet is deployed on"""

    active_replica_count: Integer
    """Number of active replicas"""

    status: DeploymentStatusV1
    """Status of the chainlet"""


class ChainDeploymentV1Effective(Reading):
    """``ChainDeploymentV1`` read with its defaults."""

    id: str
    """Unique identifier of the chain deployment"""

    created_at: DateTime
    """Time the chain deployment was created in ISO 8601 format"""

    chain_id: str
    """Unique identifier of the chain"""

    environment: str | None
    """Environment the chain deployment is deployed in"""

    chainlets: list[ChainletV1Effective]
    """Chainlets in the chain deployment"""

    status: DeploymentStatusV1
    """Status of the chain deployment"""


class ChainEnvironmentV1Effective(Reading):
    """``ChainEnvironmentV1`` read with its defaults."""

    defaults: ClassVar[Mapping[str, Any]] = {"candidate_deployment": None}

    name: str
    """Name of the environment"""

    created_at: DateTime
    """Time the environment was created in ISO 8601 format"""

    chain_id: str
    """Unique identifier of the chain"""

    promotion_settings: PromotionSettingsV1Effective
    """Promotion settings for the environment"""

    chainlet_settings: list[ChainletEnvironmentSettingsV1Effective]
    """Environment settings for the chainlets"""

    current_deployment: ChainDeploymentV1Effective | None
    """Current chain deployment of the environment"""

    candidate_deployment: ChainDeploymentV1Effective | None
    """Candidate chain deployment being promoted to the environment, if a promotion is in progress
    """


class UpdateEnvironmentRequestV1(Model, extra="forbid"):
    """A request to update an environment."""

    autoscaling_settings: UpdateAutoscalingSettingsV1 | None | MISSING = MISSING
    """Autoscaling settings for the environment. Absent means null."""

    promotion_settings: UpdatePromotionSettingsV1 | None | MISSING = MISSING
    """Promotion settings for the environment. Absent means null."""

    def effective(self) -> UpdateEnvironmentRequestV1Effective:
        """The object read with its defaults, at every depth."""
        return reading(UpdateEnvironmentRequestV1Effective, self)


class UpdateEnvironmentRequestV1Effective(Reading, extra="forbid"):
    """``UpdateEnvironmentRequestV1`` read with its defaults."""

    defaults: ClassVar[Mapping[str, Any]] = {
        "autoscaling_settings": None,
        "promotion_settings": None,
    }

    autoscaling_settings: UpdateAutoscalingSettingsV1Effective | None
    """Autoscaling settings for the environment"""

    promotion_settings: UpdatePromotionSettingsV1Effective | None
    """Promotion settings for the environment"""


UpdateAutoscalingSettingsStatusV1: TypeAlias = Literal["ACCEPTED", "QUEUED", "UNCHANGED"]
"""The status of a request to update autoscaling settings."""


class UpdateAutoscalingSettingsResponseV1(Model):
    """The response to a request to update autoscaling settings."""

    status: UpdateAutoscalingSettingsStatusV1
    """Status of the request to update autoscaling settings."""

    message: str
    """A message describing the status of the request to update autoscaling settings."""

    def effective(self) -> Self:
        """Itself: nothing in it has a default."""
        return self


class EnvironmentsV1(Model):
    """list of environments"""

    environments: list[EnvironmentV1]

    def effective(self) -> EnvironmentsV1Effective:
        """The object read with its defaults, at every depth."""
        return reading(EnvironmentsV1Effective, self)


class EnvironmentsV1Effective(Reading):
    """``EnvironmentsV1`` read with its defaults."""

    environments: list[EnvironmentV1Effective]


class ErrorV1(Model):
    """Why a request was refused."""

    code: str
    """The kind of refusal, for programs."""

    message: str
    """The reason, for people."""

    def effective(self) -> Self:
        """Itself: nothing in it has a default."""
        return self
