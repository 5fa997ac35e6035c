"""What must hold: one file a law; importing this package registers every rule."""

from . import presence, null, defaults, closedness, types, answers, updates  # noqa: F401, I001  # in the order of the laws
from .rule import RULES, Case, Rule

__all__ = ["RULES", "Case", "Rule"]
