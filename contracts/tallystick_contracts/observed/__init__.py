"""What a contract allows and a run has seen of it: no pass that nothing stands behind."""

from .exchange import Observed
from .places import allowed
from .records import Kind, Observation, Share, Sight, Unseen, Way
from .tally import Tally

__all__ = [
    "Kind",
    "Observation",
    "Observed",
    "Share",
    "Sight",
    "Tally",
    "Unseen",
    "Way",
    "allowed",
]
