"""The values that two schemas admit: normal forms, how they differ, and what shows it."""

from .walk import Values

__all__ = ["Values"]
