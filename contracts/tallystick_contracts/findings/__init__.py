"""Findings: broken verdicts as causes, each with its severity, its clause, and what replays it."""

from .causes import Cause, Clause, causes
from .checks import expected
from .confirm import confirmed
from .recipe import Recipe, Variable
from .replay import Again, Outcome, replay, revealed
from .severity import Severity, severity_of

__all__ = [
    "Again",
    "Cause",
    "Clause",
    "Outcome",
    "Recipe",
    "Severity",
    "Variable",
    "causes",
    "confirmed",
    "expected",
    "replay",
    "revealed",
    "severity_of",
]
