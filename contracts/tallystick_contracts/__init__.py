"""From a contract: rules that must hold, probes that try them, and verdicts on a server."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .registry import check, values
    from .rules.own import Call

__all__ = ["Call", "check", "values"]

_HOME = {"check": "registry", "values": "registry", "Call": "rules.own"}


def __getattr__(name: str) -> object:
    """The names for own checks, loaded when they are asked for (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
