"""Two contracts compared: what changed, whom it breaks, and the values that show it."""

from tallystick.contract import Direction

from .kinds import KINDS, Kind, severities
from .python.records import PYTHON_KINDS, PythonChange, PythonKind
from .records import (
    READERS,
    SEVERITIES,
    Change,
    Comparison,
    Reader,
    Severity,
    Spot,
    Witness,
)
from .release.verdict import LEVELS, Level, Verdict

__all__ = [
    "KINDS",
    "LEVELS",
    "PYTHON_KINDS",
    "READERS",
    "SEVERITIES",
    "Change",
    "Comparison",
    "Direction",
    "Kind",
    "Level",
    "PythonChange",
    "PythonKind",
    "Reader",
    "Severity",
    "Spot",
    "Verdict",
    "Witness",
    "severities",
]
