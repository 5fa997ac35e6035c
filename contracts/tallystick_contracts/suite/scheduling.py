"""How pytest-xdist deals out trials: those that are about the same things go to one worker."""

from __future__ import annotations

import re

# pytest-xdist is not typed.
# pyright: reportMissingTypeStubs=false
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from .trials import root

_TRIAL = re.compile(r"\[\w+-[A-Z]+ (/.*)\]$", re.DOTALL)


def scope_of(nodeid: str) -> str:
    """What a test goes together with: of a trial what its path is about, of others itself."""
    match = _TRIAL.search(nodeid)
    return f"tallystick {root(match[1])}" if match else nodeid


class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Load scheduling by what a trial is about."""

    def _split_scope(self, nodeid: str) -> str:
        return scope_of(nodeid)
