"""A mutation score for a contract: how many faults, seeded into its own sandbox, the suite catches."""

from .records import Score, Skipped, Trial
from .score import score

__all__ = ["Score", "Skipped", "Trial", "score"]
