"""Two contracts compared: what changed, whom it breaks, and the values that show it."""

from .kinds import KINDS, Kind, severities
from .records import (
    READERS,
    SEVERITIES,
    Change,
    Comparison,
    Direction,
    Reader,
    Severity,
    Spot,
    Witness,
)

__all__ = [
    "KINDS",
    "READERS",
    "SEVERITIES",
    "Change",
    "Comparison",
    "Direction",
    "Kind",
    "Reader",
    "Severity",
    "Spot",
    "Witness",
    "severities",
]
