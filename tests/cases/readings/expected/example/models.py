# Generated from openapi.yaml by tallystick. Do not edit.
"""Models of Readings: absent, null and a value are three things."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, TypeAlias

from .runtime.presence import MISSING, Model, Reading, reading
from .runtime.scalars import Integer

Mode: TypeAlias = Literal["fast", "slow"]


class Limits(Model):
    """The object at ``#/components/schemas/Limits``."""

    low: Integer | MISSING = MISSING
    """Absent means 0."""

    high: Integer | None | MISSING = MISSING
    """Absent means 10."""

    def effective(self) -> LimitsEffective:
        """The object read with its defaults, at every depth."""
        return reading(LimitsEffective, self)


class Plan(Model):
    """The object at ``#/components/schemas/Plan``."""

    mode: Mode | MISSING = MISSING
    """Absent means "slow"."""

    limits: Limits | None | MISSING = MISSING
    """Absent means null."""

    stages: list[Limits] | MISSING = MISSING
    note: str | MISSING = MISSING

    def effective(self) -> PlanEffective:
        """The object read with its defaults, at every depth."""
        return reading(PlanEffective, self)


class LimitsEffective(Reading):
    """``Limits`` read with its defaults."""

    defaults: ClassVar[Mapping[str, Any]] = {"low": 0, "high": 10}

    low: Integer
    high: Integer | None


class PlanEffective(Reading):
    """``Plan`` read with its defaults."""

    defaults: ClassVar[Mapping[str, Any]] = {"mode": "slow", "limits": None}

    mode: Mode
    limits: LimitsEffective | None
    stages: list[LimitsEffective] | MISSING = MISSING
    note: str | MISSING = MISSING
