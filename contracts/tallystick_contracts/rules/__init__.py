"""What must hold: one file a law; importing this package registers every rule."""

from . import (  # noqa: I001  # in the order of the laws
    presence,
    null,
    defaults,
    closedness,
    types,
    answers,
    updates,
    reads,
    refusals,
    credentials,
    routing,
)
from .rule import RULES, Case, Rule

__all__ = ["RULES", "Case", "Rule"]
