"""What must hold: one file a law; importing this package registers every rule."""

from . import presence, null, answers  # noqa: F401, I001  # the order of the laws
from .rule import RULES, Case, Rule

__all__ = ["RULES", "Case", "Rule"]
