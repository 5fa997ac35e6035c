"""The deep search: Schemathesis with our rules as its checks, and drawn round trips by Hypothesis."""

from .search import Depth, deep

__all__ = ["Depth", "deep"]
