"""The deep search: Schemathesis with our rules as its checks, and drawn round trips by Hypothesis."""

from .search import Depth, deep
from .within import left_behind

__all__ = ["Depth", "deep", "left_behind"]
