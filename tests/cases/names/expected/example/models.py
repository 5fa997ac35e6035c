# Generated from openapi.yaml by tallystick. Do not edit.
"""Models of Names: absent, null and a value are three things."""

from __future__ import annotations

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field

from .runtime.presence import MISSING, Model
from .runtime.scalars import Integer


class PetStoreItem(Model, extra="forbid"):
    """The object at ``#/components/schemas/pet.store-item``."""

    class_: Annotated[str, Field(alias="class")]
    model_config_: Annotated[str, Field(alias="model_config")]
    model_dump_: Annotated[Integer | MISSING, Field(alias="model_dump")] = MISSING
    pet_name: Annotated[str | MISSING, Field(alias="petName")] = MISSING
    pet_name_2: Annotated[str | MISSING, Field(alias="pet-name")] = MISSING
    value: Annotated[bool | MISSING, Field(alias="")] = MISSING
    value_2fa: Annotated[bool | MISSING, Field(alias="2fa")] = MISSING

    def effective(self) -> Self:
        """Itself: nothing in it has a default."""
        return self


Literal_: TypeAlias = Literal["a", "it's", "back\\slash", "new\nline"]
