"""A stateful server for any contract, made from the contract alone, and a bank of faults for it."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from tallystick.contract import Contract
from tallystick.errors import UsageError

from .app import Sandbox
from .complete import Shapes
from .fault import Fault
from .faults import FAULTS
from .memory import Memory
from .plans import plans
from .routing import routes
from .sample import Samples
from .serving import Server
from .sqlite import File
from .steps import CORRECT
from .validators import Validators
from .world import World

__all__ = ["FAULTS", "Fault", "Sandbox", "Server", "sandbox"]


def sandbox(
    contract: Contract,
    *,
    key: str,
    seed: int = 0,
    delay: float = 0.0,
    state: Path | None = None,
    faults: Collection[str] = (),
) -> Sandbox:
    """A server that keeps the contract's promises, as an ASGI application.

    Args:
        key: the credential that it asks for, without a prefix.
        seed: chooses the values that only a server can know.
        delay: seconds until an update with a poll note is seen by reads.
        state: a SQLite file that outlives the process; in memory without one.
        faults: names from ``FAULTS`` of what it shall do wrong.

    Raises:
        UsageError: an unknown fault, or a state file that cannot be used.
    """
    behaviour = CORRECT
    for name in faults:
        if name not in FAULTS:
            raise UsageError(f"there is no fault {name!r}", hint=f"there are {', '.join(FAULTS)}")
        behaviour = FAULTS[name].install(behaviour)
    validators = Validators(contract)
    samples = Samples(contract, validators, seed)
    world = World(
        contract=contract,
        key=key,
        seed=seed,
        delay=delay,
        behaviour=behaviour,
        routes=routes(plans(contract).values()),
        validators=validators,
        samples=samples,
        shapes=Shapes(contract, validators, samples),
    )
    store = File(state, contract.digest) if state is not None else Memory()
    return Sandbox(world, store)
