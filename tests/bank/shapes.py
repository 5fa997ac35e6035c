"""What the bodies of the requests may hold, as the server's author typed it from the document."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Member:
    """What a member may be; ``kind`` is a type's name, the values of an enum, a shape or a list."""

    kind: str | tuple[str, ...] | Shape | ListOf
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class ListOf:
    """An array."""

    item: Member


@dataclass(frozen=True, slots=True)
class Shape:
    """An object."""

    name: str
    members: dict[str, Member] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    closed: bool = False


INTEGER = Member("integer")
BOOLEAN = Member("boolean")
TEXT = Member("string", nullable=False)

AUTOSCALING = Shape(
    "autoscaling",
    {
        "min_replica": INTEGER,
        "max_replica": INTEGER,
        "autoscaling_window": INTEGER,
        "scale_down_delay": INTEGER,
        "concurrency_target": INTEGER,
        "target_utilization_percentage": INTEGER,
        "target_in_flight_tokens": INTEGER,
    },
    closed=True,
)
ROLLING = Shape(
    "rolling",
    {
        "rolling_deploy_strategy": Member(("REPLICA",)),
        "max_surge_percent": INTEGER,
        "max_unavailable_percent": INTEGER,
        "stabilization_time_seconds": INTEGER,
        "replica_overhead_percent": INTEGER,
    },
)
PROMOTION = Shape(
    "promotion",
    {
        "redeploy_on_promotion": BOOLEAN,
        "rolling_deploy": BOOLEAN,
        "promotion_cleanup_strategy": Member(("KEEP", "SCALE_TO_ZERO", "DEACTIVATE")),
        "rolling_deploy_config": Member(ROLLING),
        "ramp_up_while_promoting": BOOLEAN,
        "ramp_up_duration_seconds": INTEGER,
    },
)
CHAINLET = Shape(
    "chainlet",
    {
        "chainlet_name": TEXT,
        "autoscaling_settings": Member(AUTOSCALING),
        "instance_type_id": TEXT,
    },
    required=("chainlet_name",),
)
CREATE_MODEL = Shape(
    "create_model",
    {
        "name": TEXT,
        "autoscaling_settings": Member(AUTOSCALING),
        "promotion_settings": Member(PROMOTION),
    },
    required=("name",),
)
CREATE_CHAIN = Shape(
    "create_chain",
    {
        "name": TEXT,
        "promotion_settings": Member(PROMOTION),
        "chainlet_settings": Member(ListOf(Member(CHAINLET, nullable=False))),
    },
    required=("name",),
)
UPDATE = Shape(
    "update",
    {"autoscaling_settings": Member(AUTOSCALING), "promotion_settings": Member(PROMOTION)},
    closed=True,
)

AUTOSCALING_DEFAULTS = {
    "min_replica": 0,
    "max_replica": 1,
    "autoscaling_window": 60,
    "scale_down_delay": None,
    "concurrency_target": 1,
    "target_utilization_percentage": None,
    "target_in_flight_tokens": None,
}
PROMOTION_DEFAULTS = {
    "redeploy_on_promotion": False,
    "rolling_deploy": False,
    "promotion_cleanup_strategy": "SCALE_TO_ZERO",
    "rolling_deploy_config": None,
    "ramp_up_while_promoting": False,
    "ramp_up_duration_seconds": 600,
}
ROLLING_DEFAULTS = {
    "rolling_deploy_strategy": "REPLICA",
    "max_surge_percent": 10,
    "max_unavailable_percent": 0,
    "stabilization_time_seconds": 0,
    "replica_overhead_percent": 0,
}
