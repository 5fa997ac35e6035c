"""Lints: what is wrong with a document, or a trap for those who use it."""

from .records import Finding, Lint, Severity
from .run import lines, lint
from .table import LINTS
from .understood import refuse_unfillable, understood

__all__ = [
    "LINTS",
    "Finding",
    "Lint",
    "Severity",
    "lines",
    "lint",
    "refuse_unfillable",
    "understood",
]
