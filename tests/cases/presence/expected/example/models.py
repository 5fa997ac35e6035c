# Generated from openapi.yaml by tallystick. Do not edit.
"""Models of Presence: absent, null and a value are three things."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from .runtime.presence import MISSING, Model, Reading, reading
from .runtime.scalars import Integer


class Box(Model):
    """Eight members, every kind of presence once with a default and once without."""

    required: Integer
    required_null: Integer | None

    optional: Integer | MISSING = MISSING
    """How many."""

    optional_null: Integer | None | MISSING = MISSING
    required_default: Integer
    required_null_default: Integer | None

    optional_default: Integer | MISSING = MISSING
    """How many. Absent means 0."""

    optional_null_default: Integer | None | MISSING = MISSING
    """Absent means null."""

    def effective(self) -> BoxEffective:
        """The object read with its defaults, at every depth."""
        return reading(BoxEffective, self)


class BoxEffective(Reading):
    """``Box`` read with its defaults."""

    defaults: ClassVar[Mapping[str, Any]] = {
        "required_default": 1,
        "required_null_default": 1,
        "optional_default": 0,
        "optional_null_default": None,
    }

    required: Integer
    required_null: Integer | None

    optional: Integer | MISSING = MISSING
    """How many."""

    optional_null: Integer | None | MISSING = MISSING
    required_default: Integer
    required_null_default: Integer | None

    optional_default: Integer
    """How many."""

    optional_null_default: Integer | None
