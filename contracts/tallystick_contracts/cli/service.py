"""The sandbox on a loopback port until it is told to stop: what the verb ``serve`` does."""

from __future__ import annotations

import signal
from pathlib import Path
from threading import Event
from types import FrameType

import click

from tallystick.contract import Contract
from tallystick_contracts.cli.options import contract_of, key_of
from tallystick_contracts.cli.serve import DEFAULT_KEY
from tallystick_contracts.sandbox import FAULTS, Server, sandbox
from tallystick_contracts.target import sendable


def serve(
    spec: Path | None,
    overlays: tuple[Path, ...],
    root: Path | None,
    port: int,
    key: str | None,
    seed: int,
    delay: float,
    state: Path | None,
    faults: tuple[str, ...],
    list_faults: bool,
) -> None:
    """What the verb does; see its options."""
    if list_faults:
        for name, fault in FAULTS.items():
            click.echo(f"{name}: {fault.sentence}")
        return
    contract = contract_of(spec, overlays, root)
    chosen = key_of(contract, key) or DEFAULT_KEY
    sendable(chosen, "the key")
    app = sandbox(contract, key=chosen, seed=seed, delay=delay, state=state, faults=faults)
    stop = Event()

    def stopped(signum: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, stopped)
    with Server(app, port=port) as server:
        click.echo(f"{contract.title} at {server.url}")
        if key is None and contract.security:
            click.echo(f"key: {chosen}" if chosen == DEFAULT_KEY else "key: from the environment")
        for operation in contract.operations:
            click.echo(f"  {operation.key}")
        for name, values in _existing(contract).items():
            click.echo(f"{{{name}}} exists as {values}")
        try:
            stop.wait()
        except KeyboardInterrupt:
            click.echo("stopped", err=True)


def _existing(contract: Contract) -> dict[str, str]:
    """The ids that exist from the start, by path parameter."""
    parameters = (each for operation in contract.operations for each in operation.parameters)
    return {p.name: ", ".join(str(each) for each in p.given) for p in parameters if p.given}
