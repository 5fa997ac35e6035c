"""What the suite costs beside Schemathesis: requests in a CPU second, against the same server.

    python benchmarks/suite.py [SPEC [OVERLAY...]] [--fault NAME ...] [--examples N]

The server is the sandbox: in process, where its work counts with both engines, and on loopback, a
process of its own, where only the client's counts. Each measurement is a process of its own; what
is imported, read and planned before the first request is not counted. Printed as a table.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tallystick.contract import Contract, build
from tallystick.document import load
from tallystick.lint import understood
from tallystick_contracts.run import plan, run
from tallystick_contracts.sandbox import Server, sandbox
from tallystick_contracts.target import at_url, in_process

KEY = "sandbox-key"
FAULTS = ("zero_as_absent", "sibling_reset")


def main() -> None:
    options = _options()
    contract = _contract(options.spec)
    if options.serve:
        _serve(contract, options.fault)
    elif options.engine:
        measured = {"laws": _laws, "schemathesis": _schemathesis}[options.engine](
            contract, options.url, options.fault, options.examples
        )
        print(json.dumps(measured))
    else:
        _table(options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("spec", nargs="*", default=["spec/openapi.yaml", "spec/overlay.yaml"])
    parser.add_argument("--fault", action="append", default=[])
    parser.add_argument("--examples", type=int, default=20)
    parser.add_argument("--engine", choices=["laws", "schemathesis"], help=argparse.SUPPRESS)
    parser.add_argument("--url", help=argparse.SUPPRESS)
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _contract(spec: list[str]) -> Contract:
    first, *overlays = map(Path, spec)
    return build(understood(load(first, overlays)))


# --- one measurement, in a process of its own --------------------------------------------------


def _laws(
    contract: Contract, url: str | None, faults: list[str], examples: int
) -> dict[str, float]:
    cases = plan(contract)
    if url:
        target = at_url(contract, url, key=KEY)
    else:
        target = in_process(contract, sandbox(contract, key=KEY, faults=faults), key=KEY)
    wall, cpu = time.perf_counter(), time.process_time()
    result = run(contract, target, cases=cases, workers=None)
    measured = _measured(target.meter.requests, wall, cpu) | {"broken": len(result.broken)}
    target.close()
    return measured


def _schemathesis(
    contract: Contract, url: str | None, faults: list[str], examples: int
) -> dict[str, float]:
    import schemathesis
    from schemathesis.config import SchemathesisConfig
    from schemathesis.engine import events, from_schema

    app = sandbox(contract, key=KEY, faults=faults)
    scheme = next(iter(contract.security.values()), None)
    prefix = scheme.prefix if scheme else ""
    config = SchemathesisConfig.from_dict(
        {
            "seed": 1,
            "workers": 1,
            "continue-on-failure": True,
            "suppress-health-check": ["all"],
            "cache": {"enabled": False},
            "generation": {"max-examples": examples, "database": "none"},
            "headers": {"Authorization": prefix + KEY},
        }
    )
    data: Any = contract.document.data
    document = {key: value for key, value in data.items() if key != "servers"}
    schema = schemathesis.openapi.from_dict(document, config=config)
    if url:
        schema.config.update(base_url=url)
    else:
        schema.app = app
    requests = 0
    wall, cpu = time.perf_counter(), time.process_time()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            requests += len(event.recorder.interactions)
    return _measured(requests, wall, cpu)


def _measured(requests: int, wall: float, cpu: float) -> dict[str, float]:
    return {
        "requests": requests,
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
    }


# --- the server on loopback --------------------------------------------------------------------


def _serve(contract: Contract, faults: list[str]) -> None:
    with Server(sandbox(contract, key=KEY, faults=faults)) as server:
        print(server.url, flush=True)
        sys.stdin.read()


@contextmanager
def _served(options: argparse.Namespace, faults: list[str]) -> Iterator[str]:
    command = [*_command(options, faults), "--serve"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.stdin.close()


# --- the table ---------------------------------------------------------------------------------


def _command(options: argparse.Namespace, faults: list[str]) -> list[str]:
    names = [each for fault in faults for each in ("--fault", fault)]
    examples = ["--examples", str(options.examples)]
    return [sys.executable, __file__, *options.spec, *names, *examples]


def _one(
    options: argparse.Namespace, engine: str, faults: list[str], url: str | None = None
) -> dict[str, float]:
    where = ["--url", url] if url else []
    command = [*_command(options, faults), "--engine", engine, *where]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    measured: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return measured


def _table(options: argparse.Namespace) -> None:
    print("| server | engine | requests | wall s | CPU s | requests a CPU second | ratio |")
    print("|---|---|---|---|---|---|---|")
    for way in ("in process", "loopback"):
        rates: list[float] = []
        for engine in ("schemathesis", "laws"):
            if way == "loopback":
                with _served(options, []) as url:
                    found = _one(options, engine, [], url)
            else:
                found = _one(options, engine, [])
            rates.append(_row(way, engine, found, rates))
    for fault in options.fault or FAULTS:
        with _served(options, [fault]) as url:
            found = _one(options, "laws", [fault], url)
        _row(f"loopback, {found['broken']:.0f} broken ({fault})", "laws", found, [])


def _row(way: str, engine: str, found: dict[str, float], before: list[float]) -> float:
    rate = found["requests"] / found["cpu"]
    ratio = f"{rate / before[0]:.1f}" if before else ""
    print(
        f"| {way} | {engine} | {found['requests']:.0f} | {found['wall']:.1f} "
        f"| {found['cpu']:.2f} | {rate:.0f} | {ratio} |",
        flush=True,
    )
    return rate


if __name__ == "__main__":
    main()
