"""What generating a package costs, beside the peers: CPU seconds and peak memory, in one run.

    python benchmarks/peers.py PEERS FOLDER [NAME...]

PEERS is the folder of the virtual environment with the peers (`benchmarks/peers.txt`), FOLDER holds
the documents. Each tool makes models and client of each document; ours makes stubs and ledger too.
A figure is the smallest of `TIMES` runs, children included. Prints a table in Markdown.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

TIMES = 2
LIMIT = 300
"""Seconds of one run."""
MIB = 1024

Command = Callable[[Path, Path], list[str]]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one tool took for one document."""

    cpu: float
    memory: int
    fails: bool
    loses: bool
    """Whether it says that parts of the document are missing from what it made."""

    def cell(self) -> str:
        """The figure in the table."""
        if self.fails:
            return f"fails after {self.cpu:.1f}"
        return f"{self.cpu:.2f} / {self.memory}{', loses parts' if self.loses else ''}"


def tools(peers: Path) -> dict[str, Command]:
    """The command of each tool, by its name."""

    def ours(document: Path, out: Path) -> list[str]:
        program = [sys.executable, "-m", "tallystick", "generate", str(document)]
        return [*program, "-o", str(out), "--package", "pkg"]

    def datamodel(document: Path, out: Path) -> list[str]:
        return [
            str(peers / "bin/datamodel-codegen"),
            *("--input", str(document), "--input-file-type", "openapi"),
            *("--output", str(out / "models"), "--generate-client", "httpx2"),
            *("--client-output", str(out / "client"), "--client-package", "client"),
            *("--client-model-package", "models"),
            *("--output-model-type", "pydantic_v2.BaseModel", "--target-python-version", "3.11"),
        ]

    def client(document: Path, out: Path) -> list[str]:
        program = [str(peers / "bin/openapi-python-client"), "generate", "--path", str(document)]
        return [*program, "--output-path", str(out / "made"), "--overwrite"]

    def generator(document: Path, out: Path) -> list[str]:
        program = [str(peers / "bin/openapi-generator-cli"), "generate", "-g", "python"]
        return [*program, "-i", str(document), "-o", str(out)]

    return {
        "tallystick": ours,
        "datamodel-code-generator": datamodel,
        "openapi-python-client": client,
        "openapi-generator": generator,
    }


def cost(command: Command, document: Path) -> Cost:
    """The cheapest of several runs; one that fails is not run again."""
    found: list[Cost] = []
    while len(found) < TIMES and not any(each.fails for each in found):
        with tempfile.TemporaryDirectory() as folder:
            found.append(_run(command(document, Path(folder))))
    return min(found, key=lambda each: (not each.fails, each.cpu))


def _run(command: list[str]) -> Cost:
    """One run in a process of its own, whose children are measured with it."""
    measured = subprocess.run(
        [sys.executable, __file__, "--measure", *command],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    cpu, memory, code, loses = measured.stdout.split()[-4:]
    return Cost(float(cpu), int(memory), code != "0", loses == "True")


def measure(command: list[str]) -> str:
    """CPU seconds, peak MiB of the largest process, the exit code, and whether parts are missing."""
    # Without byte code each run would compile the modules of the tool again.
    kept = {name: each for name, each in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    try:
        done = subprocess.run(
            command, env=kept, timeout=LIMIT, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        code, said = done.returncode, done.stdout
    except subprocess.TimeoutExpired:
        code, said = 124, b""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    loses = b"some pieces may be missing" in said
    return f"{used.ru_utime + used.ru_stime} {used.ru_maxrss // MIB} {code} {loses}"


def main(arguments: list[str]) -> int:
    """Print the table of the documents, smallest first."""
    peers, folder, *names = arguments
    commands = tools(Path(peers).absolute())
    # openapi-python-client looks there for ruff.
    os.environ["PATH"] = f"{Path(peers).absolute() / 'bin'}{os.pathsep}{os.environ['PATH']}"
    found = sorted(Path(folder).glob("*.*"), key=lambda path: path.stat().st_size)
    rows = [["CPU s / MiB", *commands, "of datamodel-code-generator", "of openapi-python-client"]]
    for document in found:
        if names and not any(name in document.name for name in names):
            continue
        costs = {name: cost(command, document.absolute()) for name, command in commands.items()}
        ratios = [_ratio(costs, name) for name in rows[0][-2:]]
        rows.append([document.name, *(each.cell() for each in costs.values()), *ratios])
        print("\t".join(rows[-1]), file=sys.stderr, flush=True)
    print(_table(rows))
    return 0


def _ratio(costs: dict[str, Cost], column: str) -> str:
    peer = costs[column.removeprefix("of ")]
    return "-" if peer.fails or peer.loses else f"{costs['tallystick'].cpu / peer.cpu:.2f}"


def _table(rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return os.linesep.join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]])


if __name__ == "__main__":
    if sys.argv[1:2] == ["--measure"]:
        print(measure(sys.argv[2:]))
    else:
        sys.exit(main(sys.argv[1:]))
