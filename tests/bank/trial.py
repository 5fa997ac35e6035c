"""A run of the laws on a server of this bank, in process."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tallystick.contract import Contract, build
from tallystick.document import load
from tallystick_contracts.rules import Case
from tallystick_contracts.run import plan, run
from tallystick_contracts.target import in_process
from tallystick_contracts.verdicts import Result

from .fault import Fault, faulty
from .server import KEY

SPEC = Path(__file__).parent.parent.parent / "spec"


@cache
def vendored() -> Contract:
    return build(load(SPEC / "openapi.yaml", [SPEC / "overlay.yaml"]))


@cache
def planned(seed: int) -> tuple[Case, ...]:
    return tuple(plan(vendored(), seed=seed))


def tried(
    *faults: Fault,
    seed: int = 1,
    poll_budget: float = 0.15,
    cases: Sequence[Case] | None = None,
) -> Result:
    """The verdicts on a server with these faults; of ``cases``, or of the whole plan."""
    server = faulty(*faults)
    target = in_process(vendored(), server, key=KEY, poll_budget=poll_budget, budget=60)
    try:
        return run(vendored(), target, seed=seed, cases=planned(seed) if cases is None else cases)
    finally:
        target.close()
