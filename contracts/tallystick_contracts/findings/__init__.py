"""Findings: broken verdicts as causes, each with its severity, its clause, and what replays it."""

from .causes import Cause, Clause, causes
from .severity import Severity, severity_of

__all__ = ["Cause", "Clause", "Severity", "causes", "severity_of"]
